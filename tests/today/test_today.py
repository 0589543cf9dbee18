""" "Heute": every number is its list is the rule, for each kind, with rows just inside and just outside."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from donations.models import BankTransaction, Dispute, Proposal
from donations.receipts.models import Receipt, WishRefusal
from donations.receipts.services.issuing import issue, sign
from donations.receipts.services.withdrawal import withdraw_by_hand
from donations.services.bank.statements import import_statement
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.cash.counts import Counted, confirm, write_down
from foundation import sweeps
from foundation.actors import staff, system
from foundation.clock import local_day, local_moment, utc_now
from foundation.history import acting
from foundation.models import SweepRun
from foundation.units import Cents
from foundation.working_days import last_day_due
from outbox.models import Message
from programs.models import ActivityQuestion, Membership, Opportunity, Provider
from programs.services.publishing import wrote_it
from tests.donations.gifts import make_donation, told_by_bank
from tests.donations.receipts.bodies import details, make_issuer, wished_gift, written_down
from tests.donations.statements.written import IBAN, mt940
from tests.factories import (
    make_coordinator,
    make_fund,
    make_notice,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
)
from tests.today.reading import HERE, check, listed, numbers, page, rows, signed_in
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer
from volunteers.models import Assignment, Contact, Offer, Placement, TimePledge

pytestmark = pytest.mark.django_db
Role = Membership.Role
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def mine() -> Provider:
    return make_provider("Eigener")


@pytest.fixture
def other() -> Provider:
    return make_provider("Fremder")


@pytest.fixture
def office() -> Provider:
    return make_youth_office()


@pytest.fixture(autouse=True)
def _jobs_ran() -> None:
    for each in sweeps.all_sweeps():
        SweepRun.objects.update_or_create(
            name=each.name, defaults={"started_at": utc_now(), "finished_at": utc_now()}
        )


def people(*providers: Provider, role: Membership.Role = Role.COORDINATOR) -> list[Any]:
    return [make_user(role, provider) for provider in providers]


def test_nothing_waiting_is_said_kindly(mine: Provider) -> None:
    (user,) = people(mine)
    assert numbers(user) == {}
    assert "Alles erledigt." in page(user)
    assert "Alles erledigt." in page(user, f"{HERE}?art=zusagen")


def silent(due_at: datetime, number: int, **values: Any) -> TimePledge:
    pledge = make_pledge(utc_now(), email=f"still-{number}@example.org")
    TimePledge.objects.filter(pk=pledge.pk).update(answer_due_at=due_at, **values)
    pledge.refresh_from_db()
    return pledge


def called(pledge: TimePledge, again_on: date) -> None:
    Contact.objects.create(
        volunteer=pledge.volunteer,
        pledge=pledge,
        outcome="reached",
        next_step="ask",
        again_on=again_on,
        noted_at=utc_now(),
    )


def answered(pledge: TimePledge, at: datetime, status: str = "declined") -> None:
    offer = make_sent_offer(pledge, make_opportunity(), utc_now())
    Offer.objects.filter(pk=offer.pk).update(status=status, status_changed_at=at, answered_at=at)


def test_people_to_call_are_exactly_those_past_their_clock(mine: Provider, office: Provider) -> None:
    moment, today = utc_now(), local_day(utc_now())
    long_ago = local_moment_before(last_day_due(moment, 5))
    just = silent(moment - SECOND, 1)
    first = silent(moment - 9 * DAY, 2)
    told_already = silent(moment - 3 * DAY, 3, escalated_at=moment - DAY)
    no_long_ago = silent(moment - 2 * DAY, 4)
    answered(no_long_ago, long_ago)
    back_today = silent(moment - 30 * DAY, 5)
    called(back_today, today - DAY)
    called(back_today, today)
    silent(moment + DAY, 6)
    waiting = silent(moment - DAY, 7)
    make_sent_offer(waiting, make_opportunity(), moment)
    answered(silent(moment - DAY, 8), moment - SECOND)
    said_yes = silent(moment - DAY, 9)
    make_placement(said_yes, make_opportunity(), moment, "awaiting_confirmation")
    silent(moment - DAY, 10, status="paused", paused_until=today + DAY)
    silent(moment - DAY, 11, status="withdrawn")
    postponed = silent(moment - DAY, 12)
    called(postponed, today - DAY)
    called(postponed, today + DAY)

    (caller,), (coordinator,) = people(office), people(mine)
    inside = sorted(
        [(just, moment - SECOND), (first, moment - 9 * DAY), (told_already, moment - 3 * DAY)]
        + [(no_long_ago, moment - 2 * DAY)],
        key=lambda pair: pair[1],
    )
    expected = [pledge.pk for pledge, _due_at in inside]
    check(caller, "anrufen", [*expected, back_today.pk])
    assert "anrufen" not in numbers(coordinator)


def local_moment_before(day: date) -> datetime:
    """Return noon of a day on which an answer was given long enough ago."""
    return datetime.combine(day, datetime.min.time(), tzinfo=utc_now().tzinfo) + timedelta(hours=12)


def wait_for(provider: Provider, status: str, number: int, **values: Any) -> list[int]:
    """Make that many placements of `status` at one task of `provider`, the longest waiting first."""
    inspected = status == "awaiting_clearance"
    task = make_opportunity(provider=provider, places=number + 1, clearance_required=inspected)
    made = []
    for each in range(number):
        pledge = make_pledge(utc_now(), email=f"{status}-{provider.pk}-{each}@example.org")
        start = {"from_on": local_day(utc_now())} if status == "active" else {}
        placement = make_placement(pledge, task, utc_now() - (number - each) * DAY, status, **start, **values)
        made.append(placement.pk)
    return made


def test_a_yes_is_confirmed_in_its_house_and_by_the_office_where_the_house_is_silent(
    mine: Provider, other: Provider, office: Provider
) -> None:
    own, foreign = wait_for(mine, "awaiting_confirmation", 2), wait_for(other, "awaiting_confirmation", 3)
    wait_for(mine, "active", 1)
    at_home, abroad, city = people(mine, other, office)
    check(at_home, "zusagen", own)
    check(abroad, "zusagen", foreign)
    check(city, "zusagen", [])
    Placement.objects.filter(pk=foreign[1]).update(pressed=3, pressed_at=utc_now())
    Placement.objects.filter(pk=foreign[2]).update(pressed=2, pressed_at=utc_now())
    check(city, "zusagen", [foreign[1]])
    check(abroad, "zusagen", foreign)


@pytest.mark.parametrize("left", ["nobody ever coordinated", "the last account was closed"])
def test_where_nobody_coordinates_the_office_does(mine: Provider, office: Provider, left: str) -> None:
    if left == "the last account was closed":
        make_coordinator(mine, is_active=False)
    make_user(Role.TREASURER, mine)
    waiting = wait_for(mine, "awaiting_confirmation", 1)
    (city,) = people(office)
    check(city, "zusagen", waiting)
    make_coordinator(mine)
    check(city, "zusagen", [])


def test_inspections_are_told_to_the_officer_of_that_provider_alone(
    mine: Provider, other: Provider, office: Provider
) -> None:
    own, foreign = wait_for(mine, "awaiting_clearance", 2), wait_for(other, "awaiting_clearance", 1)
    officer, abroad, of_office = people(mine, other, office, role=Role.SAFEGUARDING_OFFICER)
    check(officer, "einsichtnahmen", own)
    check(abroad, "einsichtnahmen", foreign)
    check(of_office, "einsichtnahmen", [])
    for user in (*people(mine, office), *people(mine, role=Role.TREASURER)):
        assert "einsichtnahmen" not in numbers(user)


def expect_at(shift: Any, task: Opportunity, number: int, status: str) -> None:
    placement = make_placement(
        make_pledge(utc_now(), email=f"gast-{shift.pk}-{number}@example.org"),
        task,
        utc_now(),
        "active",
        from_on=local_day(utc_now()),
    )
    Assignment.objects.create(shift=shift, placement=placement, status=status, status_changed_at=utc_now())


def test_dates_with_too_few_people_in_the_next_seven_days(mine: Provider, other: Provider) -> None:
    def task(places: int = 2, provider: Provider = mine, **values: Any) -> Opportunity:
        return make_opportunity(provider=provider, places=places, clearance_required=False, **values)

    def shift(starts_in: timedelta, where: Opportunity, **values: Any) -> Any:
        return make_shift(where, utc_now() + starts_in, **values)

    soon, last = shift(timedelta(hours=1), task()), shift(7 * DAY - timedelta(minutes=5), task())
    half, excused, full = (shift(each * DAY, task()) for each in (1, 2, 3))
    expect_at(half, half.opportunity, 1, "confirmed")
    expect_at(excused, excused.opportunity, 1, "confirmed")
    expect_at(excused, excused.opportunity, 2, "excused")
    expect_at(full, full.opportunity, 1, "confirmed")
    expect_at(full, full.opportunity, 2, "confirmed")
    shift(7 * DAY + timedelta(minutes=5), task())
    shift(-timedelta(minutes=1), task())
    shift(DAY, task(), is_cancelled=True)
    shift(DAY, task(places=0))
    shift(DAY, task(status=Opportunity.Status.DRAFT))
    shift(DAY, task(status=Opportunity.Status.PAUSED))
    shift(DAY, task(provider=other))
    (user,) = people(mine)
    check(user, "termine", [soon.pk, half.pk, excused.pk, last.pk])
    html = page(user, f"{HERE}?art=termine")
    assert [html.count(f"{coming} von 2 kommen") for coming in (0, 1, 2)] == [2, 2, 0]


def test_what_was_brought_in_is_told_two_weeks_before_it_ends(mine: Provider, other: Provider) -> None:
    today = local_day(utc_now())

    def brought(days: int, provider: Provider = mine, **values: Any) -> Opportunity:
        task = make_opportunity(provider=provider, **values)
        Opportunity.objects.filter(pk=task.pk).update(expires_on=today + days * DAY)
        return task

    last, first = brought(14), brought(0, status=Opportunity.Status.PAUSED)
    draft = brought(13, status=Opportunity.Status.DRAFT)
    brought(15)
    brought(-1)
    brought(3, status=Opportunity.Status.CLOSED)
    brought(3, provider=other)
    make_opportunity(provider=mine)
    (user,) = people(mine)
    check(user, "ablaufend", [first.pk, draft.pk, last.pk])
    back = f"{HERE}#ablaufend-{draft.pk}"
    answer = signed_in(user).post(f"/koordination/angebote/{first.pk}/verlaengern/", {"back": back})
    assert (answer.status_code, answer["Location"]) == (303, back)
    first.refresh_from_db()
    assert first.expires_on == today + 183 * DAY
    check(user, "ablaufend", [draft.pk, last.pk])


def in_review(provider: Provider, days: int, **values: Any) -> Opportunity:
    status = Opportunity.Status.IN_REVIEW
    return make_opportunity(
        provider=provider, status=status, status_changed_at=utc_now() - days * DAY, **values
    )


def written(task: Opportunity, user: Any, **changes: Any) -> None:
    with acting(staff(user.pk, "coordinator")):
        Opportunity.objects.filter(pk=task.pk).update(**changes)


def released(task: Opportunity, user: Any) -> None:
    from foundation.transitions import move
    from programs.domain.states import OPPORTUNITY_MOVES

    for status in ("published", "in_review"):
        task.refresh_from_db()
        move(task, OPPORTUNITY_MOVES, status, actor=staff(user.pk, "coordinator"), now=utc_now())


def test_texts_are_released_by_a_second_person_only(
    mine: Provider, other: Provider, office: Provider
) -> None:
    author, second = people(mine, mine)
    (city,) = people(office)
    first = in_review(mine, 5, created_by=author, edited_by=author)
    theirs = in_review(mine, 4)
    written(theirs, author, title="Anders")
    places_only = in_review(mine, 3)
    with acting(staff(author.pk, "coordinator")):
        places_only.roles.update(places=9)
    foreign = in_review(other, 2)
    make_opportunity(provider=mine, status=Opportunity.Status.DRAFT)
    make_opportunity(provider=mine)
    check(author, "texte", [places_only.pk])
    check(second, "texte", [first.pk, theirs.pk, places_only.pk])
    check(city, "texte", [first.pk, theirs.pk, places_only.pk, foreign.pk])
    for user in (author, second, city):
        may = [each.pk for each in (first, theirs, places_only) if not wrote_it(each, user)]
        assert [int(key[6:]) for key in listed(user, "texte").keys if key != f"texte-{foreign.pk}"] == may


def test_notices_wait_for_the_office(mine: Provider, office: Provider, now: datetime) -> None:
    task = make_opportunity(provider=mine)
    late = make_notice("task", task.pk, now)
    early = make_notice("task", task.pk, now - DAY)
    make_notice("task", task.pk, now, status="stays", reasons="Es stimmt.")
    (city,), (coordinator,) = people(office), people(mine)
    check(city, "meldungen", [early.pk, late.pk])
    check(coordinator, "meldungen", [])


def test_questions_about_activities_wait_for_the_officers_of_the_office(
    mine: Provider, office: Provider, now: datetime
) -> None:
    def ask(at: datetime, **values: Any) -> int:
        task = make_opportunity(provider=mine)
        return ActivityQuestion.objects.create(
            opportunity=task, text="Was ist es?", asked_at=at, status_changed_at=at, **values
        ).pk

    late, early = ask(now), ask(now - DAY)
    ask(now, status="answered", answer="Ein Ausflug.")
    ask(now, status="withdrawn")
    of_office, of_house = people(office, mine, role=Role.SAFEGUARDING_OFFICER)
    check(of_office, "taetigkeiten", [early, late])
    for user in (of_house, *people(office, mine)):
        check(user, "taetigkeiten", [])


def test_a_day_that_the_bank_tells_otherwise_waits_for_the_treasurer(tmp_path: Path, other: Provider) -> None:
    now = utc_now()
    day = local_day(now) - 2 * DAY
    mine = make_provider("Verein", kind="club", iban=IBAN, account_holder_name="Verein")
    record_bank_transfer(mine, Credit(day, Cents(2500), "Ada", ""), recorded_by=None, now=now)
    told = [f":61:{on:%y%m%d%m%d}C1,00NTRFNONREF" for on in (day, day + DAY)]
    path = tmp_path / "auszug"
    path.write_text(mt940(*told, opening=f"C{day:%y%m%d}EUR5,00", closing=f"C{day:%y%m%d}EUR7,00"))
    import_statement(mine, path, imported_by=None, now=now)
    (treasurer,), (stranger,) = people(mine, role=Role.TREASURER), people(other, role=Role.TREASURER)
    assert numbers(treasurer)["kontostand"] == 1
    assert len(listed(treasurer, "kontostand").keys) == 1
    said = re.sub(r"\s+", " ", page(treasurer, f"{HERE}?art=kontostand").replace("\xa0", " "))
    assert "laut Bank 1,00 €, gebucht 26,00 €" in said
    record_bank_transfer(mine, Credit(day + DAY, Cents(300), "", "am Tag danach"), recorded_by=None, now=now)
    there = f"{reverse('coordination_lines')}?stand=alle&tag={day}"
    assert escape(there) in page(treasurer, f"{HERE}?art=kontostand")
    lines = page(treasurer, there)
    assert lines.count("am Tag danach") == 0
    assert "am Tag danach" in page(treasurer, f"{reverse('coordination_lines')}?stand=alle&tag=")
    BankTransaction.objects.filter(counterparty_name="Ada").update(account=None)
    assert numbers(treasurer)["kontostand"] == 1
    said = re.sub(r"\s+", " ", page(treasurer, f"{HERE}?art=kontostand").replace("\xa0", " "))
    assert "Kontobewegungen ohne Konto" in said
    assert "gebucht: 25,00 €" in said
    assert "kontostand" not in numbers(stranger)
    assert "kontostand" not in numbers(people(mine)[0])


def test_money_waits_for_the_treasurer_of_that_provider(
    mine: Provider, other: Provider, now: datetime
) -> None:
    def line(provider: Provider, day: int, cents: int) -> int:
        credit = Credit(date(2026, 3, day), Cents(cents), "", f"{provider.pk}-{cents}")
        return record_bank_transfer(provider, credit, recorded_by=None, now=now)[0].pk

    lines = [line(mine, 3, 1000), line(mine, 2, 2500)]
    left = told_by_bank(mine, Credit(date(2026, 3, 2), Cents(-300), "", "hinaus"), now).pk
    line(other, 2, 700)
    fund, abroad = make_fund(provider=mine), make_fund(provider=other)
    large: dict[str, Any] = {"status": "received", "acceptance": "awaiting"}
    gifts = [make_donation(fund, received_at=now - each * DAY, **large).pk for each in (2, 1)]
    make_donation(abroad, received_at=now, **large)
    taken_back = make_donation(fund, status="received", received_at=now)
    disputes = [
        Dispute.objects.create(
            donation=donation,
            external_id=f"dp_{number}",
            amount_cents=500,
            opened_at=now - number * DAY,
            **more,
        ).pk
        for number, (donation, more) in enumerate(
            [
                (taken_back, {}),
                (taken_back, {"outcome": "won", "closed_at": now}),
                (taken_back, {}),
                (make_donation(abroad, status="received", received_at=now), {}),
            ]
        )
    ]
    (treasurer,) = people(mine, role=Role.TREASURER)
    check(treasurer, "eingaenge", [lines[1], left, lines[0]])
    check(treasurer, "annahmen", gifts)
    check(treasurer, "rueckbuchungen", [disputes[2], disputes[0]])
    assert numbers(people(mine)[0]) == {}


def test_proposals_are_released_by_another_treasurer(mine: Provider, other: Provider, now: datetime) -> None:
    first, second = people(mine, mine, role=Role.TREASURER)
    abroad = people(other, role=Role.TREASURER)[0]

    def propose(by: Any, provider: Provider, hours: int, **values: Any) -> int:
        moment = now + timedelta(hours=hours)
        return Proposal.objects.create(
            kind="payout",
            provider=provider,
            fund=make_fund(provider=provider),
            amount_cents=500,
            reason="Ranzen gekauft.",
            proposed_by=by,
            proposed_at=moment,
            status_changed_at=moment,
            **values,
        ).pk

    of_second, of_first = propose(second, mine, 2), propose(first, mine, 1)
    propose(second, mine, 0, status="declined", decided_by=first)
    propose(abroad, other, 0)
    check(first, "vorschlaege", [of_second])
    check(second, "vorschlaege", [of_first])
    check(abroad, "vorschlaege", [])
    assert "vorschlaege" not in numbers(people(mine)[0])


def test_wishes_for_receipts_wait_for_an_answer(mine: Provider, other: Provider, now: datetime) -> None:
    fund = make_fund(provider=mine)

    def gift(days: int, **values: Any) -> Any:
        moment = now - days * DAY
        usual: dict[str, Any] = {
            "wants_receipt": True,
            "status": "received",
            "received_at": moment,
            "pledged_at": moment,
        }
        return make_donation(fund, **{**usual, **values})

    late, early = gift(1), gift(2)
    gift(3, wants_receipt=False)
    gift(3, status="lapsed")
    gift(3, status="pledged")
    refused = gift(3)
    WishRefusal.objects.create(donation=refused, why="body", refused_at=now)
    make_donation(make_fund(provider=other), wants_receipt=True, status="received", received_at=now)
    (treasurer,) = people(mine, role=Role.TREASURER)
    check(treasurer, "wuensche", [early.pk, late.pk])


def test_a_wish_whose_debit_may_still_go_back_waits(mine: Provider) -> None:
    fund, now = make_fund(provider=mine), utc_now()
    safe_on = local_day(now) - timedelta(weeks=8, days=1)

    def debit(day: date, **values: Any) -> Any:
        noon = local_moment(day, 12 * 60)
        return wished_gift(fund, at=noon, method="sepa_debit", **values)

    safe, _young = debit(safe_on), debit(safe_on + DAY)
    back = debit(safe_on + DAY, status="refunded")
    make_donation(fund, wants_receipt=True, method="sepa_debit", status="processing", pledged_at=now)
    card = wished_gift(fund, method="card", at=now)
    (treasurer,) = people(mine, role=Role.TREASURER)
    check(treasurer, "wuensche", [safe.pk, back.pk, card.pk])


def test_goods_wait_for_a_second_person(other: Provider) -> None:
    body = make_provider()
    fund = make_fund(provider=body)
    (writer, reader), (abroad,) = people(body, body, role=Role.TREASURER), people(other, role=Role.TREASURER)
    row = written_down(fund, by=writer)
    check(reader, "sachwerte", [row.pk])
    assert numbers(writer) == numbers(abroad) == {}


def test_a_box_waits_for_the_second_count(other: Provider) -> None:
    body, now = make_provider(), utc_now()
    fund = make_fund(provider=body)
    (one, second), (abroad,) = people(body, body, role=Role.TREASURER), people(other, role=Role.TREASURER)
    first, last = (
        write_down(fund, Counted("Box", local_day(now), Cents(500)), by=one, now=now - back)
        for back in (2 * SECOND, SECOND)
    )
    check(second, "boxen", [first.pk, last.pk])
    assert numbers(one) == numbers(abroad) == {}
    confirm(first.pk, Cents(500), by=second, now=now)
    check(second, "boxen", [last.pk])


def test_receipts_wait_for_a_hand_and_the_tax_office_for_word(other: Provider) -> None:
    moment, hand = utc_now(), system("test")
    body = make_provider(
        issuer_kind="kstg_5_1_9", account_holder_name="Verein", iban="DE02120300000000202051"
    )
    fund = make_fund(provider=body)
    by_hand = details(fund, machine_notified_on=None, signature=None, notice_on=local_day(moment))
    make_issuer(body, by_hand, moment)
    to_sign, wrong, right = (
        issue([wished_gift(fund, at=moment - DAY).pk], actor=hand, now=moment) for _ in range(3)
    )
    for receipt in (wrong, right):
        assert sign(receipt, actor=hand, now=moment)
    assert withdraw_by_hand(wrong.pk, actor=hand, now=moment)
    (treasurer,), (abroad,) = people(body, role=Role.TREASURER), people(other, role=Role.TREASURER)
    check(treasurer, "unterschriften", [to_sign.pk, Receipt.objects.get(replaces=wrong).pk])
    check(treasurer, "finanzamt", [wrong.pk])
    assert numbers(abroad) == {}


def test_a_signature_and_word_to_the_tax_office_are_noted_where_they_stand() -> None:
    moment, hand = utc_now(), system("test")
    body = make_provider(
        issuer_kind="kstg_5_1_9", account_holder_name="Verein", iban="DE02120300000000202051"
    )
    fund = make_fund(provider=body)
    by_hand = details(fund, machine_notified_on=None, signature=None, notice_on=local_day(moment))
    make_issuer(body, by_hand, moment)
    draft, wrong = (issue([wished_gift(fund, at=moment - DAY).pk], actor=hand, now=moment) for _ in range(2))
    assert sign(wrong, actor=hand, now=moment)
    assert withdraw_by_hand(wrong.pk, actor=hand, now=moment)
    anew = Receipt.objects.get(replaces=wrong)
    (treasurer,) = people(body, role=Role.TREASURER)
    client = signed_in(treasurer)
    for kind, receipt, name, told in (
        ("unterschriften", draft, "coordination_receipt_sign", "Vermerkt: unterschrieben und herausgegeben."),
        ("finanzamt", wrong, "coordination_receipt_told", "Vermerkt: Das Finanzamt weiß Bescheid."),
    ):
        here, act = f"{HERE}?art={kind}", reverse(name, args=[receipt.pk])
        assert f'action="{act}"' in page(treasurer, here)
        answer = client.post(act, {"back": here})
        assert (answer.status_code, answer["Location"]) == (303, here)
        assert told in client.get(here).content.decode()
    check(treasurer, "unterschriften", [anew.pk])
    check(treasurer, "finanzamt", [])


def test_what_is_due_at_one_moment_stands_in_the_order_of_its_list(mine: Provider) -> None:
    """However many digits the numbers of the rows have."""
    now, fund = utc_now(), make_fund(provider=mine)
    first, second = people(mine, mine, role=Role.TREASURER)
    for number in (100_000, 99_999):
        Proposal.objects.create(
            pk=number, kind="payout", provider=mine, fund=fund, amount_cents=500, reason="Ranzen gekauft.",
            proposed_by=first, proposed_at=now, status_changed_at=now,
        )  # fmt: skip
    check(second, "vorschlaege", [99_999, 100_000])


def test_mails_of_unknown_fate_and_late_jobs_are_told_to_the_office(mine: Provider, office: Provider) -> None:
    pks = {}
    for status in Message.Status.values:
        made = Message.objects.create(
            key=f"key-{status}",
            template="contact_message",
            to_email="a@example.org",
            subject="s",
            body_text="t",
            body_html="h",
            status=status,
            queued_at=utc_now(),
            due_at=utc_now(),
            claimed_at=utc_now(),
            sent_at=utc_now(),
        )
        pks[status] = made.pk
    SweepRun.objects.filter(name="donations.check_ledger").update(finished_at=utc_now() - 2 * DAY)
    (city,), (coordinator,) = people(office), people(mine)
    check(city, "nachrichten", sorted([pks["unknown"], pks["dead"]]))
    assert listed(city, "nachtwache").keys == ["nachtwache-donations-check_ledger"]
    assert numbers(city) == {"briefe": 1, "nachrichten": 2, "nachtwache": 1}
    assert "/verwaltung/" not in page(city)
    assert "/verwaltung/outbox/message/" in page(make_user(is_superuser=True, is_staff=True))
    assert numbers(coordinator) == {}


def test_all_roles_make_one_list_in_the_order_of_what_is_due(mine: Provider, other: Provider) -> None:
    task = make_opportunity(provider=mine, places=2, clearance_required=False)
    shift = make_shift(task, utc_now() + DAY)
    (late,) = wait_for(mine, "awaiting_confirmation", 1)
    Placement.objects.filter(pk=late).update(status_changed_at=utc_now() - 30 * DAY)
    (clearance,) = wait_for(other, "awaiting_clearance", 1)
    user = make_user(Role.COORDINATOR, mine)
    for provider, role in ((mine, Role.TREASURER), (other, Role.SAFEGUARDING_OFFICER)):
        Membership.objects.create(user=user, provider=provider, role=role)
    record_bank_transfer(mine, Credit(date(2020, 3, 2), Cents(700), "", "x"), recorded_by=None, now=utc_now())
    html = page(user)
    kinds = [key.rpartition("-")[0] for key in rows(html)]
    assert kinds == ["eingaenge", "zusagen", "termine", "einsichtnahmen"]
    assert rows(html)[1:] == [f"zusagen-{late}", f"termine-{shift.pk}", f"einsichtnahmen-{clearance}"]
    assert html.count("überfällig") == 1


def test_nobody_is_asked_to_decide_what_a_stopped_provider_may_not(mine: Provider, office: Provider) -> None:
    wait_for(mine, "awaiting_confirmation", 1)
    wait_for(mine, "awaiting_clearance", 1)
    Placement.objects.update(status_changed_at=utc_now() - 30 * DAY)
    (coordinator,), (officer,) = people(mine), people(mine, role=Role.SAFEGUARDING_OFFICER)
    assert ("zusagen" in numbers(coordinator), "einsichtnahmen" in numbers(officer)) == (True, True)
    Provider.objects.filter(pk=mine.pk).update(is_verified=False)
    assert ("zusagen" in numbers(coordinator), "einsichtnahmen" in numbers(officer)) == (False, False)
    assert sweeps.run("volunteers.press_providers", utc_now()) == 0
    Provider.objects.filter(pk=mine.pk).update(is_verified=True)
    assert sweeps.run("volunteers.press_providers", utc_now()) == 2


def test_a_call_for_today_is_no_late_one(office: Provider) -> None:
    today = local_day(utc_now())
    pledges = [silent(utc_now() - 30 * DAY, number) for number in range(2)]
    for pledge, again_on in zip(pledges, (today, today - DAY), strict=True):
        called(pledge, again_on)
    user = make_coordinator(office)
    html = page(user, f"{HERE}?art=anrufen")
    assert rows(html) == [f"anrufen-{pledge.pk}" for pledge in reversed(pledges)]
    assert html.count("überfällig") == 1
    assert html.index("überfällig") < html.index(f'id="anrufen-{pledges[0].pk}"')


BACK = re.compile(r'name="back" value="([^"]+)"')


def test_who_has_done_a_row_comes_back_to_the_next(mine: Provider) -> None:
    first, second = wait_for(mine, "awaiting_confirmation", 2)
    (user,) = people(mine)
    client = signed_in(user)
    assert BACK.findall(page(user)) == [f"{HERE}#zusagen-{second}", f"{HERE}#zusagen-{first}"]
    answer = client.post(
        f"/koordination/einsaetze/{first}/bestaetigen/", {"back": f"{HERE}#zusagen-{second}"}
    )
    assert (answer.status_code, answer["Location"]) == (303, f"{HERE}#zusagen-{second}")
    check(user, "zusagen", [second])
    kind = f"{HERE}?art=zusagen"
    assert BACK.findall(page(user, kind)) == [f"{kind}#liste"]
    assert 'id="liste" tabindex="-1"' in page(user, kind)
    again = client.post(f"/koordination/einsaetze/{first}/bestaetigen/", {"back": kind}, follow=True)
    assert "Darüber ist schon entschieden." in again.content.decode()


@pytest.mark.parametrize(
    "back",
    [
        "https://boese.example/koordination/",
        "//boese.example",
        "/zeit/",
        "javascript:0",
        "",
    ],
)
def test_back_leads_nowhere_else(mine: Provider, back: str) -> None:
    (placement,) = wait_for(mine, "awaiting_confirmation", 1)
    client = signed_in(people(mine)[0])
    answer = client.post(f"/koordination/einsaetze/{placement}/bestaetigen/", {"back": back})
    assert (answer.status_code, answer["Location"]) == (303, f"/koordination/einsaetze/{placement}/")


def test_a_text_is_released_where_it_stands(mine: Provider, now: datetime) -> None:
    task = in_review(mine, 1, slots=())
    user = make_user(Role.COORDINATOR, mine)
    html = page(user)
    assert "Sie lesen einer kleinen Gruppe vor." in html
    read = re.search(r'name="text_read" value="(\w+)"', html)
    assert read is not None
    release = f"/koordination/angebote/{task.pk}/freigeben/"
    answer = signed_in(user).post(release, {"text_read": read[1], "back": f"{HERE}#liste"})
    assert (answer.status_code, answer["Location"]) == (303, f"{HERE}#liste")
    task.refresh_from_db()
    assert (task.status, numbers(user)) == ("published", {})


def fill(mine: Provider, office: Provider, many: int) -> None:
    wait_for(office, "awaiting_confirmation", many)
    for number in range(many):
        silent(utc_now() - DAY, 1000 * many + number)
        in_review(mine, 1)
        make_notice("task", 1, utc_now())


def test_the_list_takes_the_same_reads_whatever_waits(
    mine: Provider, office: Provider, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    (city,) = people(office)
    client = signed_in(city)
    taken = []
    for many in (1, 8):
        fill(mine, office, many)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(HERE).status_code == 200
        taken.append(len(seen))
        reads = [each["sql"] for each in seen if 'FROM "volunteers_timepledge"' in each["sql"]]
        assert all("COUNT(*)" in sql or "LIMIT 20" in sql for sql in reads)
    assert taken[0] == taken[1]
    with django_assert_max_num_queries(43):
        client.get(HERE)
    assert len(rows(page(city))) == 20
    assert "Es warten noch" in page(city)


def test_an_unknown_kind_or_one_of_others_shows_the_whole_list(mine: Provider) -> None:
    wait_for(mine, "awaiting_confirmation", 1)
    (user,) = people(mine)
    for art in ("anrufen", "quatsch", ""):
        assert "Was heute auf Sie wartet" in page(user, f"{HERE}?art={art}")
