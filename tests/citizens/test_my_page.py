"""One page for time and money, and links from before that still open their part of it."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.models import Mailbox
from citizens.services.links import my_page_token
from citizens.services.parts import all_parts
from donations.domain.links import MY_GIFTS
from donations.models import Donation, RecurringDonation
from donations.receipts.services.issuing import issue
from foundation.actors import system
from foundation.clock import local_day, utc_now
from foundation.links import sign
from tests.donations.gifts import make_donation, make_donor
from tests.donations.receipts.bodies import ISSUED_AT, details, make_issuer, wished_gift
from tests.factories import make_district, make_fund, make_opportunity, make_provider, make_shift
from tests.volunteers.pledging import link_in, mails, make_placement, make_pledge, make_sent_offer
from volunteers.domain.links import MY_PLEDGES
from volunteers.models import Assignment, TimePledge
from volunteers.services.links import confirm_url, offer_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge() -> TimePledge:
    return make_pledge(utc_now())


@pytest.fixture
def gift(pledge: TimePledge) -> Donation:
    donor = make_donor(pledge.volunteer.email)
    return make_donation(
        make_fund("Ranzen"), donor=donor, amount_cents=4200, status="received", received_at=utc_now()
    )


def start_monthly(gift: Donation, number: int) -> RecurringDonation:
    """A gift of every month by the same giver that runs; it began with a gift of its own."""
    now = utc_now()
    monthly = RecurringDonation.objects.create(
        donor=gift.donor,
        fund=gift.fund,
        amount_cents=1000,
        method="sepa_debit",
        status="active",
        status_changed_at=now,
        created_at=now,
        stripe_subscription_id=f"sub_{number}",
    )
    make_donation(gift.fund, donor=gift.donor, status="received", received_at=now, recurring=monthly)
    return monthly


def page_of(mailbox: Mailbox, name: str = "my_page", *args: object) -> str:
    return reverse(name, args=[my_page_token(mailbox, utc_now()), *args])


def old(kind, subject: str, **ago: int) -> str:
    """A link as it was signed before there was one page."""
    return sign(kind.purpose, subject, now=utc_now() - timedelta(**ago), valid_for=kind.valid_for)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"</?span[^>]*>", "", answer.content.decode().replace("\xa0", " "))


def test_no_two_apps_call_a_notice_by_the_same_name() -> None:
    names = [name for part in all_parts() for name in part.notices]
    assert len(names) > 10
    assert sorted(names) == sorted(set(names))


class TestThePage:
    def test_shows_time_and_money_of_one_address(
        self, client: Client, pledge: TimePledge, gift: Donation
    ) -> None:
        shown = text(client, page_of(gift.donor.mailbox))
        assert "maria@example.org" in shown
        assert "dienstags 15–18" in shown
        assert "42 €" in shown
        assert "Ranzen" in shown

    def test_shows_only_what_there_is(self, client: Client) -> None:
        giver = make_donation(make_fund(), status="received", received_at=utc_now()).donor
        shown = text(client, page_of(giver.mailbox))
        assert "Mein Geld" in shown
        assert "Meine Zeit" not in shown

    def test_shows_nobody_elses(self, client: Client, gift: Donation) -> None:
        make_pledge(utc_now(), email="erika@example.org", first_name="Erika")
        other = make_donation(
            make_fund("Klavier"), amount_cents=1300, status="received", received_at=utc_now()
        )
        shown = text(client, page_of(gift.donor.mailbox))
        assert not any(each in shown for each in ("Erika", "Klavier", "13 €", other.donor.email))

    def test_orders_gifts_by_the_day_that_it_shows(self, client: Client) -> None:
        donor, fund, now = make_donor(), make_fund(), utc_now()

        def given(cents: int, promised: int, came: int | None) -> None:
            make_donation(
                fund,
                donor=donor,
                amount_cents=cents,
                method="transfer",
                pledged_at=now - timedelta(days=promised),
                **({"status": "received", "received_at": now - timedelta(days=came)} if came else {}),
            )

        given(300, promised=9, came=1)
        given(100, promised=5, came=4)
        given(200, promised=2, came=None)
        rows = re.findall(
            r'<th scope="row">([\d.]+)</th>.*?class="numeric">([^<]+)<',
            text(client, page_of(donor.mailbox)),
            re.DOTALL,
        )
        days = [f"{local_day(now - timedelta(days=each)):%d.%m.%Y}" for each in (1, 2, 4)]
        assert rows == list(zip(days, ["3 €", "2 €", "1 €"], strict=True))

    def test_takes_thirteen_queries_with_time_and_money_on_it(
        self, client: Client, gift: Donation, pledge: TimePledge, django_assert_max_num_queries
    ) -> None:
        now = utc_now()
        for number in range(8):
            wanted = make_opportunity(f"Gewünscht {number}", places=2, clearance_required=False)
            more = make_pledge(now, wanted=wanted, districts=[make_district(f"Nord {number}")])
            more.exceptions.create(from_on=date(2027, 1, 1), until_on=date(2027, 1, 2))
            make_sent_offer(more, make_opportunity(slots=[(2, 540, 600 + number)]), now)
            task = make_opportunity(clearance_required=False, slots=[(3, 540, 610 + number)])
            placement = make_placement(more, task, now, "active", from_on=date(2026, 1, 1))
            shift = make_shift(task, now + timedelta(days=3, hours=2 * number))
            Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)
            start_monthly(gift, number)
        body = make_provider("Verein")
        ranzen = make_fund("Schultüten", provider=body)
        make_issuer(body, details(ranzen))
        receipt = issue([wished_gift(ranzen, donor=gift.donor).pk], actor=system("test"), now=ISSUED_AT)
        with django_assert_max_num_queries(13):
            shown = text(client, page_of(gift.donor.mailbox))
        for number in range(8):
            assert f"Nord {number}" in shown
            assert f"mittwochs 9–10:{number:02} Uhr".replace(":00", "") in shown
            assert f"donnerstags 9–10:1{number} Uhr" in shown
            assert f"Für „Gewünscht {number}“" in shown or f"„Gewünscht {number}“:" in shown
        assert shown.count("Dauerspende beenden") == 8
        assert receipt.number in shown

    def test_a_giver_alone_pays_nothing_for_time(self, client: Client, django_assert_num_queries) -> None:
        giver = make_donation(make_fund(), status="received", received_at=utc_now()).donor
        address = page_of(giver.mailbox)
        with django_assert_num_queries(3):  # the mailbox, its gifts, the city
            assert "Mein Geld" in text(client, address)

    def test_other_peoples_rows_cost_it_nothing(
        self, client: Client, gift: Donation, pledge: TimePledge
    ) -> None:
        address = page_of(gift.donor.mailbox)
        with CaptureQueriesContext(connection) as alone:
            client.get(address)
        for number in range(3):
            make_pledge(utc_now(), email=f"e{number}@example.org", wanted=make_opportunity())
        with CaptureQueriesContext(connection) as among_many:
            client.get(address)
        assert len(among_many) == len(alone) <= 10

    def test_a_running_monthly_gift_can_be_ended_there(self, client: Client, gift: Donation) -> None:
        monthly = start_monthly(gift, 1)
        assert f"/beenden/{monthly.pk}/" in text(client, page_of(gift.donor.mailbox))

    def test_who_was_sent_a_mail_about_money_finds_time_too(
        self, client: Client, gift: Donation, pledge: TimePledge
    ) -> None:
        assert "42 €" in text(client, link_in(mails("pledge_confirmed").get(), "/meins/"))


class TestLinksFromBefore:
    def test_the_old_addresses_go_on_to_the_page_with_the_same_link(
        self, client: Client, pledge: TimePledge, gift: Donation
    ) -> None:
        time = old(MY_PLEDGES, f"{pledge.volunteer_id}.1", days=100)
        money = old(MY_GIFTS, f"{gift.donor_id}", days=100)
        for address, token in ((f"/meine-zusagen/{time}/", time), (f"/meine-spenden/{money}/", money)):
            answer = client.get(address)
            assert (answer.status_code, answer["Location"]) == (303, f"/meins/{token}/")

    def test_each_shows_its_own_part_and_no_more(
        self, client: Client, pledge: TimePledge, gift: Donation
    ) -> None:
        shown = text(client, f"/meins/{old(MY_PLEDGES, f'{pledge.volunteer_id}.1', days=1)}/")
        assert "dienstags 15–18" in shown
        assert "42 €" not in shown
        shown = text(client, f"/meins/{old(MY_GIFTS, f'{gift.donor_id}', days=1)}/")
        assert "42 €" in shown
        assert "dienstags" not in shown

    def test_neither_reaches_the_other_part_or_what_concerns_both(
        self, client: Client, pledge: TimePledge, gift: Donation
    ) -> None:
        time = old(MY_PLEDGES, f"{pledge.volunteer_id}.1")
        money = old(MY_GIFTS, f"{gift.donor_id}")
        assert client.get(f"/meine-spenden/{time}/").status_code == 404
        assert client.get(f"/meine-zusagen/{money}/").status_code == 404
        assert client.get(reverse("pledge_change", args=[money, pledge.pk])).status_code == 404
        for name in ("my_settings", "my_links", "my_data", "my_data_file", "my_page_erase"):
            for token in (time, money):
                assert client.get(reverse(name, args=[token])).status_code == 404, name
                assert client.post(reverse(name, args=[token])).status_code in (404, 405), name

    def test_a_pledge_is_changed_through_an_old_link_as_before(
        self, client: Client, pledge: TimePledge
    ) -> None:
        token = old(MY_PLEDGES, f"{pledge.volunteer_id}.1", days=30)
        assert client.get(reverse("pledge_change", args=[token, pledge.pk])).status_code == 200

    def test_they_end_with_all_other_links(self, client: Client, pledge: TimePledge, gift: Donation) -> None:
        tokens = [old(MY_PLEDGES, f"{pledge.volunteer_id}.1"), old(MY_GIFTS, f"{gift.donor_id}")]
        assert client.post(page_of(gift.donor.mailbox, "my_links"), {"which": "all"}).status_code == 303
        assert [client.get(f"/meins/{token}/").status_code for token in tokens] == [404, 404]

    def test_they_run_out_after_half_a_year(self, client: Client, pledge: TimePledge) -> None:
        token = old(MY_PLEDGES, f"{pledge.volunteer_id}.1", days=180)
        assert client.get(f"/meine-zusagen/{token}/").status_code == 410

    def test_the_pages_that_asked_for_them_lead_to_the_one_that_does_now(self, client: Client) -> None:
        for address in ("/meine-zusagen/", "/meine-spenden/"):
            assert client.get(address)["Location"] == "/meins/"


class TestRevoking:
    def test_one_kind_goes_and_the_others_stay(self, client: Client, pledge: TimePledge) -> None:
        now = utc_now()
        offer = make_sent_offer(pledge, make_opportunity(), now)
        mailbox = pledge.volunteer.mailbox
        own = page_of(mailbox)
        asked, confirmed = offer_url(offer, now), confirm_url(pledge, now)
        answer = client.post(page_of(mailbox, "my_links"), {"which": "offer"})
        assert (answer.status_code, answer["Location"].endswith("hinweis=gesperrt")) == (303, True)
        assert client.get(asked).status_code == 404
        assert client.get(own).status_code == client.get(confirmed).status_code == 200
        offer.pledge.volunteer.mailbox.refresh_from_db()
        assert client.get(offer_url(offer, now)).status_code == 200

    def test_all_goes_for_time_and_money_and_a_new_link_comes(self, client: Client, gift: Donation) -> None:
        before = page_of(gift.donor.mailbox)
        client.post(page_of(gift.donor.mailbox, "my_links"), {"which": "all"})
        assert client.get(before).status_code == 404
        shown = text(client, link_in(mails("my_page_link").get(), "/meins/"))
        assert "42 €" in shown

    @pytest.mark.parametrize("which", ["my_page", "nonsense", "all all"])
    def test_a_kind_nobody_offered_is_refused(self, client: Client, pledge: TimePledge, which: str) -> None:
        address = page_of(pledge.volunteer.mailbox, "my_links")
        assert client.post(address, {"which": which}).status_code == 422
        mailbox = Mailbox.objects.get()
        assert (mailbox.link_version, mailbox.kind_versions) == (1, {})
