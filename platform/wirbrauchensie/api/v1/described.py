"""The addresses that the description of what is open tells of."""

from django.urls import include, path

from wirbrauchensie.api.v1.urls import open_addresses

urlpatterns = [path("api/v1/", include(open_addresses))]
