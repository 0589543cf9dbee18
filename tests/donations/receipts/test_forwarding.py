"""The city passes a gift on to a tax-exempt body and confirms it: by the notice it has seen (RULES §2.2)."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from donations.receipts.domain.eligibility import Refusal
from donations.receipts.domain.forwarding import Recipient, read, recipient_of, stored
from donations.receipts.gateways.template_files import templates_of
from donations.receipts.models import Issuer, Receipt, ReceiptFile
from donations.receipts.services.issuers import approve
from donations.receipts.services.issuing import IssueRefused, issue, sign
from donations.receipts.services.readiness import are_issued_for
from donations.receipts.services.yearly import issue_year
from foundation.actors import system
from foundation.clock import local_day, utc_now
from programs.access import Role
from programs.models import Fund
from tests.donations.gifts import make_donor
from tests.donations.receipts.bodies import ISSUED_AT, city, make_issuer, wished_gift
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user

HAND = system("test")
CLUB = {
    "name": "Verein Lesen e. V.",
    "tax_office": "Jülich",
    "tax_number": "207/9999/1234",
    "notice_kind": "exemption",
    "notice_on": "2025-05-12",
}


@pytest.fixture
def fund(db: None) -> Fund:
    return make_fund("Bücher", provider=make_provider("Stadt", issuer_kind="jpoer"))


def passing_on(fund: Fund, *others: Fund, **changed: Any) -> Issuer:
    """The city passes on what is given for `fund`, and uses the rest itself."""
    purposes = {str(each.pk): "52-4" for each in (fund, *others)}
    said = city(fund, fund_purposes=purposes, forwarding={str(fund.pk): {**CLUB, **changed}})
    return make_issuer(fund.provider, said)


def printed(receipt: Receipt) -> str:
    pages = pypdf.PdfReader(io.BytesIO(bytes(ReceiptFile.objects.get(receipt=receipt).body))).pages
    return " ".join(pages[0].extract_text().replace("\xa0", " ").split())


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("exemption", date(2025, 5, 12), date(2030, 5, 12)),
        ("statutes", date(2025, 5, 12), date(2028, 5, 12)),
    ],
)
def test_the_notice_counts_to_the_day(kind: str, first: date, last: date) -> None:
    recipient = Recipient("Verein", "Düren", "1", kind, first)
    before, after = first.replace(day=11), last.replace(day=13)
    assert [recipient.counts_on(day) for day in (before, first, last, after)] == [False, True, True, False]
    assert read(stored(recipient)) == recipient
    assert recipient_of({"7": stored(recipient)}, 7) == recipient
    assert recipient_of({"7": stored(recipient)}, 8) is None


def test_it_names_who_gets_it_and_by_which_notice(fund: Fund) -> None:
    passing_on(fund)
    receipt = issue([wished_gift(fund).pk], actor=HAND, now=ISSUED_AT)
    page = printed(receipt)
    assert (
        "entsprechend den Angaben des Zuwendenden an Verein Lesen e. V. weitergeleitet, die/der vom "
        "Finanzamt Jülich StNr. 207/9999/1234 mit Freistellungsbescheid bzw. nach der Anlage zum "
        "Körperschaftsteuerbescheid vom 12.05.2025 von der Körperschaftsteuer und Gewerbesteuer befreit ist."
    ) in page
    assert "von uns unmittelbar" not in page
    assert (receipt.kind, receipt.status) == ("money", "issued")
    assert receipt.snapshot["template"]["key"] == "forwarded-public-law"


def test_the_statutes_have_their_own_sentence(fund: Fund) -> None:
    passing_on(fund, notice_kind="statutes")
    page = printed(issue([wished_gift(fund).pk], actor=HAND, now=ISSUED_AT))
    assert "der/dem das Finanzamt Jülich StNr. 207/9999/1234 mit Feststellungsbescheid vom 12.05.2025" in page
    assert "befreit ist" not in page


def test_the_yearly_run_parts_what_is_passed_on(fund: Fund) -> None:
    own, giver = make_fund("Räume", provider=fund.provider), make_donor()
    passing_on(fund, own)
    for each in (fund, fund, own):
        wished_gift(each, donor=giver)
    assert issue_year(2026, ISSUED_AT).issued == 2
    together, alone = Receipt.objects.order_by("-total_cents")
    assert (together.kind, together.total_cents, alone.kind) == ("collective", 5000, "money")
    assert together.snapshot["template"]["key"] == "forwarded-collective-public-law"
    assert alone.snapshot["template"]["key"] == "money-public-law"
    with pytest.raises(IssueRefused) as refused:
        gifts = [wished_gift(each, donor=giver).pk for each in (fund, own)]
        issue(gifts, actor=HAND, now=ISSUED_AT)
    assert refused.value.reason is Refusal.NOT_TOGETHER


def test_nothing_rests_on_a_notice_that_is_too_old(fund: Fund) -> None:
    passing_on(fund, notice_on="2022-03-03")
    gift, last, after = wished_gift(fund), ISSUED_AT, datetime(2027, 3, 4, 9, 0, tzinfo=UTC)
    assert (are_issued_for(fund, local_day(last)), are_issued_for(fund, local_day(after))) == (True, False)
    with pytest.raises(IssueRefused) as refused:
        issue([gift.pk], actor=HAND, now=after)
    assert refused.value.reason is Refusal.RECIPIENT_NOT_READY
    wished_gift(fund, name="")
    assert dict(issue_year(2026, after).left) == {"recipient_not_ready": 2}
    assert not Receipt.objects.exists()
    issue([gift.pk], actor=HAND, now=last)


def test_a_draft_is_not_signed_after_it(fund: Fund) -> None:
    by_hand = {"machine_notified_on": None, "signature": None}
    forwarding = {str(fund.pk): {**CLUB, "notice_on": "2022-03-03"}}
    make_issuer(fund.provider, city(fund, forwarding=forwarding, **by_hand))
    draft = issue([wished_gift(fund).pk], actor=HAND, now=ISSUED_AT)
    with pytest.raises(IssueRefused) as refused:
        sign(draft, actor=HAND, now=datetime(2027, 3, 4, 9, 0, tzinfo=UTC))
    assert refused.value.reason is Refusal.RECIPIENT_NOT_READY
    assert sign(draft, actor=HAND, now=ISSUED_AT)


class TestForm:
    def answers(self, fund: Fund, **changed: Any) -> dict[str, Any]:
        passed_on = {f"forward_{fund.pk}_{name}": value for name, value in CLUB.items()}
        return {
            "kind": "jpoer",
            "name": "Stadt Düren",
            "street": "Kaiserplatz 2",
            "postcode": "52349",
            "town": "Düren",
            "code": "SD",
            "purposes": ["52-4"],
            "signatory": "Vera Muster",
            f"fund_{fund.pk}": "52-4",
            **passed_on,
            **{name.replace("FUND", str(fund.pk)): value for name, value in changed.items()},
        }

    def test_it_is_proposed_shown_and_kept(self, fund: Fund) -> None:
        client = Client()
        client.force_login(make_user(Role.TREASURER, fund.provider))
        edit = reverse("coordination_issuer_edit", args=[fund.provider_id])
        assert client.post(edit, self.answers(fund)).status_code == 303
        proposal = Issuer.objects.get()
        assert proposal.forwarding == {str(fund.pk): CLUB}
        shown = text(client.get(reverse("coordination_issuer_confirm", args=[proposal.pk])))
        assert "weitergeleitet an Verein Lesen e. V. (Finanzamt Jülich, StNr. 207/9999/1234" in shown
        assert client.get(edit).context["form"].initial[f"forward_{fund.pk}_name"] == CLUB["name"]

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"forward_FUND_tax_office": ""}, "alle fünf Felder"),
            ({"forward_FUND_notice_on": "2099-01-01"}, "liegt in der Zukunft"),
            (
                {
                    "kind": "kstg_5_1_9",
                    "notice_kind": "statutes",
                    "notice_on": "2026-01-01",
                    "tax_number": "207/1234/5678",
                },
                "Nur öffentliche Stellen",
            ),
        ],
    )
    def test_half_of_it_is_refused(self, fund: Fund, changed: dict[str, Any], said: str) -> None:
        client = Client()
        client.force_login(make_user(Role.TREASURER, fund.provider))
        edit = reverse("coordination_issuer_edit", args=[fund.provider_id])
        answer = client.post(edit, self.answers(fund, **changed))
        assert (answer.status_code, Issuer.objects.exists()) == (422, False)
        assert said in text(answer)


def test_the_text_of_passing_on_is_compared_before_it_is_used(fund: Fund) -> None:
    said = city(fund, forwarding={str(fund.pk): {**CLUB, "notice_on": str(local_day(utc_now()))}})
    make_issuer(fund.provider, said, utc_now(), approved=False)
    client = Client()
    client.force_login(make_user(Role.TREASURER, fund.provider))
    page = client.get("/koordination/bestaetigungen/aussteller/").context["bodies"][0]
    assert sorted(each.key for each in page.unapproved) == [
        "collective-public-law",
        "forwarded-collective-public-law",
        "forwarded-public-law",
        "money-public-law",
    ]


def test_a_receipt_is_promised_once_both_its_texts_are_compared(fund: Fund) -> None:
    own = make_fund("Hefte", provider=fund.provider)
    said = city(
        fund, fund_purposes={str(each.pk): "52-4" for each in (fund, own)}, forwarding={str(fund.pk): CLUB}
    )
    make_issuer(fund.provider, said, approved=False)
    by, day = make_user(Role.TREASURER, fund.provider), local_day(ISSUED_AT)
    texts = {each.key: each for each in templates_of(said.kind, day)}
    found = []
    for kind in ("money", "collective", "forwarded", "forwarded-collective"):
        approve(fund.provider, texts[f"{kind}-public-law"], approved_by=by, actor=HAND, now=ISSUED_AT)
        found.append((are_issued_for(own, day), are_issued_for(fund, day)))
    assert found == [(False, False), (True, False), (True, False), (True, True)]
