"""Where Stripe tells us what happened: checked, stored, answered at once; the work is done later."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from donations.domain.identities import DEFAULT
from donations.gateways import stripe
from donations.gateways.errors import KeyRefused, NotGenuine, NotOurs
from donations.services.online import events
from foundation.clock import utc_now

LARGEST_BODY_BYTES = 256 * 1024


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest, account: str = DEFAULT) -> HttpResponse:
    """Answer 200 to a genuine event of our own mode, also the hundredth time; 400 to anything else.

    Each account has an address of its own; an event of one is none at the address of another.
    """
    if len(request.body) > LARGEST_BODY_BYTES:
        return _answer(413)
    try:
        event = stripe.read_event(account, request.body, request.headers.get("Stripe-Signature", ""))
        events.store([event], utc_now())
    except KeyRefused:
        return _answer(404)
    except NotOurs:
        return _answer(200)
    except (NotGenuine, events.WrongMode):
        return _answer(400)
    return _answer(200)


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain; charset=utf-8")
