"""Several gifts or lines of the bank: proposed once, after a look at each; a second person releases each."""

from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from donations.domain.facts import PaymentFacts, RefundFact
from donations.models import BankTransaction, Donation, LedgerTransaction, Proposal
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from donations.services.gifts.pledging import donor_for
from donations.services.online.payments import record
from donations.services.treasury.proposals import decline, propose_refund
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation, told_by_bank
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
GIFTS, LINES = "/koordination/spenden/", "/koordination/spenden/bewegungen/"
MOVE, REFUND, FEE = f"{GIFTS}umwidmen/", f"{GIFTS}erstatten/", f"{LINES}gebuehren/"
Role = Membership.Role
DAY = date(2026, 3, 2)
AGREED = {"reason": "Brief vom 3. März, der Kurs fällt aus"}


@pytest.fixture
def house() -> Fund:
    return make_fund("Schwimmen", slug="schwimmen", provider=make_provider("Haus"))


@pytest.fixture
def treasurer(house: Fund) -> Client:
    return treasurer_of(house)


def treasurer_of(fund: Fund) -> Client:
    client = Client()
    client.force_login(make_user(Role.TREASURER, fund.provider))
    return client


def shown(client: Client, address: str, rows: list[Any], **typed: Any) -> tuple[int, str]:
    answer = client.post(address, {"chosen": [row.pk for row in rows], **typed}, follow=True)
    return answer.status_code, " ".join(unescape(answer.content.decode()).split())


def proposals() -> list[tuple[str, int | None, int | None]]:
    rows = Proposal.objects.order_by("pk").values_list("kind", "donation_id", "amount_cents")
    return list(rows)


def received(fund: Fund, name: str, cents: int, now: datetime, **more: Any) -> Donation:
    said = {"donor": donor_for(f"{name.lower()}@example.org", now), "donor_name": name, **more}
    gift = make_donation(fund, amount_cents=cents, pledged_at=now, **said)
    paid(gift, cents, now)
    return gift


def transferred(fund: Fund, name: str, cents: int, now: datetime) -> Donation:
    said = {"donor": donor_for(f"{name.lower()}@example.org", now), "donor_name": name}
    gift = make_donation(fund, amount_cents=cents, pledged_at=now, method="transfer", **said)
    credit = Credit(DAY, Cents(cents), name, "Spende")
    line, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=None, now=now)
    assign_transfer(line.pk, gift.pk, assigned_by=make_user(Role.TREASURER, fund.provider), now=now)
    return Donation.objects.select_related("fund__provider").get(pk=gift.pk)


def paid(gift: Donation, cents: int, now: datetime, *refunds: RefundFact) -> None:
    facts = PaymentFacts(f"pi_{gift.pk}", "succeeded", Cents(cents), now, fee_cents=Cents(0), refunds=refunds)
    record(gift.pk, facts, now, page_is_over=False)
    gift.refresh_from_db()


@pytest.fixture
def gifts(house: Fund, now: datetime) -> list[Donation]:
    """Received: 25 € of Ada, 40 € of Ben (anonymous to the body); promised: of Eva; elsewhere: of Ida."""
    other = make_fund("Reiten", slug="reiten", provider=make_provider("Fremd"))
    eva = make_donation(
        house, donor=donor_for("eva@example.org", now), donor_name="Eva", pledged_at=now, status="pledged"
    )
    return [
        received(house, "Ada", 2500, now),
        received(house, "Ben", 4000, now, no_identity=True, donor_name=""),
        eva,
        transferred(other, "Ida", 1000, now),
    ]


