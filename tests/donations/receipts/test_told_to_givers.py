"""Every word and value that givers are told of their receipts, and nothing of anybody else's."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from donations.receipts.services.citizen_part import stored_about
from donations.receipts.services.contributions import confirm
from donations.receipts.services.issuing import issue
from donations.receipts.services.retention import restrict
from donations.receipts.services.wishes import refuse_wish
from donations.receipts.services.withdrawal import withdraw_by_hand
from foundation.actors import system
from outbox.models import Message
from programs.access import Role
from programs.models import Fund
from tests.donations.gifts import make_donor
from tests.donations.receipts.bodies import ISSUED_AT, details, make_issuer, wished_gift, written_down
from tests.factories import make_fund, make_provider, make_user

pytestmark = pytest.mark.django_db
HAND = system("test")
WAYS = ("issued", "withdrawn")
EARLIER = datetime(2027, 2, 25, 9, 0, tzinfo=UTC)
ISSUED = (
    "Guten Tag Ada Kanarienvogel, Ihre Zuwendungsbestätigung über 25,00 € ist fertig "
    "(Nummer VL-2027-0000{}). "
    "Sie liegt als PDF auf „Meine Seite“ zum Ausdrucken und gilt ohne eigenhändige Unterschrift."
)
WITHDRAWN = (
    "Guten Tag Ada Kanarienvogel, die Zuwendungsbestätigung VL-2027-00001 über 25,00 € gilt nicht mehr. "
    "Grund: Sie enthielt einen Fehler. Bitte verwenden Sie sie nicht für Ihre Steuererklärung. Haben Sie sie "
    "ausgedruckt oder auf Papier, geben Sie sie bitte zurück an: Verein Lesen e. V. Haben Sie sie schon "
    "eingereicht, sagen Sie bitte Ihrem Finanzamt Bescheid. An ihre Stelle tritt die Nummer VL-2027-00002."
)
REFUSED = (
    "Guten Tag Ada Kanarienvogel, Sie haben für Ihre Spende von 7 € eine Zuwendungsbestätigung gewünscht. "
    "Leider ist das nicht möglich. Für diese Spende gibt es schon eine Bestätigung auf Papier. "
    "Fragen dazu beantwortet: Verein Lesen."
)

A_RECEIPT = {
    "stand": "ausgestellt",
    "ausgestellt": date(2027, 3, 3),
    "betrag_cent": 700,
    "aussteller": "Verein Lesen e. V.",
    "name": "Ada Kanarienvogel",
    "anschrift": "Musterweg 1, 52349 Düren",
}
GOODS = {
    "art": "Sachspende",
    "stand": "wartet auf die zweite Person",
    "tag": date(2026, 7, 1),
    "zweck": "Bücher",
    "wert_cent": 150_050,
    "bezeichnung": "Lastenrad",
    "wertermittlung": "Rechnung",
    "laufende_angelegenheit": "Nein",
    "name": "Ada Kanarienvogel",
    "anschrift": "Musterweg 1, 52349 Düren",
}


def said(mail: Message) -> str:
    """The words of a mail above its links, in one line."""
    return " ".join(mail.body_text.split("Ihre Spenden ansehen:")[0].replace("\xa0", " ").split())


@pytest.fixture
def fund() -> Fund:
    fund = make_fund("Bücher", provider=make_provider("Verein Lesen", issuer_kind="kstg_5_1_9"))
    make_issuer(fund.provider, details(fund), EARLIER)
    return fund


def test_a_number_stays_in_one_line_of_a_mail(fund: Fund) -> None:
    receipt = issue([wished_gift(fund).pk], actor=HAND, now=ISSUED_AT)
    withdraw_by_hand(receipt.pk, actor=HAND, now=ISSUED_AT)
    issued, withdrawn = (Message.objects.filter(template=f"receipt_{what}").earliest("pk") for what in WAYS)
    whole = '<span style="white-space:nowrap">VL-2027-0000{}</span>'
    assert whole.format(1) in issued.body_html
    assert [whole.format(number) in withdrawn.body_html for number in (1, 2)] == [True, True]


def test_who_asks_what_is_stored_is_told_all_of_theirs_by_its_days(fund: Fund) -> None:
    ada, ben = make_donor("ada@example.org"), make_donor("ben@example.org")
    one, two = (make_user(Role.TREASURER, fund.provider) for _ in range(2))
    issue([wished_gift(fund, donor=ada, street="Neuer Weg 2").pk], actor=HAND, now=ISSUED_AT)
    early = issue([wished_gift(fund, donor=ada, cents=700).pk], actor=HAND, now=EARLIER)
    of_ben = issue([wished_gift(fund, donor=ben, name="Ben").pk], actor=HAND, now=ISSUED_AT)
    withdraw_by_hand(early.pk, actor=HAND, now=ISSUED_AT)
    of_goods: dict[str, Any] = {"age": "", "condition": "", "purchase_price": "", "origin": ""}
    waived: dict[str, Any] = {"kind": "waiver", "claim": "contract", "claim_on": date(2026, 1, 2), **of_goods}
    written_down(fund, by=one, given_on=date(2026, 7, 1), pending_matter="no")
    first = written_down(
        fund, by=one, given_on=date(2026, 6, 30), spent_on=date(2026, 6, 1), value_cents=3600, **waived
    )
    confirm(first.pk, by=two, actor=HAND, now=ISSUED_AT)
    written_down(fund, by=one, email="ben@example.org", name="Ben")
    assert ada.mailbox is not None
    told = stored_about(ada.mailbox)

    assert told == {
        "zuwendungsbestaetigungen": [
            {
                **A_RECEIPT,
                "nummer": "VL-2027-00002",
                "stand": "zurückgenommen",
                "ausgestellt": date(2027, 2, 25),
            },
            {
                **A_RECEIPT,
                "nummer": "VL-2027-00001",
                "betrag_cent": 2500,
                "anschrift": "Neuer Weg 2, 52349 Düren",
            },
            {**A_RECEIPT, "nummer": "VL-2027-00004"},
        ],
        "sachspenden_und_verzichte": [
            {
                **GOODS,
                "art": "Verzicht auf Erstattung von Aufwendungen",
                "stand": "bestätigt",
                "tag": date(2026, 6, 30),
                "wert_cent": 3600,
                "laufende_angelegenheit": "",
            },
            GOODS,
        ],
    }
    assert ben.mailbox is not None
    assert [each["nummer"] for each in stored_about(ben.mailbox)["zuwendungsbestaetigungen"]] == [
        of_ben.number
    ]
    restrict(ben.mailbox, ISSUED_AT)
    assert stored_about(ben.mailbox) == {"zuwendungsbestaetigungen": [], "sachspenden_und_verzichte": []}
    assert stored_about(ada.mailbox) == told


def test_the_mails_say_who_how_much_and_what_follows(fund: Fund) -> None:
    ada = make_donor("ada@example.org")
    receipt = issue([wished_gift(fund, donor=ada).pk], actor=HAND, now=EARLIER)
    withdraw_by_hand(receipt.pk, actor=HAND, now=ISSUED_AT)
    gift, by = wished_gift(fund, donor=ada, cents=700), make_user(Role.TREASURER, fund.provider)
    assert refuse_wish(gift, "elsewhere", refused_by=by, actor=HAND, now=ISSUED_AT)
    mails = Message.objects.order_by("pk")
    assert {each.to_email for each in mails} == {"ada@example.org"}
    assert [(each.key, each.subject, said(each)) for each in mails] == [
        (
            f"receipt.issued:{receipt.pk}",
            "Ihre Zuwendungsbestätigung VL-2027-00001 ist fertig",
            ISSUED.format(1),
        ),
        (
            f"receipt.issued:{receipt.replaced_by.pk}",
            "Ihre Zuwendungsbestätigung VL-2027-00002 ist fertig",
            ISSUED.format(2),
        ),
        (
            f"receipt.withdrawn:{receipt.pk}",
            "Ihre Zuwendungsbestätigung VL-2027-00001 gilt nicht mehr",
            WITHDRAWN,
        ),
        (
            f"receipt.refused:{gift.pk}:{gift.receipt_refusal.pk}",
            "Ihr Wunsch nach einer Zuwendungsbestätigung",
            REFUSED,
        ),
    ]
