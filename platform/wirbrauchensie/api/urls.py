from django.urls import include, path
from rest_framework.routers import SimpleRouter

from wirbrauchensie.api import views
from wirbrauchensie.api.v1.docs import Described

router = SimpleRouter()
router.register("opportunities", views.OpportunityViewSet, basename="api-opportunity")
router.register("funds", views.FundViewSet, basename="api-fund")
router.register("districts", views.DistrictViewSet, basename="api-district")

urlpatterns = [
    path("v1/", include("wirbrauchensie.api.v1.urls")),
    path("schema/", Described.as_view(), name="api-schema"),
    path("", include(router.urls)),
]
