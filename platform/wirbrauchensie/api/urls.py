from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from wirbrauchensie.api import views

router = SimpleRouter()
router.register("opportunities", views.OpportunityViewSet, basename="api-opportunity")
router.register("funds", views.FundViewSet, basename="api-fund")
router.register("districts", views.DistrictViewSet, basename="api-district")

urlpatterns = [
    path("v1/", include("wirbrauchensie.api.v1.urls")),
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[AllowAny], authentication_classes=[]),
        name="api-schema",
    ),
    path("", include(router.urls)),
]
