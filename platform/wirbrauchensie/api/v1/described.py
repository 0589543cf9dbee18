"""The addresses that the description of this version tells of."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("wirbrauchensie.api.v1.urls"))]
