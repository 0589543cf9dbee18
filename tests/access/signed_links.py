"""Where each kind of signed link leads."""

from django.urls import reverse

from tests.access.people import Who
from tests.access.scene import Scene

PAGES = {
    "my_page": "my_page",
    "giver": "my_page",
    "erase": "my_page_erase_step",
    "new_address": "my_address_confirm",
    "old_address": "my_address_stop",
    "withdraw": "pledge_withdraw_step",
    "leave": "placement_leave_step",
    "end_monthly": "my_gifts_end_step",
    "change_monthly": "my_gifts_change_step",
    "mend_monthly": "monthly_mend",
    "correct_address": "my_receipt_address_step",
    "unsubscribe": "unsubscribe",
    "my_pledges": "my_pledges_with",
    "my_gifts": "my_gifts",
    "confirm": "pledge_confirm",
    "offer": "offer_answer",
    "stand_in": "stand_in_answer",
    "calendar": "placement_calendar",
    "letter": "placement_letter",
    "steps": "placement_steps",
    "guardian": "guardian",
}


def signed_paths(scene: Scene) -> dict[str, str]:
    """Return the citizen's address of each kind of page that a signed link opens by GET."""
    return {
        kind: reverse(page, args=[*before(kind), scene.link(kind, Who.CITIZEN)])
        for kind, page in PAGES.items()
    }


def before(kind: str) -> list[str]:
    return ["termine"] if kind == "unsubscribe" else []
