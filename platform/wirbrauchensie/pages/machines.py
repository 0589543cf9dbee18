"""What browsers, phones and search engines ask for by fixed addresses."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.clock import local_day, utc_now
from wirbrauchensie.pages.shared import PERSONAL, public_address, shared_paths

ICON_SIZES = (192, 512)
CONTACT_HOLDS_FOR = timedelta(days=180)  # RFC 9116: less than a year
MOST_ADDRESSES = 50_000  # sitemaps.org: more belong into a second file


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say which pages are nobody else's and where the others are listed (RFC 9309)."""
    closed = [f"Disallow: {path}" for path in PERSONAL]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {public_address('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell about a hole, and until when that is true (RFC 9116)."""
    contact, day = settings.SECURITY_CONTACT, local_day(utc_now())
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {day + CONTACT_HOLDS_FOR}T00:00:00Z",
        "Preferred-Languages: de, en",
        f"Canonical: {public_address(request.path)}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the pages that can be found, as sitemaps.org describes it."""
    paths = list(shared_paths(local_day(utc_now())))[:MOST_ADDRESSES]
    context = {"addresses": [public_address(path) for path in paths]}
    return render(request, "pages/sitemap.xml", context, content_type="application/xml; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the platform stands on a phone's home screen (W3C Web Application Manifest)."""
    answer = JsonResponse(
        {
            "name": "WIR BRAUCHEN SIE",
            "short_name": _("Wir brauchen Sie"),
            "description": _("Zeit schenken oder Geld geben: gemeinsam gegen Kinderarmut."),
            "lang": "de",
            "start_url": "/",
            "display": "browser",
            "background_color": "#fffdf9",
            "theme_color": "#ffcf4a",
            "icons": [
                {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
                for size in ICON_SIZES
            ],
        }
    )
    answer["Content-Type"] = "application/manifest+json"
    return answer
