"""No line of the product writes a free text past its door: who writes one is known, and where it came from.

The door (`foundation.free_texts`) stands in forms and wherever a row is validated; `save`, `create` and
`update` do not pass it. So each module that writes a column of that name is listed here, with what stands
before it. A new line that writes one fails, until somebody has looked where its words come from.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django import forms
from django.apps import apps

from foundation.free_texts import FreeText
from programs.domain.screening import Policy
from tests.free_texts.test_every_column import _below, form_fields
from wirbrauchensie.free_texts import COLUMNS

ROOT = Path(__file__).parents[2]
HOUSES = ("platform", "base", "programs", "volunteers", "donations", "figures")
GUARDED = {column for column, told in COLUMNS.items() if told and told.policy != Policy.FOREIGN}
MODELS = {column.split(".")[1] for column in GUARDED}
NAMES = {column.split(".")[2] for column in GUARDED}
TABLES = {apps.get_model(column.rpartition(".")[0])._meta.db_table for column in GUARDED}
WRITES = {"create", "update", "get_or_create", "update_or_create", "bulk_update"}
WRITES |= {"change", "move", "move_all", "model"}
MAYBE = re.compile(
    rf"\b(?:setattr|{'|'.join(sorted(WRITES | MODELS))})\(|\.(?:{'|'.join(sorted(NAMES))})\b[^=\n]*=[^=]"
    r"|INSERT INTO|UPDATE "
)
ANY = "*"  # which columns is only known while it runs

# Typed by somebody in a form that names the column: module → names written, columns typed.
TYPED = {
    "base/accounts/saved_views.py": ("name", "accounts.SavedView.name"),
    "base/citizens/services/mailboxes.py": ("postal_address", "citizens.Mailbox.postal_address"),
    "programs/services/activities.py": (
        "*",
        "programs.ActivityVersion.name programs.ActivityVersion.explanation programs.ActivityVersion.reasons",
    ),
    "programs/services/activity_questions.py": (
        "text answer",
        "programs.ActivityQuestion.text programs.ActivityQuestion.answer",
    ),
    "programs/services/api_tokens.py": ("label", "programs.ApiToken.label"),
    "programs/services/declarations.py": (
        "text source",
        "programs.Declaration.text programs.Declaration.source",
    ),
    "programs/services/imports/running.py": ("source file_name", "programs.DataImport.source"),
    "programs/services/invitations.py": ("name", "accounts.User.name"),
    "programs/services/notices.py": (
        "text reasons address public_contact",
        "programs.Notice.text programs.Notice.reasons",
    ),
    "programs/services/opportunities.py": (
        "*",
        "programs.Opportunity.title programs.Opportunity.task programs.Opportunity.site",
    ),
    "programs/services/providers.py": ("stop_reasons", "programs.Provider.stop_reasons"),
    "programs/services/roles.py": ("* name", "programs.Role.name"),
    "volunteers/services/contacts.py": ("text", "volunteers.Contact.text"),
    "volunteers/services/guardians.py": ("name", "volunteers.GuardianConsent.name"),
    "volunteers/services/match_weights.py": ("* reason", "volunteers.Weighting.reason"),
    "volunteers/services/personal_data.py": (
        "first_name last_name group_name note text",
        "volunteers.Volunteer.first_name volunteers.Volunteer.last_name volunteers.Volunteer.group_name",
    ),
    "volunteers/services/pledges.py": (
        "* first_name last_name group_name",
        "volunteers.Volunteer.first_name volunteers.Volunteer.last_name volunteers.Volunteer.group_name"
        " volunteers.TimePledge.note",
    ),
    "donations/receipts/services/contributions.py": (
        "* undone_for",
        "receipts.Contribution.description receipts.Contribution.name receipts.Contribution.undone_for",
    ),
    "donations/receipts/services/issuers.py": ("* iban", "receipts.Issuer.name receipts.Issuer.signatory"),
    "donations/receipts/services/payers.py": ("reason", "receipts.PayerNote.reason"),
    "donations/receipts/services/wishes.py": (
        "donor_name street town",
        "donations.Donation.donor_name donations.ReceiptAddress.street donations.ReceiptAddress.town",
    ),
    "donations/services/bank/unpromised.py": ("donor_name", "donations.Donation.donor_name"),
    "donations/services/cash/counts.py": (
        "box undone_for",
        "donations.CashCount.box donations.CashCount.undone_for",
    ),
    "donations/services/gifts/pledging.py": (
        "* donor_name",
        "donations.Donation.donor_name donations.ReceiptAddress.street donations.ReceiptAddress.town",
    ),
    "donations/services/treasury/proposals.py": ("* reason", "donations.Proposal.reason"),
}
# Every value is validated by the module itself before it is written.
VALIDATED = {
    "programs/services/imports/borders.py": "geometry_note",
    "programs/services/imports/directory.py": "*",
    "programs/services/imports/figures.py": "* source",
    "programs/services/loaded_activities.py": "*",
    "programs/services/loaded_declarations.py": "*",
    "programs/services/loaded_rows.py": "*",
    "programs/services/text_drafts.py": "* texts",
}
# Carries on what stands in another row already, or in memory only.
CARRIED = {
    "base/citizens/services/address_changes.py": "from_postal_address postal_address",
    "donations/services/bank/allocations.py": "donor_name",
    "donations/services/gifts/addresses.py": "street town",
    "donations/services/online/monthly.py": "donor_name",
    "donations/services/treasury/accounts.py": "account_holder_name iban",
    "programs/selectors/text_drafts.py": "*",
}
# Empties it, or puts fixed words in its place.
EMPTIED = {
    "base/citizens/services/erasure.py": "postal_address",
    "donations/services/personal_data.py": "donor_name",
    "programs/admin/providers.py": "stop_reasons",
    "programs/services/takedowns.py": "* answer name text",
}
# A mover of others' columns: whoever calls it is found by the names given.
PASSED_ON = {
    "base/accounts/models.py": "*",
    "base/foundation/rows.py": "*",
    "base/foundation/transitions.py": "*",
    "volunteers/services/answers.py": "*",
    "volunteers/services/placement_endings.py": "*",
    "volunteers/services/questions.py": "*",
    "volunteers/services/seats.py": "*",
}
# A column of machines, a field of a form, a row that is never stored: no free text, only called like one.
CALLED_ALIKE = {
    "base/foundation/batches.py": "*",
    "programs/services/webhooks.py": "answer",
    "base/foundation/doors/clearance_purge.py": "reason",
    "base/foundation/doors/erasure.py": "reason",
    "base/foundation/history.py": "reason",
    "base/foundation/sweeps.py": "name",
    "base/outbox/services/forwarding.py": "*",
    "base/outbox/services/purge.py": "*",
    "base/outbox/services/queue.py": "*",
    "donations/forms/giving.py": "label",
    "donations/forms/proposals.py": "label",
    "donations/receipts/services/storing.py": "*",
    "donations/receipts/services/withdrawal.py": "*",
    "donations/services/bank/refunds.py": "*",
    "donations/services/gifts/reception.py": "*",
    "donations/services/online/disputes.py": "reason",
    "donations/services/online/recurring.py": "*",
    "platform/wirbrauchensie/reports/content.py": "name",
    "programs/forms/invitation.py": "name",
    "programs/forms/release.py": "label",
    "programs/services/city.py": "youth_office_phone_source",
    "programs/services/closures.py": "reason",
    "programs/services/series.py": "*",
    "volunteers/forms/pledge.py": "label",
    "volunteers/forms/reminders.py": "label",
    "volunteers/services/asking.py": "reasons",
    "volunteers/services/clearances.py": "*",
    "volunteers/services/placements.py": "*",
}
LISTED = {module: names for module, (names, _columns) in TYPED.items()}
for _kind in (VALIDATED, CARRIED, EMPTIED, PASSED_ON, CALLED_ALIKE):
    LISTED |= _kind


def written(source: str) -> Iterator[str]:
    """Yield the names of guarded columns that may be written here, `ANY` where only the run knows them."""
    if not MAYBE.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _written_by_call(node)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in NAMES:
            if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value):
            yield ANY


def _is_sql(text: str) -> bool:
    return any(table in TABLES for table in re.findall(r"(?:INSERT INTO|UPDATE)\s+\"?(\w+)", text))


def _written_by_call(call: ast.Call) -> Iterator[str]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called == "setattr" and not isinstance(call.args[1], ast.Constant):
        yield ANY
    if called == "bulk_update":
        columns = call.args[1]
        named = columns.elts if isinstance(columns, ast.List) else [None]
        yield from (_named(each) for each in named if _named(each) in NAMES | {ANY})
    is_a_dict_s = called == "update" and bool(call.args)
    if is_a_dict_s or called not in WRITES | MODELS:
        return
    for given in call.keywords:
        if given.arg is None:
            yield ANY
        elif given.arg in ("defaults", "create_defaults"):
            keys = given.value.keys if isinstance(given.value, ast.Dict) else [None]
            yield from (_named(key) for key in keys if _named(key) in NAMES | {ANY})
        elif given.arg in NAMES and not (called.startswith("move") and given.arg == "reason"):
            yield given.arg


def _named(key: ast.expr | None) -> str:
    return str(key.value) if isinstance(key, ast.Constant) else ANY


@cache
def in_the_product() -> dict[str, str]:
    """Return the source of each module, without migrations."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for house in HOUSES
        for path in (ROOT / house).rglob("*.py")
        if "migrations" not in path.parts
    }


