"""Back to the list in which something was done, at the place where one was."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

BACK = "back"
_INSIDE = "/koordination/"


def back_of(request: HttpRequest) -> str:
    """Return the page the form came from (its field `back`), empty if it names none of ours."""
    wanted = request.POST.get(BACK, "")
    is_ours = wanted.startswith(_INSIDE) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else ""


def back_or(request: HttpRequest, otherwise: HttpResponse) -> HttpResponse:
    """Return 303 to the page the form came from, `otherwise` if it names none of ours."""
    wanted = back_of(request)
    return HttpResponseRedirect(wanted, status=303) if wanted else otherwise
