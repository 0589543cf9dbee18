"""Checking the parameters of a changed subscription."""

from workshop.stripe_double.api.order import INTERVALS, MAX_TOTAL
from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import invalid, missing_param, no_such
from workshop.stripe_double.flows.changes import Change, Pause
from workshop.stripe_double.params import Params
from workshop.stripe_double.store import Json

KNOWN = (
    "default_payment_method",
    "expand",
    "items",
    "metadata",
    "pause_collection",
    "payment_settings",
    "proration_behavior",
    "trial_end",
)
PAUSES = ("keep_as_draft", "mark_uncollectible", "void")
PRORATIONS = ("always_invoice", "create_prorations", "none")
LONGEST_TRIAL = 2 * 365 * 86_400


def read_change(context: Context, params: Params, subscription: Json) -> Change:
    """Return the checked change.

    Raises:
        ApiError: a parameter is unknown, not valid, or asks for what the double does not do.
    """
    params.allow(*KNOWN)
    price = _price(params, subscription)
    proration = params.choice("proration_behavior", PRORATIONS, "create_prorations")
    if price is not None and proration != "none":
        raise invalid("The test double does not prorate: pass `none`.", param="proration_behavior")
    return Change(
        price=price,
        trial_end=_trial_end(context, params, subscription),
        pause=_pause(context, params),
        payment_method=_payment_method(context, params, subscription),
        method_types=_method_types(params),
        metadata=params.metadata() if "metadata" in params.form else None,
    )


def _price(params: Params, subscription: Json) -> Json | None:
    lines = params.groups("items")
    if not lines:
        return None
    line = lines[0]
    line.allow("id", "price_data", "quantity")
    item = subscription["items"]["data"][0]
    if len(lines) > 1 or line.text("id") != item["id"]:
        message = "The test double changes the one item there is: pass its `id`."
        raise invalid(message, param=line.name("id"))
    price = line.group("price_data")
    if price is None:
        raise missing_param(line.name("price_data"))
    price.allow("currency", "product", "recurring", "unit_amount")
    if price.required_text("currency") != subscription["currency"]:
        raise invalid("A subscription keeps its currency.", param=price.name("currency"))
    product = price.required_text("product")
    if product != item["price"]["product"]:
        raise no_such("product", product, param=price.name("product"), status=400)
    amount = price.integer("unit_amount", maximum=MAX_TOTAL)
    if amount is None:
        raise missing_param(price.name("unit_amount"))
    return {"unit_amount": amount, "recurring": _recurring(price)}


def _recurring(price: Params) -> Json:
    recurring = price.group("recurring")
    if recurring is None:
        raise missing_param(price.name("recurring"))
    recurring.allow("interval", "interval_count")
    interval = recurring.choice("interval", INTERVALS)
    if interval is None:
        raise missing_param(recurring.name("interval"))
    count = recurring.integer("interval_count", minimum=1, maximum=36) or 1
    months = {"month": 1, "year": 12}.get(interval, 0) * count
    if months > 36:
        raise invalid("The maximum is three years.", param=recurring.name("interval_count"))
    return {"interval": interval, "interval_count": count}


def _trial_end(context: Context, params: Params, subscription: Json) -> int | None:
    ends_at = params.integer("trial_end")
    if ends_at is None:
        return None
    if ends_at <= context.now or ends_at > subscription["billing_cycle_anchor"] + LONGEST_TRIAL:
        message = "trial_end must be in the future and at most two years from the billing_cycle_anchor."
        raise invalid(message, param="trial_end")
    return ends_at


def _pause(context: Context, params: Params) -> Pause | None:
    """An empty string ends the pause."""
    if params.form.get("pause_collection") == "":
        return Pause(None)
    group = params.group("pause_collection")
    if group is None:
        return None
    group.allow("behavior", "resumes_at")
    behavior = group.choice("behavior", PAUSES)
    if behavior is None:
        raise missing_param(group.name("behavior"))
    if behavior != "void":
        raise invalid("The test double voids only.", param=group.name("behavior"))
    resumes_at = group.integer("resumes_at")
    if resumes_at is not None and resumes_at <= context.now:
        raise invalid("resumes_at must be in the future.", param=group.name("resumes_at"))
    return Pause({"behavior": behavior, "resumes_at": resumes_at})


def _payment_method(context: Context, params: Params, subscription: Json) -> str | None:
    wanted = params.text("default_payment_method")
    if wanted is None:
        return None
    found = context.get("payment_method", wanted, param="default_payment_method", status=400)
    if found["customer"] != subscription["customer"]:
        message = "The customer does not have a payment method with the ID " + wanted
        raise invalid(message, param="default_payment_method", code="resource_missing")
    return wanted


def _method_types(params: Params) -> list[str] | None:
    group = params.group("payment_settings")
    if group is None:
        return None
    group.allow("payment_method_types")
    return group.texts("payment_method_types")
