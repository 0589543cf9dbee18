# ruff: noqa: F811 - fixtures are imported
"""What treasurers type that cannot be: each field says so itself, what was typed stays, nothing is stored."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from donations.models import (
    Allocation,
    BankTransaction,
    CashCount,
    Donation,
    Proposal,
    StatementImport,
)
from donations.services.treasury.proposals import propose_payout
from foundation.units import Cents
from outbox.models import Message
from programs.models import Provider
from tests.donations.money_scene import (  # noqa: F401
    CODE,
    FOREIGN_CODE,
    NOW,
    PLACE,
    Scene,
    scene,
    scene_of_module,
    signed_in,
    told_by,
)

pytestmark = pytest.mark.django_db
TOO_LONG = f"{'a' * 250}@example.org"
NO_AMOUNT = "Bitte geben Sie einen Betrag in Euro ein, zum Beispiel 25,50."
NO_ADDRESS = "Bitte prüfen Sie die E-Mail-Adresse, zum Beispiel name@beispiel.de."


def stored() -> list[int]:
    """How much of everything there is that an answer could add to."""
    models = (Proposal, BankTransaction, Donation, Allocation, CashCount, StatementImport, Message)
    return [model._default_manager.count() for model in models]


def errors(client: Client, address: str, answers: dict[str, Any]) -> dict[str, list[str]]:
    """Send what is refused; returns what stands at which field, and holds that nothing else happened."""
    before = stored()
    page = client.post(f"{PLACE}{address}", answers)
    assert page.status_code == 422, page.content.decode()[:500]
    assert stored() == before
    form = page.context["form"]
    for name in {*answers} & {*form.fields} - {"file"}:
        assert str(form[name].value()) == str(answers[name])
    return {name: [str(each) for each in found] for name, found in form.errors.items()}


CREDIT = {
    "provider": "",
    "booked_on": "2026-03-02",
    "amount": "12,50",
    "counterparty_name": "Eva",
    "remittance": "danke",
    "occurrence": "1",
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": ""}, {"amount": ["Bitte geben Sie den Betrag ein."]}),
        ({"amount": "0"}, {"amount": [NO_AMOUNT]}),
        ({"amount": "0,00"}, {"amount": [NO_AMOUNT]}),
        ({"amount": "-5"}, {"amount": [NO_AMOUNT]}),
        ({"amount": "12,505"}, {"amount": [NO_AMOUNT]}),
        ({"amount": "1e3"}, {"amount": [NO_AMOUNT]}),
        ({"amount": "99999999"}, {"amount": [NO_AMOUNT]}),
        ({"amount": "NaN"}, {"amount": [NO_AMOUNT]}),
        ({"amount": "١٢"}, {"amount": [NO_AMOUNT]}),
        ({"booked_on": ""}, {"booked_on": ["Bitte geben Sie den Buchungstag ein."]}),
        ({"booked_on": "31.02.2026"}, {"booked_on": ["Bitte geben Sie den Buchungstag als Datum ein."]}),
        ({"booked_on": "2099-12-31"}, {"booked_on": ["Der Buchungstag liegt in der Zukunft."]}),
        (
            {"amount": "x", "booked_on": ""},
            {"amount": [NO_AMOUNT], "booked_on": ["Bitte geben Sie den Buchungstag ein."]},
        ),
    ],
)
def test_a_line_of_the_statement_that_cannot_be(
    scene: Scene, wrong: dict[str, str], said: dict[str, list[str]]
) -> None:
    answers = {**CREDIT, "provider": str(scene.fund.provider_id), **wrong}
    assert errors(signed_in(scene.one), "eingang/", answers) == said


def test_a_line_on_the_account_of_another_body_is_not_typed(scene: Scene) -> None:
    answers = {**CREDIT, "provider": str(scene.foreign.provider_id)}
    assert list(errors(signed_in(scene.one), "eingang/", answers)) == ["provider"]


def test_a_second_equal_line_is_asked_about_once_and_then_is_one(scene: Scene) -> None:
    client, address = signed_in(scene.one), f"{PLACE}eingang/"
    answers = {**CREDIT, "provider": str(scene.fund.provider_id)}
    assert client.post(address, answers).status_code == 303
    page = client.post(address, answers)
    assert page.status_code == 422
    assert [str(each) for each in page.context["form"].non_field_errors()] == [
        "Diese Kontobewegung ist schon erfasst. Nur wenn es wirklich eine weitere, gleiche Überweisung ist, "
        "speichern Sie bitte noch einmal."
    ]
    assert page.context["form"]["occurrence"].value() == "2"
    assert client.post(address, {**answers, "occurrence": "2"}).status_code == 303
    lines = BankTransaction.objects.filter(counterparty_name="Eva")
    assert list(lines.values_list("amount_cents", "remittance")) == [(1250, "danke")] * 2
    again = client.post(address, {**answers, "occurrence": "2"})
    assert (again.status_code, lines.count()) == (422, 2)


@pytest.mark.parametrize(
    ("amount", "reason", "said"),
    [
        ("", "wozu", {"amount": ["Bitte geben Sie den Betrag ein."]}),
        ("0", "wozu", {"amount": [NO_AMOUNT]}),
        ("zehn", "wozu", {"amount": [NO_AMOUNT]}),
        ("5", "", {"reason": ["Bitte nennen Sie den Grund."]}),
        ("5", "   ", {"reason": ["Bitte nennen Sie den Grund."]}),
        ("", "", {"amount": ["Bitte geben Sie den Betrag ein."], "reason": ["Bitte nennen Sie den Grund."]}),
    ],
)
@pytest.mark.parametrize("what", ["payout", "refund"])
def test_money_leaves_only_with_an_amount_and_a_reason(
    scene: Scene, what: str, amount: str, reason: str, said: dict[str, list[str]]
) -> None:
    address = {
        "payout": f"zweck/{scene.fund.pk}/auszahlen/",
        "refund": f"{scene.gift.pk}/erstatten/",
    }[what]
    assert errors(signed_in(scene.one), address, {"amount": amount, "reason": reason}) == said


def test_one_cent_more_than_there_is_cannot_be_proposed_and_all_of_it_can(scene: Scene) -> None:
    """What is here: 50 € and 7.55 € of cash, less 10 € that are released; 1,500 € wait for the city."""
    client = signed_in(scene.one)
    payout, refund = f"zweck/{scene.fund.pk}/auszahlen/", f"{scene.gift.pk}/erstatten/"
    said = errors(client, payout, {"amount": "47,56", "reason": "x"})
    assert said == {"amount": ["Möglich sind höchstens 47,55\xa0€."]}
    said = errors(client, refund, {"amount": "50,01", "reason": "x"})
    assert said == {"amount": ["Möglich sind höchstens 50,00\xa0€."]}
    cover = errors(client, f"zweck/{scene.fund.pk}/fehlbetrag/", {"amount": "0,01", "reason": "x"})
    assert cover == {"amount": ["Möglich sind höchstens 0,00\xa0€."]}
    assert client.post(f"{PLACE}{payout}", {"amount": "47,55", "reason": "x"}).status_code == 303
    assert client.post(f"{PLACE}{refund}", {"amount": "50,00", "reason": "x"}).status_code == 303
    newest = Proposal.objects.order_by("-pk").values_list("kind", "amount_cents", "status")[:2]
    assert list(newest) == [("refund", 5000, "proposed"), ("payout", 4755, "proposed")]


@pytest.mark.parametrize(
    ("what", "answers", "said"),
    [
        ("debit", {"reason": ""}, {"reason": ["Bitte schreiben Sie, wofür."]}),
        ("credit", {"reason": "Entgelt"}, {"what": ["Bitte wählen Sie, was der Eingang ist."]}),
        ("credit", {"what": "eigenes", "reason": ""}, {"reason": ["Bitte schreiben Sie, wofür."]}),
    ],
)
def test_a_fee_needs_its_reason_and_money_that_comes_its_kind(
    scene: Scene, what: str, answers: dict[str, str], said: dict[str, list[str]]
) -> None:
    line = getattr(scene, what)
    found = errors(signed_in(scene.one), f"abgang/{line.pk}/gebuehr/", answers)
    assert {name: each for name, each in found.items() if name in said} == said


def test_a_debit_is_found_only_as_what_is_still_to_be_sent_over_its_very_sum(scene: Scene) -> None:
    """10 € were released, 3.50 € left: nothing is offered, and nothing else can be chosen."""
    order = Proposal.objects.get(kind="payout")
    answers = {"order": [str(order.pk)], "reason": "Beleg"}
    said = errors(signed_in(scene.one), f"abgang/{scene.debit.pk}/freigabe/", answers)
    assert said == {"order": ["Das steht nicht (mehr) zur Wahl."]}
    empty = errors(signed_in(scene.one), f"abgang/{scene.debit.pk}/freigabe/", {"reason": ""})
    assert empty == {
        "order": ["Bitte wählen Sie, was damit bezahlt ist."],
        "reason": ["Bitte schreiben Sie, woran."],
    }


NO_IBAN = "Das ist keine gültige IBAN. Bitte prüfen Sie jede Ziffer und die Länge."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"iban": ""}, {"iban": ["Bitte geben Sie die IBAN ein."]}),
        ({"iban": "DE03120300000000202051"}, {"iban": [NO_IBAN]}),
        ({"iban": "DE0212030000000020205"}, {"iban": [NO_IBAN]}),
        ({"iban": "DE021203000000002020511"}, {"iban": [NO_IBAN]}),
        ({"iban": "DE02 1203 0000 0000 2020 5O"}, {"iban": [NO_IBAN]}),
        ({"iban": "0000"}, {"iban": [NO_IBAN]}),
        ({"holder": ""}, {"holder": ["Bitte geben Sie den Namen ein."]}),
        ({"reason": ""}, {"reason": ["Bitte nennen Sie den Grund."]}),
    ],
)
def test_an_account_that_is_none_never_reaches_the_second_person(
    scene: Scene, wrong: dict[str, str], said: dict[str, list[str]]
) -> None:
    right = {"iban": "DE89 3704 0044 0532 0130 00", "holder": "Haus", "reason": "Bankwechsel"}
    address = f"konto/{scene.fund.provider_id}/"
    assert errors(signed_in(scene.one), address, {**right, **wrong}) == said


def test_an_account_is_kept_without_blanks_and_counts_from_the_release_on(scene: Scene) -> None:
    client, address = signed_in(scene.one), f"{PLACE}konto/{scene.fund.provider_id}/"
    said = {"iban": " de89 3704 0044 0532 0130 00", "holder": "Haus e. V.", "reason": "Bankwechsel"}
    assert client.post(address, said).status_code == 303
    proposal = Proposal.objects.get(kind="account")
    assert (proposal.iban, proposal.account_holder_name) == ("DE89370400440532013000", "Haus e. V.")
    body = Provider.objects.get(pk=scene.fund.provider_id)
    assert body.iban == "DE02120300000000202051"
    decide = f"{PLACE}vorschlag/{proposal.pk}/"
    own = client.post(decide, {"entscheidung": "freigeben"})
    assert told_by(own) == "Was Sie selbst vorgeschlagen haben, gibt jemand anders frei."
    assert signed_in(scene.other).post(decide, {"entscheidung": "freigeben"}).status_code == 303
    body.refresh_from_db()
    assert (body.iban, body.account_holder_name) == ("DE89370400440532013000", "Haus e. V.")


def test_a_gift_goes_to_another_purpose_of_the_same_body_only(scene: Scene) -> None:
    client, address = signed_in(scene.one), f"{scene.gift.pk}/umwidmen/"
    for wrong in (scene.foreign.pk, scene.fund.pk, 0, "x"):
        assert list(errors(client, address, {"to_fund": str(wrong), "reason": "Brief"})) == ["to_fund"]
    assert errors(client, address, {"to_fund": "", "reason": ""}) == {
        "to_fund": ["Bitte wählen Sie den neuen Zweck."],
        "reason": ["Bitte nennen Sie den Grund."],
    }
    assert (
        client.post(f"{PLACE}{address}", {"to_fund": scene.second.pk, "reason": "Brief"}).status_code == 303
    )
    proposal = Proposal.objects.get(kind="reallocation")
    assert (proposal.fund, proposal.to_fund, proposal.amount_cents) == (scene.fund, scene.second, 5000)


def test_what_the_city_decided_is_written_down_in_full(scene: Scene) -> None:
    client, address = signed_in(scene.one), f"{scene.large.pk}/annehmen/"
    assert errors(client, address, {"decision": "", "pending_matter": "", "reason": ""}) == {
        "decision": ["Bitte wählen Sie, was entschieden ist."],
        "pending_matter": ["Bitte wählen Sie eine Antwort."],
        "reason": ["Bitte nennen Sie, wer entschieden hat."],
    }
    Donation.objects.filter(pk=scene.large.pk).update(pending_matter="no")
    assert list(errors(client, address, {"decision": "vielleicht", "reason": "Rat"})) == ["decision"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"fault": "", "reason": "x"}, {"fault": ["Bitte wählen Sie, was falsch ist."]}),
        ({"fault": "betrag", "amount": "", "reason": "x"}, {"amount": [NO_AMOUNT]}),
        (
            {"fault": "betrag", "amount": "50,00", "reason": "x"},
            {"amount": ["Mit diesem Betrag steht der Eingang schon in den Büchern."]},
        ),
        (
            {"fault": "spende", "code": "", "reason": "x"},
            {"code": ["Zu diesem Code gibt es keine andere Spende bei Ihrem Träger."]},
        ),
        (
            {"fault": "spende", "code": FOREIGN_CODE, "reason": "x"},
            {"code": ["Zu diesem Code gibt es keine andere Spende bei Ihrem Träger."]},
        ),
        ({"fault": "keine", "reason": ""}, {"reason": ["Bitte nennen Sie den Grund."]}),
    ],
)
def test_a_correction_says_what_is_wrong_and_what_is_right(
    scene: Scene, answers: dict[str, str], said: dict[str, list[str]]
) -> None:
    assert errors(signed_in(scene.one), f"eingang/{scene.paid.pk}/berichtigen/", answers) == said


def test_of_a_line_that_pays_nothing_nobody_proposes_that_it_pays_nothing(scene: Scene) -> None:
    address = f"eingang/{scene.credit.pk}/berichtigen/"
    said = errors(signed_in(scene.one), address, {"fault": "keine", "reason": "x"})
    assert said == {"fault": ["Der Eingang ist schon keiner Zusage zugeordnet."]}
    same = errors(signed_in(scene.one), address, {"fault": "betrag", "amount": "25", "reason": "x"})
    assert same == {"amount": ["Mit diesem Betrag steht der Eingang schon in den Büchern."]}
    right = {"fault": "spende", "code": f" {CODE.lower()} ", "reason": "x"}
    assert signed_in(scene.one).post(f"{PLACE}{address}", right).status_code == 303
    proposal = Proposal.objects.get(kind="correction")
    assert (proposal.amount_cents, proposal.donation, proposal.target) == (2500, None, scene.promise)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": ""}, {"amount": ["Bitte geben Sie den Betrag ein."]}),
        ({"amount": "0"}, {"amount": [NO_AMOUNT]}),
        ({"amount": "25,01"}, {"amount": ["Offen sind noch 25,00\xa0€."]}),
        ({"email": "keine"}, {"email": [NO_ADDRESS]}),
        ({"email": TOO_LONG}, {"email": [NO_ADDRESS]}),
    ],
)
def test_a_gift_that_nobody_promised_has_an_amount_and_perhaps_an_address(
    scene: Scene, wrong: dict[str, str], said: dict[str, list[str]]
) -> None:
    right = {"fund": str(scene.fund.pk), "amount": "25", "name": "Dora", "email": ""}
    address = f"eingang/{scene.credit.pk}/neue-spende/"
    assert errors(signed_in(scene.one), address, {**right, **wrong}) == said


def test_a_gift_that_nobody_promised_is_for_a_purpose_of_the_body_and_of_a_name(scene: Scene) -> None:
    client, address = signed_in(scene.one), f"eingang/{scene.credit.pk}/neue-spende/"
    foreign = {"fund": str(scene.foreign.pk), "amount": "25", "name": "Dora"}
    assert list(errors(client, address, foreign)) == ["fund"]
    link = {"fund": str(scene.fund.pk), "amount": "25", "name": "www.boese.example"}
    assert list(errors(client, address, link)) == ["name"]
    part = {"fund": str(scene.fund.pk), "amount": "24,99", "name": "Dora", "email": " Dora@Example.ORG "}
    answer = client.post(f"{PLACE}{address}", part)
    assert answer["Location"] == f"{PLACE}eingang/{scene.credit.pk}/"
    gift = Donation.objects.latest("pk")
    assert (gift.amount_cents, gift.donor.email, gift.status) == (2499, "dora@example.org", "received")
    scene.credit.refresh_from_db()
    assert scene.credit.open_cents == 1
    last = client.post(f"{PLACE}{address}", {"fund": str(scene.fund.pk), "amount": "0,01", "name": ""})
    assert last["Location"] == PLACE
    late = client.post(f"{PLACE}{address}", {"fund": str(scene.fund.pk), "amount": "0,01", "name": ""})
    assert late.status_code == 422
    assert Donation.objects.filter(allocations__line=scene.credit).count() == 2


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", ["Bitte geben Sie ein, was Sie gezählt haben."]),
        ("0", [NO_AMOUNT]),
        ("7,5,5", [NO_AMOUNT]),
    ],
)
def test_the_second_count_is_an_amount(scene: Scene, amount: str, said: list[str]) -> None:
    found = errors(signed_in(scene.other), f"boxen/{scene.count.pk}/", {"amount": amount})
    assert found == {"amount": said}


@pytest.mark.parametrize(
    ("who", "amount", "begins"),
    [
        ("one", "7,55", "Was Sie selbst gezählt haben, zählt jemand anders nach."),
        ("other", "7,54", "Das ist eine andere Summe, als aufgeschrieben wurde."),
        ("other", "7,56", "Das ist eine andere Summe, als aufgeschrieben wurde."),
    ],
)
def test_the_same_person_or_another_sum_books_nothing(
    scene: Scene, who: str, amount: str, begins: str
) -> None:
    user: User = getattr(scene, who)
    (told,) = errors(signed_in(user), f"boxen/{scene.count.pk}/", {"amount": amount})["__all__"]
    assert told.startswith(begins)
    scene.count.refresh_from_db()
    assert scene.count.status == "proposed"


def test_cash_is_that_of_a_line_to_the_cent_and_of_this_body(scene: Scene) -> None:
    client, address = signed_in(scene.one), f"eingang/{scene.credit.pk}/bargeld/"
    assert errors(client, address, {}) == {"counts": ["Bitte wählen Sie, was eingezahlt wurde."]}
    page = client.post(f"{PLACE}{address}", {"counts": [scene.cash.pk]})
    assert page.status_code == 422
    assert page.context["form"].errors["counts"] == [
        "Zusammen sind das 7,55\xa0€, eingezahlt wurden 25,00\xa0€."
    ]
    unconfirmed = client.post(f"{PLACE}{address}", {"counts": [scene.count.pk]})
    assert unconfirmed.status_code == 422


def test_a_count_is_undone_with_a_reason_and_by_somebody_else(scene: Scene) -> None:
    undo = f"{PLACE}boxen/{scene.cash.pk}/rueckgaengig/"
    assert (
        told_by(signed_in(scene.other).post(undo, {"reason": ""})) == "Dieses Feld ist zwingend erforderlich."
    )
    own = signed_in(scene.one).post(undo, {"reason": "falsch"})
    assert told_by(own) == "Was Sie selbst gezählt haben, zählt jemand anders nach."
    scene.cash.refresh_from_db()
    assert (scene.cash.status, scene.cash.undone_for) == ("confirmed", "")
    done = signed_in(scene.other).post(undo, {"reason": "falsch"})
    assert told_by(done) == "Rückgängig gemacht. Bitte zählen Sie neu, wenn das Geld noch da ist."
    again = signed_in(scene.other).post(undo, {"reason": "falsch"})
    drop = signed_in(scene.one).post(f"{PLACE}boxen/{scene.cash.pk}/verwerfen/")
    assert told_by(again) == told_by(drop) == "Darüber wurde schon entschieden."


@pytest.mark.parametrize(
    ("name", "body", "begins"),
    [
        ("auszug.xml", b"", "Diese Datei ist leer."),
        ("auszug.xml", b"kein Auszug", "Diese Datei ist kein lesbarer Kontoauszug."),
        ("auszug.pdf", b"%PDF-1.7", ""),
        ("auszug.zip", b"PK\x03\x04", "Diese Datei ist kein lesbarer Kontoauszug."),
        ("auszug.sta", b":20:A\r\n:25:DE89370400440532013000\r\n:28C:1/1\r\n", "Diese Datei ist kein"),
    ],
)
def test_a_file_that_is_no_statement_says_why_at_its_field(
    scene: Scene, name: str, body: bytes, begins: str
) -> None:
    answers = {"provider": str(scene.fund.provider_id), "file": SimpleUploadedFile(name, body)}
    found = errors(signed_in(scene.one), "kontoauszug/", answers)
    assert list(found) == ["file"]
    assert found["file"][0].startswith(begins)


def test_without_a_file_or_for_another_body_nothing_is_read(scene: Scene) -> None:
    client = signed_in(scene.one)
    missing = errors(client, "kontoauszug/", {"provider": str(scene.fund.provider_id)})
    assert missing == {"file": ["Bitte wählen Sie eine Datei."]}
    upload = SimpleUploadedFile("auszug.sta", b":20:A")
    foreign = errors(client, "kontoauszug/", {"provider": str(scene.foreign.provider_id), "file": upload})
    assert "provider" in foreign


@pytest.mark.parametrize("decision", ["", "quatsch", "freigeben ", "FREIGEBEN"])
def test_a_decision_that_is_none_decides_nothing(scene: Scene, decision: str) -> None:
    proposal = propose_payout(scene.second, Cents(1), "x", by=scene.one, now=NOW)
    answer = signed_in(scene.other).post(f"{PLACE}vorschlag/{proposal.pk}/", {"entscheidung": decision})
    assert told_by(answer) == "Bitte wählen Sie: freigeben oder ablehnen."
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by) == ("proposed", None)


def test_what_is_decided_or_gone_says_so_and_stays_as_it_is(scene: Scene) -> None:
    client = signed_in(scene.other)

    def told(proposal: Proposal, decision: str) -> str:
        return told_by(client.post(f"{PLACE}vorschlag/{proposal.pk}/", {"entscheidung": decision}))

    proposal = propose_payout(scene.fund, Cents(100), "x", by=scene.one, now=NOW)
    assert told(proposal, "ablehnen") == "Abgelehnt. Es wurde nichts gebucht."
    assert told(proposal, "ablehnen") == "Darüber war schon entschieden."
    assert told(proposal, "freigeben") == "Darüber war schon entschieden."
    assert told(proposal, "zurueckziehen") == "Das ist schon unterwegs und lässt sich nicht zurückziehen."
    released = propose_payout(scene.fund, Cents(100), "x", by=scene.one, now=NOW)
    assert told(released, "freigeben") == "Freigegeben."
    assert told(released, "zurueckziehen") == "Zurückgezogen. Bitte überweisen Sie es nicht mehr."
    assert told(released, "zurueckziehen") == "Das ist schon unterwegs und lässt sich nicht zurückziehen."