class TestMoving:
    @pytest.fixture
    def reading(self, house: Fund) -> Fund:
        return make_fund("Lesen", slug="lesen", provider=house.provider)

    def test_each_is_shown_and_then_proposed_for_itself(
        self, treasurer: Client, gifts: list[Donation], reading: Fund
    ) -> None:
        listed = treasurer.get(GIFTS).content.decode()
        assert (listed.count('name="chosen"'), MOVE in listed, REFUND in listed) == (2, True, True)
        status, asked = shown(treasurer, MOVE, gifts)
        assert (status, "Wie ist das Einverständnis belegt?" in asked, "Ida" in asked) == (200, True, False)
        assert "Reiten" not in asked
        typed = {**AGREED, "to_fund": str(reading.pk)}
        status, look = shown(treasurer, MOVE, gifts, look="1", **typed)
        goes, left = look.split("Nicht dabei")
        assert (status, "2 von 4 sind dabei.</strong> Es geht keine E-Mail hinaus." in goes) == (200, True)
        assert "25,00 € von Ada, Schwimmen" in goes
        assert "40,00 € von anonym, Schwimmen" in goes
        assert "Lesen" in goes
        assert "ben@example.org" not in look
        assert "25,00 € von Eva, Schwimmen" in left
        assert proposals() == []

        mails = Message.objects.count()
        _status, told = shown(treasurer, MOVE, gifts, sure="1", **typed)
        assert "2 Vorschläge warten jetzt auf eine zweite Person; gebucht ist noch nichts." in told
        assert "2 von 4 blieben, wie sie waren." in told
        assert sorted(proposals()) == sorted(
            [("reallocation", gifts[0].pk, 2500), ("reallocation", gifts[1].pk, 4000)]
        )
        assert not LedgerTransaction.objects.filter(kind="reallocation").exists()
        assert Message.objects.count() == mails
        _status, again = shown(treasurer, MOVE, gifts[:2], sure="1", **typed)
        assert "Von den ausgewählten Spenden lässt sich keine umwidmen." in again
        assert again.count("wartet schon ein Vorschlag auf eine zweite Person") == 2
        assert len(proposals()) == 2

    def test_a_second_person_releases_each(
        self, treasurer: Client, gifts: list[Donation], house: Fund, reading: Fund
    ) -> None:
        typed = {**AGREED, "to_fund": str(reading.pk), "sure": "1"}
        shown(treasurer, MOVE, gifts[:1], **typed)
        address = f"{GIFTS}vorschlag/{Proposal.objects.get().pk}/"
        released = {"entscheidung": "freigeben"}
        told = unescape(treasurer.post(address, released, follow=True).content.decode())
        assert "Was Sie selbst vorgeschlagen haben, gibt jemand anders frei." in told
        treasurer_of(house).post(address, released)
        gifts[0].refresh_from_db()
        assert (gifts[0].fund, gifts[0].status) == (reading, "received")

    def test_to_a_purpose_of_another_body_is_refused(self, gifts: list[Donation], reading: Fund) -> None:
        both = Client()
        user = make_user(Role.TREASURER, reading.provider)
        Membership.objects.create(user=user, provider=gifts[3].fund.provider, role=Role.TREASURER)
        both.force_login(user)
        typed = {**AGREED, "to_fund": str(reading.pk), "sure": "1"}
        _status, told = shown(both, MOVE, [gifts[0], gifts[3]], **typed)
        assert "1 Vorschlag wartet jetzt" in told
        assert "Umwidmen geht nur zu einem anderen Zweck desselben Trägers." in told
        assert proposals() == [("reallocation", gifts[0].pk, 2500)]

    def test_without_a_reason_or_to_a_foreign_purpose_nothing_is_proposed(
        self, treasurer: Client, gifts: list[Donation], reading: Fund
    ) -> None:
        status, told = shown(treasurer, MOVE, gifts, sure="1", to_fund=str(reading.pk))
        assert (status, "Bitte nennen Sie den Grund." in told) == (422, True)
        foreign = str(gifts[3].fund_id)
        assert shown(treasurer, MOVE, gifts[:2], sure="1", to_fund=foreign, **AGREED)[0] == 422
        assert proposals() == []


