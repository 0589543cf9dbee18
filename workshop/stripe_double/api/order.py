"""Checking the parameters of a new Checkout Session."""

from workshop.stripe_double import METHODS
from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import invalid, missing_param
from workshop.stripe_double.objects.session import Item, Order
from workshop.stripe_double.params import Params
from workshop.stripe_double.store import Json

KNOWN = (
    "allowed_payment_method_types",
    "cancel_url",
    "client_reference_id",
    "currency",
    "customer",
    "customer_email",
    "expand",
    "expires_at",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "payment_intent_data",
    "setup_intent_data",
    "submit_type",
    "subscription_data",
    "success_url",
    "ui_mode",
)
CARRIED = {
    "payment_intent_data": (
        "description",
        "metadata",
        "receipt_email",
        "statement_descriptor",
        "statement_descriptor_suffix",
    ),
    "setup_intent_data": ("description", "metadata"),
    "subscription_data": ("description", "metadata"),
}
LOCALES = ("auto", "de", "en", "en-GB", "es", "fr", "it", "nl", "pl", "pt", "ro", "ru", "tr")
SUBMIT_TYPES = ("auto", "book", "donate", "pay", "subscribe")
INTERVALS = ("day", "week", "month", "year")
MIN_TOTAL = 50
MAX_TOTAL = 99_999_999
HALF_HOUR, DAY = 1800, 86_400


def read_order(context: Context, params: Params) -> Order:
    """Return the checked order.

    Raises:
        ApiError: a parameter is missing, unknown at this API version, or not valid.
    """
    params.allow(*KNOWN)
    mode = params.choice("mode", ("payment", "setup", "subscription"))
    if mode is None:
        raise missing_param("mode")
    params.choice("ui_mode", ("hosted_page",))
    if mode == "setup":
        _check_setup(params)
    order = Order(
        mode=mode,
        items=_items(params, mode),
        methods=params.texts("allowed_payment_method_types") or list(METHODS),
        methods_asked="allowed_payment_method_types" in params.form,
        success_url=_success_url(params),
        cancel_url=params.url("cancel_url"),
        expires_at=_expires_at(context, params),
        customer=params.text("customer"),
        customer_email=params.email("customer_email"),
        client_reference_id=params.text("client_reference_id", limit=200),
        locale=params.choice("locale", LOCALES),
        submit_type=params.choice("submit_type", SUBMIT_TYPES),
        metadata=params.metadata(),
        carried=_carried(params, mode),
    )
    _check(context, order)
    return order


def _check(context: Context, order: Order) -> None:
    param = "allowed_payment_method_types"
    if unknown := set(order.methods) - set(METHODS):
        message = f"The payment method type provided: {min(unknown)} is invalid."
        raise invalid(message, param=param)
    if len(set(order.methods)) != len(order.methods):
        raise invalid(f"{param} must not repeat a type.", param=param)
    if order.mode != "setup" and not MIN_TOTAL <= order.total <= MAX_TOTAL:
        small = order.total < MIN_TOTAL
        message = f"The total amount due must be between {MIN_TOTAL} and {MAX_TOTAL} cents."
        raise invalid(message, param="line_items", code="amount_too_small" if small else "amount_too_large")
    if order.customer is not None:
        if order.customer_email is not None:
            message = "You may only specify one of these parameters: customer, customer_email."
            raise invalid(message, param="customer")
        context.get("customer", order.customer, param="customer", status=400)


def _check_setup(params: Params) -> None:
    """A setup takes no money: what belongs to a payment is refused."""
    for name in ("line_items", "submit_type"):
        if name in params.form:
            raise invalid(f"You can not pass `{name}` in `setup` mode.", param=name)
    if params.choice("currency", ("eur",)) is None and "allowed_payment_method_types" not in params.form:
        raise missing_param("currency")
    if "customer" not in params.form:
        raise invalid("The test double keeps ways of paying of a customer only.", param="customer")


def _items(params: Params, mode: str) -> list[Item]:
    if mode == "setup":
        return []
    items = [_item(line, mode) for line in params.groups("line_items")]
    if not items:
        raise missing_param("line_items")
    if mode == "subscription" and len(items) > 1:
        raise invalid("The test double takes one line item per subscription.", param="line_items")
    return items


def _item(line: Params, mode: str) -> Item:
    line.allow("price_data", "quantity")
    price = line.group("price_data")
    if price is None:
        raise missing_param(line.name("price_data"))
    price.allow("currency", "product_data", "recurring", "unit_amount")
    if price.required_text("currency") != "eur":
        raise invalid("The test double knows euros only.", param=price.name("currency"))
    product = price.group("product_data")
    if product is None:
        raise missing_param(price.name("product_data"))
    product.allow("name", "description", "metadata")
    product.metadata()
    amount = price.integer("unit_amount", maximum=MAX_TOTAL)
    quantity = line.integer("quantity", minimum=1, maximum=999_999)
    if amount is None:
        raise missing_param(price.name("unit_amount"))
    if quantity is None:
        raise missing_param(line.name("quantity"))
    return Item(
        name=product.required_text("name", limit=250),
        description=product.text("description"),
        unit_amount=amount,
        quantity=quantity,
        recurring=_recurring(price, mode),
    )


def _recurring(price: Params, mode: str) -> Json | None:
    recurring = price.group("recurring")
    if mode == "payment":
        if recurring is not None:
            message = "You specified `payment` mode but passed a recurring price."
            raise invalid(message, param=price.name("recurring"))
        return None
    if recurring is None:
        message = "You must provide at least one recurring price in `subscription` mode."
        raise invalid(message, param=price.name("recurring"))
    recurring.allow("interval", "interval_count")
    interval = recurring.choice("interval", INTERVALS)
    if interval is None:
        raise missing_param(recurring.name("interval"))
    count = recurring.integer("interval_count", minimum=1, maximum=365)
    return {"interval": interval, "interval_count": count or 1}


def _success_url(params: Params) -> str:
    address = params.url("success_url")
    if address is None:
        raise missing_param("success_url")
    return address


def _expires_at(context: Context, params: Params) -> int:
    expires_at = params.integer("expires_at")
    if expires_at is None:
        return context.now + DAY
    if not context.now + HALF_HOUR <= expires_at <= context.now + DAY:
        message = "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours ahead."
        raise invalid(message, param="expires_at")
    return expires_at


def _carried(params: Params, mode: str) -> Json:
    """Read what goes into the payment or the subscription; the other mode's group is refused."""
    name = {"payment": "payment_intent_data", "setup": "setup_intent_data"}.get(mode, "subscription_data")
    for other in CARRIED:
        if other != name and other in params.form:
            raise invalid(f"You can not pass `{other}` in `{mode}` mode.", param=other)
    group = params.group(name)
    if group is None:
        return {}
    group.allow(*CARRIED[name])
    texts = {key: group.text(key, limit=1000) for key in CARRIED[name] if key != "metadata"}
    return {key: text for key, text in texts.items() if text} | {"metadata": group.metadata()}
