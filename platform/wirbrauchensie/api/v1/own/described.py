"""The addresses that the description for providers' programs tells of."""

from django.urls import include, path

urlpatterns = [path("api/v1/own/", include("wirbrauchensie.api.v1.own.urls"))]
