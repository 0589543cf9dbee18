"""What every page may show."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from programs.selectors.city import current_city
from wirbrauchensie.pages.shared import public_address, shared_address


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the city of this installation, whether it is the demo, and the address to pass on."""
    return {
        "city": current_city(),
        "demo_mode": settings.DEMO,
        "site_address": public_address(""),
        "shared_address": shared_address(request),
    }
