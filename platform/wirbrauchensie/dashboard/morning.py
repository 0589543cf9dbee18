"""What needs a coordinator this morning, most urgent first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from donations.access import bank_lines_within_reach
from donations.selectors.gifts import open_bank_lines
from foundation import sweeps
from outbox.models import Message
from programs.access import decides_activities, sees_whole_city, within_reach
from programs.models import Opportunity, Shift
from programs.selectors.activities import open_questions
from programs.selectors.notices import open_notices
from volunteers.models import Assignment, Placement, TimePledge
from wirbrauchensie.dashboard.navigation import Role, roles_of
from wirbrauchensie.dashboard.scope import Scope, scope_of

_LOOK_AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Todo:
    """One kind of thing to do: how many there are and where it is done."""

    title: str
    text: str
    count: int
    url: str
    icon: str


def todos(user: User | AnonymousUser, now: datetime) -> list[Todo]:
    """Return what waits for `user` in each of their roles; nothing that is at zero.

    Raises PermissionDenied for somebody without any role.
    """
    roles = roles_of(user)
    if not roles:
        raise PermissionDenied
    waiting: list[Todo] = []
    if Role.COORDINATOR in roles:
        scope = scope_of(user)
        waiting += [_to_confirm(scope), _empty_shifts(scope, now), _in_review(scope)]
    if Role.SAFEGUARDING_OFFICER in roles:
        waiting.append(_to_inspect(user))
    if decides_activities(user):
        waiting.append(_activity_questions())
    if Role.TREASURER in roles:
        waiting.append(_open_transfers(user))
    if sees_whole_city(user):
        waiting += [_open_notices(), _overdue_pledges(now), _uncertain_mails(), _late_sweeps(now)]
    return [todo for todo in waiting if todo.count]


def _to_confirm(scope: Scope) -> Todo:
    status = Placement.Status.AWAITING_CONFIRMATION
    return Todo(
        _("Zusagen bestätigen"),
        _("Diese Freiwilligen haben zugesagt und warten auf Ihre Antwort."),
        Placement.objects.filter(scope.within("opportunity__provider"), status=status).count(),
        f"{reverse('coordination_placements')}?status={status.value}",
        "hands",
    )


def _to_inspect(user: User | AnonymousUser) -> Todo:
    waiting = Placement.objects.filter(
        within_reach(user, "opportunity__provider", Role.SAFEGUARDING_OFFICER),
        status=Placement.Status.AWAITING_CLEARANCE,
    )
    return Todo(
        _("Führungszeugnis ansehen"),
        _("Diese Einsätze beginnen erst nach der Einsichtnahme."),
        waiting.count(),
        reverse("coordination_clearances"),
        "shield",
    )


def _open_transfers(user: User | AnonymousUser) -> Todo:
    return Todo(
        _("Überweisungen zuordnen"),
        _("Zu diesen Eingängen fehlt noch die Spende."),
        open_bank_lines(bank_lines_within_reach(user)).count(),
        reverse("coordination_donations"),
        "bank",
    )


def _empty_shifts(scope: Scope, now: datetime) -> Todo:
    somebody = Assignment.objects.filter(shift=OuterRef("pk"), status=Assignment.Status.CONFIRMED)
    count = (
        Shift.objects.filter(
            scope.within("opportunity__provider"),
            ~Exists(somebody),
            starts_at__gte=now,
            starts_at__lt=now + _LOOK_AHEAD,
            is_cancelled=False,
            opportunity__status=Opportunity.Status.PUBLISHED,
        )
        .exclude(Q(opportunity__places=0))
        .count()
    )
    return Todo(
        _("Termine ohne Freiwillige"),
        _("In den nächsten sieben Tagen ist hier noch niemand eingeteilt."),
        count,
        reverse("coordination_opportunities"),
        "calendar",
    )


def _in_review(scope: Scope) -> Todo:
    count = Opportunity.objects.filter(scope.within("provider"), status=Opportunity.Status.IN_REVIEW).count()
    return Todo(
        _("Engagementangebote freigeben"),
        _("Eine zweite Person liest, bevor etwas veröffentlicht wird."),
        count,
        f"{reverse('coordination_opportunities')}?status={Opportunity.Status.IN_REVIEW.value}",
        "check-circle",
    )


def _open_notices() -> Todo:
    return Todo(
        _("Meldungen entscheiden"),
        _("Jemand sagt, dass ein veröffentlichter Text so nicht stehen darf."),
        open_notices().count(),
        reverse("coordination_notices"),
        "warning",
    )


def _activity_questions() -> Todo:
    return Todo(
        _("Fragen nach der Tätigkeit beantworten"),
        _("Zu diesen Aufgaben passt keine Tätigkeit; bis zu Ihrer Antwort sind sie nicht öffentlich."),
        open_questions().count(),
        reverse("coordination_activities"),
        "shield",
    )


def _overdue_pledges(now: datetime) -> Todo:
    count = TimePledge.objects.filter(status=TimePledge.Status.OPEN, answer_due_at__lte=now).count()
    return Todo(
        _("Zeitzusagen ohne Antwort"),
        _("Diese Menschen warten länger, als wir versprochen haben."),
        count,
        reverse("coordination_pledges"),
        "warning",
    )


def _uncertain_mails() -> Todo:
    count = Message.objects.filter(status__in=[Message.Status.UNKNOWN, Message.Status.DEAD]).count()
    return Todo(
        _("Nachrichten prüfen"),
        _("Ob diese E-Mails angekommen sind, weiß nur ein Mensch; der Betrieb sieht sie in der Verwaltung."),
        count,
        reverse("admin:outbox_message_changelist"),
        "mail",
    )


def _late_sweeps(now: datetime) -> Todo:
    names = sweeps.late(now)
    return Todo(
        _("Nachtwache: etwas läuft nicht"),
        _("Diese geplanten Arbeiten sind überfällig."),
        len(names),
        reverse("coordination_night_watch"),
        "error",
    )
