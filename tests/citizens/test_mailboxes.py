"""One mailbox for time and money, whoever types it how."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from citizens.models import Mailbox
from citizens.services.mailboxes import delete_unused, mailbox_for
from donations.models import Donor
from foundation.batches import BATCH
from foundation.clock import utc_now
from foundation.sweeps import run
from programs.models import Fund
from tests.donations.visits import WHAT, give
from tests.factories import make_fund, make_opportunity, make_provider
from tests.volunteers.pledging import link_in, mails, make_pledge, send_pledge
from volunteers.models import Offer, TimePledge, Volunteer
from volunteers.services.match_runs import run_matching
from volunteers.services.pledges import Person, confirm_pledge, record_pledge
from volunteers.services.wishes import Wishes


@pytest.fixture
def fund(db: None) -> Fund:
    provider = make_provider(account_holder_name="Haus", iban="DE02120300000000202051")
    return make_fund("Ranzen", provider=provider)


@pytest.mark.django_db
class TestOneMailbox:
    def test_time_and_money_of_two_spellings_meet_in_one_row(self, client: Client, fund: Fund) -> None:
        send_pledge(client, email="Ada@Müller.de")
        give(client, what={**WHAT, "zweck": fund.slug}, method="transfer", email="ada@xn--mller-kva.de")
        (mailbox,) = Mailbox.objects.all()
        assert mailbox.email == "ada@xn--mller-kva.de"
        assert mailbox.confirmed_at is None
        assert (mailbox.volunteers.count(), mailbox.donor) == (1, Donor.objects.get())

    def test_the_mail_goes_to_the_address_in_its_one_form(self, client: Client) -> None:
        send_pledge(client, email="Maria@MÜLLER.de")
        assert mails("pledge_confirm").get().to_email == "maria@xn--mller-kva.de"

    def test_invisible_letters_buy_no_fifth_mail_a_day(self, client: Client) -> None:
        spellings = ["maria@müller.de", "ma\u200bria@müller.de", "maria@xn--mller-kva.de"] * 2
        answers = [send_pledge(client, email=email).status_code for email in spellings]
        assert answers == [303] * 4 + [429] * 2

    def test_confirming_confirms_the_mailbox(self, client: Client) -> None:
        send_pledge(client)
        client.post(link_in(mails("pledge_confirm").get(), "/zusage/bestaetigen/"))
        mailbox = Mailbox.objects.get()
        assert mailbox.confirmed_at == TimePledge.objects.get().confirmed_at

    def test_asking_for_a_known_and_an_unknown_row_costs_the_same(
        self, now, django_assert_num_queries
    ) -> None:
        for _turn in range(2):
            with django_assert_num_queries(2):
                mailbox_for("maria@example.org", now)
        assert Mailbox.objects.count() == 1

    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"email": "Maria@example.org"}, "mailbox_email_is_lower"),
            ({"link_version": 0}, "mailbox_link_version_counts"),
            ({"erased_at": utc_now()}, "mailbox_erased_is_empty"),
            (
                {"erased_at": utc_now(), "email": "x@erased.invalid", "unwanted": ["termine"]},
                "mailbox_erased_is_empty",
            ),
        ],
    )
    def test_impossible_rows_are_impossible(self, now, values: dict[str, object], constraint: str) -> None:
        mailbox = mailbox_for("maria@example.org", now)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Mailbox.objects.filter(pk=mailbox.pk).update(**values)


@pytest.mark.django_db
class TestSharing:
    def page(self, client: Client) -> str:
        return client.get(
            link_in(mails("pledge_confirm").latest("pk"), "/zusage/bestaetigen/")
        ).content.decode()

    def confirm(self, client: Client, **answers: str) -> int:
        address = link_in(mails("pledge_confirm").latest("pk"), "/zusage/bestaetigen/")
        return client.post(address, answers).status_code

    def test_a_second_person_is_asked_for_and_kept_apart(self, client: Client) -> None:
        make_pledge(utc_now())
        send_pledge(client, first_name="Jonas")
        address = link_in(mails("pledge_confirm").latest("pk"), "/zusage/bestaetigen/")
        page = client.get(address).content.decode()
        assert "Nein, wir teilen uns das Postfach" in page
        assert "Maria" not in page
        self.confirm(client, person="other")
        assert list(Volunteer.objects.order_by("pk").values_list("first_name", "mailbox__email")) == [
            ("Maria", "maria@example.org"),
            ("Jonas", "maria@example.org"),
        ]
        assert TimePledge.objects.latest("pk").volunteer.first_name == "Jonas"

    def test_whoever_does_not_say_otherwise_is_a_person_of_their_own(self, client: Client) -> None:
        make_pledge(utc_now())
        send_pledge(client, first_name="Jonas")
        assert ticked(self.page(client)) == "other"
        self.confirm(client, person="other")
        assert sorted(Volunteer.objects.values_list("first_name", flat=True)) == ["Jonas", "Maria"]
        assert "Guten Tag Jonas," in mails("pledge_confirmed").latest("pk").body_text

    def test_who_says_to_be_the_one_known_is_called_as_typed(self, client: Client) -> None:
        make_pledge(utc_now())
        send_pledge(client, first_name="Mia")
        self.confirm(client, person="same")
        person = Volunteer.objects.get()
        assert (person.first_name, person.pledges.count()) == ("Mia", 2)
        assert "Guten Tag Mia," in mails("pledge_confirmed").latest("pk").body_text

    def test_each_of_two_is_asked_for_what_suits_them_at_the_same_hour(self, client: Client) -> None:
        """Two people may help at the same time, however one mailbox they have."""
        task = make_opportunity("Vorlesen", places=2, clearance_required=False)
        for name in ("Maria", "Jonas"):
            make_pledge(utc_now(), first_name=name)
        run_matching(utc_now())
        asked = Offer.objects.filter(opportunity=task, status="sent")
        assert {offer.pledge.volunteer.first_name for offer in asked} == {"Maria", "Jonas"}

    @pytest.mark.parametrize("answers", [{}, {"person": "nonsense"}])
    def test_an_answer_that_is_none_confirms_nothing(self, client: Client, answers: dict[str, str]) -> None:
        make_pledge(utc_now())
        send_pledge(client, first_name="Jonas")
        assert self.confirm(client, **answers) == 400
        assert TimePledge.objects.latest("pk").status == "unconfirmed"

    def test_the_same_name_finds_its_own_person(self, client: Client) -> None:
        make_pledge(utc_now())
        send_pledge(client, first_name="Jonas")
        self.confirm(client, person="other")
        send_pledge(client, first_name="jonas")
        self.confirm(client, person="same")
        assert Volunteer.objects.get(first_name="Jonas").pledges.count() == 2

    def test_somebody_of_the_same_name_may_be_somebody_else(self, client: Client) -> None:
        make_pledge(utc_now())
        send_pledge(client, first_name="maria")
        page = self.page(client)
        assert "jemanden mit Ihrem Vornamen" in page
        assert ticked(page) == "same"
        assert self.confirm(client, person="other") == 303
        assert [person.pledges.count() for person in Volunteer.objects.order_by("pk")] == [1, 1]
        send_pledge(client, first_name="Maria")
        assert self.confirm(client, person="same") == 303
        assert [person.pledges.count() for person in Volunteer.objects.order_by("pk")] == [2, 1]

    @pytest.mark.parametrize("known_is_adult", [True, False])
    def test_of_another_age_nobody_becomes_somebody_unasked(
        self, client: Client, known_is_adult: bool
    ) -> None:
        make_pledge(utc_now())
        Volunteer.objects.update(is_adult=known_is_adult)
        send_pledge(client, first_name="Maria", is_adult="16-17" if known_is_adult else "adult")
        assert ticked(self.page(client)) is None
        assert self.confirm(client) == 400
        assert TimePledge.objects.latest("pk").status == "unconfirmed"
        assert self.confirm(client, person="other") == 303
        ages = Volunteer.objects.order_by("pk").values_list("is_adult", flat=True)
        assert list(ages) == [known_is_adult, not known_is_adult]

    def test_who_says_to_be_the_one_known_has_the_age_they_say(self, client: Client) -> None:
        make_pledge(utc_now())
        send_pledge(client, first_name="Maria", is_adult="16-17")
        assert self.confirm(client, person="same") == 303
        person = Volunteer.objects.get()
        assert (person.is_adult, person.pledges.count()) == (False, 2)

    def test_of_two_namesakes_the_one_of_that_age_is_meant(self, client: Client) -> None:
        make_pledge(utc_now())
        for person in ("other", "same"):
            send_pledge(client, first_name="Maria", is_adult="16-17")
            self.confirm(client, person=person)
        counts = Volunteer.objects.order_by("pk", "pledges").values_list("is_adult", "pledges__status")
        assert list(counts) == [(True, "open"), (False, "open"), (False, "open")]


def ticked(page: str) -> str | None:
    """Return the answer that stands ticked, if any does."""
    inputs = re.findall(r'<input[^>]*name="person" value="(\w+)"([^>]*)>', page)
    assert [value for value, _ in inputs] == ["other", "same"]
    return next((value for value, rest in inputs if "checked" in rest), None)


@pytest.mark.django_db
class TestClearingAway:
    def test_what_nobody_confirmed_goes_with_the_pledge_that_was_typed(self, now) -> None:
        person = Person("Maria", "maria@example.org")
        record_pledge(person, Wishes(times=[]), now=now)
        week = timedelta(days=7)
        assert delete_unused(now + week) == 0
        run("volunteers.delete_unconfirmed", now + week)
        assert delete_unused(now + week - timedelta(seconds=1)) == 0
        assert delete_unused(now + week) == 1
        assert Mailbox.objects.count() == 0

    def test_mailboxes_of_people_givers_and_owners_stay(self, now, fund: Fund) -> None:
        make_pledge(now)
        Donor.objects.create(mailbox=mailbox_for("geber@example.org", now), created_at=now)
        Mailbox.objects.create(email="ohne@example.org", created_at=now, confirmed_at=now)
        assert delete_unused(now + timedelta(days=4000)) == 0

    def test_a_storm_of_addresses_is_gone_after_one_night(self, now) -> None:
        Mailbox.objects.bulk_create(
            Mailbox(email=f"sturm{number}@example.org", created_at=now) for number in range(BATCH + 1)
        )
        assert run("citizens.delete_unused", now + timedelta(days=7)) == BATCH + 1
        assert not Mailbox.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_two_confirmations_of_one_address_at_once_make_one_person(now, turn: int) -> None:
    pledges = [
        record_pledge(Person("Maria", email), Wishes(times=[]), now=now)
        for email in ("maria@example.org", "Maria@Example.org ", "ma\u00adria@example.org")
    ]

    def confirm(pk: int) -> bool:
        try:
            return confirm_pledge(TimePledge.objects.get(pk=pk), now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(pledges)) as pool:
        assert list(pool.map(confirm, [pledge.pk for pledge in pledges])) == [True] * 3
    person = Volunteer.objects.get()
    assert person.confirmed_at == now
    assert person.pledges.filter(status="open").count() == 3
    assert Mailbox.objects.get().confirmed_at == now
