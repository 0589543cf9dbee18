"""A way of paying that is kept for later, without a payment."""

from workshop.stripe_double.ids import new_id
from workshop.stripe_double.store import Json


def new_setup_intent(
    payment_method: Json, methods: list[str], carried: Json, *, mandate: str | None, created: int
) -> Json:
    """Return a setup that succeeded; ``carried`` is ``setup_intent_data``."""
    setup_id = new_id("seti")
    return {
        "id": setup_id,
        "object": "setup_intent",
        "allowed_payment_method_types": methods,
        "application": None,
        "attach_to_self": False,
        "automatic_payment_methods": None,
        "cancellation_reason": None,
        "client_secret": f"{setup_id}_secret_test",
        "created": created,
        "customer": payment_method["customer"],
        "customer_account": None,
        "description": carried.get("description"),
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": mandate,
        "metadata": carried.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": payment_method["id"],
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": methods,
        "single_use_mandate": None,
        "status": "succeeded",
        "usage": "off_session",
    }
