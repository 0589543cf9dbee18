"""Reading events, for whoever missed a webhook."""

from workshop.stripe_double import deliveries
from workshop.stripe_double.api.listing import PAGING, page
from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import invalid
from workshop.stripe_double.params import Params
from workshop.stripe_double.store import Condition, Json

UNDELIVERED = "SELECT 1 FROM deliveries WHERE event_id = objects.id AND delivered_at IS NULL"


def retrieve(context: Context, params: Params, event_id: str) -> Json:
    params.allow("expand")
    return _with_pending(context, context.get("event", event_id))


def index(context: Context, params: Params) -> Json:
    params.allow(*PAGING, "type", "types", "delivery_success")
    conditions: list[Condition] = []
    one, several = params.text("type"), params.texts("types")
    if one and several:
        raise invalid("You may only specify one of type, types.", param="type")
    if one:
        conditions.append(("json_extract(body, '$.type') GLOB ?", (one,)))
    if several:
        marks = ", ".join("?" * len(several))
        conditions.append((f"json_extract(body, '$.type') IN ({marks})", several))
    delivered = params.flag("delivery_success")
    if delivered is not None:
        conditions.append((f"{'NOT ' if delivered else ''}EXISTS ({UNDELIVERED})", ()))
    found = page(context, params, kind="event", url="/v1/events", equal={}, conditions=conditions)
    return {**found, "data": [_with_pending(context, event) for event in found["data"]]}


def _with_pending(context: Context, event: Json) -> Json:
    return {**event, "pending_webhooks": deliveries.pending(context.store, event["id"])}
