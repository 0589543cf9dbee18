"""A poster of one task: what, when, where, and a code that leads to its page."""

from datetime import datetime
from io import BytesIO

import segno
from django.conf import settings
from django.utils import translation

from foundation.typesetting import typeset
from programs.models import Opportunity
from programs.selectors.city import current_city


def poster(task: Opportunity, *, now: datetime) -> bytes:
    """Return the poster as PDF, one A4 page, in German. Raises NotDisplayable."""
    address = settings.PUBLIC_BASE_URL + task.get_absolute_url()
    city = current_city()
    with translation.override("de"):
        data = {
            "title": task.title,
            "provider": task.provider.name,
            "when": task.times_text,
            "where": f"{task.site}, {task.district.name}",
            "blocks": [{"is_list": each.is_list, "lines": list(each.lines)} for each in task.task_blocks],
            "address": address.removeprefix("https://").removeprefix("http://"),
            "phone": city.contact_phone if city else "",
            "code": _code(address),
        }
        return typeset("poster", data, now=now)


def _code(address: str) -> str:
    drawing = BytesIO()
    segno.make_qr(address, error="m").save(drawing, kind="svg", border=4, dark="#000", light="#fff")
    return drawing.getvalue().decode()
