""" "Heute": one row at a time is opened and decided with what its page shows; a closed list reads no more."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from donations.models import Allocation, BankTransaction, Donation, Proposal
from donations.receipts.models import PayerNote, Receipt, WishRefusal
from donations.receipts.services.payers import note_payers
from donations.services.bank.transfers import Credit, assign_transfer, record_bank_transfer
from foundation.clock import utc_now
from foundation.units import Cents
from programs.models import ActivityQuestion, Fund, Membership
from tests.donations.gifts import make_donation, make_donor, told_by_bank
from tests.donations.receipts.bodies import details, make_issuer, wished_gift
from tests.factories import (
    make_activity,
    make_fund,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
    role_of,
)
from tests.today.deciding import offered, send
from tests.today.reading import HERE, check, page, rows, signed_in

pytestmark = pytest.mark.django_db
Role = Membership.Role
RECEIVED = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
OPENS = re.compile(r'<a href="([^"]*[?&][^"]*offen=[^"]*)"')


@pytest.fixture
def fund() -> Fund:
    return make_fund("Ranzen")


@pytest.fixture
def one(fund: Fund) -> User:
    return make_user(Role.TREASURER, fund.provider)


@pytest.fixture
def stranger() -> User:
    return make_user(Role.TREASURER, make_provider("Fremder"))


def credit(fund: Fund, name: str = "Ada Bereit", cents: int = 2500, day: int = 3) -> BankTransaction:
    said = Credit(date(2026, 3, day), Cents(cents), name, f"Spende {day}")
    return record_bank_transfer(fund.provider, said, recorded_by=None, now=utc_now())[0]


def promise(fund: Fund, name: str = "Ada Bereit", cents: int = 2500) -> Donation:
    return make_donation(fund, method="transfer", donor_name=name, amount_cents=cents)


def opening(html: str, key: str) -> str:
    """Return where the row `key` is opened from."""
    (found,) = [unescape(each) for each in OPENS.findall(html) if each.endswith(f"#{key}")]
    return found


def reads(user: User, address: str) -> int:
    client = signed_in(user)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_a_transfer_is_assigned_in_its_row_to_the_likeliest_gift(fund: Fund, one: User) -> None:
    first, second = credit(fund), credit(fund, "Bo Still", 700, day=4)
    other, likely = promise(fund, "Cem Anders", 4000), promise(fund)
    html = page(one)
    key = f"eingaenge-{first.pk}"
    assert offered(html, key) == []
    assert "Cem Anders" not in html
    there = opening(html, key)
    assert there == f"{HERE}?offen={key}#{key}"
    html = page(one, there)
    assert rows(html) == [key, f"eingaenge-{second.pk}"]
    assert "25,00 €" in html.replace("\xa0", " ")
    forms = offered(html, key)
    assert [form.hidden["donation"] for form in forms] == [str(likely.pk), str(other.pk)]
    assert forms[0].hidden["back"] == f"{HERE}#eingaenge-{second.pk}"
    assert offered(html, f"eingaenge-{second.pk}") == []
    assert f'href="{HERE}#{key}"' in html
    assert f'href="{forms[0].action}"' in html
    assert "Zugeordnet." in send(signed_in(one), forms[0])
    booked = Allocation.objects.get()
    assert (booked.donation, booked.line, booked.cents) == (likely, first, 2500)
    likely.refresh_from_db()
    other.refresh_from_db()
    assert (likely.status, other.status) == ("received", "pledged")
    check(one, "eingaenge", [second.pk])


def test_a_part_assigned_leaves_the_row_with_the_rest(fund: Fund, one: User) -> None:
    line, gift = credit(fund, cents=6000), promise(fund)
    client = signed_in(one)
    (form,) = offered(page(one, f"{HERE}?offen=eingaenge-{line.pk}"), f"eingaenge-{line.pk}")
    assert form.hidden["amount"] == "60,00"
    send(client, form, amount="25,00")
    line.refresh_from_db()
    gift.refresh_from_db()
    assert (line.open_cents, gift.amount_cents) == (3500, 2500)
    html = page(one, f"{HERE}?offen=eingaenge-{line.pk}").replace("\xa0", " ")
    assert "davon zugeordnet: 25,00 €" in html
    assert "Zu diesem Konto ist gerade keine Überweisung zugesagt." in html


def test_a_choice_that_is_gone_comes_back_on_the_page_and_keeps_the_way(fund: Fund, one: User) -> None:
    line, gift = credit(fund), promise(fund)
    there = f"{HERE}?art=eingaenge&offen=eingaenge-{line.pk}"
    (form,) = offered(page(one, there), f"eingaenge-{line.pk}")
    assert form.hidden["back"] == f"{HERE}?art=eingaenge#liste"
    promise(fund, "Cem Anders")
    gone = signed_in(one).post(form.action, {**form.hidden, "donation": "0"})
    assert (gone.status_code, "Diese Spende steht nicht (mehr) zur Wahl." in gone.content.decode()) == (
        422,
        True,
    )
    assert f'name="back" value="{form.hidden["back"]}"' in gone.content.decode()
    answer = signed_in(one).post(form.action, {**form.hidden, "amount": "25,01"})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Offen sind noch 25,00" in said
    assert f'name="back" value="{form.hidden["back"]}"' in said
    assert not Allocation.objects.exists()
    assert signed_in(one).post(form.action, form.hidden)["Location"] == form.hidden["back"]
    gift.refresh_from_db()
    assert gift.status == "received"


def test_who_is_not_their_treasurer_opens_and_assigns_nothing(fund: Fund, one: User, stranger: User) -> None:
    line, gift = credit(fund), promise(fund)
    key = f"eingaenge-{line.pk}"
    (form,) = offered(page(one, f"{HERE}?offen={key}"), key)
    coordinator = make_user(Role.COORDINATOR, fund.provider)
    for user in (stranger, coordinator):
        html = page(user, f"{HERE}?offen={key}")
        assert key not in rows(html)
        assert "Ada" not in html
        assert signed_in(user).post(form.action, form.hidden).status_code == 404
    gift.refresh_from_db()
    assert gift.status == "pledged"


@pytest.mark.parametrize("key", ["eingaenge-0", "eingaenge-999999999", "quatsch", "", "<b>"])
def test_an_unknown_key_opens_nothing(fund: Fund, one: User, key: str) -> None:
    line = credit(fund)
    promise(fund, "Cem Anders")
    answer = signed_in(one).get(HERE, {"offen": key})
    html = answer.content.decode()
    assert (answer.status_code, rows(html)) == (200, [f"eingaenge-{line.pk}"])
    assert offered(html, f"eingaenge-{line.pk}") == []
    assert "Cem Anders" not in html
    assert opening(html, f"eingaenge-{line.pk}").startswith(f"{HERE}?offen=eingaenge-{line.pk}#")


def test_the_list_keeps_what_else_was_asked(fund: Fund, one: User) -> None:
    lines = [credit(fund, "Ada", 100 + day, day=day) for day in range(1, 23)]
    html = page(one, f"{HERE}?art=eingaenge&page=2")
    key = f"eingaenge-{lines[20].pk}"
    there = opening(html, key)
    assert there == f"{HERE}?art=eingaenge&page=2&offen={key}#{key}"
    promise(fund)
    (form,) = offered(page(one, there), key)
    assert form.hidden["back"] == f"{HERE}?art=eingaenge&page=2#eingaenge-{lines[21].pk}"
    assert f'href="{HERE}?art=eingaenge&amp;page=2#{key}"' in page(one, there)
    other = opening(page(one, there), f"eingaenge-{lines[21].pk}")
    assert other == f"{HERE}?art=eingaenge&page=2&offen=eingaenge-{lines[21].pk}#eingaenge-{lines[21].pk}"
    html = page(one, f"{HERE}?vertretung=1")
    assert opening(html, f"eingaenge-{lines[0].pk}").startswith(f"{HERE}?vertretung=1&offen=eingaenge-")


def test_money_that_left_is_proposed_as_a_fee_in_its_row(fund: Fund, one: User, stranger: User) -> None:
    said = Credit(date(2026, 3, 2), Cents(-300), "Sparkasse", "Kontoführung")
    line = told_by_bank(fund.provider, said, utc_now())
    key = f"eingaenge-{line.pk}"
    html = page(one, opening(page(one), key))
    (form,) = offered(html, key)
    assert f'href="{reverse("coordination_correction_new", args=[line.pk])}"' in html
    empty = signed_in(one).post(form.action, {**form.hidden, "reason": ""})
    assert empty.status_code == 422
    assert f'name="back" value="{form.hidden["back"]}"' in empty.content.decode()
    assert signed_in(stranger).post(form.action, {**form.hidden, "reason": "Konto"}).status_code == 404
    assert "Vorgeschlagen." in send(signed_in(one), form, reason="Kontoführung im 1. Quartal")
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.line, proposal.reason) == ("bank_fee", line, "Kontoführung im 1. Quartal")
    assert proposal.proposed_by == one
    check(one, "eingaenge", [])
    again = signed_in(one).post(form.action, {**form.hidden, "reason": "noch einmal"})
    assert (again.status_code, Proposal.objects.count()) == (422, 1)


def check_reads(user: User, make: Any, key: str, more: int) -> None:
    """A closed list reads the same however many wait; an opened row reads at most `more` beside that."""
    make()
    closed = reads(user, HERE)
    opened = reads(user, f"{HERE}?offen={key}")
    assert closed < opened <= closed + more
    for _ in range(3):
        make()
    assert reads(user, HERE) == closed
    assert reads(user, f"{HERE}?offen={key}") == opened


def test_an_opened_transfer_takes_few_reads_and_a_closed_list_none(fund: Fund, one: User) -> None:
    line = credit(fund)
    days = iter(range(4, 28))

    def more() -> None:
        credit(fund, day=next(days))
        promise(fund)

    check_reads(one, more, f"eingaenge-{line.pk}", 3)


def test_an_opened_debit_takes_few_reads_and_a_closed_list_none(fund: Fund, one: User) -> None:
    days = iter(range(2, 28))

    def more() -> BankTransaction:
        said = Credit(date(2026, 3, next(days)), Cents(-300), "Sparkasse", "Kontoführung")
        return told_by_bank(fund.provider, said, utc_now())

    line = more()
    check_reads(one, more, f"eingaenge-{line.pk}", 5)


@pytest.fixture
def city() -> Fund:
    return make_fund("Schwimmen", provider=make_provider("Stadt", kind="city"))


def large(city: Fund, cents: int = 120_000, **said: Any) -> Donation:
    waiting: dict[str, Any] = {"status": "received", "received_at": RECEIVED, "acceptance": "awaiting"}
    return make_donation(city, amount_cents=cents, **{**waiting, **said})


DECIDED = {"decision": "annehmen", "pending_matter": "no", "reason": "Hauptausschuss, 3. März"}


def test_what_is_decided_about_a_large_gift_is_entered_in_its_row(city: Fund, stranger: User) -> None:
    one, other = (make_user(Role.TREASURER, city.provider) for _ in range(2))
    ada = make_donor("ada@example.org")
    large(city, 60_000, donor=ada, donor_name="Ada Beispiel", acceptance="not_needed")
    gift = large(city, donor=ada, donor_name="Ada Beispiel")
    key = f"annahmen-{gift.pk}"
    assert "Ada" not in page(one)
    html = page(one, opening(page(one), key)).replace("\xa0", " ")
    assert "1.800,00 €<br>Annahme nötig ab 1.000,00 € im Jahr" in html
    (form,) = offered(html, key)
    assert form.action == reverse("coordination_donation_accept", args=[gift.pk])
    client = signed_in(one)
    empty = client.post(form.action, {**form.hidden, **DECIDED, "decision": ""})
    assert empty.status_code == 422
    assert f'name="back" value="{form.hidden["back"]}"' in empty.content.decode()
    for user in (stranger, make_user(Role.COORDINATOR, city.provider)):
        assert "Ada" not in page(user, f"{HERE}?offen={key}")
        assert signed_in(user).post(form.action, {**form.hidden, **DECIDED}).status_code == 404
    assert not Proposal.objects.exists()
    assert "Vorgeschlagen." in send(client, form, **DECIDED)
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.donation, proposal.proposed_by) == ("acceptance", gift, one)
    assert proposal.reason == "Hauptausschuss, 3. März"
    gift.refresh_from_db()
    assert (gift.acceptance, gift.pending_matter) == ("awaiting", "no")
    check(one, "annahmen", [])
    assert "ist schon entschieden oder ein Vorschlag gemacht" in send(client, form, **DECIDED)
    assert Proposal.objects.count() == 1
    check(one, "vorschlaege", [])
    check(other, "vorschlaege", [proposal.pk])
    (release,) = offered(page(other), f"vorschlaege-{proposal.pk}")
    send(signed_in(other), release, entscheidung="freigeben")
    gift.refresh_from_db()
    assert gift.acceptance == "accepted"


def test_an_opened_row_does_not_say_whose_an_anonymous_gift_is(city: Fund) -> None:
    one, ada = make_user(Role.TREASURER, city.provider), make_donor("ada@example.org")
    large(city, 60_000, donor=ada, donor_name="Ada Beispiel", acceptance="not_needed")
    hidden = large(city, 50_000, donor=ada, no_identity=True, donor_name="")
    html = page(one, f"{HERE}?offen=annahmen-{hidden.pk}").replace("\xa0", " ")
    assert "Annahme nötig ab 1.000,00 € im Jahr" in html
    for secret in ("Von derselben Person", "600,00", "1.100,00", "Ada", "ada@"):
        assert secret not in html


def test_an_opened_acceptance_takes_few_reads_and_a_closed_list_none(city: Fund) -> None:
    one, first = make_user(Role.TREASURER, city.provider), large(city)
    check_reads(one, lambda: large(city), f"annahmen-{first.pk}", 11)


@pytest.fixture
def issues(fund: Fund) -> Fund:
    """A body that may issue receipts."""
    make_issuer(fund.provider, details(fund), RECEIVED)
    return fund


def test_a_wish_is_fulfilled_in_its_row(issues: Fund, one: User, stranger: User) -> None:
    first, second = (wished_gift(issues, at=RECEIVED + timedelta(minutes=each)) for each in range(2))
    key = f"wuensche-{first.pk}"
    assert "Musterweg" not in page(one)
    html = page(one, opening(page(one), key))
    assert "Auf der Bestätigung steht: Ada Kanarienvogel, Musterweg 1, 52349 Düren" in html
    form, address, refuse = offered(html, key)
    assert form.hidden["back"] == refuse.hidden["back"] == f"{HERE}#wuensche-{second.pk}"
    assert address.hidden["back"] == f"{HERE}?offen={key}#{key}"
    for user in (stranger, make_user(Role.COORDINATOR, issues.provider)):
        assert "Musterweg" not in page(user, f"{HERE}?offen={key}")
        for each in (form, address, refuse):
            assert signed_in(user).post(each.action, each.hidden).status_code == 404
    assert "ist angelegt." in send(signed_in(one), form)
    receipt = Receipt.objects.get()
    assert [item.donation_id for item in receipt.items.all()] == [first.pk]
    check(one, "wuensche", [second.pk])
    assert "ist angelegt." not in send(signed_in(one), form)
    assert Receipt.objects.count() == 1


def test_a_wish_is_answered_with_no_in_its_row(issues: Fund, one: User) -> None:
    gift = wished_gift(issues, at=RECEIVED)
    key = f"wuensche-{gift.pk}"
    _issue, _address, form = offered(page(one, f"{HERE}?offen={key}"), key)
    client = signed_in(one)
    wrong = client.post(form.action, form.hidden)
    said = wrong.content.decode()
    assert (wrong.status_code, "Bitte wählen Sie einen Grund." in said) == (422, True)
    assert said.count(f'name="back" value="{form.hidden["back"]}"') == 3
    assert not WishRefusal.objects.exists()
    assert "Der Grund steht in der E-Mail." in send(client, form, why="purpose")
    refusal = WishRefusal.objects.get()
    assert (refusal.donation, refusal.why) == (gift, "purpose")
    check(one, "wuensche", [])
    assert "Dieser Wunsch war schon beantwortet." in send(client, form, why="name")
    assert WishRefusal.objects.get().why == "purpose"


def test_an_address_put_right_in_the_row_leads_back_to_it_opened(issues: Fund, one: User) -> None:
    gift = wished_gift(issues, at=RECEIVED)
    key = f"wuensche-{gift.pk}"
    _issue, form, _refuse = offered(page(one, f"{HERE}?offen={key}"), key)
    right = {"name": "Ada Richtig", "street": "Neuer Weg 2", "postcode": "52351", "town": "Düren"}
    client = signed_in(one)
    wrong = client.post(form.action, {**form.hidden, **right, "street": "www.boese.de"})
    assert wrong.status_code == 422
    assert f'name="back" value="{form.hidden["back"]}"' in wrong.content.decode()
    html = send(client, form, **right)
    assert "Auf der Bestätigung steht: Ada Richtig, Neuer Weg 2, 52351 Düren" in html


def paid_by(fund: Fund, payer: str, day: int, by: User) -> Donation:
    """A gift whose giver wishes a receipt, paid from the account of somebody else."""
    gift = wished_gift(fund, name="Jonas Kanarienvogel", at=RECEIVED - timedelta(days=30))
    Donation.objects.filter(pk=gift.pk).update(status="pledged", received_at=None)
    line = credit(fund, payer, day=day)
    assign_transfer(line.pk, gift.pk, assigned_by=by, now=utc_now())
    note_payers(utc_now())
    return gift


def test_who_gave_is_said_in_its_row(issues: Fund, one: User, stranger: User) -> None:
    gift = paid_by(issues, "Erna Kanarienvogel", 2, one)
    key = f"zahler-{gift.pk}"
    assert "Erna" not in page(one)
    html = page(one, opening(page(one), key))
    assert "Zugesagt hat Jonas Kanarienvogel, gezahlt wurde vom Konto von Erna Kanarienvogel." in html
    (form,) = offered(html, key)
    assert [html.count(f'name="verdict" value="{each}"') for each in PayerNote.Verdict.values] == [1, 1, 1]
    client, said = signed_in(one), {"verdict": "joint", "reason": "Steht im Brief"}
    for wrong in ({**said, "reason": ""}, {**said, "verdict": "unsinn"}):
        answer = client.post(form.action, {**form.hidden, **wrong})
        assert answer.status_code == 422
        assert f'name="back" value="{form.hidden["back"]}"' in answer.content.decode()
    for user in (stranger, make_user(Role.COORDINATOR, issues.provider)):
        assert "Erna" not in page(user, f"{HERE}?offen={key}")
        assert signed_in(user).post(form.action, {**form.hidden, **said}).status_code == 404
    assert PayerNote.objects.get().verdict == ""
    assert "Eingetragen." in send(client, form, **said)
    note = PayerNote.objects.get()
    assert (note.verdict, note.reason, note.decided_by) == ("joint", "Steht im Brief", one)
    check(one, "zahler", [])


def test_a_wish_that_waits_for_the_payer_says_so_and_stays_open(issues: Fund, one: User) -> None:
    gift = paid_by(issues, "Erna Kanarienvogel", 2, one)
    key = f"wuensche-{gift.pk}"
    payer, _address, _refuse = offered(page(one, f"{HERE}?offen={key}"), key)
    html = send(signed_in(one), payer, verdict="joint", reason="Steht im Brief")
    issue, _payer, _address, _refuse = offered(html, key)
    assert issue.action == reverse("coordination_wish_issue", args=[gift.pk])


def test_an_opened_wish_takes_few_reads_and_a_closed_list_none(issues: Fund, one: User) -> None:
    first = wished_gift(issues, at=RECEIVED - timedelta(days=90))
    check_reads(one, lambda: wished_gift(issues, at=RECEIVED), f"wuensche-{first.pk}", 9)


def test_an_opened_payer_takes_few_reads_and_a_closed_list_none(issues: Fund, one: User) -> None:
    first, days = paid_by(issues, "Erna Kanarienvogel", 2, one), iter(range(3, 28))
    check_reads(one, lambda: paid_by(issues, "Ben", next(days), one), f"zahler-{first.pk}", 11)


FORM = re.compile(r'<form method="post" action="[^"]*"[^>]*>')


def test_whatever_an_opened_wish_sends_is_exchanged_where_it_stands(issues: Fund, one: User) -> None:
    gift = paid_by(issues, "Erna Kanarienvogel", 2, one)
    asked = {}
    for key in (f"wuensche-{gift.pk}", f"zahler-{gift.pk}"):
        row = page(one, f"{HERE}?offen={key}").partition(f'id="{key}"')[2].partition('<li class="panel')[0]
        asked[key.partition("-")[0]] = FORM.findall(row)
    assert {kind: len(forms) for kind, forms in asked.items()} == {"wuensche": 3, "zahler": 1}
    assert [form for forms in asked.values() for form in forms if 'hx-boost="true"' not in form] == []
    own = page(one, reverse("coordination_wish", args=[gift.pk]))
    assert len(FORM.findall(own)) >= 3
    assert "hx-boost" not in own


def asked_about(title: str, at: datetime, text: str = "Es gibt Tiere und Kinder.") -> ActivityQuestion:
    task = make_opportunity(title, status="draft", activity=None, task=f"{title}: im Stall helfen.")
    return ActivityQuestion.objects.create(opportunity=task, text=text, asked_at=at, status_changed_at=at)


def test_what_a_provider_asks_about_is_read_and_answered_in_its_row() -> None:
    now = utc_now()
    officer = make_user(Role.SAFEGUARDING_OFFICER, make_youth_office())
    care = make_activity()
    first, second = asked_about("Hof", now - timedelta(days=2)), asked_about("Stall", now - timedelta(days=1))
    key = f"taetigkeiten-{first.pk}"
    closed = page(officer)
    assert (offered(closed, key), "Es gibt Tiere und Kinder." in closed) == ([], False)
    html = page(officer, opening(closed, key))
    assert ("Hof: im Stall helfen." in html, "Es gibt Tiere und Kinder." in html) == (True, True)
    assert "Stall: im Stall helfen." not in html
    (form,) = offered(html, key)
    client = signed_in(officer)
    wrong = client.post(form.action, {**form.hidden, "activity": str(care.pk), "answer": ""})
    assert wrong.status_code == 422
    assert f'name="back" value="{form.hidden["back"]}"' in wrong.content.decode()
    told = send(client, form, activity=str(care.pk), answer="Das ist Tierpflege.")
    assert "Beantwortet. Der Träger sieht Ihre Antwort bei seinem Angebot." in told
    first.refresh_from_db()
    assert (first.status, first.answer) == ("answered", "Das ist Tierpflege.")
    assert role_of(first.opportunity).activity == care
    check(officer, "taetigkeiten", [second.pk])


def test_an_opened_question_about_an_activity_takes_few_reads_and_a_closed_list_none() -> None:
    officer = make_user(Role.SAFEGUARDING_OFFICER, make_youth_office())
    questions = [asked_about(f"Hof {number}", utc_now()) for number in range(3)]
    closed = reads(officer, HERE)
    assert reads(officer, f"{HERE}?offen=taetigkeiten-{questions[0].pk}") <= closed + 8
