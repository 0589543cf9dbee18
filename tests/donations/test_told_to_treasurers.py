# ruff: noqa: F811 - fixtures are imported
"""What the second person reads before releasing, and what both are told when it cannot be done any more."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from donations.models import BankTransaction, Dispute, Donation, Payment, Proposal, Refund
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.bank_fees import NotAFee
from donations.services.bank.orders import NotTheOrder
from donations.services.bank.paying_in import pay_in
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from donations.services.bank.unpromised import Giver, gift_from_line
from donations.services.cash.counts import drop
from donations.services.treasury.acceptance import NotAwaiting
from donations.services.treasury.lapsing import let_lapse
from donations.services.treasury.proposals import (
    propose_acceptance,
    propose_account,
    propose_bank_fee,
    propose_correction,
    propose_cover,
    propose_fee_cover,
    propose_payout,
    propose_reallocation,
    propose_refund,
    propose_sent,
    release,
)
from foundation.clock import utc_now
from foundation.units import Cents
from outbox.models import Message
from programs.models import Membership, Provider
from tests.donations.gifts import make_donation, told_by_bank
from tests.donations.money_scene import (  # noqa: F401
    DAY,
    NOW,
    PLACE,
    Scene,
    scene,
    scene_of_module,
    signed_in,
    told_by,
)
from tests.donations.visits import text
from tests.factories import make_user
from tests.words_of_pages import as_read

pytestmark = pytest.mark.django_db
BEN = "Ben Kurz, Spende vom 02.03.2026 über 50,00\xa0€"
STANDS = f"Der Eingang vom 02.03.2026 über 50,00\xa0€ (Ben Kurz, Spende), gebucht auf {BEN},"


def came(scene: Scene, cents: int, name: str, said: str = "ohne Code") -> BankTransaction:
    credit = Credit(DAY, Cents(cents), name, said)
    return record_bank_transfer(scene.fund.provider, credit, recorded_by=None, now=NOW)[0]


def left(scene: Scene, cents: int, name: str = "Ranzenladen") -> BankTransaction:
    return told_by_bank(scene.fund.provider, Credit(DAY, Cents(-cents), name, "Rechnung 7"), NOW)


def shown(scene: Scene, proposal: Proposal, where: str = "waiting") -> tuple[str, str, str]:
    """Title, what it would do, and what is to be done next, as the page of the books says them."""
    page = signed_in(scene.other).get(f"{PLACE}buecher/")
    (found,) = [each for each in page.context[where] if each.proposal.pk == proposal.pk]
    assert found.is_own is False
    html = page.content.decode()
    assert proposal.reason in html
    return found.title, found.about.replace("  ", " "), found.next_step


def decide(client: Client, proposal: Proposal, decision: str = "freigeben") -> str:
    return told_by(client.post(f"{PLACE}vorschlag/{proposal.pk}/", {"entscheidung": decision}))


def in_order() -> None:
    assert [*faults(), *row_faults()] == []


def test_a_payout_and_a_cover_name_sum_and_purpose(scene: Scene) -> None:
    payout = propose_payout(scene.fund, Cents(1205), "Zwei Ranzen", by=scene.one, now=NOW)
    assert shown(scene, payout) == ("Auszahlung: 12,05\xa0€ – Ranzen", "", "")
    assert decide(signed_in(scene.other), payout) == "Freigegeben."
    payout.refresh_from_db()
    title, _about, step = shown(scene, payout, "to_transfer")
    assert title == "Auszahlung: 12,05\xa0€ – Ranzen"
    assert step == (
        f"Bitte überweisen Sie mit dem Verwendungszweck {payout.grouped_reference}; daran erkennen die "
        "Bücher die Kontobewegung."
    )
    cover = propose_cover(scene.fund, Cents(1), "Ausgleich", by=scene.one, now=NOW)
    assert decide(signed_in(scene.other), cover) == "Möglich sind nur noch 0,00\xa0€. Nichts wurde gebucht."
    cover.refresh_from_db()
    assert cover.status == "proposed"


def test_a_refund_names_the_gift_and_then_its_code(scene: Scene) -> None:
    refund = propose_refund(scene.gift, Cents(2000), "Widerruf", by=scene.one, now=NOW)
    assert shown(scene, refund)[1] == f"{BEN}."
    assert decide(signed_in(scene.other), refund) == "Freigegeben."
    refund.refresh_from_db()
    assert refund.grouped_reference in shown(scene, refund, "to_transfer")[2]
    late = propose_refund(scene.gift, Cents(3001), "mehr", by=scene.one, now=NOW)
    assert decide(signed_in(scene.other), late) == "Möglich sind nur noch 30,00\xa0€. Nichts wurde gebucht."
    told_by_bank(scene.fund.provider, Credit(DAY, Cents(-2000), "Ben Kurz", str(refund.reference)), NOW)
    refund.refresh_from_db()
    assert shown(scene, refund, "decided")[2] == "erstattet"
    assert decide(signed_in(scene.one), refund, "zurueckziehen") == (
        "Das ist schon unterwegs und lässt sich nicht zurückziehen."
    )
    in_order()


def test_who_proposes_a_refund_sees_which_gift_it_is_and_how_it_goes_back(scene: Scene) -> None:
    page = as_read(text(signed_in(scene.one).get(f"{PLACE}{scene.gift.pk}/erstatten/")))
    for fact in ("50,00 €", "Montag, 2. März 2026", "Ranzen", "von Hand: Nach der Freigabe steht es unter"):
        assert f'item__value">{fact}' in page
    by_card = make_donation(scene.fund, donor_name="Ben Kurz", status="received", received_at=NOW)
    page = text(signed_in(scene.one).get(f"{PLACE}{by_card.pk}/erstatten/"))
    assert 'item__value">von selbst, auf dem Weg, auf dem es kam (Karte).' in page


def test_proposals_about_lines_are_told_apart_and_the_signs_of_the_accounts_explained(scene: Scene) -> None:
    names = ("Ada Alt", "Bea Alt")
    lines = [came(scene, 3000, name, "") for name in names]
    for line in lines:
        propose_correction(line, None, None, "vertippt", gift=None, by=scene.one, now=NOW)
    page = text(signed_in(scene.other).get(f"{PLACE}buecher/"))
    for name in names:
        said = f"Der Eingang vom 02.03.2026 über 30,00 € ({name}) wird storniert: Es gibt ihn nicht."
        assert said in page
    assert page.count("Freigeben: Berichtigung: Eingang vom 02.03.2026 über 30,00 €") == 2
    assert f"Freigegeben von {scene.other} am " in page
    assert "Bei jedem Träger ergibt alles zusammen null." in page


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        (True, "Cem Groß, Spende vom 02.03.2026 über 1.500,00\xa0€."),
        (
            False,
            "Cem Groß, Spende vom 02.03.2026 über 1.500,00\xa0€. Was davon da ist, geht zurück.",
        ),
    ],
)
def test_what_the_city_decides_names_what_the_giver_has_pending_there(
    scene: Scene, accepted: bool, said: str
) -> None:
    proposal = propose_acceptance(
        scene.large, "Rat, 3. März", "yes", is_accepted=accepted, by=scene.one, now=NOW
    )
    assert shown(scene, proposal)[1] == f"{said} Laufende Angelegenheit mit der Stadt: Ja."
    with pytest.raises(NotAwaiting):
        propose_acceptance(scene.large, "Rat", is_accepted=accepted, by=scene.other, now=NOW)
    Donation.objects.filter(pk=scene.large.pk).update(acceptance="not_needed")
    assert decide(signed_in(scene.other), proposal) == "Diese Spende wartet nicht mehr auf eine Annahme."
    again = signed_in(scene.one).post(f"{PLACE}{scene.large.pk}/annehmen/", {})
    assert told_by(again) == "Über diese Annahme ist schon entschieden oder ein Vorschlag gemacht."


def test_a_large_gift_that_stands_otherwise_by_now_is_decided_anew(scene: Scene) -> None:
    proposal = propose_acceptance(scene.large, "Rat", "no", is_accepted=True, by=scene.one, now=NOW)
    Donation.objects.filter(pk=scene.large.pk).update(amount_cents=150_001)
    assert decide(signed_in(scene.other), proposal) == (
        "Diese Spende steht inzwischen anders: Ihr Betrag ist ein anderer, oder sie wird bestritten. Bitte "
        "lehnen Sie den Vorschlag ab und lassen Sie neu entscheiden, sobald das geklärt ist."
    )
    proposal.refresh_from_db()
    assert proposal.status == "proposed"


def test_another_account_stands_beside_the_one_that_counts(scene: Scene) -> None:
    body = scene.fund.provider
    proposal = propose_account(
        body, "DE89370400440532013000", "Haus e. V.", "Bankwechsel", by=scene.one, now=NOW
    )
    assert shown(scene, proposal)[:2] == (
        "Bankverbindung: Haus",
        "Neues Konto: DE89 3704 0044 0532 0130 00, Kontoinhaber: Haus e. V.; bisher: DE02 1203 0000 0000 "
        "2020 51.",
    )
    Provider.objects.filter(pk=body.pk).update(iban="")
    assert shown(scene, proposal)[1].endswith("; bisher gab es keines.")


def test_a_reallocation_names_both_purposes_and_ends_where_the_gift_is_on_its_way(scene: Scene) -> None:
    proposal = propose_reallocation(scene.gift, scene.second, "Brief", by=scene.one, now=NOW)
    assert shown(scene, proposal)[:2] == (
        "Umwidmung: 50,00\xa0€ – Ranzen",
        f"{BEN}. Neuer Zweck: Mittag. Wer gespendet hat, wird benachrichtigt.",
    )
    refund = propose_refund(scene.gift, Cents(100), "Widerruf", by=scene.one, now=NOW)
    assert release(refund.pk, by=scene.other, now=NOW)
    on_its_way = "Diese Spende wird gerade zurückgezahlt oder bestritten."
    assert decide(signed_in(scene.other), proposal) == on_its_way
    address = f"{PLACE}{scene.gift.pk}/umwidmen/"
    page = signed_in(scene.one).post(address, {"to_fund": scene.second.pk, "reason": "Brief"})
    assert page.context["form"].non_field_errors() == [
        "Darüber wartet schon ein Vorschlag auf eine zweite Person."
    ]
    waiting = signed_in(scene.one).post(
        f"{PLACE}{scene.large.pk}/umwidmen/", {"to_fund": scene.second.pk, "reason": "Brief"}
    )
    assert waiting.context["form"].non_field_errors() == [
        "Über die Annahme dieser Spende muss erst entschieden sein."
    ]
    promised = signed_in(scene.one).post(
        f"{PLACE}{scene.promise.pk}/umwidmen/", {"to_fund": scene.second.pk, "reason": "Brief"}
    )
    assert promised.context["form"].non_field_errors() == [
        "Von dieser Spende ist nichts mehr da, oder sie steht inzwischen anders."
    ]


def test_what_goes_back_is_offered_no_form_to_move_or_correct_it(scene: Scene) -> None:
    client, said = signed_in(scene.one), "Das geht gerade nicht"
    pages = [f"{PLACE}{scene.gift.pk}/umwidmen/", f"{PLACE}eingang/{scene.paid.pk}/berichtigen/"]
    for page in pages:
        shown = text(client.get(page))
        assert ("Vorschlagen" in shown, said in shown) == (True, False)
    refund = propose_refund(scene.gift, Cents(100), "Widerruf", by=scene.one, now=NOW)
    assert release(refund.pk, by=scene.other, now=NOW)
    reasons = [
        "Diese Spende wird gerade zurückgezahlt oder bestritten.",
        "Von dieser Spende ist schon etwas erstattet: Sie lässt sich nicht mehr umbuchen.",
    ]
    for page, reason in zip(pages, reasons, strict=True):
        shown = text(client.get(page))
        assert ("Vorschlagen" in shown, said in shown, reason in shown) == (False, True, True)


def test_nothing_is_called_optional_that_one_answer_asks_for(scene: Scene) -> None:
    client = signed_in(scene.one)
    for page, label in (
        (f"eingang/{scene.paid.pk}/berichtigen/", "Richtiger Betrag in Euro"),
        ("boxen/neu/", "Summe in Euro"),
    ):
        shown = text(client.get(f"{PLACE}{page}")).partition("<main")[2].partition("Nach Scheinen")[0]
        assert (f">{label}" in shown, "freiwillig" in shown) == (True, False), page


def test_a_line_is_corrected_as_long_as_one_of_its_gifts_can_be(scene: Scene) -> None:
    line = came(scene, 3000, "Zwei Geschwister")
    first, _second = (
        assign_transfer(
            line.pk,
            make_donation(scene.fund, amount_cents=cents, method="transfer").pk,
            cents=Cents(cents),
            assigned_by=scene.one,
            now=NOW,
        )
        for cents in (1000, 2000)
    )
    refund = propose_refund(first, Cents(100), "Widerruf", by=scene.one, now=NOW)
    assert release(refund.pk, by=scene.other, now=NOW)
    assert "Vorschlagen" in text(signed_in(scene.one).get(f"{PLACE}eingang/{line.pk}/berichtigen/"))


@pytest.mark.parametrize("taken", ["disputed", "refunded", "lost"])
def test_a_gift_whose_money_is_not_here_does_not_move(scene: Scene, taken: str) -> None:
    proposal = propose_reallocation(scene.gift, scene.second, "Brief", by=scene.one, now=NOW)
    Donation.objects.filter(pk=scene.gift.pk).update(status=taken)
    assert decide(signed_in(scene.other), proposal) == (
        "Von dieser Spende ist nichts mehr da, oder sie steht inzwischen anders."
    )
    scene.gift.refresh_from_db()
    assert scene.gift.fund_id == scene.fund.pk


def test_an_open_dispute_holds_a_gift_that_still_counts_as_received(scene: Scene) -> None:
    proposal = propose_reallocation(scene.gift, scene.second, "Brief", by=scene.one, now=NOW)
    Dispute.objects.create(
        donation=scene.gift, external_id="dp_1", amount_cents=1, opened_at=NOW, outcome="open"
    )
    assert decide(signed_in(scene.other), proposal) == (
        "Diese Spende wird gerade zurückgezahlt oder bestritten."
    )


CORRECTIONS: list[tuple[str, dict[str, Any], str]] = [
    (
        "other amount",
        {"cents": Cents(500), "target": "gift", "gift": "gift"},
        f"{STANDS} lautet richtig auf 5,00\xa0€.",
    ),
    (
        "other gift",
        {"cents": Cents(5000), "target": "promise", "gift": "gift"},
        f"{STANDS} gehört zu Ada Lange, Spende vom 02.03.2026 über 40,00\xa0€.",
    ),
    (
        "both",
        {"cents": Cents(4000), "target": "promise", "gift": "gift"},
        f"{STANDS} lautet richtig auf 40,00\xa0€ und gehört zu Ada Lange, Spende vom 02.03.2026 über "
        "40,00\xa0€.",
    ),
    (
        "no gift",
        {"cents": Cents(5000), "target": None, "gift": "gift"},
        f"{STANDS} gehört zu keiner bekannten Zusage.",
    ),
    (
        "no line",
        {"cents": None, "target": None, "gift": "gift"},
        f"{STANDS} wird storniert: Es gibt ihn nicht.",
    ),
]


@pytest.mark.parametrize(("_name", "said", "words"), CORRECTIONS, ids=[each[0] for each in CORRECTIONS])
def test_a_correction_says_what_stands_and_what_is_right(
    scene: Scene, _name: str, said: dict[str, Any], words: str
) -> None:
    target = getattr(scene, said["target"]) if said["target"] else None
    proposal = propose_correction(
        scene.paid, said["cents"], target, "vertippt", gift=scene.gift, by=scene.one, now=NOW
    )
    title = "Berichtigung: Eingang vom 02.03.2026 über 50,00\xa0€"
    assert shown(scene, proposal)[:2] == (title, words)
    assert decide(signed_in(scene.other), proposal) == "Freigegeben."
    scene.paid.refresh_from_db()
    scene.gift.refresh_from_db()
    is_gone = said["cents"] != 5000
    assert (scene.paid.cancelled_at is not None) is is_gone
    stays = 500 if said["target"] == "gift" else 0
    found = Payment.objects.filter(donation=scene.gift).values_list("amount_cents", flat=True)
    assert list(found) == ([stays] if stays else [])
    assert scene.gift.status == ("received" if stays else "lapsed")
    in_order()


def test_what_is_booked_otherwise_by_now_is_not_corrected_and_lapses(scene: Scene) -> None:
    first, second = (
        propose_correction(scene.paid, Cents(5000), None, why, gift=scene.gift, by=scene.one, now=NOW)
        for why in ("eins", "zwei")
    )
    assert decide(signed_in(scene.other), first) == "Freigegeben."
    second.refresh_from_db()
    assert second.status == "lapsed"
    assert shown(scene, second, "decided")[2] == (
        "Nichts zu tun: Die Kontobewegung ist inzwischen anders gebucht."
    )
    assert decide(signed_in(scene.other), second) == "Darüber war schon entschieden."


def test_a_line_that_pays_several_is_freed_part_by_part(scene: Scene) -> None:
    line = came(scene, 3000, "Zwei Geschwister")
    gifts = [
        assign_transfer(
            line.pk,
            make_donation(scene.fund, amount_cents=cents, method="transfer", donor_name=name).pk,
            cents=Cents(cents),
            assigned_by=scene.one,
            now=NOW,
        )
        for cents, name in ((1000, "Eva Eins"), (2000, "Zoe Zwei"))
    ]
    address = f"{PLACE}eingang/{line.pk}/berichtigen/"
    client = signed_in(scene.one)
    form = client.get(address).context["form"]
    assert [label for _pk, label in form.fields["gift"].choices] == [
        "10,00\xa0€ für die Spende von Eva Eins",
        "20,00\xa0€ für die Spende von Zoe Zwei",
    ]
    no_choice = client.post(address, {"fault": "keine", "reason": "x"})
    assert no_choice.context["form"].errors == {"gift": ["Bitte wählen Sie die Spende."]}
    split = {"gift": gifts[0].pk, "fault": "betrag", "amount": "31", "reason": "x"}
    assert client.post(address, split).context["form"].non_field_errors() == [
        "Dieser Eingang bezahlt mehrere Spenden. Bitte lösen Sie zuerst jede Zuordnung."
    ]
    foreign = {"gift": scene.gift.pk, "fault": "keine", "reason": "x"}
    assert list(client.post(address, foreign).context["form"].errors) == ["gift"]
    assert client.post(address, {"gift": gifts[1].pk, "fault": "keine", "reason": "x"}).status_code == 303
    proposal = Proposal.objects.latest("pk")
    assert (proposal.donation, proposal.target, proposal.amount_cents) == (gifts[1], None, 3000)
    assert decide(signed_in(scene.other), proposal) == "Freigegeben."
    line.refresh_from_db()
    assert (line.allocated_cents, line.open_cents) == (1000, 2000)
    in_order()


def test_cash_is_freed_before_its_line_becomes_something_else(scene: Scene) -> None:
    line = came(scene, 755, "Bareinzahlung")
    pay_in(line.pk, [scene.cash.pk], now=NOW)
    address = f"{PLACE}eingang/{line.pk}/berichtigen/"
    client = signed_in(scene.one)
    for wrong in ({"fault": "betrag", "amount": "7,54"}, {"fault": "storno"}):
        assert client.post(address, {**wrong, "reason": "x"}).context["form"].non_field_errors() == [
            "Diese Einzahlung ist gezähltes Bargeld: Bitte lösen Sie zuerst die Zuordnung."
        ]
    late = client.post(f"{PLACE}eingang/{scene.credit.pk}/bargeld/", {"counts": [scene.cash.pk]})
    assert late.status_code == 422
    undo = signed_in(scene.other).post(f"{PLACE}boxen/{scene.cash.pk}/rueckgaengig/", {"reason": "falsch"})
    assert told_by(undo) == "Das Geld ist schon eingezahlt. Lösen Sie zuerst die Einzahlung."
    assert client.post(address, {"fault": "keine", "reason": "war Wechselgeld"}).status_code == 303
    proposal = Proposal.objects.latest("pk")
    assert shown(scene, proposal)[1] == (
        "Der Eingang vom 02.03.2026 über 7,55\xa0€ (Bareinzahlung, ohne Code) gehört zu keiner bekannten "
        "Zusage."
    )
    assert decide(signed_in(scene.other), proposal) == "Freigegeben."
    line.refresh_from_db()
    scene.cash.refresh_from_db()
    assert (line.cash_cents, line.open_cents, scene.cash.line) == (0, 755, None)
    in_order()


def test_a_fee_and_what_covers_it_say_what_the_bank_says(scene: Scene) -> None:
    fee = propose_bank_fee(scene.debit, "Kontoführung", by=scene.one, now=NOW)
    assert shown(scene, fee)[:2] == (
        "Gebühr der Bank: 3,50\xa0€ – Haus",
        "Abgang vom 02.03.2026: Sparkasse, Entgelt",
    )
    back = propose_bank_fee(scene.credit, "zurück", by=scene.one, now=NOW)
    assert shown(scene, back)[:2] == (
        "Gebühr der Bank zurück: 25,00\xa0€ – Haus",
        "Eingang vom 02.03.2026: Dora, ohne Code",
    )
    twice = signed_in(scene.one).post(
        f"{PLACE}abgang/{scene.credit.pk}/gebuehr/", {"what": "eigenes", "reason": "x"}
    )
    assert twice.status_code == 422
    assert twice.context["why_not"] == (
        "Das hat schon jemand vorgeschlagen. Es wartet auf eine zweite Person."
    )
    assert decide(signed_in(scene.other), fee) == decide(signed_in(scene.other), back) == "Freigegeben."
    over = signed_in(scene.one).get(f"{PLACE}abgang/{scene.debit.pk}/gebuehr/")
    assert over.context["why_not"] == "Diese Kontobewegung ist schon gebucht."
    for line, words in (
        (scene.debit, "3,50\xa0€ (Sparkasse, Entgelt) ist keine Gebühr der Bank und wieder ungeklärt."),
        (
            scene.credit,
            "25,00\xa0€ (Dora, ohne Code) hat nichts mit Gebühren zu tun und ist wieder ungeklärt.",
        ),
    ):
        line.refresh_from_db()
        undo = propose_correction(line, line.size_cents, None, "doch nicht", gift=None, by=scene.one, now=NOW)
        assert shown(scene, undo)[1].endswith(f" vom 02.03.2026 über {words}")
        assert decide(signed_in(scene.other), undo) == "Freigegeben."
        line.refresh_from_db()
        assert line.fee_id is None
    in_order()


def test_own_money_for_fees_is_told_as_such_and_only_what_came(scene: Scene) -> None:
    cover = propose_fee_cover(scene.credit, "Haushalt", by=scene.one, now=NOW)
    title, about, _step = shown(scene, cover)
    assert (title.endswith(": 25,00\xa0€ – Haus"), about) == (True, "Eingang vom 02.03.2026: Dora, ohne Code")
    with pytest.raises(NotAFee, match="debit"):
        propose_fee_cover(scene.debit, "Haushalt", by=scene.one, now=NOW)
    gift_from_line(scene.credit.pk, scene.fund, Cents(1), Giver("Dora"), by=scene.one, now=NOW)
    assert decide(signed_in(scene.other), cover) == "Diese Kontobewegung ist schon gebucht."
    cover.refresh_from_db()
    assert cover.status == "lapsed"
    assert shown(scene, cover, "decided")[2] == (
        "Nichts zu tun: Die Kontobewegung ist inzwischen anders gebucht."
    )
    line = came(scene, 100, "Emil")
    own = propose_fee_cover(line, "Haushalt", by=scene.one, now=NOW)
    gift_from_line(line.pk, scene.fund, Cents(100), Giver("Emil"), by=scene.one, now=NOW)
    assert let_lapse(NOW) == 1
    own.refresh_from_db()
    assert shown(scene, own, "decided")[2] == (
        "Nichts zu tun: Die Kontobewegung ist inzwischen anders gebucht (zugeordnet)."
    )


def test_a_line_without_code_says_which_release_it_pays_and_why_it_no_longer_does(scene: Scene) -> None:
    order = Proposal.objects.get(kind="payout")
    line, other = left(scene, 1000), left(scene, 1000, "Ranzenwelt")
    first = propose_sent(line, order, "Beleg", by=scene.one, now=NOW)
    assert shown(scene, first)[1] == (
        "Abgang vom 02.03.2026: Ranzenladen, Rechnung 7. Bezahlt ist damit: Auszahlung: 10,00\xa0€ – Ranzen. "
        "Grund: Ranzen. Freigegeben am 09.03.2026."
    )
    for line_, proposal in ((line, order), (other, order)):
        with pytest.raises(NotTheOrder, match="proposed"):
            propose_sent(line_, proposal, "Beleg", by=scene.one, now=NOW)
    assert decide(signed_in(scene.one), first) == (
        "Was Sie selbst vorgeschlagen haben, gibt jemand anders frei."
    )
    assert decide(signed_in(scene.one), order, "zurueckziehen") == (
        "Zurückgezogen. Bitte überweisen Sie es nicht mehr."
    )
    assert decide(signed_in(scene.other), first) == (
        "Was damit bezahlt sein sollte, ist inzwischen bezahlt oder zurückgezogen."
    )
    first.refresh_from_db()
    assert first.status == "lapsed"
    assert shown(scene, first, "decided")[2] == (
        "Nichts zu tun: Was damit bezahlt sein sollte, ist inzwischen bezahlt oder zurückgezogen."
    )
    in_order()


def test_what_was_found_by_hand_and_came_back_is_not_undone_twice(scene: Scene) -> None:
    order = Proposal.objects.get(kind="payout")
    line = left(scene, 1000)
    sent = propose_sent(line, order, "Beleg", by=scene.one, now=NOW)
    assert decide(signed_in(scene.other), sent) == "Freigegeben."
    line.refresh_from_db()
    undo = propose_correction(line, line.size_cents, None, "doch nicht", gift=None, by=scene.one, now=NOW)
    assert shown(scene, undo)[1].endswith(" ist nicht die Auszahlung oder Erstattung und wieder ungeklärt.")
    told_by_bank(scene.fund.provider, Credit(DAY, Cents(1000), "Ranzenladen", str(order.reference)), NOW)
    order.refresh_from_db()
    assert order.status == "recalled"
    again = signed_in(scene.one).post(
        f"{PLACE}eingang/{line.pk}/berichtigen/", {"fault": "freigabe", "reason": "doch nicht"}
    )
    assert again.context["form"].non_field_errors() == [
        "Dieses Geld ist schon zurückgekommen: Zu berichtigen ist nichts mehr."
    ]
    assert let_lapse(NOW) == 1
    undo.refresh_from_db()
    assert (undo.status, undo.decided_by) == ("lapsed", None)
    in_order()


def test_a_declined_proposal_waits_again_within_minutes_only_for_who_declined(scene: Scene) -> None:
    proposal = propose_payout(scene.fund, Cents(100), "x", by=scene.one, now=NOW)
    other = signed_in(scene.other)
    not_any_more = "Das lässt sich nicht mehr zurücknehmen."
    assert decide(other, proposal, "doch-nicht-ablehnen") == not_any_more
    assert decide(other, proposal, "ablehnen") == "Abgelehnt. Es wurde nichts gebucht."
    assert decide(signed_in(scene.one), proposal, "doch-nicht-ablehnen") == not_any_more
    assert decide(other, proposal, "doch-nicht-ablehnen") == (
        "Der Vorschlag wartet wieder auf eine Entscheidung."
    )
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by) == ("proposed", None)
    assert decide(other, proposal, "ablehnen") == "Abgelehnt. Es wurde nichts gebucht."
    long_ago = utc_now() - timedelta(hours=2)
    Proposal.objects.filter(pk=proposal.pk).update(status_changed_at=long_ago)
    assert decide(other, proposal, "doch-nicht-ablehnen") == not_any_more


def test_of_two_who_ask_the_same_again_the_first_question_stays_declined(scene: Scene) -> None:
    first = propose_bank_fee(scene.debit, "Entgelt", by=scene.one, now=NOW)
    other = signed_in(scene.other)
    assert decide(other, first, "ablehnen") == "Abgelehnt. Es wurde nichts gebucht."
    second = propose_bank_fee(scene.debit, "Entgelt, neu", by=scene.one, now=NOW)
    assert decide(other, first, "doch-nicht-ablehnen") == "Das lässt sich nicht mehr zurücknehmen."
    statuses = Proposal.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk")
    assert list(statuses.values_list("status", flat=True)) == ["declined", "proposed"]


def test_that_a_gift_stays_is_written_down_once_and_taken_back_within_minutes(scene: Scene) -> None:
    refund = propose_refund(scene.gift, Cents(5000), "Widerruf", by=scene.one, now=NOW)
    assert release(refund.pk, by=scene.other, now=NOW)
    Refund.objects.filter(proposal=refund).update(status="cancelled", status_changed_at=NOW)
    address, client = f"{PLACE}{scene.gift.pk}/erstatten/", signed_in(scene.one)

    def told(what: str) -> str:
        return told_by(client.post(address, {"entscheidung": what}))

    assert told("bleibt") == "Vermerkt: Die Spende bleibt."
    assert told("bleibt") == "Hier ist nichts mehr zu klären."
    assert told("doch-nicht") == "Die Erstattung wartet wieder darauf, geklärt zu werden."
    assert told("doch-nicht") == "Das lässt sich nicht mehr zurücknehmen."
    assert told("bleibt") == "Vermerkt: Die Spende bleibt."
    assert Refund.objects.get(proposal=refund).settled_at is not None


def test_a_line_that_somebody_else_gave_meanwhile_says_so_and_thanks_nobody_twice(scene: Scene) -> None:
    client, address = signed_in(scene.one), f"{PLACE}eingang/{scene.credit.pk}/"
    promise = make_donation(scene.fund, amount_cents=2500, method="transfer", donor_name="Dora Dank")
    assert client.get(address).status_code == 200
    first = client.post(address, {"donation": promise.pk, "amount": "25"})
    assert told_by(first) == "Zugeordnet. Wir haben den Dank verschickt."
    thanks = Message.objects.filter(template="gift_thanks").count()
    late = client.post(address, {"donation": promise.pk, "amount": "25"})
    assert told_by(late) == "Dieser Eingang war schon zugeordnet."
    assert Message.objects.filter(template="gift_thanks").count() == thanks
    in_order()


def test_a_count_that_is_dropped_is_nothing_and_only_once(scene: Scene) -> None:
    address = f"{PLACE}boxen/{scene.count.pk}/verwerfen/"
    stale = scene.count
    assert told_by(signed_in(scene.one).post(address)) == "Verworfen. Es wurde nichts gebucht."
    assert told_by(signed_in(scene.other).post(address)) == "Darüber wurde schon entschieden."
    assert drop(stale, by=scene.other, now=NOW) is False
    late = signed_in(scene.other).post(f"{PLACE}boxen/{scene.count.pk}/", {"amount": "7,55"})
    assert late.context["form"].non_field_errors() == ["Darüber wurde schon entschieden."]
    scene.count.refresh_from_db()
    assert (scene.count.status, scene.count.decided_by) == ("dropped", scene.one)


@pytest.mark.parametrize(
    "address",
    [
        "zweck/{fund}/auszahlen/",
        "zweck/{fund}/fehlbetrag/",
        "{gift}/erstatten/",
        "{gift}/umwidmen/",
        "{large}/annehmen/",
        "konto/{body}/",
        "eingang/{line}/",
        "eingang/{line}/berichtigen/",
        "eingang/{line}/bargeld/",
        "eingang/{line}/neue-spende/",
        "abgang/{line}/gebuehr/",
        "abgang/{line}/freigabe/",
        "boxen/{count}/",
    ],
)
def test_what_another_body_has_is_not_there_for_its_neighbours(scene: Scene, address: str) -> None:
    own = {
        "fund": scene.fund.pk,
        "gift": scene.gift.pk,
        "large": scene.large.pk,
        "body": scene.fund.provider_id,
        "line": scene.credit.pk,
        "count": scene.count.pk,
    }
    place = PLACE + address.format(**own)
    neighbour = signed_in(make_user(Membership.Role.TREASURER, scene.foreign.provider))
    assert signed_in(scene.one).get(place).status_code == 200
    assert [neighbour.get(place).status_code, neighbour.post(place, {}).status_code] == [404, 404]
