"""The event: an object as it was at one moment."""

from workshop.stripe_double import API_VERSION
from workshop.stripe_double.objects.visibility import shown
from workshop.stripe_double.store import Json


def new_event(
    event_id: str, name: str, body: Json, *, created: int, request: Json, before: Json | None = None
) -> Json:
    now_shown = shown(body)
    data: Json = {"object": now_shown}
    if before is not None:
        data["previous_attributes"] = {
            key: before[key] for key in now_shown if key in before and before[key] != now_shown[key]
        }
    return {
        "id": event_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": created,
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": request,
        "type": name,
    }
