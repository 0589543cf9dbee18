"""The addresses of "Meine Zusagen" from before "Meine Seite": what stands in people's mails still opens."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from citizens.views.private_pages import private_page, see_other
from foundation.clock import utc_now
from volunteers.access import access_own_page


@require_safe
def my_pledges(request: HttpRequest) -> HttpResponse:
    """Go where the link is asked for."""
    return see_other("my_page_link")


@private_page
@require_safe
def my_pledges_with(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with the same link, which opens there what it opened here."""
    access_own_page(token, utc_now())
    return see_other("my_page", token)
