"""Which coordination pages a person has, by role; nobody is shown a door that stays shut."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import User
from programs.access import releases_activities, staffs
from programs.models import Membership

Role = Membership.Role


def roles_of(user: User | AnonymousUser) -> set[str]:
    """Return the roles in which `user` acts somewhere; an operator acts in all but safeguarding."""
    return {role for role, _is_city_wide in _memberships(user)}


def _memberships(user: User | AnonymousUser) -> set[tuple[str, bool]]:
    """Return (role, whether it reaches the whole city)."""
    if not user.is_authenticated:
        return set()
    rows = Membership.objects.filter(user_id=user.pk)
    memberships = set(rows.values_list("role", "provider__is_youth_office"))
    if user.is_superuser:
        memberships |= {(Role.COORDINATOR.value, True), (Role.TREASURER.value, True)}
    return memberships


def pages_for(user: User | AnonymousUser) -> list[tuple[str, str]]:
    """Return (address name, label) of the pages `user` may open."""
    memberships = _memberships(user)
    roles = {role for role, _is_city_wide in memberships}
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
    if any(is_city_wide for _role, is_city_wide in memberships) and releases_activities(user):
        pages.append(("coordination_activities", _("Tätigkeiten")))
    if Role.TREASURER in roles:
        pages += [("coordination_donations", _("Spenden")), ("coordination_receipts", _("Bestätigungen"))]
    if Role.COORDINATOR in roles:
        pages.append(("coordination_dashboard", _("Stadtteile")))
    if (Role.COORDINATOR.value, True) in memberships:
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
