"""What keeps the platform running and needs a human: mails of unknown fate, jobs that are late."""

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import sweeps
from foundation.clock import local_day
from outbox.models import Message
from wirbrauchensie.dashboard.night_watch import TITLES, advice_for
from wirbrauchensie.today.kinds import Kind, Reader, Row


def _uncertain(reader: Reader, now: datetime) -> QuerySet[Message]:
    uncertain = Message.objects.filter(status__in=[Message.Status.UNKNOWN, Message.Status.DEAD])
    return uncertain.annotate(tried_at=Coalesce("claimed_at", "queued_at")).order_by("tried_at", "pk")


def _mail_row(reader: Reader, message: Message, now: datetime) -> Row:
    tried_at: datetime = message.tried_at  # type: ignore[attr-defined]
    is_operator = reader.user.is_superuser
    return Row(
        key=f"nachrichten-{message.pk}",
        who=message.get_status_display(),
        what=_("E-Mail Nr. %(number)d; der Betrieb sieht sie in der Verwaltung") % {"number": message.pk},
        since=local_day(tried_at),
        due_at=tried_at,
        url=reverse("admin:outbox_message_change", args=[message.pk]) if is_operator else "",
        action=_("In der Verwaltung ansehen"),
        about=message if is_operator else None,
    )


MAILS = Kind(
    slug="nachrichten",
    title=gettext_lazy("Nachrichten prüfen"),
    text=gettext_lazy("Ob diese E-Mails angekommen sind, weiß nur ein Mensch."),
    icon="mail",
    is_for=lambda reader: reader.sees_city,
    waiting=_uncertain,
    row=_mail_row,
    template="dashboard/today/_mail.html",
)


def _late(reader: Reader, now: datetime) -> list[tuple[str, datetime]]:
    """Return the late jobs with the moment since when nothing came of them, the oldest first."""
    found = [(name, now - age) for name, age in sweeps.late_ages(now).items()]
    return sorted(found, key=lambda job: (job[1], job[0]))


def _job_row(reader: Reader, job: tuple[str, datetime], now: datetime) -> Row:
    """A job is due now, whatever it missed: those people come first who have waited longer."""
    name, since = job
    return Row(
        key=f"nachtwache-{name.replace('.', '-')}",
        who=str(TITLES.get(name, name)),
        what=_("läuft nicht, wie es soll"),
        since=local_day(since) if since > sweeps.EVER else None,
        due_at=now,
        url=reverse("coordination_night_watch"),
        action=_("Zur Nachtwache"),
        about=advice_for(name),
    )


JOBS = Kind(
    slug="nachtwache",
    title=gettext_lazy("Nachtwache: etwas läuft nicht"),
    text=gettext_lazy("Diese geplanten Arbeiten sind überfällig."),
    icon="error",
    is_for=lambda reader: reader.sees_city,
    waiting=_late,
    row=_job_row,
    template="dashboard/today/_job.html",
)
