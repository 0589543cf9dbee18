"""The product's addresses and, in the demo, the place where its mails are read."""

from django.conf import settings
from django.urls import include, path

from wirbrauchensie.urls import handler400, handler403, handler404, handler500
from wirbrauchensie.urls import urlpatterns as product_addresses

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*product_addresses]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("workshop.demo.urls")))
