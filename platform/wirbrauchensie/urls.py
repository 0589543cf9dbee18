"""Every address of the platform. Each app owns its own; the pages that show all three live here."""

from django.contrib import admin
from django.urls import include, path

from wirbrauchensie import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("konto/", include("accounts.urls")),
    path("verwaltung/", admin.site.urls),
    path("", include("citizens.urls")),
    path("", include("volunteers.urls")),
    path("", include("programs.urls")),
    path("", include("donations.urls")),
    path("", include("donations.receipts.urls")),
    path("api/", include("wirbrauchensie.api.urls")),
    path("koordination/", include("wirbrauchensie.dashboard.urls")),
    path("koordination/protokoll/", include("wirbrauchensie.audit.urls")),
    path("koordination/briefe/", include("wirbrauchensie.letters.urls")),
    path("koordination/berichte/", include("wirbrauchensie.reports.urls")),
    path("", include("wirbrauchensie.pages.urls")),
]

handler400 = "wirbrauchensie.errors.bad_request"
handler403 = "wirbrauchensie.errors.forbidden"
handler404 = "wirbrauchensie.errors.not_found"
handler500 = "wirbrauchensie.errors.server_error"
