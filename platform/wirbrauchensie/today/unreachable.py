"""People whom no mail reaches: somebody has to speak with them, or nobody will come."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import local_day
from volunteers.forms.contacts import NoteForm
from volunteers.models import Volunteer
from volunteers.selectors.unreachable import placed_at, placed_or_looking, unreachable_people
from wirbrauchensie.today.kinds import Kind, Reader, Row


def _unreachable(reader: Reader, now: datetime) -> QuerySet[Volunteer]:
    people = unreachable_people()
    return placed_or_looking(people) if reader.sees_city else placed_at(people, reader.houses)


def _unreachable_row(reader: Reader, person: Volunteer, now: datetime) -> Row:
    bounced_at = person.mailbox.bounced_at
    assert bounced_at is not None
    phone = _("Telefon %(phone)s") % {"phone": person.phone} if person.phone else _("kein Telefon bekannt")
    return Row(
        key=f"unerreichbar-{person.pk}",
        who=person.short_name,
        what=_("E-Mails kommen zurück; %(phone)s") % {"phone": phone},
        since=local_day(bounced_at),
        due_at=bounced_at,
        url=reverse("coordination_person", args=[person.pk]),
        action=_("Alles über die Person"),
        about=person,
    )


def _note_form(reader: Reader, person: Volunteer, now: datetime) -> NoteForm:
    return NoteForm(auto_id=f"id_unerreichbar_{person.pk}_%s")


UNREACHABLE = Kind(
    slug="unerreichbar",
    title=gettext_lazy("Menschen, die keine E-Mail erreicht"),
    text=gettext_lazy("Sprechen Sie mit ihnen, und notieren Sie es: Dann verschwinden sie von dieser Liste."),
    icon="mail",
    is_for=lambda reader: reader.coordinates,
    waiting=_unreachable,
    row=_unreachable_row,
    template="dashboard/today/_note.html",
    form=_note_form,
)
