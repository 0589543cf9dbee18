"""Reading objects by id and in lists: which kinds there are and what each can be filtered by."""

from dataclasses import dataclass, field

from workshop.stripe_double.api.expand import answer
from workshop.stripe_double.api.listing import PAGING, page
from workshop.stripe_double.context import Context
from workshop.stripe_double.params import Params
from workshop.stripe_double.store import Condition, Json


@dataclass(frozen=True)
class Resource:
    """One kind of object; ``filters`` maps a parameter to the JSON path it is compared with."""

    kind: str
    path: str
    filters: dict[str, str] = field(default_factory=dict)
    listed: bool = True


RESOURCES = [
    Resource(
        "checkout.session",
        "checkout/sessions",
        {
            "customer": "$.customer",
            "payment_intent": "$.payment_intent",
            "status": "$.status",
            "subscription": "$.subscription",
        },
    ),
    Resource("payment_intent", "payment_intents", {"customer": "$.customer"}),
    Resource("charge", "charges", {"customer": "$.customer", "payment_intent": "$.payment_intent"}),
    Resource("balance_transaction", "balance_transactions", {"source": "$.source", "type": "$.type"}),
    Resource("refund", "refunds", {"charge": "$.charge", "payment_intent": "$.payment_intent"}),
    Resource("dispute", "disputes", {"charge": "$.charge", "payment_intent": "$.payment_intent"}),
    Resource("customer", "customers", {"email": "$.email"}),
    Resource("subscription", "subscriptions", {"customer": "$.customer", "status": "$.status"}),
    Resource(
        "invoice",
        "invoices",
        {
            "customer": "$.customer",
            "status": "$.status",
            "subscription": "$.parent.subscription_details.subscription",
        },
    ),
    Resource("invoice_payment", "invoice_payments", {"invoice": "$.invoice", "status": "$.status"}),
    Resource("payout", "payouts", {"status": "$.status"}),
    Resource("payment_method", "payment_methods", listed=False),
    Resource("mandate", "mandates", listed=False),
    Resource("setup_intent", "setup_intents", {"customer": "$.customer"}),
]


def retrieve(context: Context, params: Params, resource: Resource, object_id: str) -> Json:
    params.allow("expand")
    return answer(context.store, context.get(resource.kind, object_id), params.texts("expand"))


def index(context: Context, params: Params, resource: Resource) -> Json:
    params.allow(*PAGING, *resource.filters)
    equal = {path: text for name, path in resource.filters.items() if (text := params.text(name))}
    conditions: list[Condition] = []
    if resource.kind == "subscription":
        conditions = _which_subscriptions(equal)
    found = page(
        context,
        params,
        kind=resource.kind,
        url=f"/v1/{resource.path}",
        equal=equal,
        conditions=conditions,
    )
    return answer(context.store, found, params.texts("expand"))


def _which_subscriptions(equal: dict[str, str]) -> list[Condition]:
    """Ended ones are listed only when asked for, by ``status`` ``all`` or ``ended``."""
    status = equal.get("$.status")
    if status in ("all", "ended"):
        del equal["$.status"]
    if status is None:
        return [("json_extract(body, '$.status') != 'canceled'", ())]
    if status == "ended":
        return [("json_extract(body, '$.status') = 'canceled'", ())]
    return []
