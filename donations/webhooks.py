"""Where Stripe tells us what happened: checked, stored, answered at once; the work is done later."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from donations.gateways import stripe
from donations.gateways.errors import NotGenuine
from donations.services import events
from foundation.clock import utc_now

LARGEST_BODY_BYTES = 256 * 1024


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Answer 200 to a genuine event of our own mode, also the hundredth time; 400 to anything else."""
    if not settings.STRIPE_WEBHOOK_SECRET:
        return _answer(404)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY_BYTES:
        return _answer(413)
    try:
        event = stripe.read_event(request.body, request.headers.get("Stripe-Signature", ""))
        events.store([event], utc_now())
    except (NotGenuine, events.WrongMode):
        return _answer(400)
    return _answer(200)


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain")
