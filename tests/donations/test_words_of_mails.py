"""Every mail about a gift in its words: who, how much, for what, and what follows."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from donations.models import Dispute, Donation, RecurringDonation, Refund, TransferReference
from donations.services.gifts import mails, monthly_mails
from foundation.units import Cents
from outbox.models import Message
from programs.models import Fund
from tests.donations.gifts import make_donation, make_donor
from tests.factories import make_fund, make_provider

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
IN_AN_HOUR, IN_TWO = AT + timedelta(hours=1), AT + timedelta(hours=2)
THANKS = (
    "Guten Tag Ada, danke von Herzen! Ihre Spende von 25 € ist am 10.03.2026 bei der Stadt Düren "
    "eingegangen. Ihr Spendenzweck: Schulranzen Ranzen für Kinder. Wenn mehr zusammenkommt oder der "
    "Bedarf entfällt: Hefte für Kinder. Für das Finanzamt genügt bei Spenden bis 300 € Ihr "
    "Kontoauszug zusammen mit den Angaben des Zahlungsdienstes zu Ihrer Zahlung. Eine "
    "Zuwendungsbestätigung brauchen Sie dann nicht."
)
SAID = [
    (
        "gift.thanks:{one}",
        "Danke! Ihre Spende von 25 € ist angekommen",
        THANKS,
    ),
    (
        "gift.thanks:{one}:bank:1",
        "Danke! Ihre Spende von 25 € ist angekommen",
        THANKS,
    ),
    (
        "gift.transfer_data:{promised}",
        "Ihre Überweisung von 25 €: die Daten",
        (
            "Guten Tag, danke, dass Sie 25 € geben möchten. Bitte überweisen Sie mit diesen Angaben: "
            "Empfänger: Stadtkasse IBAN: DE02 1203 0000 0000 2020 51 Betrag: 25,00 € "
            "Verwendungszweck: RF18 ABCD EFGH 23 Mit QR-Code für Ihre Banking-App: "
            "<spenden/ueberweisung> Ihr Spendenzweck: Schulranzen Ranzen für Kinder. Wenn mehr "
            "zusammenkommt oder der Bedarf entfällt: Hefte für Kinder. Der Verwendungszweck führt Ihr "
            "Geld zu Ihrer Spende: Bitte geben Sie ihn genau so an. Ihre Zusage verpflichtet Sie zu "
            "nichts. Haben Sie sie nicht selbst gemacht, löschen Sie diese Nachricht einfach."
        ),
    ),
    (
        "gift.reminder:{promised}",
        "Haben Sie noch vor, 25 € zu geben?",
        (
            "Guten Tag, vor zwei Wochen wollten Sie 25 € spenden. Angekommen ist das Geld noch nicht. "
            "Falls Sie es noch vorhaben, sind hier die Angaben: Empfänger: Stadtkasse IBAN: DE02 1203 "
            "0000 0000 2020 51 Betrag: 25,00 € Verwendungszweck: RF18 ABCD EFGH 23 Mit QR-Code für "
            "Ihre Banking-App: <spenden/ueberweisung> Wenn Sie es sich anders überlegt haben, ist das "
            "in Ordnung: Sie müssen nichts tun, und wir erinnern Sie nicht noch einmal. Haben Sie "
            "gerade überwiesen? Dann danke!"
        ),
    ),
    (
        "gift.failed:{one}",
        "Ihre Spende von 25 € konnte nicht eingezogen werden",
        (
            "Guten Tag Ada, Ihre Bank hat die Lastschrift über 25 € nicht eingelöst. Wir haben kein "
            "Geld erhalten. Ihre Bank nennt als Grund: Das Konto war nicht ausreichend gedeckt. "
            "Möchten Sie es noch einmal versuchen? Das geht jederzeit, auch mit einem anderen "
            "Zahlungsweg. Wenn nicht, müssen Sie nichts tun."
        ),
    ),
    (
        "gift.returned:dp_1",
        "Ihre Bank hat 25 € zurückgebucht",
        (
            "Guten Tag Ada, Ihre Bank hat die Lastschrift über 25 € zurückgebucht. Das Geld ist "
            "wieder auf Ihrem Konto, Sie müssen nichts tun. War das nicht beabsichtigt? Sie können "
            "jederzeit neu spenden, auch mit einem anderen Zahlungsweg."
        ),
    ),
    (
        "gift.refund:re_1",
        "Wir haben Ihnen 7 € zurückgezahlt",
        (
            "Guten Tag Ada, von Ihrer Spende über 25 € haben wir 7 € zurückgezahlt. Das Geld kommt "
            "auf dem Weg zurück, auf dem Sie gegeben haben; das dauert einige Tage."
        ),
    ),
    (
        "gift.refund_failed:re_1",
        "Die Erstattung von 7 € ist nicht bei Ihnen angekommen",
        (
            "Guten Tag Ada, die Erstattung von 7 € ist nicht bei Ihnen angekommen: Ihre Bank oder Ihr "
            "Zahlungsdienst hat sie nicht angenommen. Das Geld ist wieder bei uns und bleibt für "
            "Ihren Spendenzweck: Schulranzen. Möchten Sie es zurückhaben? Dann wenden Sie sich bitte "
            "an: Stadt Düren."
        ),
    ),
    (
        "gift.corrected:5",
        "Wir haben uns bei Ihrer Spende vertan",
        (
            "Guten Tag Ada, bei Ihrer Spende für Schulranzen hatten wir 12 € gebucht. Richtig sind 25 "
            "€. Wir haben es berichtigt; Sie müssen nichts tun. Bitte entschuldigen Sie das Versehen."
        ),
    ),
    (
        "gift.corrected:6",
        "Wir haben uns bei Ihrer Spende vertan",
        (
            "Guten Tag Ada, bei Ihrer Spende für Schulranzen hatten wir einen Eingang von 12 € "
            "gebucht, der nicht zu ihr gehört. Wir haben es berichtigt. Unser Dank kam zu früh; von "
            "Ihnen ist dafür kein Geld eingegangen. Bitte entschuldigen Sie das Versehen."
        ),
    ),
    (
        "gift.accepted:{one}",
        "Die Stadt hat Ihre Spende von 25 € angenommen",
        (
            "Guten Tag Ada, Ihre Spende von 25 € ist angenommen. Danke von Herzen! Ihr Spendenzweck: "
            "Schulranzen Ranzen für Kinder. Wenn mehr zusammenkommt oder der Bedarf entfällt: Hefte "
            "für Kinder. Für das Finanzamt genügt bei Spenden bis 300 € Ihr Kontoauszug zusammen mit "
            "den Angaben des Zahlungsdienstes zu Ihrer Zahlung. Eine Zuwendungsbestätigung brauchen "
            "Sie dann nicht."
        ),
    ),
    (
        "gift.not_accepted:{one}",
        "Die Stadt kann Ihre Spende von 25 € nicht annehmen",
        (
            "Guten Tag Ada, danke, dass Sie helfen wollten. Ihre Spende von 25 € kann die Stadt "
            "leider nicht annehmen. Das liegt nicht an Ihnen, sondern an den Regeln, nach denen die "
            "Stadt große Spenden annimmt. Wir geben Ihnen 24 € zurück, auf dem Weg, auf dem Sie "
            "gegeben haben. Sobald das Geld unterwegs ist, schreiben wir Ihnen. Sie müssen nichts "
            "tun."
        ),
    ),
    (
        "gift.reallocated:7",
        "Ihre Spende hilft jetzt hier: Schulranzen",
        (
            "Guten Tag Ada, Ihre Spende von 23 € war für „Hefte“ gedacht. Wie besprochen oder bei der "
            "Spende vereinbart, verwenden wir sie jetzt für „Schulranzen“. Ihr Spendenzweck: "
            "Schulranzen Ranzen für Kinder. Wenn mehr zusammenkommt oder der Bedarf entfällt: Hefte "
            "für Kinder. Sind Sie damit nicht einverstanden? Dann melden Sie sich bitte bei uns "
            "(Stadt Düren): Wir nehmen es zurück."
        ),
    ),
    (
        "monthly.failed:in_1",
        "Ihre Dauerspende von 10 € konnte nicht eingezogen werden",
        (
            "Guten Tag, Ihre Dauerspende von 10 € im Monat für Schulranzen konnte diesmal nicht "
            "eingezogen werden. Ihre Bank nennt als Grund: Das Konto war nicht ausreichend gedeckt. "
            "Mit einem Klick bringen Sie es in Ordnung: noch einmal einziehen lassen oder ein anderes "
            "Konto, eine andere Karte angeben. Zahlung in Ordnung bringen: <dauerspende/zahlung> Wenn "
            "Sie nichts tun, versucht der Zahlungsdienst es später noch einmal. Möchten Sie das "
            "nicht, beenden Sie die Dauerspende mit dem Link unten."
        ),
    ),
    (
        "monthly.changed:{row}:3",
        "Ihre Dauerspende ist geändert",
        (
            "Guten Tag, ab jetzt gilt für Ihre Dauerspende für Schulranzen: 10 € im Monat, Karte. Der "
            "nächste Einzug ist am 01.04.2026. Haben Sie das nicht veranlasst? Auf Ihrer Seite ändern "
            "oder beenden Sie die Dauerspende jederzeit selbst."
        ),
    ),
    (
        "monthly.card:{row}:2026-04-30",
        "Ihre Karte läuft bald ab",
        (
            "Guten Tag, die Karte, von der wir Ihre Dauerspende von 10 € im Monat für Schulranzen "
            "einziehen, gilt nur noch bis 04/2026. Damit Ihre Hilfe weitergeht, geben Sie bitte die "
            "neue Karte oder ein Konto an: Karte erneuern: <dauerspende/zahlung> Hat Ihre Bank die "
            "neue Karte schon von selbst gemeldet, müssen Sie nichts tun."
        ),
    ),
    (
        "monthly.ended:{row}",
        "Ihre Dauerspende ist beendet",
        (
            "Guten Tag, Ihre Dauerspende von 10 € im Monat für Schulranzen ist beendet. Es wird "
            "nichts mehr abgebucht. Danke für alles, was Sie gegeben haben."
        ),
    ),
]


@pytest.fixture
def fund(db: None) -> Fund:
    body = make_provider(
        "Stadt Düren",
        name_dative="der Stadt Düren",
        kind="city",
        issuer_kind="jpoer",
        iban="DE02120300000000202051",
        account_holder_name="Stadtkasse",
    )
    texts = {"purpose": "Ranzen für Kinder.", "fallback_purpose": "Hefte für Kinder."}
    return make_fund("Schulranzen", provider=body, **texts)


def gift(fund: Fund, **more: Any) -> Donation:
    said = {
        "donor": make_donor("ada@example.org"),
        "donor_name": "Ada",
        "status": "received",
        "received_at": AT,
    }
    return make_donation(fund, **{**said, **more})


def words(mail: Message) -> str:
    """What stands above the link to "Meine Seite", in one line; of other links the page alone."""
    said = " ".join(mail.body_text.split("Ihre Spenden ansehen")[0].replace("\xa0", " ").split())
    return re.sub(r"http://[^/]+/(\S+?)/[^/\s]{20,}/", r"<\1>", said)


def test_each_mail_says_what_is_true_of_its_gift(fund: Fund) -> None:
    one = gift(fund)
    promised = gift(fund, status="pledged", received_at=None, method="transfer")
    TransferReference.objects.create(donation=promised, reference="RF18ABCDEFGH23")
    refund = Refund(external_id="re_1", amount_cents=700)
    row = RecurringDonation.objects.create(
        donor=one.donor,
        fund=fund,
        amount_cents=1000,
        rhythm="month",
        method="card",
        status="active",
        stripe_subscription_id="sub_1",
        status_changed_at=AT,
        created_at=AT,
        next_on=date(2026, 4, 1),
        card_expires_on=date(2026, 4, 30),
        version=3,
    )
    mails.thank(one, AT)
    mails.thank_for_rest(one, "bank:1", AT)
    mails.tell_transfer_data(promised, AT, IN_AN_HOUR)
    mails.remind_of_transfer(promised, AT, IN_TWO)
    mails.tell_failed(one, "funds", AT)
    mails.tell_returned(one, Dispute(external_id="dp_1", lost_cents=2500), AT)
    mails.tell_refunded(one, refund, AT)
    mails.tell_refund_failed(one, refund, AT)
    mails.tell_corrected(one, 5, Cents(1200), AT)
    mails.tell_corrected(promised, 6, Cents(1200), AT)
    mails.tell_accepted(one, AT)
    mails.tell_not_accepted(one, Cents(2400), AT)
    mails.tell_reallocated(one, 7, "Hefte", Cents(2300), AT)
    monthly_mails.tell_failed(row, "in_1", "funds", AT)
    monthly_mails.tell_changed(row, AT)
    monthly_mails.tell_card_expires(row, AT)
    monthly_mails.tell_ended(row, AT)
    written = Message.objects.order_by("pk")
    assert {each.to_email for each in written} == {"ada@example.org"}
    assert [(each.key, each.due_at) for each in written if each.due_at != AT] == [
        (f"gift.transfer_data:{promised.pk}", IN_AN_HOUR),
        (f"gift.reminder:{promised.pk}", IN_TWO),
    ]
    found = [(each.key, each.subject.replace("\xa0", " "), words(each)) for each in written]
    numbers = {"one": one.pk, "promised": promised.pk, "row": row.pk}
    for said, (key, subject, text) in zip(found, SAID, strict=True):
        assert said == (key.format(**numbers), subject, text)
