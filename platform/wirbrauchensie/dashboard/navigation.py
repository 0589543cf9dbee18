"""Which coordination pages a person has, by role; nobody is shown a door that stays shut."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import User
from programs.access import sees_whole_city
from programs.models import Membership

Role = Membership.Role


def roles_of(user: User | AnonymousUser) -> set[str]:
    """Return the roles in which `user` acts somewhere; an operator acts in all but safeguarding."""
    if not user.is_authenticated:
        return set()
    roles = set(Membership.objects.filter(user_id=user.pk).values_list("role", flat=True))
    if user.is_superuser:
        roles |= {Role.COORDINATOR.value, Role.TREASURER.value}
    return roles


def pages_for(user: User | AnonymousUser) -> list[tuple[str, str]]:
    """Return (address name, label) of the pages `user` may open."""
    roles = roles_of(user)
    pages: list[tuple[str, str]] = []
    if Role.COORDINATOR in roles:
        pages += [
            ("coordination_offers", _("Anfragen")),
            ("coordination_placements", _("Einsätze")),
            ("coordination_pledges", _("Zeitzusagen")),
            ("coordination_opportunities", _("Engagementangebote")),
        ]
    if Role.SAFEGUARDING_OFFICER in roles:
        pages.append(("coordination_clearances", _("Einsichtnahmen")))
    if Role.TREASURER in roles:
        pages.append(("coordination_donations", _("Spenden")))
    if Role.COORDINATOR in roles:
        pages.append(("coordination_dashboard", _("Stadtteile")))
    if sees_whole_city(user):
        pages.append(("coordination_night_watch", _("Nachtwache")))
    return pages
