"""A giver corrects name and address of their receipts: all of theirs that had the same, nothing issued."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from citizens.models import Mailbox
from citizens.services.links import issue as issue_link
from citizens.services.links import my_page_token, revoke_kinds
from donations.domain.links import CORRECT_ADDRESS, MY_GIFTS
from donations.models import Donation, Donor
from donations.receipts.models import Receipt, TemplateApproval, WishRefusal
from donations.receipts.services.issuing import issue
from donations.receipts.services.wishes import refuse_wish
from foundation.actors import system
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from foundation.links import sign
from outbox.models import Message
from outbox.services.paper import letters_to_print
from programs.access import Role
from programs.models import Fund
from tests.donations.gifts import make_donation, make_donor
from tests.donations.receipts.bodies import details, make_issuer, wished_gift
from tests.donations.visits import text
from tests.factories import make_fund, make_provider, make_user
from tests.volunteers.pledging import link_in
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
HAND = system("test")
NEW = {"name": "Ada Lerche", "street": "Neuer Weg 7", "postcode": "52351", "town": "Düren"}
PRINTED = ["Ada Lerche", "Neuer Weg 7", "52351 Düren"]
OLD = "Ada Kanarienvogel, Musterweg 1, 52349 Düren"


def fund_of(name: str) -> Fund:
    provider = make_provider(name, issuer_kind="kstg_5_1_9", account_holder_name=name)
    return make_fund(f"Bücher von {name}", slug=name.lower(), provider=provider)


@pytest.fixture
def fund() -> Fund:
    return fund_of("Lesen")


@pytest.fixture
def ada() -> Donor:
    return make_donor()


def mailbox_of(donor: Donor) -> Mailbox:
    assert donor.mailbox is not None
    return donor.mailbox


def given(fund: Fund, donor: Donor, **values: Any) -> Donation:
    return wished_gift(fund, donor=donor, **{"at": utc_now() - timedelta(days=1), **values})


def address_of(gift: Donation) -> str:
    gift = Donation.objects.select_related("receipt_address").get(pk=gift.pk)
    return f"{gift.donor_name}, {gift.receipt_address}"


def page_of(gift: Donation, *, sent: timedelta = timedelta(0)) -> str:
    token = my_page_token(mailbox_of(gift.donor), utc_now() - sent)
    return reverse("my_receipt_address", args=[token, gift.pk])


def corrected(gift: Donation, **changed: str) -> HttpResponse:
    return Client().post(page_of(gift), NEW | changed)


def my_page(donor: Donor) -> HttpResponse:
    return Client().get(reverse("my_page", args=[my_page_token(mailbox_of(donor), utc_now())]))


def test_it_holds_for_all_of_theirs_that_had_the_same_at_every_body(fund: Fund, ada: Donor) -> None:
    first, elsewhere = given(fund, ada), given(fund_of("Spielen"), ada)
    firm = given(fund, ada, name="Firma Kanarienvogel GmbH")
    other_giver = given(fund, make_donor("bo@example.org"))
    answer = corrected(first)
    assert answer.status_code == 303
    assert answer["Location"].endswith("?hinweis=anschrift_berichtigt")
    assert {address_of(each) for each in (first, elsewhere)} == {"Ada Lerche, Neuer Weg 7, 52351 Düren"}
    assert address_of(firm) == "Firma Kanarienvogel GmbH, Musterweg 1, 52349 Düren"
    assert address_of(other_giver) == OLD
    (line,) = lines_of(first).filter(changes__has_key="receipt_address")
    assert (line.actor_kind, line.actor_role) == ("citizen", "donor")
    assert line.changes == {"receipt_address": [None, "corrected"]}


def test_the_same_again_writes_nothing(fund: Fund, ada: Donor) -> None:
    gift = given(fund, ada)
    assert [corrected(gift).status_code for _turn in range(2)] == [303, 303]
    assert lines_of(gift).filter(changes__has_key="receipt_address").count() == 1


def test_my_page_shows_each_address_once_and_leads_there(fund: Fund, ada: Donor) -> None:
    given(fund, ada)
    newest = given(fund, ada, at=utc_now() - timedelta(hours=1))
    firm = given(fund, ada, name="Firma Kanarienvogel GmbH", at=utc_now() - timedelta(days=9))
    page = my_page(ada)
    shown = re.sub(r"(<[^>]+>\s*)+", " ", text(page))
    assert "Ada Kanarienvogel Musterweg 1 52349 Düren" in shown
    assert "Vermerkt mit Ihrem Wunsch bei 2 Spenden." in shown
    assert "Vermerkt mit Ihrem Wunsch bei 1 Spende." in shown
    links = [f"/anschrift/{each.pk}/" for each in (newest, firm)]
    body = page.content.decode()
    assert [body.count(link) for link in links] == [1, 1]
    assert body.index(links[0]) < body.index(links[1])


def test_what_is_issued_stays_and_what_comes_next_is_right(fund: Fund, ada: Donor) -> None:
    make_issuer(fund.provider, details(fund, notice_on=local_day(utc_now())), utc_now())
    first, second = given(fund, ada), given(fund, ada)
    before = issue([first.pk], actor=HAND, now=utc_now())
    content, digest, file = before.snapshot, before.digest, bytes(before.file.body)
    corrected(second)
    before = Receipt.objects.get(pk=before.pk)
    assert (before.snapshot, before.digest, before.status) == (content, digest, "issued")
    assert bytes(before.file.body) == file
    assert content["donor"]["lines"] == ["Ada Kanarienvogel", "Musterweg 1", "52349 Düren"]
    after = issue([second.pk], actor=HAND, now=utc_now())
    assert after.snapshot["donor"]["lines"] == PRINTED


def test_an_older_link_mails_a_fresh_one_for_this_alone(fund: Fund, ada: Donor) -> None:
    gift, browser = given(fund, ada), Client()
    page = page_of(gift, sent=timedelta(days=30))
    shown = browser.get(page)
    assert "Ihr Link ist schon älter" in text(shown)
    assert "Musterweg" not in shown.content.decode()
    assert browser.post(page, NEW)["Location"] == reverse("my_page_step_sent")
    assert address_of(gift) == OLD
    mail = Message.objects.get(template="confirm_step")
    assert mail.to_email == ada.email
    step = link_in(mail, "/meins/anschrift/")
    assert "Musterweg 1" in browser.get(step).content.decode()
    answer = browser.post(step, NEW, follow=True)
    assert "Name und Anschrift sind berichtigt." in text(answer)
    assert address_of(gift) == "Ada Lerche, Neuer Weg 7, 52351 Düren"


def test_nobody_else_comes_there(fund: Fund, ada: Donor) -> None:
    gift, bo = given(fund, ada), make_donor("bo@example.org")
    given(fund, bo)
    foreign = my_page_token(mailbox_of(bo), utc_now())
    of_money_only = sign(MY_GIFTS.purpose, str(ada.pk), now=utc_now(), valid_for=MY_GIFTS.valid_for)
    for token in (foreign, of_money_only):
        assert Client().post(reverse("my_receipt_address", args=[token, gift.pk]), NEW).status_code == 404
    step = issue_link(CORRECT_ADDRESS, mailbox_of(ada), gift.pk, utc_now())
    revoke_kinds(mailbox_of(ada), CORRECT_ADDRESS.purpose)
    assert Client().post(reverse("my_receipt_address_step", args=[step]), NEW).status_code == 404
    assert address_of(gift) == OLD


def test_a_gift_without_a_wish_has_no_address_to_correct(fund: Fund, ada: Donor) -> None:
    came = {"status": "received", "received_at": utc_now()}
    named = make_donation(fund, donor=ada, donor_name="Ada", **came)
    anonymous = make_donation(fund, donor=ada, no_identity=True, **came)
    assert [corrected(gift).status_code for gift in (named, anonymous)] == [404, 404]
    assert "Ihr Name und Ihre Anschrift" not in text(my_page(ada))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "www.falsch.example"),
        ("name", "Mein Sohn Emre (8)"),
        ("name", ""),
        ("street", "bei https://falsch.example"),
        ("street", ""),
        ("postcode", "5x"),
        ("town", "Düren, für Emre (8)"),
        ("town", ""),
    ],
)
def test_it_is_read_like_when_giving(fund: Fund, ada: Donor, field: str, typed: str) -> None:
    gift = given(fund, ada)
    answer = corrected(gift, **{field: typed})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"][field].value() == typed
    assert address_of(gift) == OLD


def test_who_is_refused_for_it_waits_again_once_it_is_mended(fund: Fund, ada: Donor) -> None:
    by_name, by_purpose = given(fund, ada), given(fund, ada)
    treasurer = make_user(Role.TREASURER, fund.provider)
    for gift, why in ((by_name, "name"), (by_purpose, "purpose")):
        refuse_wish(gift, why, refused_by=treasurer, actor=HAND, now=utc_now())
    mended = "Beides können Sie auf „Meine Seite“ berichtigen. Dann wird Ihr Wunsch noch einmal geprüft."
    told = {
        each.key.rpartition(":")[0]: mended in " ".join(each.body_text.split())
        for each in Message.objects.all()
    }
    assert told == {f"receipt.refused:{by_name.pk}": True, f"receipt.refused:{by_purpose.pk}": False}
    corrected(by_name)
    assert [each.donation_id for each in WishRefusal.objects.all()] == [by_purpose.pk]
    (line,) = lines_of(by_name).filter(changes={"receipt_wish": [None, "reopened"]})
    assert line.actor_kind == "citizen"
    staff = Client()
    staff.force_login(treasurer)
    listed = staff.get(reverse("coordination_wishes"))
    assert [wish.gift.pk for wish, _reason in listed.context["shown"]] == [by_name.pk]
    shown = text(staff.get(reverse("coordination_wish", args=[by_name.pk])))
    day = f"{local_day(utc_now()):%d.%m.%Y}"
    assert f"Zuletzt berichtigt am {day}, von der Spenderin oder dem Spender selbst." in shown
    staff.post(reverse("coordination_wish", args=[by_name.pk]), NEW)
    shown = text(staff.get(reverse("coordination_wish", args=[by_name.pk])))
    assert f"Zuletzt berichtigt am {day}, von der Kasse." in shown


def test_who_is_refused_again_hears_of_it_again(fund: Fund, ada: Donor) -> None:
    gift, treasurer = given(fund, ada), Client()
    treasurer.force_login(make_user(Role.TREASURER, fund.provider))
    refuse = reverse("coordination_wish_refuse", args=[gift.pk])
    treasurer.post(refuse, {"why": "name"})
    corrected(gift)
    answer = treasurer.post(refuse, {"why": "body"}, follow=True)
    assert "Beantwortet: Der Grund steht in der E-Mail." in text(answer)
    assert treasurer.post(refuse, {"why": "body"}).status_code == 303
    assert WishRefusal.objects.get().why == "body"
    mails = Message.objects.filter(template="receipt_refused").order_by("pk")
    assert [each.to_email for each in mails] == [ada.email] * 2
    assert "Der Empfänger darf zurzeit keine ausstellen." in mails[1].body_text


def test_a_letter_that_tells_of_the_refusal_is_printed_no_more(fund: Fund, ada: Donor) -> None:
    Mailbox.objects.filter(pk=mailbox_of(ada).pk).update(
        email="7@brief.invalid", postal_address="Ada Kanarienvogel\nMusterweg 1\n52349 Düren"
    )
    ada.refresh_from_db()
    mended, other = given(fund, ada), given(fund, ada, street="Weg 1")
    treasurer = make_user(Role.TREASURER, fund.provider)
    for gift in (mended, other):
        refuse_wish(gift, "name", refused_by=treasurer, actor=HAND, now=utc_now())
    assert letters_to_print().count() == 2
    assert corrected(mended).status_code == 303
    assert [each.key.split(":")[1] for each in letters_to_print()] == [str(other.pk)]


class TestADraft:
    """It waits for a signature by hand: nobody has it yet, and it would go to the old address."""

    @pytest.fixture
    def treasurer(self, fund: Fund) -> Client:
        by_hand = details(fund, notice_on=local_day(utc_now()), machine_notified_on=None, signature=None)
        make_issuer(fund.provider, by_hand, utc_now())
        browser = Client()
        browser.force_login(make_user(Role.TREASURER, fund.provider))
        return browser

    def test_is_replaced_by_one_with_the_new_address(self, fund: Fund, ada: Donor, treasurer: Client) -> None:
        first, second = given(fund, ada), given(fund, ada)
        old = issue([first.pk, second.pk], actor=HAND, now=utc_now())
        assert corrected(first).status_code == 303
        treasurer.post(reverse("coordination_receipt_sign", args=[old.pk]))
        old.refresh_from_db()
        assert (old.status, old.withdrawn_for, old.was_given_out) == ("withdrawn", "correction", False)
        new = Receipt.objects.get(replaces=old)
        assert (new.status, new.kind, new.total_cents) == ("draft", "collective", 5000)
        assert new.snapshot["donor"]["lines"] == PRINTED
        treasurer.post(reverse("coordination_receipt_sign", args=[new.pk]))
        assert [each.template for each in Message.objects.all()] == ["receipt_issued"]
        assert "Ada Lerche" in Message.objects.get().body_text

    def test_of_another_name_and_one_that_says_the_same_stay(
        self, fund: Fund, ada: Donor, treasurer: Client
    ) -> None:
        gift, firm = given(fund, ada), given(fund, ada, name="Firma Kanarienvogel GmbH")
        drafts = [issue([each.pk], actor=HAND, now=utc_now()) for each in (gift, firm)]
        same = {"name": "Ada Kanarienvogel", "street": "Musterweg 1", "postcode": "52349", "town": "Düren"}
        assert corrected(gift, **same).status_code == 303
        assert list(Receipt.objects.filter(status="draft").order_by("pk")) == drafts
        corrected(gift)
        assert Receipt.objects.get(pk=drafts[1].pk).status == "draft"

    def test_that_cannot_be_made_anew_now_leaves_a_wish(
        self, fund: Fund, ada: Donor, treasurer: Client
    ) -> None:
        gift = given(fund, ada)
        issue([gift.pk], actor=HAND, now=utc_now())
        TemplateApproval.objects.all().delete()
        assert corrected(gift).status_code == 303
        assert list(Receipt.objects.values_list("status", flat=True)) == ["withdrawn"]
        listed = treasurer.get(reverse("coordination_wishes"))
        assert [wish.gift.pk for wish, _reason in listed.context["shown"]] == [gift.pk]


def test_no_child_who_is_known_here_takes_over_what_only_adults_give(fund: Fund, ada: Donor) -> None:
    Volunteer.objects.create(
        mailbox=mailbox_of(ada),
        first_name="Mia",
        last_name="Lerche",
        is_adult=False,
        created_at=utc_now(),
        confirmed_at=utc_now(),
    )
    small, debit = given(fund, ada, street="Weg 1"), given(fund, ada, method="sepa_debit")
    answer = corrected(debit, name="Mia Lerche")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name"]
    assert corrected(small, name="Mia Lerche").status_code == 303
    assert address_of(debit) == OLD


def test_too_often_in_a_day_is_refused(fund: Fund, ada: Donor) -> None:
    gift = given(fund, ada)
    answers = [corrected(gift, street=f"Weg {number}").status_code for number in range(1, 14)]
    assert answers == [303] * 12 + [429]
    assert address_of(gift) == "Ada Lerche, Weg 12, 52351 Düren"
