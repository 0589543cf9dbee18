"""Declining one kind of mail from the mail itself (RFC 8058), and taking that back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from citizens.access import access_mailbox
from citizens.models import Mailbox
from citizens.services.letters import unsubscribe_kind
from citizens.services.parts import optional_mails
from citizens.services.unsubscribing import decline, want_again
from citizens.views.private_pages import private_page, see_other
from foundation.clock import utc_now
from foundation.links import LinkNotValid
from outbox.domain.catalogue import MailKind


def _opened(kind: str, token: str) -> tuple[Mailbox, MailKind]:
    found = next((each for each in optional_mails() if each.name == kind), None)
    if found is None:
        raise LinkNotValid
    return access_mailbox(unsubscribe_kind(found.name), token, utc_now()), found


@csrf_exempt
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """GET asks, POST declines; the mail program posts by itself, without our cookie, hence no CSRF check.

    The token alone decides, and it can do nothing but this. No redirect: RFC 8058 §3.1 forbids it.
    """
    mailbox, mail_kind = _opened(kind, token)
    is_declined = request.method == "POST" or mail_kind.name in mailbox.unwanted
    if request.method == "POST":
        decline(mailbox, mail_kind)
    context = {"kind": mail_kind, "token": token, "is_declined": is_declined}
    return render(request, "citizens/unsubscribe.html", context)


@private_page
@require_POST
def unsubscribe_undo(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Want this kind of mail again."""
    mailbox, mail_kind = _opened(kind, token)
    want_again(mailbox, mail_kind)
    return see_other("unsubscribe", kind, token)
