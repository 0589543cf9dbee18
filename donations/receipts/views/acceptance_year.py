"""What the city accepted in a calendar year, money and goods in one table to take away (RULES §2.10)."""

from collections.abc import Iterator
from datetime import date
from operator import itemgetter

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.list_views import FILE_KINDS
from donations.access import gifts_within_reach, treasury_of
from donations.domain.acceptance import YEARS_LISTED
from donations.models import Donation
from donations.receipts.access import contributions_within_reach
from donations.receipts.models import Contribution
from donations.receipts.selectors.contributions import accepted_in
from donations.selectors.acceptance import large_gifts, received_in
from donations.views.treasury import signed_in
from foundation.clock import local_day, utc_now
from foundation.history import note_file
from foundation.lists.exporting import csv_of, xlsx_of
from foundation.spreadsheets import Euros
from foundation.units import Cents
from programs.access import Role, actor_of

Line = list[object]


@login_required
@require_safe
def coordination_acceptance_year(request: HttpRequest, year: int, kind: str) -> HttpResponseBase:
    """Give the table of a year; of each row who gave, for which purpose, and what was decided."""
    user, now = signed_in(request), utc_now()
    treasury_of(user)
    this_year = local_day(now).year
    if kind not in FILE_KINDS or not this_year - YEARS_LISTED < year <= this_year:
        raise Http404
    gifts = large_gifts(received_in(gifts_within_reach(user), year))
    goods = accepted_in(contributions_within_reach(user), year)
    lines = sorted([*map(_of_gift, gifts), *map(_of_goods, goods)], key=itemgetter(0))
    name = f"annahmen-{year}.{kind}"
    actor = actor_of(user, Role.TREASURER)
    note_file(user, name, len(lines), actor=actor, now=now, route="coordination_acceptance_year")
    if kind == "xlsx":
        file = xlsx_of(f"Annahmen {year}", _heads(), lines)
        return FileResponse(file, as_attachment=True, filename=name, content_type=FILE_KINDS[kind])
    return StreamingHttpResponse(
        csv_of(_heads(), lines),
        content_type=FILE_KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _heads() -> list[str]:
    return [
        _("Tag"),
        _("Art"),
        _("Von"),
        _("Name öffentlich"),
        _("Betrag oder Wert"),
        _("Spendenzweck"),
        _("Laufende Angelegenheit"),
        _("Entscheidung"),
        _("Eingetragen"),
        _("Wer entschieden hat, und wann"),
    ]


def _of_gift(gift: Donation) -> Line:
    assert gift.received_at is not None
    return [
        local_day(gift.received_at),
        gift.get_method_display(),
        gift.giver_shown or _("anonym"),
        _("nein") if gift.hide_name_public else _("ja"),
        Euros(Cents(gift.amount_cents)),
        gift.fund.name,
        gift.get_pending_matter_display() or _("nicht gefragt"),
        gift.get_acceptance_display(),
        _day(gift.acceptance_at and local_day(gift.acceptance_at)),
        gift.decided_where,
    ]


def _of_goods(row: Contribution) -> Line:
    return [
        row.given_on,
        row.get_kind_display(),
        _("gesperrt") if row.restricted_at else row.name,
        _("nein"),
        Euros(Cents(row.value_cents)),
        row.fund.name,
        row.get_pending_matter_display() or _("nicht gefragt"),
        Donation.Acceptance.ACCEPTED.label if row.is_confirmed else row.get_status_display(),
        _day(local_day(row.status_changed_at) if row.is_confirmed else None),
        ", ".join(_said(row)),
    ]


def _said(row: Contribution) -> Iterator[str]:
    if row.accepted_by and not row.restricted_at:
        yield row.accepted_by
    if row.accepted_on:
        yield row.accepted_on.strftime("%d.%m.%Y")


def _day(day: date | None) -> object:
    return day or ""