def test_whoever_writes_a_free_text_is_known() -> None:
    found = {module: set(written(source)) for module, source in in_the_product().items()}
    listed = {module: set(names.split()) for module, names in LISTED.items()}
    assert {module: names for module, names in found.items() if names} == listed


def test_what_is_typed_was_typed_in_a_form_that_asks_the_door() -> None:
    asked = {
        each.column
        for _form, _name, field in form_fields()
        for each in field.validators
        if isinstance(each, FreeText)
    }
    for form in _below(forms.BaseModelForm):
        if getattr(form, "_meta", None) is not None and form._meta.model is not None:
            asked |= {f"{form._meta.model._meta.label}.{name}" for name in form.base_fields}
    typed = {column for _names, columns in TYPED.values() for column in columns.split()}
    assert typed <= asked & GUARDED, sorted(typed - (asked & GUARDED))


@pytest.mark.parametrize("module", VALIDATED)
def test_who_validates_does_it_before_the_row_is_written(module: str) -> None:
    source = in_the_product()[module]
    assert re.search(r"\.(?:full_clean|clean|run_validators)\(", source)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("Contact.objects.create(volunteer=a, text=b)", {"text"}),
        ("rows = [TimePledge(volunteer=a, note=b)]; TimePledge.objects.bulk_create(rows)", {"note"}),
        ("TimePledge(**values).save()", {ANY}),
        ("pledge.note = typed; pledge.save(update_fields=['note'])", {"note"}),
        ("Opportunity.objects.filter(pk=1).update(task=typed)", {"task"}),
        ("Opportunity.objects.filter(pk=1).update(**{'task': typed})", {ANY}),
        ("Volunteer.objects.get_or_create(pk=1, defaults={'first_name': typed})", {"first_name"}),
        ("Volunteer.objects.update_or_create(pk=1, defaults=values)", {ANY}),
        ("setattr(row, name, typed)", {ANY}),
        ("move(row, MOVES, to, actor=a, now=b, reasons=typed)", {"reasons"}),
        ("change(pledge, note=typed, status=a)", {"note"}),
        ("Program.objects.bulk_update(rows, fields)", {ANY}),
        ("cursor.execute('UPDATE programs_opportunity SET task = %s', [typed])", {ANY}),
        ("Opportunity.objects.filter(task=a).update(status=b)", set()),
        ("self.note = typed; known.update(note=1, **{}) if 0 else seen.update({'note': 1})", {"note", ANY}),
    ],
)
def test_no_way_of_writing_is_overlooked(source: str, names: set[str]) -> None:
    assert set(written(source)) == names
