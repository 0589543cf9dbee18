from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from wirbrauchensie.api.v1 import docs, views

router = SimpleRouter()
router.register("tasks", views.TaskViewSet, basename="api-v1-task")
router.register("dates", views.DateViewSet, basename="api-v1-date")
router.register("programmes", views.ProgrammeViewSet, basename="api-v1-programme")
router.register("providers", views.ProviderViewSet, basename="api-v1-provider")
router.register("purposes", views.PurposeViewSet, basename="api-v1-purpose")
router.register("districts", views.DistrictViewSet, basename="api-v1-district")

open_addresses: list[URLPattern | URLResolver] = [
    path("", docs.documentation, name="api-v1-docs"),
    path("openapi.json", docs.OpenAPI.as_view(), name="api-v1-openapi"),
    path("participation/", views.ParticipationView.as_view(), name="api-v1-participation"),
    path("", include(router.urls)),
]

urlpatterns = [
    *open_addresses,
    path("own/", include("wirbrauchensie.api.v1.own.urls")),
    path("<path:elsewhere>", views.NotThereView.as_view(), name="api-v1-not-there"),
]
