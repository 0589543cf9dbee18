"""The Checkout Session and its line items."""

from dataclasses import dataclass, field

from workshop.stripe_double.ids import new_id
from workshop.stripe_double.store import Json


@dataclass(frozen=True)
class Item:
    """One line of the session; ``recurring`` holds interval and interval_count."""

    name: str
    description: str | None
    unit_amount: int
    quantity: int
    recurring: Json | None


@dataclass(frozen=True)
class Order:
    """A validated request for a session; ``carried`` is what goes into the payment or the subscription."""

    mode: str
    items: list[Item]
    methods: list[str]
    methods_asked: bool
    success_url: str
    cancel_url: str | None
    expires_at: int
    customer: str | None = None
    customer_email: str | None = None
    client_reference_id: str | None = None
    locale: str | None = None
    submit_type: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    carried: Json = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(item.unit_amount * item.quantity for item in self.items)


def new_price(item: Item, created: int) -> Json:
    recurring = None
    if item.recurring:
        recurring = {**item.recurring, "meter": None, "trial_period_days": None, "usage_type": "licensed"}
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": created,
        "currency": "eur",
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": new_id("prod"),
        "recurring": recurring,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": item.unit_amount,
        "unit_amount_decimal": str(item.unit_amount),
    }


def _new_line(item: Item, created: int) -> Json:
    amount = item.unit_amount * item.quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": "eur",
        "description": item.name,
        "metadata": {},
        "price": new_price(item, created),
        "quantity": item.quantity,
    }


def new_session(order: Order, *, public_url: str, created: int) -> Json:
    """Return an open session; what begins with ``_`` is kept with it and never shown."""
    session_id = new_id("cs_test")
    subscription, setup = order.mode == "subscription", order.mode == "setup"
    lines = [_new_line(item, created) for item in order.items]
    return {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": None,
        "after_expiration": None,
        "allow_promotion_codes": None,
        "allowed_payment_method_types": order.methods if order.methods_asked else None,
        "amount_subtotal": None if setup else order.total,
        "amount_total": None if setup else order.total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": order.cancel_url,
        "client_reference_id": order.client_reference_id,
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": created,
        "currency": "eur",
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": order.customer,
        "customer_account": None,
        "customer_creation": "always" if subscription else "if_required",
        "customer_details": _details(order.customer_email, None) if order.customer_email else None,
        "customer_email": order.customer_email,
        "discounts": [],
        "expires_at": order.expires_at,
        "invoice": None,
        "invoice_creation": None,
        "line_items": {
            "object": "list",
            "data": lines,
            "has_more": False,
            "url": f"/v1/checkout/sessions/{session_id}/line_items",
        },
        "livemode": False,
        "locale": order.locale,
        "metadata": order.metadata,
        "mode": order.mode,
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "always" if subscription or setup else "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": order.methods,
        "payment_status": "no_payment_required" if setup else "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "presentment_details": None,
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": order.submit_type,
        "subscription": None,
        "success_url": order.success_url,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{public_url}/pay/{session_id}",
        "wallet_options": None,
        "_carried": order.carried,
        "_descriptions": [item.description for item in order.items if item.description],
    }


def _details(email: str | None, name: str | None) -> Json:
    return {
        "address": None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": None,
    }


def note_payer(session: Json, email: str | None, name: str | None) -> None:
    session["customer_details"] = _details(email, name)
