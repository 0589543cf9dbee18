"""What cannot be undone: at once from a fresh link, else after a step from the mailbox."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.domain.links import ERASE
from citizens.models import Mailbox
from citizens.services.links import issue, my_page_token
from donations.models import RecurringDonation
from foundation.clock import local_day, utc_now
from outbox.models import Message
from tests.donations.gifts import make_donor
from tests.factories import make_fund, make_opportunity
from tests.volunteers.pledging import link_in, mails, make_placement, make_pledge
from volunteers.models import Placement, TimePledge, Volunteer

pytestmark = pytest.mark.django_db
SENT = "/meins/bestaetigen/"


@pytest.fixture
def pledge() -> TimePledge:
    return make_pledge(utc_now())


def address(pledge: TimePledge, name: str, *args: object, **ago: int) -> str:
    token = my_page_token(pledge.volunteer.mailbox, utc_now() - timedelta(**ago))
    return reverse(name, args=[token, *args])


class TestErasing:
    def test_from_a_fresh_link_happens_at_once(self, client: Client, pledge: TimePledge) -> None:
        answer = client.post(address(pledge, "my_page_erase", minutes=59))
        assert (answer.status_code, answer["Location"]) == (303, "/meins/geloescht/")
        assert Volunteer.objects.get().first_name == ""

    @pytest.mark.parametrize("minutes", [60, 61, 60 * 24 * 170])
    def test_from_an_older_link_waits_for_the_mailbox(
        self, client: Client, pledge: TimePledge, minutes: int
    ) -> None:
        answer = client.post(address(pledge, "my_page_erase", minutes=minutes))
        assert (answer.status_code, answer["Location"]) == (303, SENT)
        assert "bitte dort bestätigen" in client.get(SENT).content.decode()
        assert Volunteer.objects.get().first_name == "Maria"
        mail = mails("confirm_step").get()
        assert mail.to_email == "maria@example.org"
        assert "wird gelöscht" in mail.body_text

    def test_the_step_shows_first_and_then_does(self, client: Client, pledge: TimePledge) -> None:
        client.post(address(pledge, "my_page_erase", days=3))
        step = link_in(mails("confirm_step").get(), "/meins/loeschen/")
        assert "nicht rückgängig" in client.get(step).content.decode()
        assert Volunteer.objects.get().first_name == "Maria"
        assert client.post(step)["Location"] == "/meins/geloescht/"
        assert Volunteer.objects.get().first_name == ""
        assert client.post(step).status_code == 404

    def test_the_step_is_over_after_an_hour(self, client: Client, pledge: TimePledge) -> None:
        mailbox = pledge.volunteer.mailbox
        token = issue(ERASE, mailbox, mailbox.pk, utc_now() - timedelta(minutes=60))
        answer = client.post(reverse("my_page_erase_step", args=[token]))
        assert answer.status_code == 410
        assert Volunteer.objects.get().first_name == "Maria"

    def test_the_page_says_which_it_will_be(self, client: Client, pledge: TimePledge) -> None:
        fresh = client.get(address(pledge, "my_page_erase")).content.decode()
        aged = client.get(address(pledge, "my_page_erase", days=3)).content.decode()
        assert ("Ja, alles löschen" in fresh, "E-\u2060Mail zum Bestätigen" in fresh) == (True, False)
        assert ("Ja, alles löschen" in aged, "E-\u2060Mail zum Bestätigen" in aged) == (False, True)

    def test_revoked_links_take_the_step_with_them(self, client: Client, pledge: TimePledge) -> None:
        client.post(address(pledge, "my_page_erase", days=3))
        step = link_in(mails("confirm_step").get(), "/meins/loeschen/")
        client.post(address(pledge, "my_links"), {"which": "all"})
        assert client.post(step).status_code == 404


class TestWithdrawing:
    def test_from_an_older_link_waits_for_the_mailbox(self, client: Client, pledge: TimePledge) -> None:
        answer = client.post(address(pledge, "pledge_withdraw", pledge.pk, hours=2))
        assert answer["Location"] == SENT
        pledge.refresh_from_db()
        assert pledge.status == "open"
        step = link_in(mails("confirm_step").get(), "/zusage/zurueckziehen/")
        assert "Zusage zurückziehen?" in client.get(step).content.decode()
        pledge.refresh_from_db()
        assert pledge.status == "open"
        assert client.post(step)["Location"] == step
        pledge.refresh_from_db()
        assert pledge.status == "withdrawn"
        assert "Ihre Zusage ist zurückgezogen" in client.get(step).content.decode()

    def test_the_step_withdraws_its_own_pledge_only_and_once(
        self, client: Client, pledge: TimePledge
    ) -> None:
        other = make_pledge(utc_now())
        client.post(address(pledge, "pledge_withdraw", pledge.pk, hours=2))
        step = link_in(mails("confirm_step").get(), "/zusage/zurueckziehen/")
        for _turn in range(2):
            assert client.post(step).status_code == 303
        other.refresh_from_db()
        assert other.status == "open"
        assert mails("pledge_withdrawn").count() == 1


class TestLeavingATask:
    @pytest.fixture
    def placement(self, pledge: TimePledge) -> Placement:
        task = make_opportunity("Kochen", slots=[], clearance_required=False)
        return make_placement(pledge, task, utc_now(), "active", from_on=local_day(utc_now()))

    def test_from_a_fresh_link_happens_at_once(
        self, client: Client, pledge: TimePledge, placement: Placement
    ) -> None:
        answer = client.post(address(pledge, "placement_leave", placement.pk, minutes=59))
        assert answer["Location"].endswith("/?hinweis=verlassen")
        placement.refresh_from_db()
        assert placement.status == "ended"

    def test_from_an_older_link_waits_for_the_mailbox(
        self, client: Client, pledge: TimePledge, placement: Placement
    ) -> None:
        answer = client.post(address(pledge, "placement_leave", placement.pk, minutes=60))
        assert (answer.status_code, answer["Location"]) == (303, SENT)
        placement.refresh_from_db()
        assert (placement.status, mails("placement_left").count()) == ("active", 0)
        mail = mails("confirm_step").get()
        assert "Sie hören bei dieser Aufgabe auf: Kochen." in mail.body_text
        step = link_in(mail, "/zusage/aufhoeren/")
        assert "Ja, hier höre ich auf" in client.get(step).content.decode()
        placement.refresh_from_db()
        assert placement.status == "active"
        for _turn in range(2):
            assert client.post(step)["Location"] == step
        placement.refresh_from_db()
        assert (placement.status, mails("placement_left").count()) == ("ended", 1)
        assert "Bei dieser Aufgabe sind Sie nicht mehr dabei" in client.get(step).content.decode()

    def test_the_page_says_which_it_will_be(
        self, client: Client, pledge: TimePledge, placement: Placement
    ) -> None:
        for ago, says in (({}, "Ja, hier höre ich auf"), ({"days": 3}, "E-\u2060Mail zum Bestätigen")):
            page = client.get(address(pledge, "placement_leave", placement.pk, **ago)).content.decode()
            found = {"Ja, hier höre ich auf": False, "E-\u2060Mail zum Bestätigen": False} | {says: True}
            assert {words: words in page for words in found} == found


class TestLetters:
    """Whoever gets letters has no mailbox to ask: the code on paper does it, however old."""

    @pytest.fixture(autouse=True)
    def _on_paper(self, pledge: TimePledge) -> None:
        Mailbox.objects.filter(pk=pledge.volunteer.mailbox_id).update(
            email="0@brief.invalid", postal_address="Maria\nWeierstraße 1\n52349 Düren"
        )
        pledge.volunteer.mailbox.refresh_from_db()

    def test_withdraws(self, client: Client, pledge: TimePledge) -> None:
        page = address(pledge, "pledge_withdraw", pledge.pk, days=90)
        assert "Ja, Zusage zurückziehen" in client.get(page).content.decode()
        assert client.post(page)["Location"].endswith("/?hinweis=zurueckgezogen")
        pledge.refresh_from_db()
        assert pledge.status == "withdrawn"

    def test_leaves_a_task(self, client: Client, pledge: TimePledge) -> None:
        task = make_opportunity("Kochen", slots=[], clearance_required=False)
        placement = make_placement(pledge, task, utc_now(), "active", from_on=local_day(utc_now()))
        client.post(address(pledge, "placement_leave", placement.pk, days=90))
        placement.refresh_from_db()
        assert placement.status == "ended"

    def test_erases(self, client: Client, pledge: TimePledge) -> None:
        assert client.post(address(pledge, "my_page_erase", days=90))["Location"] == "/meins/geloescht/"
        assert Volunteer.objects.get().first_name == ""


class TestEndingMonthlyGifts:
    @pytest.fixture
    def monthly(self) -> RecurringDonation:
        return RecurringDonation.objects.create(
            donor=make_donor("geberin@example.org"),
            fund=make_fund("Ranzen"),
            amount_cents=1000,
            method="sepa_debit",
            status="starting",
            status_changed_at=utc_now(),
            created_at=utc_now(),
        )

    def ending(self, row: RecurringDonation, **ago: int) -> str:
        token = my_page_token(row.donor.mailbox, utc_now() - timedelta(**ago))
        return reverse("my_gifts_end", args=[token, row.pk])

    def test_from_a_fresh_link_happens_at_once(self, client: Client, monthly: RecurringDonation) -> None:
        answer = client.post(self.ending(monthly))
        assert answer.status_code == 303
        monthly.refresh_from_db()
        assert monthly.status == "cancelled"

    def test_from_an_older_link_waits_for_the_mailbox(
        self, client: Client, monthly: RecurringDonation
    ) -> None:
        assert client.post(self.ending(monthly, days=9))["Location"] == SENT
        monthly.refresh_from_db()
        assert monthly.status == "starting"
        mail = mails("confirm_step").get()
        assert "10\xa0€" in mail.body_text
        assert "Ranzen" in mail.body_text
        step = link_in(mail, "/dauerspende/beenden/")
        assert "Ja, beenden" in client.get(step).content.decode()
        assert client.post(step)["Location"] == step
        monthly.refresh_from_db()
        assert monthly.status == "cancelled"
        assert "Ihre Dauerspende ist beendet" in client.get(step).content.decode()


def test_an_old_link_cannot_flood_its_own_mailbox(client: Client, pledge: TimePledge) -> None:
    answers = [client.post(address(pledge, "my_page_erase", days=9)).status_code for _turn in range(7)]
    assert answers == [303] * 5 + [429] * 2
    assert Message.objects.filter(template="confirm_step").count() <= 5
