"""Which coordination pages a person has, by role; nobody is shown a door that stays shut."""

from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import User
from programs.access import releases_activities, staffs
from programs.models import Membership

Role = Membership.Role


class Held(NamedTuple):
    """A role that somebody has, whether it reaches the whole city, and whether as a deputy."""

    role: str
    is_city_wide: bool
    is_deputy: bool = False


def held_by(user: User | AnonymousUser) -> set[Held]:
    """Return the roles in which `user` acts somewhere; an operator acts in all but safeguarding."""
    if not user.is_authenticated:
        return set()
    rows = Membership.objects.filter(user_id=user.pk)
    held = {Held(*row) for row in rows.values_list("role", "provider__is_youth_office", "is_deputy")}
    if user.is_superuser:
        held |= {Held(Role.COORDINATOR.value, True), Held(Role.TREASURER.value, True)}
    return held


def pages_for(user: User | AnonymousUser) -> list[tuple[str, str]]:
    """Return (address name, label) of the pages `user` may open."""
    held = held_by(user)
    roles, city_wide = {each.role for each in held}, {each.role for each in held if each.is_city_wide}
    pages: list[tuple[str, str]] = []
    if Role.COORDINATOR in roles:
        pages += [
            ("coordination_offers", _("Anfragen")),
            ("coordination_placements", _("Einsätze")),
            ("coordination_people", _("Menschen")),
            ("coordination_dates", _("Termine")),
            ("coordination_roster", _("Wochenplan")),
            ("coordination_pledges", _("Zeitzusagen")),
            ("coordination_opportunities", _("Engagementangebote")),
            ("coordination_texts", _("Texte")),
            ("coordination_imports", _("Einlesen")),
        ]
    if Role.SAFEGUARDING_OFFICER in roles:
        pages.append(("coordination_clearances", _("Einsichtnahmen")))
    if city_wide and releases_activities(user):
        pages.append(("coordination_activities", _("Tätigkeiten")))
    if Role.TREASURER in roles:
        pages += [("coordination_donations", _("Spenden")), ("coordination_receipts", _("Bestätigungen"))]
    if Role.COORDINATOR in roles:
        pages.append(("coordination_dashboard", _("Stadtteile")))
    if Role.COORDINATOR in city_wide:
        pages += [
            ("coordination_letters", _("Briefe")),
            ("coordination_reports", _("Berichte")),
            ("coordination_providers", _("Träger")),
            ("coordination_staff", _("Zugänge")),
            ("coordination_weights", _("Zuordnung")),
            ("coordination_notices", _("Meldungen")),
            ("coordination_audit", _("Protokoll")),
            ("coordination_night_watch", _("Nachtwache")),
        ]
    elif Role.OWNER in roles and staffs(user):
        pages.append(("coordination_staff", _("Zugänge")))
    return pages
