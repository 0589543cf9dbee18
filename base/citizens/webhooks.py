"""Where the mail server reports what it could not deliver after all."""

from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from citizens.domain.delivery_reports import not_reached
from citizens.services.bounces import note_unreachable
from foundation.clock import utc_now


@csrf_exempt
@require_POST
def delivery_report(request: HttpRequest) -> HttpResponse:
    """Take a report as the mail server wrote it (RFC 3464), with the secret as bearer token.

    Answers 204 to whatever a genuine sender reports, 403 without the secret, 404 where none is configured.
    """
    if not settings.MAIL_REPORT_SECRET:
        return _answer(404)
    if not compare_digest(request.headers.get("Authorization", "").encode(), _bearer()):
        return _answer(403)
    note_unreachable(not_reached(request.body), utc_now())
    return _answer(204)


def _bearer() -> bytes:
    return f"Bearer {settings.MAIL_REPORT_SECRET}".encode()


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain; charset=utf-8")
