"""What the operator decides about mails of which nobody knows whether they arrived."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.returns import back_or
from outbox.models import Message
from outbox.services.sending import send_again, settle_as_sent


@login_required
@require_POST
def mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a mail once more; it may arrive twice."""
    return _decide(request, pk, send_again, _("Die E-Mail wird noch einmal gesendet."))


@login_required
@require_POST
def mail_arrived(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a mail of unknown fate did arrive."""
    return _decide(request, pk, settle_as_sent, _("Vermerkt: Die E-Mail ist angekommen."))


def _decide(
    request: HttpRequest, pk: int, act: Callable[[Message, datetime], bool], done: str
) -> HttpResponse:
    """Only the operator may, as in the administration."""
    if not request.user.is_superuser:
        raise PermissionDenied
    if act(get_object_or_404(Message, pk=pk), utc_now()):
        messages.success(request, done)
    else:
        messages.warning(request, _("Darüber ist schon entschieden."))
    return back_or(request, see_other("coordination"))
