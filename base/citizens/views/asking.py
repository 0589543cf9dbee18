"""Asking for the link: typed by anybody, or by one button from a page that knows the mailbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.access import access_mailbox
from citizens.domain.links import ASK_FOR_PAGE
from citizens.forms import LinkForm
from citizens.services.link_requests import request_link
from citizens.views.private_pages import private_page, see_other
from foundation.client import client_address
from foundation.clock import utc_now
from foundation.limits import LimitReached


@require_http_methods(["GET", "HEAD", "POST"])
def my_page_link(request: HttpRequest) -> HttpResponse:
    """Ask for the address to which the link shall go; the answer is the same for every address."""
    if request.method != "POST":
        return render(request, "citizens/my_page_link.html", {"form": LinkForm()})
    form = LinkForm(request.POST)
    if not form.is_valid():
        return render(request, "citizens/my_page_link.html", {"form": form}, status=422)
    try:
        request_link(form.cleaned_data["email"], client=client_address(request), now=utc_now())
    except LimitReached as reached:
        form.add_error(
            None,
            _(
                "Für diese Adresse ging heute schon mehrmals Post hinaus. Bitte sehen Sie in Ihr Postfach "
                "oder versuchen Sie es morgen wieder."
            ),
        )
        response = render(request, "citizens/my_page_link.html", {"form": form}, status=429)
        response["Retry-After"] = str(reached.retry_after)
        return response
    return see_other("my_page_link_sent")


@require_safe
def my_page_link_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look for the link."""
    return render(request, "citizens/my_page_link_sent.html")


@require_safe
def my_page_step_sent(request: HttpRequest) -> HttpResponse:
    """Say that the act waits for its confirmation from the mailbox."""
    return render(request, "citizens/my_page_step_sent.html")


@private_page
@require_POST
def my_page_ask(request: HttpRequest, token: str) -> HttpResponse:
    """Mail the link to the mailbox the page belongs to."""
    now = utc_now()
    mailbox = access_mailbox(ASK_FOR_PAGE, token, now)
    request_link(mailbox.email, client=client_address(request), now=now)
    return see_other("my_page_link_sent")
