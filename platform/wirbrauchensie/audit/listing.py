"""The audit trail as a list: filtered by person, kind and day."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.clock import LOCAL_ZONE
from foundation.lists.declaring import Column, Filter, Listing
from foundation.lists.searching import Word
from foundation.models import Event
from programs.forms.fields import DayField
from wirbrauchensie.audit import rows
from wirbrauchensie.audit.wording import about_whom, what_happened, who_acted

KINDS = {
    "anmelden": (_("Anmelden und zweiter Faktor"), rows.DOORS),
    "geraete": (_("Geräte abgemeldet"), rows.SESSIONS),
    "rollen": (_("Rollen und Rechte"), rows.ROLES | rows.RIGHTS),
    "einladungen": (_("Einladungen"), rows.INVITATIONS),
    "einsicht": (_("Einsichtnahmen gelesen"), rows.CLEARANCES),
    "gelesen": (_("Andere Daten gelesen"), rows.READS),
    "dateien": (_("Listen heruntergeladen"), rows.FILES),
}


def audit_list() -> Listing[Event]:
    """Return the list; its cells read names that `rows.audited` brings along."""
    people = [
        ("", _("Alle")),
        *((str(each.pk), str(each)) for each in User.objects.order_by("name", "email")),
    ]
    kinds = [("", _("Alles")), *((name, label) for name, (label, _found) in KINDS.items())]
    columns: dict[str, Column[Event]] = {
        "at": Column(_("Wann"), _moment, ("at",)),
        "who": Column(_("Wer"), who_acted),
        "what": Column(_("Was"), what_happened),
        "whom": Column(_("Um wen oder was es ging"), about_whom),
    }
    return Listing(
        "protokoll",
        columns,
        {
            "person": Filter(_choice(_("Person"), people), _of_person),
            "kind": Filter(_choice(_("Art"), kinds), _of_kind),
            "from_on": Filter(DayField(label=_("Vom"), required=False), _from),
            "until_on": Filter(DayField(label=_("Bis"), required=False), _until),
        },
        _looked,
        _("neueste zuerst"),
    )


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _moment(line: Event) -> str:
    return f"{line.at.astimezone(LOCAL_ZONE):%d.%m.%Y %H:%M:%S}"


def _of_person(found: QuerySet[Event], pk: str) -> QuerySet[Event]:
    return rows.of_person(found, int(pk)) if pk else found


def _of_kind(found: QuerySet[Event], kind: str) -> QuerySet[Event]:
    return found.filter(KINDS[kind][1]) if kind else found


def _from(found: QuerySet[Event], day: date | None) -> QuerySet[Event]:
    return found.filter(at__gte=_midnight(day)) if day else found


def _until(found: QuerySet[Event], day: date | None) -> QuerySet[Event]:
    return found.filter(at__lt=_midnight(day + timedelta(days=1))) if day else found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


def _looked(word: Word) -> Q:
    about_role = word.within("member_name") | word.within("provider_name")
    about = (Q(model="user") & word.within("account_name")) | (Q(model="provider") & about_role)
    return word.within("actor_name") | about