class TestRefunding:
    def test_all_that_is_left_of_each_is_proposed_once(
        self, treasurer: Client, gifts: list[Donation], now: datetime
    ) -> None:
        paid(gifts[0], 2500, now, RefundFact("re_1", Cents(500), now))
        _status, look = shown(treasurer, REFUND, gifts, look="1", **AGREED)
        goes, left = look.split("Nicht dabei")
        assert "20,00 € von Ada, Schwimmen" in goes
        assert "Von dieser Spende ist nichts da, das zurückgehen könnte" in left
        _status, told = shown(treasurer, REFUND, gifts, sure="1", **AGREED)
        assert "2 Vorschläge warten jetzt auf eine zweite Person" in told
        assert sorted(proposals()) == sorted([("refund", gifts[0].pk, 2000), ("refund", gifts[1].pk, 4000)])
        shown(treasurer, REFUND, gifts, sure="1", **AGREED)
        assert len(proposals()) == 2

    def test_what_somebody_proposed_after_the_look_is_left_and_said(
        self, treasurer: Client, gifts: list[Donation], house: Fund, now: datetime
    ) -> None:
        shown(treasurer, REFUND, gifts[:2], look="1", **AGREED)
        other = make_user(Role.TREASURER, house.provider)
        theirs = propose_refund(gifts[0], Cents(100), "Doppelt", by=other, now=now)
        _status, told = shown(treasurer, REFUND, gifts[:2], sure="1", **AGREED)
        assert "1 Vorschlag wartet jetzt" in told
        assert "25,00 € von Ada, Schwimmen" in told
        assert proposals() == [("refund", gifts[0].pk, 100), ("refund", gifts[1].pk, 4000)]
        decline(theirs.pk, by=other, now=now)
        shown(treasurer, REFUND, gifts[:1], sure="1", **AGREED)
        assert proposals()[-1] == ("refund", gifts[0].pk, 2500)


class TestFees:
    def line(self, fund: Fund, cents: int, said: str, now: datetime) -> BankTransaction:
        return told_by_bank(fund.provider, Credit(DAY, Cents(cents), "", said), now)

    def test_debits_are_proposed_as_fees_and_a_credit_is_left(
        self, treasurer: Client, house: Fund, now: datetime
    ) -> None:
        first, second = [self.line(house, cents, "Kontoführung", now) for cents in (-1250, -490)]
        credit, _new = record_bank_transfer(
            house.provider, Credit(DAY, Cents(700), "Ada", "Spende"), recorded_by=None, now=now
        )
        foreign = self.line(
            make_fund("Reiten", slug="reiten", provider=make_provider("Fremd")), -300, "x", now
        )
        lines = [first, second, credit, foreign]
        listed = treasurer.get(LINES).content.decode()
        assert (listed.count('name="chosen"'), FEE in listed) == (3, True)
        typed = {"reason": "Kontoführung im 1. Quartal"}
        _status, look = shown(treasurer, FEE, lines, look="1", **typed)
        goes, left = look.split("Nicht dabei")
        assert "2 von 4 sind dabei." in goes
        assert "-12,50 €, 02.03.2026, Kontoführung" in goes.replace("−", "-").replace(
            "\N{NO-BREAK SPACE}", " "
        )
        assert "ist ein Eingang" in left
        assert not Proposal.objects.exists()
        typed_name = make_donation(
            house, amount_cents=700, donor_name="Ada", method="transfer", status="pledged"
        )
        _status, pairs = shown(treasurer, f"{LINES}zuordnen/", lines)
        assert typed_name.donor_name in pairs
        assert "3 ausgewählte Bewegungen sind keine offenen Eingänge und bleiben, wie sie sind." in pairs
        _status, told = shown(treasurer, FEE, lines, sure="1", **typed)
        assert "2 Vorschläge warten jetzt auf eine zweite Person" in told
        rows = Proposal.objects.order_by("line__amount_cents").values_list("kind", "line", "amount_cents")
        assert list(rows) == [("bank_fee", first.pk, 1250), ("bank_fee", second.pk, 490)]
        _status, again = shown(treasurer, FEE, lines, sure="1", **typed)
        assert "Keine der ausgewählten Kontobewegungen ist ein ungeklärter Abgang." in again
        assert again.count("Das hat schon jemand vorgeschlagen.") == 2
        assert Proposal.objects.count() == 2


@pytest.mark.parametrize("address", [MOVE, REFUND, FEE])
def test_are_for_treasurers(address: str, house: Fund) -> None:
    coordinator = Client()
    coordinator.force_login(make_user(Role.COORDINATOR, house.provider))
    assert coordinator.post(address, {"chosen": [1], "sure": "1"}).status_code == 403
    assert Client().post(address, {"chosen": [1], "sure": "1"}).status_code == 302
