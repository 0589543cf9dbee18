"""What every page may show."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from programs.selectors.city import current_city


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the city of this installation and whether it is the demo."""
    return {"city": current_city(), "demo_mode": settings.DEMO}
