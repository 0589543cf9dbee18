"""What is confirmed about the city."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from programs.domain.contacts import contact_parts
from programs.models import City
from programs.selectors.city import current_city


def confirm_youth_office_phone(number: str, *, today: date) -> bool:
    """Note the number that somebody has tried today. False, changing nothing, for what is no number."""
    city, number = current_city(), number.strip()
    parts = contact_parts(number)
    if not city or len(parts) != 1 or not parts[0].address.startswith("tel:"):
        return False
    City.objects.filter(pk=city.pk).update(
        youth_office_phone=number,
        youth_office_phone_source=_("Angabe der Stadt"),
        youth_office_phone_checked_on=today,
    )
    return True


def known_phones() -> dict[int, tuple[str, date | None]]:
    """Return number and day of confirmation by city, to compare after a load."""
    rows = City.objects.values_list("pk", "youth_office_phone", "youth_office_phone_checked_on")
    return {pk: (number, checked_on) for pk, number, checked_on in rows}


def unconfirm_changed_phones(before: Mapping[int, tuple[str, date | None]]) -> None:
    """Let no number inherit the confirmation of another: `before` is what `known_phones` said."""
    for pk, (number, checked_on) in known_phones().items():
        old_number, old_day = before.get(pk, (number, checked_on))
        if number != old_number and checked_on == old_day:
            City.objects.filter(pk=pk).update(youth_office_phone_checked_on=None)
