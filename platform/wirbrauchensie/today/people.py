"""People who wait: to be called, confirmed, inspected, or joined at a date."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import end_of_day, last_day, local_day
from foundation.formats import date_long, time_range
from foundation.working_days import working_days_later
from programs.access import Role, within_reach
from programs.models import Shift
from volunteers.domain.gate import Need
from volunteers.domain.provider_clock import FIRST_AFTER, Pressed
from volunteers.forms.contacts import CallForm
from volunteers.forms.coordination import CertificateForm
from volunteers.models import Placement, TimePledge
from volunteers.selectors.gaps import open_gaps
from volunteers.selectors.gate import lacking_for_officers, missing_by_placement
from volunteers.selectors.silence import pledges_to_call
from wirbrauchensie.today.kinds import Kind, Reader, Row

LOOK_AHEAD = timedelta(days=7)
Status = Placement.Status


def _to_call(reader: Reader, now: datetime) -> QuerySet[TimePledge]:
    return pledges_to_call(now)


def _call_row(reader: Reader, pledge: TimePledge, now: datetime) -> Row:
    wanted = pledge.wanted_opportunity
    call_at: datetime = pledge.call_at  # type: ignore[attr-defined]
    return Row(
        key=f"anrufen-{pledge.pk}",
        who=pledge.volunteer.who,
        what=_("Wunsch: %(title)s") % {"title": wanted.title} if wanted else pledge.fields_text,
        since=pledge.confirmed_at and local_day(pledge.confirmed_at),
        until=last_day(call_at),
        due_at=call_at,
        url=reverse("coordination_person", args=[pledge.volunteer_id]),
        action=_("Alles über die Person, und was passt"),
        about=pledge,
    )


def _call_form(reader: Reader, pledge: TimePledge, now: datetime) -> CallForm:
    after = pledge.last_contact or 0  # type: ignore[attr-defined]
    return CallForm(key=pledge.pk, after=after, today=local_day(now))


TO_CALL = Kind(
    slug="anrufen",
    title=gettext_lazy("Menschen anrufen"),
    text=gettext_lazy("Diese Menschen warten länger, als wir versprochen haben."),
    icon="warning",
    is_for=lambda reader: reader.sees_city,
    waiting=_to_call,
    row=_call_row,
    template="dashboard/today/_call.html",
    form=_call_form,
)


def _to_confirm(reader: Reader, now: datetime) -> QuerySet[Placement]:
    """Nobody can be confirmed where the provider is not verified: who waits there is called."""
    mine = Q(opportunity__provider__in=reader.houses)
    if reader.sees_city:
        mine |= Q(pressed=Pressed.YOUTH_OFFICE)
    waiting = Placement.objects.filter(
        mine, status=Status.AWAITING_CONFIRMATION, opportunity__provider__is_verified=True
    )
    return waiting.select_related("volunteer", "role", "opportunity__provider").order_by(
        "status_changed_at", "pk"
    )


def _confirm_row(reader: Reader, placement: Placement, now: datetime) -> Row:
    return Row(
        key=f"zusagen-{placement.pk}",
        who=placement.who,
        what=_("hat Ja gesagt: %(title)s (%(provider)s)")
        % {"title": placement.title, "provider": placement.opportunity.provider.name},
        since=local_day(placement.status_changed_at),
        until=placement.confirm_by_on,
        due_at=end_of_day(placement.confirm_by_on),
        url=reverse("coordination_placement", args=[placement.pk]),
        action=_("Ansehen oder ablehnen"),
        about=placement,
    )


TO_CONFIRM = Kind(
    slug="zusagen",
    title=gettext_lazy("Zusagen bestätigen"),
    text=gettext_lazy("Diese Freiwilligen haben zugesagt und warten auf Ihre Antwort."),
    icon="hands",
    is_for=lambda reader: reader.coordinates,
    waiting=_to_confirm,
    row=_confirm_row,
    template="dashboard/today/_confirm.html",
)


def _to_inspect(reader: Reader, now: datetime) -> QuerySet[Placement]:
    waiting = Placement.objects.filter(
        within_reach(reader.user, "opportunity__provider", Role.SAFEGUARDING_OFFICER),
        status=Status.AWAITING_CLEARANCE,
        opportunity__provider__is_verified=True,
    ).exclude(opportunity__provider__in=reader.resting(Role.SAFEGUARDING_OFFICER))
    waiting = lacking_for_officers(waiting, local_day(now))
    return waiting.select_related("volunteer", "role", "opportunity").order_by("status_changed_at", "pk")


def _inspect_row(reader: Reader, placement: Placement, now: datetime) -> Row:
    since = local_day(placement.status_changed_at)
    until = working_days_later(since, FIRST_AFTER[Status.AWAITING_CLEARANCE])
    return Row(
        key=f"einsichtnahmen-{placement.pk}",
        who=placement.who,
        what=placement.title,
        since=since,
        until=until,
        due_at=end_of_day(until),
        url=reverse("coordination_clearance", args=[placement.pk]),
        action=_("Ansehen, oder es kommt nicht zustande"),
        about=placement,
    )


def _find_missing(reader: Reader, placements: Sequence[Placement]) -> None:
    missing = missing_by_placement(placements, reader.today)
    for each in placements:
        each.missing = missing[each.pk]  # type: ignore[attr-defined]


def _certificate_form(reader: Reader, placement: Placement, now: datetime) -> CertificateForm | None:
    lacks: list[Need] = placement.missing  # type: ignore[attr-defined]
    key = f"id_einsichtnahmen_{placement.pk}_%s"
    return CertificateForm(auto_id=key) if Need.CERTIFICATE in lacks else None


TO_INSPECT = Kind(
    slug="einsichtnahmen",
    title=gettext_lazy("Führungszeugnis ansehen"),
    text=gettext_lazy("Diese Einsätze beginnen erst nach der Einsichtnahme."),
    icon="shield",
    is_for=lambda reader: Role.SAFEGUARDING_OFFICER in reader.roles,
    waiting=_to_inspect,
    row=_inspect_row,
    template="dashboard/today/_inspect.html",
    form=_certificate_form,
    prepare=_find_missing,
    on_record=Role.SAFEGUARDING_OFFICER,
)


def _gaps(reader: Reader, now: datetime) -> QuerySet[Shift]:
    return open_gaps(reader.houses, now).filter(starts_at__lt=now + LOOK_AHEAD)


def _gap_row(reader: Reader, shift: Shift, now: datetime) -> Row:
    day, task = local_day(shift.starts_at), shift.opportunity
    lacking: list[str] = shift.lacking  # type: ignore[attr-defined]
    return Row(
        key=f"termine-{shift.pk}",
        who=f"{task.title} ({', '.join(lacking)})" if lacking else task.title,
        what=_("%(day)s, %(hours)s: %(coming)d von %(places)d kommen")
        % {
            "day": date_long(day),
            "hours": time_range(shift.starts_at, shift.ends_at),
            "coming": shift.coming,  # type: ignore[attr-defined]
            "places": shift.wanted,  # type: ignore[attr-defined]
        },
        due_at=shift.starts_at,
        url=reverse("coordination_opportunity", args=[task.pk]) + "#menschen",
        action=_("Menschen und Termine der Aufgabe"),
        about=shift,
    )


GAPS = Kind(
    slug="termine",
    title=gettext_lazy("Termine mit zu wenig Menschen"),
    text=gettext_lazy("In den nächsten sieben Tagen kommen hier weniger, als gebraucht werden."),
    icon="calendar",
    is_for=lambda reader: reader.coordinates,
    waiting=_gaps,
    row=_gap_row,
    template="dashboard/today/_gap.html",
)
