"""The answers that the views of this app share."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


def see_other(name: str, *args: object, query: str = "") -> HttpResponse:
    """Return 303 to the page `name`, so that a reload repeats nothing."""
    address = reverse(name, args=args)
    return HttpResponseRedirect(f"{address}?{query}" if query else address, status=303)
