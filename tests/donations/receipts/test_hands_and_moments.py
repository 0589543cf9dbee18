"""Who did what to a receipt and its like, and when: on the row and in the history, step by step."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import models

from donations.receipts.gateways.template_files import templates_of
from donations.receipts.models import Issuer, Receipt, TemplateApproval, WishRefusal
from donations.receipts.services import contributions, issuers
from donations.receipts.services.issuing import issue, sign
from donations.receipts.services.wishes import refuse_wish
from donations.receipts.services.withdrawal import note_tax_office_told, withdraw_by_hand
from foundation.history import lines_of
from foundation.models import Event
from programs.access import Role
from programs.models import Fund
from tests.donations.receipts.bodies import details, hand, wished_gift, written_down
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
STEPS = [datetime(2027, 3, 3, 9, 0, tzinfo=UTC) + timedelta(hours=number) for number in range(4)]


@pytest.fixture
def fund() -> Fund:
    return make_fund("Bücher", provider=make_provider("Verein Lesen", issuer_kind="kstg_5_1_9"))


def columns(row: models.Model, *names: str) -> tuple[Any, ...]:
    return type(row)._base_manager.values_list(*names).get(pk=row.pk)


def history(row: models.Model) -> list[tuple[Any, ...]]:
    events = Event.objects.filter(model=row._meta.model_name, object_id=row.pk).order_by("pk")
    return [
        (each.from_status, each.to_status, each.reason, each.actor_user, each.actor_role, each.at)
        for each in events
    ]


def acts(row: models.Model) -> list[tuple[Any, ...]]:
    """What was noted of it beside its moves."""
    return [(each.changes, each.actor_user, each.at) for each in lines_of(row) if each.changes]


def test_of_a_contribution(fund: Fund) -> None:
    one, two = (make_user(Role.TREASURER, fund.provider) for _ in range(2))
    proposed_at, confirmed_at, undone_at, _ = STEPS
    about = (
        "status",
        "proposed_by",
        "proposed_at",
        "decided_by",
        "undone_by",
        "undone_for",
        "status_changed_at",
    )
    row = written_down(fund, by=one, at=proposed_at)
    assert columns(row, *about) == ("proposed", one.pk, proposed_at, None, None, "", proposed_at)
    contributions.confirm(row.pk, by=two, actor=hand(two), now=confirmed_at)
    assert columns(row, *about) == ("confirmed", one.pk, proposed_at, two.pk, None, "", confirmed_at)
    contributions.undo(row.pk, "zurück", by=two, actor=hand(two), now=undone_at)
    assert columns(row, *about) == ("undone", one.pk, proposed_at, two.pk, two.pk, "zurück", undone_at)
    assert history(row) == [
        ("", "proposed", "", one.pk, "treasurer", proposed_at),
        ("proposed", "confirmed", "", two.pk, "treasurer", confirmed_at),
        ("confirmed", "undone", "", two.pk, "treasurer", undone_at),
    ]
    dropped = written_down(fund, by=one, at=proposed_at)
    assert contributions.drop(dropped, by=one, actor=hand(one), now=confirmed_at) is True
    assert columns(dropped, *about) == ("dropped", one.pk, proposed_at, one.pk, None, "", confirmed_at)
    assert contributions.drop(dropped, by=one, actor=hand(one), now=undone_at) is False


def test_of_what_a_body_says_and_the_texts_it_compared(fund: Fund) -> None:
    one, two = (make_user(Role.TREASURER, fund.provider) for _ in range(2))
    proposed_at, confirmed_at, again_at, replaced_at = STEPS
    about = ("status", "proposed_by", "proposed_at", "confirmed_by", "confirmed_at", "status_changed_at")
    rows = []
    for at in (proposed_at, again_at, again_at):
        rows.append(issuers.propose(fund.provider, details(fund), proposed_by=one, actor=hand(one), now=at))
        assert columns(rows[-1], *about) == ("proposed", one.pk, at, None, None, at)
        if at == proposed_at:
            issuers.confirm(rows[0].pk, confirmed_by=two, actor=hand(two), now=confirmed_at)
    issuers.confirm(rows[2].pk, confirmed_by=two, actor=hand(two), now=replaced_at)
    assert [columns(row, *about) for row in rows] == [
        ("replaced", one.pk, proposed_at, two.pk, confirmed_at, replaced_at),
        ("dropped", one.pk, again_at, None, None, again_at),
        ("confirmed", one.pk, again_at, two.pk, replaced_at, replaced_at),
    ]
    assert [step[:2] + step[3:] for row in rows for step in history(row)] == [
        ("proposed", "confirmed", two.pk, "treasurer", confirmed_at),
        ("confirmed", "replaced", two.pk, "treasurer", replaced_at),
        ("proposed", "dropped", one.pk, "treasurer", again_at),
        ("proposed", "confirmed", two.pk, "treasurer", replaced_at),
    ]
    text = templates_of(Issuer.Kind.TAX_EXEMPT, date(2027, 3, 3))[0]
    for is_first, by, at in ((True, one, confirmed_at), (False, two, again_at)):
        assert issuers.approve(fund.provider, text, approved_by=by, actor=hand(by), now=at) is is_first
    approval = TemplateApproval.objects.get()
    told = ("provider", "template", "digest", "version", "approved_by", "approved_at")
    assert columns(approval, *told) == (
        fund.provider_id,
        text.key,
        text.digest,
        text.version,
        one.pk,
        confirmed_at,
    )
    assert acts(approval) == [({"template": [None, "approved"]}, one.pk, confirmed_at)]


def test_of_a_receipt_on_paper_from_the_draft_to_the_tax_office(fund: Fund) -> None:
    one, two = (make_user(Role.TREASURER, fund.provider) for _ in range(2))
    drafted_at, signed_at, withdrawn_at, told_at = STEPS
    by_hand = details(fund, machine_notified_on=None, signature=None)
    proposal = issuers.propose(fund.provider, by_hand, proposed_by=one, actor=hand(one), now=drafted_at)
    issuers.confirm(proposal.pk, confirmed_by=two, actor=hand(two), now=drafted_at)
    for text in templates_of(Issuer.Kind.TAX_EXEMPT, date(2027, 3, 3)):
        issuers.approve(fund.provider, text, approved_by=two, actor=hand(two), now=drafted_at)
    gift = wished_gift(fund)
    receipt = issue([gift.pk], actor=hand(one), now=drafted_at)
    about = (
        "status",
        "was_given_out",
        "withdrawn_at",
        "withdrawn_for",
        "tax_office_told_at",
        "tax_office_told_by",
        "status_changed_at",
    )
    assert columns(receipt, *about) == ("draft", False, None, "", None, None, drafted_at)
    assert sign(receipt, actor=hand(two), now=signed_at) is True
    assert columns(receipt, *about) == ("issued", True, None, "", None, None, signed_at)
    assert note_tax_office_told(receipt, told_by=one, actor=hand(one), now=signed_at) is False
    assert withdraw_by_hand(receipt.pk, actor=hand(one), now=withdrawn_at) is True
    assert withdraw_by_hand(receipt.pk, actor=hand(one), now=told_at) is False
    for is_first in (True, False):
        assert note_tax_office_told(receipt, told_by=two, actor=hand(two), now=told_at) is is_first
    assert columns(receipt, *about) == (
        "withdrawn",
        True,
        withdrawn_at,
        "correction",
        told_at,
        two.pk,
        withdrawn_at,
    )
    assert history(receipt)[:3] == [
        ("", "draft", "", one.pk, "treasurer", drafted_at),
        ("draft", "issued", "", two.pk, "treasurer", signed_at),
        ("issued", "withdrawn", "correction", one.pk, "treasurer", withdrawn_at),
    ]
    assert acts(receipt) == [({"tax_office": [None, "told"]}, two.pk, told_at)]
    anew = Receipt.objects.get(replaces=receipt)
    assert columns(anew, *about) == ("draft", False, None, "", None, None, withdrawn_at)
    assert columns(anew, "number", "year", "sequence", "kind", "donor", "issued_on") == (
        "VL-2027-00002",
        2027,
        2,
        "money",
        gift.donor_id,
        date(2027, 3, 3),
    )


def test_of_a_wish_that_is_not_fulfilled(fund: Fund) -> None:
    one, two = (make_user(Role.TREASURER, fund.provider) for _ in range(2))
    gift = wished_gift(fund)
    for is_first, by, at in ((True, one, STEPS[0]), (False, two, STEPS[1])):
        assert refuse_wish(gift, "elsewhere", refused_by=by, actor=hand(by), now=at) is is_first
    refusal = WishRefusal.objects.get()
    assert columns(refusal, "donation", "why", "refused_by", "refused_at") == (
        gift.pk,
        "elsewhere",
        one.pk,
        STEPS[0],
    )
    assert acts(gift) == [({"receipt_wish": [None, "refused"]}, one.pk, STEPS[0])]
