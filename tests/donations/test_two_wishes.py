"""Two wishes about a name: whether it may be named in public, and whether the body learns it at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from citizens.models import Mailbox
from citizens.services.links import my_page_token
from citizens.services.mailboxes import mailbox_for
from donations.models import Donation, RecurringDonation
from donations.selectors.named import named_givers
from donations.services.bank.allocations import allocate
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.gifts.pledging import Choice, PledgeRefused, Refusal, pledge_gift
from donations.services.personal_data import erase_giver, stored_about
from foundation.actors import system
from foundation.clock import utc_now
from foundation.history import lines_of
from foundation.units import Cents
from programs.models import Fund, Membership
from tests.donations.gifts import make_donation, make_donor
from tests.donations.test_acceptance import came
from tests.donations.visits import details_address, filled, give, newest, text
from tests.factories import make_fund, make_provider, make_user
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EMAIL = "geberin@example.org"
NAMES, GIFTS = "/koordination/spenden/namen/", "/koordination/spenden/"
PUBLIC, ANONYMOUS = {"name_public": "on", "name": "Ada Muster"}, {"anonymous": "on"}


@pytest.fixture
def treasurer(fund: Fund) -> User:
    return make_user(Membership.Role.TREASURER, fund.provider)


def wishes(gift: Donation) -> tuple[str, bool, bool]:
    return gift.donor_name, gift.hide_name_public, gift.no_identity


def test_nobody_is_named_and_everybody_is_known_to_the_body_who_says_nothing(
    browser: Client, fund: Fund
) -> None:
    give(browser, method="transfer", name="Ada Muster")
    assert wishes(newest()) == ("Ada Muster", True, False)


def test_each_wish_is_kept_by_itself(browser: Client, fund: Fund) -> None:
    give(browser, method="transfer", **PUBLIC)
    assert wishes(newest()) == ("Ada Muster", False, False)
    give(browser, method="transfer", name="Ada Muster", **ANONYMOUS)
    assert wishes(newest()) == ("", True, True)
    assert newest().donor.email == EMAIL


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"name_public": "on"}, "name"),
        ({**PUBLIC, **ANONYMOUS}, "anonymous"),
        (
            {
                **ANONYMOUS,
                "name": "Ada Muster",
                "wants_receipt": "on",
                "street": "Musterweg 1",
                "postcode": "52349",
                "town": "Düren",
            },
            "anonymous",
        ),
    ],
)
def test_what_cannot_be_wished_together_is_said_and_nothing_is_kept(
    browser: Client, fund: Fund, answers: dict[str, str], wrong: str
) -> None:
    fund.provider.issuer_kind = "public_law"
    fund.provider.save()
    page = give(browser, method="transfer", **answers)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [wrong])  # type: ignore[attr-defined]
    assert Donation.objects.count() == 0


def choice(fund: Fund, **more: Any) -> Choice:
    said: dict[str, Any] = {"visit": uuid4(), "fund": fund, "text_version": fund.text_version}
    said |= {"amount_cents": Cents(2500), "method": "transfer", "email": EMAIL, "name": "Ada Muster"}
    return Choice(**{**said, **more})


def test_the_service_refuses_both_at_once_and_the_name_of_a_known_minor(fund: Fund) -> None:
    asked = choice(fund, is_named_in_public=True)
    with pytest.raises(PledgeRefused) as both:
        pledge_gift(replace(asked, is_anonymous=True), client=None, now=AT)
    Volunteer.objects.create(
        mailbox=mailbox_for(EMAIL, AT),
        first_name="Ada",
        last_name="Muster",
        is_adult=False,
        created_at=AT,
        confirmed_at=AT,
    )
    with pytest.raises(PledgeRefused) as minor:
        pledge_gift(asked, client=None, now=AT)
    assert [each.value.reason for each in (both, minor)] == [
        Refusal.NAMED_AND_ANONYMOUS,
        Refusal.NAME_AN_ADULT,
    ]
    assert Donation.objects.count() == 0
    pledge_gift(replace(asked, is_named_in_public=False), client=None, now=AT)
    assert wishes(newest()) == ("Ada Muster", True, False)


def test_the_database_keeps_both_wishes(fund: Fund) -> None:
    rows = Donation.objects.filter(pk=make_donation(fund, donor_name="Ada").pk)
    for wrong, name in (
        ({"hide_name_public": False, "donor_name": ""}, "donation_named_has_name"),
        ({"no_identity": True}, "donation_without_identity"),
        ({"no_identity": True, "donor_name": "", "wants_receipt": True}, "donation_without_identity"),
        ({"no_identity": True, "donor_name": "", "hide_name_public": False}, "donation_named_has_name"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**wrong)
    rows.update(hide_name_public=False)


def named(fund: Fund, name: str, **more: Any) -> Donation:
    donation = came(fund, 2500, make_donor(), AT)
    Donation.objects.filter(pk=donation.pk).update(**{"donor_name": name, "hide_name_public": False, **more})
    return donation


def test_named_is_who_agreed_and_whose_gift_is_here_once_for_each_purpose(
    browser: Client, fund: Fund, treasurer: User
) -> None:
    other = make_fund(name="Anderer Zweck", provider=fund.provider)
    for body in (fund, fund, other):
        named(body, "Ada Muster")
    named(fund, "Ben Beispiel")
    named(fund, "Cem Verborgen", hide_name_public=True)
    named(fund, "Dora Wartend", acceptance="awaiting")
    named(fund, "Eva Bestritten", status="disputed")
    make_donation(fund, donor_name="Fritz Nurzugesagt", hide_name_public=False)
    named(make_fund(provider=make_provider("Verein", kind="club")), "Gerd Fremd")
    browser.force_login(treasurer)
    answer: Any = browser.get(f"{NAMES}liste.csv")
    assert answer.getvalue().decode("utf-8-sig").splitlines() == [
        "Spendenzweck;Name",
        "Anderer Zweck;Ada Muster",
        f"{fund.name};Ada Muster",
        f"{fund.name};Ben Beispiel",
    ]
    page = text(browser.get(NAMES))
    assert "3 Namen" in page
    assert "€" not in page.partition("<main")[2].partition("</main>")[0]
    assert "Ben Beispiel" in text(browser.get(f"{NAMES}?q=beispiel"))
    browser.force_login(make_user(Membership.Role.COORDINATOR, fund.provider))
    assert [browser.get(each).status_code for each in (NAMES, f"{NAMES}liste.csv")] == [403, 403]


def test_the_giver_takes_it_back_on_their_page(browser: Client, fund: Fund) -> None:
    gift = named(fund, "Ada Muster")
    stays = named(fund, "Ben Beispiel")
    token = my_page_token(Mailbox.objects.get(donor=gift.donor_id), utc_now())
    place = reverse("my_page", args=[token])
    assert "Meinen Namen nicht mehr nennen" in text(browser.get(place))
    assert browser.get(reverse("my_gifts_unnamed", args=[token])).status_code == 405
    answer = browser.post(reverse("my_gifts_unnamed", args=[token]), follow=True)
    assert "Ihr Name wird für Ihre Spenden nicht mehr öffentlich genannt." in text(answer)
    assert "Meinen Namen nicht mehr nennen" not in text(answer)
    assert [each.pk for each in named_givers(Donation.objects.all())] == [stays.pk]
    told = [(each.from_status, each.to_status) for each in lines_of(gift).filter(to_status="not_named")]
    assert told == [("named", "not_named")]
    by = lines_of(gift).get(to_status="not_named")
    assert (by.actor_kind, by.actor_role, by.reason) == ("citizen", "donor", "")
    browser.post(reverse("my_gifts_unnamed", args=[token]))
    assert lines_of(gift).filter(to_status="not_named").count() == 1


def reads(browser: Client, user: User) -> Callable[[str], str]:
    browser.force_login(user)

    def read(address: str) -> str:
        answer: Any = browser.get(address)
        assert answer.status_code == 200, address
        whole = answer.getvalue().decode() if answer.streaming else answer.content.decode()
        return " ".join(whole.replace("\xa0", " ").split())

    return read


def test_the_body_reads_nothing_of_who_wants_to_stay_anonymous(
    browser: Client, fund: Fund, treasurer: User
) -> None:
    give(browser, method="transfer", name="Ada Muster", **ANONYMOUS)
    promise = newest()
    gift = came(fund, 150_000, make_donor(EMAIL), AT)
    monthly = RecurringDonation.objects.create(
        donor=gift.donor,
        fund=fund,
        amount_cents=2500,
        method="card",
        status="active",
        no_identity=True,
        stripe_subscription_id="sub_1",
        status_changed_at=AT,
        created_at=AT,
    )
    Donation.objects.filter(pk=gift.pk).update(no_identity=True, recurring=monthly)
    row, _is_new = record_bank_transfer(
        fund.provider, Credit(AT.date(), Cents(2500), "", "ohne Code"), recorded_by=None, now=AT
    )
    read = reads(browser, treasurer)
    pages = [
        GIFTS,
        f"{GIFTS}liste.csv",
        f"{GIFTS}annahmen/",
        f"{GIFTS}annahmen/liste.csv",
        f"{GIFTS}dauerspenden/",
        f"{GIFTS}dauerspenden/liste.csv",
        f"{GIFTS}eingang/{row.pk}/",
        f"{GIFTS}{gift.pk}/annehmen/",
        f"{GIFTS}{gift.pk}/erstatten/",
        f"{GIFTS}{gift.pk}/umwidmen/",
        "/koordination/",
    ]
    for page in pages:
        found = read(page)
        assert EMAIL not in found, page
        assert "Ada Muster" not in found, page
        assert "anonym" in found.lower() or page == "/koordination/", page
    said = {"decision": "annehmen", "reason": "Hauptausschuss", "pending_matter": "unknown"}
    books = text(browser.post(f"{GIFTS}{gift.pk}/annehmen/", said, follow=True))
    assert "anonym, Spende vom 02.03.2026 über 1.500,00 €" in books
    assert EMAIL not in books
    for page in (f"{GIFTS}?q=geberin", f"{GIFTS}dauerspenden/?q=geberin"):
        assert "anonym" not in read(page), page
    assert (
        "25,00"
        not in read(f"{GIFTS}eingang/{row.pk}/?suche=geberin")
        .partition("<form")[2]
        .partition("Zu welcher Spende")[2]
    )
    assert promise.status == "pledged"


def test_the_order_of_the_list_tells_nothing_of_an_anonymous_giver(
    browser: Client, fund: Fund, treasurer: User
) -> None:
    for place, email in enumerate(["berta@example.org", "anna@example.org", "cleo@example.org"]):
        make_donation(
            fund,
            donor=make_donor(email),
            no_identity=email.startswith("anna"),
            pledged_at=AT + timedelta(days=place),
        )
    answer: Any = reads(browser, treasurer)(f"{GIFTS}liste.csv?sort=giver")
    assert [each in answer for each in ("berta@", "cleo@", "anna@")] == [True, True, False]
    assert answer.index("berta@") < answer.index("cleo@") < answer.index("anonym")


def test_much_of_an_anonymous_giver_waits_for_two_at_every_body(fund: Fund) -> None:
    club = make_fund(provider=make_provider("Verein", kind="club"))
    found = []
    for cents, anonymous in ((100_000, True), (100_001, True), (100_001, False)):
        gift = make_donation(club, amount_cents=cents, no_identity=anonymous, method="transfer")
        row, _is_new = record_bank_transfer(
            club.provider,
            Credit(AT.date(), Cents(cents), "", f"{cents} {anonymous}"),
            recorded_by=None,
            now=AT,
        )
        found.append(allocate(row, gift.pk, Cents(cents), system("test"), AT).acceptance)
    assert found == ["not_needed", "awaiting", "not_needed"]


def test_a_gift_that_follows_another_keeps_its_wishes(fund: Fund) -> None:
    for wish in ({"no_identity": True}, {"donor_name": "Ada", "hide_name_public": False}):
        gift = make_donation(fund, method="transfer", **wish)
        for number in range(2):
            credit = Credit(AT.date(), Cents(2500), "", f"{wish} {number}")
            row, _is_new = record_bank_transfer(fund.provider, credit, recorded_by=None, now=AT)
            paid = allocate(row, gift.pk, Cents(2500), system("test"), AT)
        assert paid.repeats_id == gift.pk
        assert wishes(paid) == wishes(gift)


def test_the_giver_reads_both_wishes_in_their_data_and_nothing_is_left_of_a_name(fund: Fund) -> None:
    gift = named(fund, "Ada Muster", pending_matter="yes")
    mailbox = Mailbox.objects.get(donor=gift.donor_id)
    (told,) = stored_about(mailbox)["spenden"]
    kept = ("name_oeffentlich", "anonym_gegenueber_empfaenger", "laufende_angelegenheit")
    assert [told[each] for each in kept] == [True, False, "Ja"]
    erase_giver(mailbox, AT)
    gift.refresh_from_db()
    assert wishes(gift) == ("", True, False)


def test_a_large_gift_to_the_city_is_asked_for_a_pending_matter(browser: Client, fund: Fund) -> None:
    def large(euro: str, **more: str) -> Any:
        address = details_address(betrag="own", eigener_betrag=euro)
        answers = {**filled(browser, address, method="transfer"), **more}
        return browser.get(address), browser.post(address, answers)

    page, answer = large("1000", pending_matter="")
    asked = f"Läuft zwischen Ihnen und {fund.provider.in_dative} gerade eine Angelegenheit?"
    assert asked in text(page)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["pending_matter"])
    assert large("1000", pending_matter="vielleicht")[1].status_code == 422
    assert Donation.objects.count() == 0
    assert large("1000", pending_matter="unknown")[1].status_code == 303
    assert newest().pending_matter == "unknown"
    page, answer = large("999,99")
    assert asked not in text(page)
    assert (answer.status_code, newest().pending_matter) == (303, "")
    fund.provider.kind = "club"
    fund.provider.save()
    page, answer = large("1000")
    assert asked not in text(page)
    assert (answer.status_code, newest().pending_matter) == (303, "")
