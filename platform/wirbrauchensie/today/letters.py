"""Letters that somebody prints and posts: to people without an e-mail address."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.services.paper import letters_waiting
from foundation.clock import local_day
from outbox.models import Message
from wirbrauchensie.letters.listing import recipient
from wirbrauchensie.today.kinds import Kind, Reader, Row


def _waiting(reader: Reader, now: datetime) -> QuerySet[Message]:
    return letters_waiting()


def _row(reader: Reader, letter: Message, now: datetime) -> Row:
    return Row(
        key=f"briefe-{letter.pk}",
        who=recipient(letter),
        what=letter.subject,
        since=local_day(letter.queued_at),
        due_at=letter.queued_at,
        url=reverse("coordination_letters"),
        action=_("Alle Briefe zusammen drucken"),
        about=letter,
    )


LETTERS = Kind(
    slug="briefe",
    title=gettext_lazy("Briefe drucken"),
    text=gettext_lazy("Diese Menschen haben keine E-Mail-Adresse und warten auf Post."),
    icon="mail",
    is_for=lambda reader: reader.sees_city,
    waiting=_waiting,
    row=_row,
    template="dashboard/today/_letter.html",
)
