"""Declining one kind of mail from the mail itself (RFC 8058), and taking that back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from citizens.access import access_mailbox, access_mailbox_to_decline
from citizens.domain.links import unsubscribe_kind
from citizens.services.parts import optional_mails
from citizens.services.unsubscribing import decline, want_again
from citizens.views.private_pages import private_page, see_other
from foundation.clock import utc_now
from foundation.links import LinkNotValid
from outbox.domain.catalogue import MailKind


def _kind(name: str) -> MailKind:
    found = next((each for each in optional_mails() if each.name == name), None)
    if found is None:
        raise LinkNotValid
    return found


@csrf_exempt
@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """GET asks, POST declines; the mail program posts by itself, without our cookie, hence no CSRF check.

    The token alone decides, and it can do nothing but this. No redirect: RFC 8058 §3.1 forbids it. One from
    before the links were renewed does not tell what is declined, and takes nothing back.
    """
    mail_kind = _kind(kind)
    mailbox, is_of_today = access_mailbox_to_decline(unsubscribe_kind(kind), token, utc_now())
    if request.method == "POST" and mailbox is not None:
        decline(mailbox, mail_kind)
    is_known_to_be = mailbox is not None and is_of_today and mail_kind.name in mailbox.unwanted
    context = {
        "kind": mail_kind,
        "token": token,
        "is_declined": request.method == "POST" or is_known_to_be,
        "may_undo": is_of_today,
    }
    return render(request, "citizens/unsubscribe.html", context)


@private_page
@require_POST
def unsubscribe_undo(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Want this kind of mail again."""
    mail_kind = _kind(kind)
    want_again(access_mailbox(unsubscribe_kind(kind), token, utc_now()), mail_kind)
    return see_other("unsubscribe", kind, token)
