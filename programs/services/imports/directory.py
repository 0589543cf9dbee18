"""Angebote that came from another directory, hidden until a second person has read them; taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from foundation.turns import one_at_a_time
from programs.domain.german import free_slug, german_slug
from programs.domain.imports import RowFate, WhyItStays
from programs.domain.published import Published
from programs.models import DataImport, District, ImportedRow, Notice, Program, Provider
from programs.selectors.text_drafts import open_draft
from programs.services.imports.running import Written
from programs.services.text_drafts import begin_new, forget_draft, keep_hidden

COLUMNS = (
    "name",
    "description",
    "operator",
    "public_contact",
    "site",
    "area_label",
    "age_from",
    "age_to",
    "as_of",
    "source",
)


@transaction.atomic
def write_service(run: DataImport, values: Mapping[str, Any], by: User, now: datetime) -> Written:
    """Write an Angebot that is not shown, with its words waiting for a second person."""
    if values["provider"] and not Provider.objects.filter(pk=values["provider"]).exists():
        return Written(RowFate.FAULTY, why=WhyItStays.IS_GONE)
    program = Program(
        slug=_free_slug(values["name"]),
        provider_id=values["provider"],
        confidence=Program.Confidence.MEDIUM,
        **{name: values[name] for name in COLUMNS},
    )
    keep_hidden(program)
    program.full_clean()
    program.save()
    program.districts.set(District.objects.filter(pk__in=values["districts"]))
    begin_new(program, by=by, now=now)
    return Written(RowFate.NEW, program.pk)


def take_back_service(row: ImportedRow, by: User, now: datetime) -> tuple[RowFate, str]:
    """Delete what nobody has released; hide what is public, unless something hangs on it."""
    program = Program.objects.select_for_update(of=("self",)).filter(pk=row.object_id or 0).first()
    if program is None:
        return RowFate.STAYS, WhyItStays.IS_GONE
    draft = open_draft(program)
    if Notice.objects.filter(about=Published.PROGRAM, row_id=program.pk).exists() or _is_used(program):
        return RowFate.STAYS, WhyItStays.PEOPLE_ACTED
    if draft is None or not draft.is_new:
        Program.objects.filter(pk=program.pk).update(is_listed=False)
        return RowFate.ENDED, ""
    if draft.writers != [row.data_import.begun_by_id]:
        return RowFate.STAYS, WhyItStays.CHANGED_SINCE
    try:
        with transaction.atomic():
            program.delete()
    except ProtectedError:
        return RowFate.STAYS, WhyItStays.PEOPLE_ACTED
    forget_draft(Published.PROGRAM, row.object_id or 0)
    return RowFate.TAKEN_BACK, ""


def _is_used(program: Program) -> bool:
    return program.opportunities.exists() or program.funds.exists()


def _free_slug(name: str) -> str:
    one_at_a_time("programs.program.slug")
    base = german_slug(name, 70) or "angebot"
    taken = set(Program.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | {"traeger"}
    return free_slug(base, taken)
