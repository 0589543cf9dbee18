"""The list of those who work here."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.lists.declaring import Column, Filter, Listing, only
from programs.models import Membership, Provider


def staff_list(providers: QuerySet[Provider]) -> Listing[Membership]:
    """Return the list of roles at `providers`."""
    houses = [("", _("Alle Träger")), *((str(each.pk), each.name) for each in providers.order_by("name"))]
    columns: dict[str, Column[Membership]] = {
        "person": Column(_("Person"), lambda row: str(row.user), ("user__name", "user__email")),
        "email": Column(_("E-Mail-Adresse"), lambda row: row.user.email, ("user__email",)),
        "role": Column(_("Rolle"), lambda row: row.get_role_display(), ("role",)),
        "provider": Column(_("Träger"), lambda row: row.provider.name, ("provider__name",)),
        "seen": Column(_("zuletzt angemeldet"), lambda row: row.user.last_login, ("user__last_login",)),
    }
    return Listing(
        "zugaenge",
        columns,
        {
            "role": Filter(
                forms.ChoiceField(
                    label=_("Rolle"),
                    required=False,
                    choices=[("", _("Alle Rollen")), *Membership.Role.choices],
                ),
                only("role"),
            ),
            "provider": Filter(
                forms.ChoiceField(label=_("Träger"), required=False, choices=houses), only("provider")
            ),
        },
        lambda word: Q(word.within("user__name")) | Q(word.within("user__email")),
        _("nach Namen"),
    )
