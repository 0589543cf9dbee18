"""What a task asks for beside a certificate holds on activation, for every date, and on the day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from citizens.models import Mailbox
from citizens.services.erasure import erase
from citizens.services.links import my_page_token
from citizens.services.paper import letters_waiting
from citizens.services.parts import Section, is_known
from foundation.actors import staff
from foundation.clock import local_day
from foundation.history import lines_of
from foundation.sweeps import run
from outbox.models import Message
from programs.domain.declarations import DeclarationKind
from programs.models import Declaration, Membership, Opportunity, Shift
from programs.services.declarations import mark_of_declaration, release_declaration, write_declaration
from tests.factories import (
    make_activity,
    make_declaration,
    make_opportunity,
    make_provider,
    make_shift,
    make_user,
    make_youth_office,
)
from tests.volunteers.pledging import link_in, mails, make_consent, make_placement, make_pledge
from volunteers.models import (
    Assignment,
    GuardianConsent,
    MeaslesProof,
    Placement,
    SelfCommitment,
    TimePledge,
    Volunteer,
)
from volunteers.selectors.gate import gate_of, who_may_stand_in
from volunteers.selectors.two_adults import unsafe_dates
from volunteers.services import guardian_part
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.clearance_changes import follow_due_dates
from volunteers.services.clearances import record_clearance
from volunteers.services.guardians import AskRefusal, ask_guardian, withdraw_consent
from volunteers.services.personal_data import change_person
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import confirm_placement

pytestmark = pytest.mark.django_db
OFFICER = Membership.Role.SAFEGUARDING_OFFICER
ACTOR = staff(1, OFFICER)
KITA: dict[str, Any] = {"clearance_required": False, "measles_sites": ["kita"]}
SIGN: dict[str, Any] = {"clearance_required": False, "self_commitment": True}
MAY = date(2008, 5, 1)
"""Who is born in that month is certainly 18 on the first of June 2026."""


@pytest.fixture
def today() -> datetime:
    """The pages read the clock themselves."""
    return datetime.now(UTC)


def said_yes(now: datetime, *, is_adult: bool = True, site_kind: str = "", **asks: Any) -> Placement:
    """Somebody waits for the provider's yes to a task that asks for this."""
    task = make_opportunity(
        activity=make_activity(**({"clearance_required": False} | asks)), site_kind=site_kind, places=3
    )
    pledge = make_pledge(now)
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(is_adult=is_adult)
    pledge.volunteer.refresh_from_db()
    return make_placement(pledge, task, now, "awaiting_confirmation")


def confirmed(now: datetime, **values: Any) -> Placement:
    placement = said_yes(now, **values)
    assert confirm_placement(placement, actor=ACTOR, now=now)
    placement.refresh_from_db()
    return placement


def own_section(mailbox: Mailbox, now: datetime) -> Section | None:
    return guardian_part.PART.section(mailbox, my_page_token(mailbox, now), now)


def status(placement: Placement) -> str:
    return Placement.objects.values_list("status", flat=True).get(pk=placement.pk)


def steps(template: str = "placement_awaiting_clearance") -> str:
    return link_in(mails(template).latest("pk"), "/einsatz/")


def sign(client: Client, address: str, version: Declaration, **more: str) -> Any:
    return client.post(
        address.replace("schritte", "unterschrift"), {"version": version.pk, "agreed": "on", **more}
    )


def born(placement: Placement, month: date | None) -> None:
    Volunteer.objects.filter(pk=placement.volunteer_id).update(born_in=month)


class TestTheDatabase:
    """It refuses whoever asks, however the row is written."""

    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"self_commitment": True}, "needs_self_commitment"),
            ({"measles_sites": ["kita"], "site_kind": "kita"}, "needs_measles_proof"),
            ({"is_adult": False}, "needs_guardians_consent"),
        ],
    )
    def test_nobody_becomes_active_or_is_expected_without(
        self, now: datetime, values: dict[str, Any], constraint: str
    ) -> None:
        make_declaration()
        placement = said_yes(now, **values)
        rows = Placement.objects.filter(pk=placement.pk)
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            rows.update(status="active", from_on=local_day(now))
        assert refused.value.__cause__.diag.constraint_name == f"placement_{constraint}"  # type: ignore[union-attr]
        shift = make_shift(placement.opportunity, now + timedelta(days=3))
        statement = (
            "INSERT INTO volunteers_assignment"
            " (volunteer_id, placement_id, role_id, shift_id, status, status_changed_at)"
            " VALUES (%s, %s, %s, %s, 'confirmed', now())"
        )
        with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [placement.volunteer_id, placement.pk, placement.role_id, shift.pk])
        assert refused.value.__cause__.diag.constraint_name == f"assignment_{constraint}"  # type: ignore[union-attr]
        assert (status(placement), Assignment.objects.count()) == ("awaiting_confirmation", 0)

    def test_a_minor_is_never_there_over_night_whoever_agreed(self, now: datetime) -> None:
        placement = said_yes(
            now, is_adult=False, overnight=True, two_adults=True, clearance_required=True, minimum_age=16
        )
        make_consent(placement, now)
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Placement.objects.update(status="active", from_on=local_day(now))
        constraint = refused.value.__cause__.diag.constraint_name  # type: ignore[union-attr]
        assert constraint in ("placement_minor_never_over_night", "placement_active_needs_clearance")

    @pytest.mark.parametrize(
        ("minutes", "month", "comes"),
        [
            (60, date(2010, 2, 1), True),
            (61, date(2010, 2, 1), False),
            (61, date(2010, 1, 1), True),
            (61, None, True),
            (180, date(2010, 1, 1), True),
            (181, date(2010, 1, 1), False),
        ],
    )
    def test_below_16_until_eight_below_18_until_ten_to_the_birthday(
        self, now: datetime, minutes: int, month: date | None, *, comes: bool
    ) -> None:
        """19:00 in Düren on the first of February 2026: who was born in January 2010 is certainly 16."""
        placement = confirmed(now, is_adult=False)
        make_consent(placement, now)
        born(placement, month)
        began = date(2026, 1, 12)
        Placement.objects.filter(pk=placement.pk).update(status="active", from_on=began)
        shift = make_shift(placement.opportunity, datetime(2026, 2, 1, 18, 0, tzinfo=UTC), minutes=minutes)
        placement.refresh_from_db()
        assert assign_coming_shifts(datetime(2026, 1, 20, tzinfo=UTC), placement=placement) == comes
        if not comes:
            with pytest.raises(IntegrityError), transaction.atomic():
                Assignment.objects.create(placement=placement, shift=shift, status_changed_at=now)


class TestTheSignature:
    @pytest.fixture
    def text(self) -> Declaration:
        return make_declaration(text="Ich achte jedes Kind.\n\n- Ein Nein gilt.")

    def test_is_asked_for_by_mail_and_given_by_the_own_link(
        self, client: Client, text: Declaration, today: datetime
    ) -> None:
        placement = confirmed(today, **SIGN)
        assert status(placement) == "awaiting_clearance"
        body = mails("placement_awaiting_clearance").get().body_text
        assert "Unterschreiben Sie die Selbstverpflichtung" in body
        assert "Führungszeugnis" not in body
        page = client.get(steps()).content.decode()
        assert "<li>Ein Nein gilt.</li>" in page
        assert "noch nicht bestätigt" in page
        assert sign(client, steps(), text).status_code == 303
        assert status(placement) == "active"
        assert SelfCommitment.objects.values_list("declaration", "signed_on").get() == (
            text.pk,
            local_day(today),
        )
        came = lines_of(placement).get(to_status="active")
        assert (came.actor_kind, came.actor_role, came.actor_user) == ("citizen", "volunteer", None)
        assert "Alles da" in client.get(steps()).content.decode()

    def test_without_a_tick_or_under_another_text_nothing_is_signed(
        self, client: Client, text: Declaration, today: datetime
    ) -> None:
        placement = confirmed(today, **SIGN)
        assert sign(client, steps(), text, agreed="").status_code == 422
        other = make_declaration("einverstaendnis")
        page = sign(client, steps(), other)
        assert page.status_code == 422
        assert "gerade geändert" in page.content.decode()
        assert (status(placement), SelfCommitment.objects.count()) == ("awaiting_clearance", 0)

    def test_one_is_for_every_task_and_only_what_is_missing_is_asked_for(
        self, client: Client, text: Declaration, today: datetime
    ) -> None:
        confirmed(today, **SIGN)
        sign(client, steps(), text)
        second = confirmed(today, self_commitment=True, clearance_required=True)
        body = mails("placement_awaiting_clearance").latest("pk").body_text
        assert "Selbstverpflichtung" not in body
        assert "Eines fehlt noch: das erweiterte Führungszeugnis" in body
        assert record_clearance(second, certificate_on=local_day(today), actor=ACTOR, now=today)
        assert status(second) == "active"

    def test_a_certificate_alone_does_not_open_the_gate(
        self, client: Client, text: Declaration, today: datetime
    ) -> None:
        placement = confirmed(today, self_commitment=True, clearance_required=True)
        assert record_clearance(placement, certificate_on=local_day(today), actor=ACTOR, now=today)
        assert status(placement) == "awaiting_clearance"
        sign(client, steps(), text)
        assert status(placement) == "active"

    @pytest.mark.parametrize(
        ("signed_on", "last_on"),
        [
            (date(2024, 2, 29), date(2029, 2, 27)),
            (date(2023, 2, 28), date(2028, 2, 27)),
            (date(2023, 3, 1), date(2028, 2, 29)),
        ],
    )
    def test_ends_on_the_same_day_for_who_comes_who_is_sent_back_and_who_stands_in(
        self, text: Declaration, signed_on: date, last_on: date
    ) -> None:
        placement = said_yes(datetime(last_on.year, 1, 10, 9, 0, tzinfo=UTC), **SIGN)
        SelfCommitment.objects.create(volunteer=placement.volunteer, declaration=text, signed_on=signed_on)
        Placement.objects.filter(pk=placement.pk).update(status="active", from_on=signed_on)
        for day, counts in ((last_on, True), (last_on + timedelta(days=1), False)):
            follow_due_dates(datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC))
            assert (status(placement) == "active") is counts
            assert gate_of(placement).lets_in(day) is counts
            assert TimePledge.objects.filter(who_may_stand_in(placement.role, day)).exists() is counts

    def test_counts_five_years_and_is_reminded_of_once(self, text: Declaration) -> None:
        began = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
        placement = said_yes(began, **SIGN)
        SelfCommitment.objects.create(
            volunteer=placement.volunteer, declaration=text, signed_on=date(2026, 1, 10)
        )
        assert confirm_placement(placement, actor=ACTOR, now=began)
        for day, sent in ((date(2030, 12, 10), 0), (date(2030, 12, 11), 1), (date(2031, 1, 5), 1)):
            run("volunteers.remind_of_clearances", datetime(day.year, day.month, day.day, 8, tzinfo=UTC))
            assert mails("self_commitment_ends").count() == sent, day
        assert "bis einschließlich 9. Januar 2031" in mails("self_commitment_ends").get().body_text
        last, first_without = (
            make_shift(placement.opportunity, datetime(2031, 1, day, 15, tzinfo=UTC)) for day in (9, 10)
        )
        placement.refresh_from_db()
        assert assign_coming_shifts(datetime(2031, 1, 6, tzinfo=UTC), placement=placement) == 1
        assert list(Assignment.objects.values_list("shift", flat=True)) == [last.pk]
        assert first_without.assignments.count() == 0
        run("volunteers.follow_clearances", datetime(2031, 1, 9, 22, 59, tzinfo=UTC))
        assert status(placement) == "active"
        run("volunteers.follow_clearances", datetime(2031, 1, 9, 23, 0, tzinfo=UTC))
        assert status(placement) == "awaiting_clearance"
        assert "Selbstverpflichtung" in mails("placement_waits_again").get().body_text

    def test_a_new_version_asks_for_a_new_one_and_a_second_person_released_it(
        self, client: Client, text: Declaration, today: datetime
    ) -> None:
        placement = confirmed(today, **SIGN)
        sign(client, steps(), text)
        shift = make_shift(placement.opportunity, today + timedelta(days=4))
        placement.refresh_from_db()
        assign_coming_shifts(today, placement=placement)
        office = make_youth_office()
        writer, second = (make_user(OFFICER, office) for _number in range(2))
        kind = DeclarationKind.SELF_COMMITMENT
        draft = write_declaration(kind, text="Neu.", source="Beschluss", by=writer, now=today)
        read = mark_of_declaration(draft)
        assert release_declaration(kind, by=writer, read=read, now=today) == "same_person"
        assert release_declaration(kind, by=second, read="other", now=today) == "changed_since_read"
        run("volunteers.follow_clearances", today)
        assert status(placement) == "active"
        assert release_declaration(kind, by=second, read=read, now=today) is None
        run("volunteers.follow_clearances", today)
        assert status(placement) == "awaiting_clearance"
        assert shift.assignments.get().status == "on_hold"
        draft.refresh_from_db()
        assert sign(client, steps("placement_waits_again"), draft).status_code == 303
        assert (status(placement), shift.assignments.get().status) == ("active", "confirmed")

    def test_the_officer_sees_it_and_what_is_missing(
        self, client: Client, text: Declaration, today: datetime
    ) -> None:
        placement = confirmed(today, self_commitment=True, clearance_required=True)
        client.force_login(make_user(OFFICER, placement.opportunity.provider))
        listed = client.get(reverse("coordination_clearances")).content.decode()
        assert "Führungszeugnis, Selbstverpflichtung" in listed
        sign(Client(), steps(), text)
        page = client.get(reverse("coordination_clearance", args=[placement.pk])).content.decode()
        assert "Die Selbstverpflichtung ist unterschrieben und gilt bis" in page

    def test_it_is_told_to_the_person_and_goes_with_them(
        self, client: Client, text: Declaration, today: datetime
    ) -> None:
        placement = confirmed(today, **SIGN)
        sign(client, steps(), text)
        mailbox = placement.volunteer.mailbox
        told = client.get(reverse("my_data_file", args=[my_page_token(mailbox, today)])).json()
        assert told["zeit"]["selbstverpflichtungen"] == [
            {"unterschrieben": str(local_day(today)), "fassung": 1}
        ]
        erase(mailbox, today)
        assert SelfCommitment.objects.count() == 0


class TestAGuardian:
    @pytest.fixture
    def text(self) -> Declaration:
        return make_declaration("einverstaendnis", text="Ich bin einverstanden.")

    @pytest.fixture
    def young(self, text: Declaration, today: datetime) -> Placement:
        return confirmed(today, is_adult=False)

    @pytest.fixture
    def asked(self, young: Placement, client: Client, today: datetime) -> str:
        """The minor gives the address; the link that the guardian gets."""
        sent = client.post(
            steps(), {"email": "Mutter@Example.org", "born_in": _months_ago(today, 16 * 12 + 6)}
        )
        assert sent.status_code == 303
        return link_in(mails("guardian_asked").get(), "/zustimmung/")

    def agree(self, client: Client, address: str, **more: Any) -> Any:
        text = Declaration.objects.get(kind="einverstaendnis", status="in_force")
        return client.post(address, {"version": text.pk, "name": "Eva Beispiel", "agreed": "on", **more})

    def test_gets_an_own_link_and_agrees_to_this_placement(
        self, client: Client, young: Placement, text: Declaration, asked: str
    ) -> None:
        mail = mails("guardian_asked").get()
        assert mail.to_email == "mutter@example.org"
        person, task = young.volunteer, young.opportunity
        assert mail.subject == f"{person.first_name} möchte mithelfen: Sind Sie einverstanden?"
        assert (
            f"{person.first_name} möchte freiwillig mithelfen: {young.title}, bei {task.provider.in_dative}."
            in mail.body_text
        )
        assert status(young) == "awaiting_clearance"
        assert "Ich bin einverstanden." in client.get(asked).content.decode()
        assert status(young) == "awaiting_clearance"
        assert self.agree(client, asked).status_code == 303
        assert status(young) == "active"
        came = lines_of(young).get(to_status="active")
        assert (came.actor_kind, came.actor_role, came.actor_user) == ("citizen", "guardian", None)
        row = GuardianConsent.objects.get()
        assert (row.name, row.declaration, row.mailbox.email) == ("Eva Beispiel", text, "mutter@example.org")
        assert row.given_at is not None
        assert row.mailbox.confirmed_at == row.given_at

    @pytest.mark.parametrize("missing", [{"agreed": ""}, {"name": " "}, {"version": "0"}])
    def test_nothing_is_agreed_without_name_tick_and_this_text(
        self, client: Client, young: Placement, asked: str, missing: dict[str, str]
    ) -> None:
        assert self.agree(client, asked, **missing).status_code == 422
        assert (status(young), GuardianConsent.objects.get().given_at) == ("awaiting_clearance", None)

    def test_takes_it_back_and_the_dates_go_and_both_hear_of_it(
        self, client: Client, young: Placement, asked: str, today: datetime
    ) -> None:
        in_the_morning = (today + timedelta(days=2)).replace(hour=9)
        shift = make_shift(young.opportunity, in_the_morning)
        self.agree(client, asked)
        young.refresh_from_db()
        assign_coming_shifts(today, placement=young)
        assert shift.assignments.get().status == "confirmed"
        assert client.post(f"{asked}zurueck/").status_code == 303
        assert (status(young), shift.assignments.get().status) == ("ended", "cancelled")
        young.opportunity.refresh_from_db()
        assert young.opportunity.places_taken == 0
        assert mails("consent_withdrawn").get().to_email == young.volunteer.email
        assert mails("consent_withdrawn_told").get().to_email == young.opportunity.provider.coordination_email
        assert not mails("placement_ended").exists()
        row = GuardianConsent.objects.get()
        assert (row.name, row.withdrawn_at is None) == ("Eva Beispiel", False)
        assert "nicht einverstanden" in client.get(asked).content.decode()
        assert self.agree(client, asked).status_code == 422
        assert status(young) == "ended"
        with pytest.raises(IntegrityError), transaction.atomic():
            Placement.objects.filter(pk=young.pk).update(status="active")

    def test_is_known_and_has_a_page_as_long_as_the_consent_holds(
        self, client: Client, young: Placement, asked: str, today: datetime
    ) -> None:
        mailbox = GuardianConsent.objects.get().mailbox
        assert (
            is_known(mailbox),
            own_section(mailbox, today),
        ) == (False, None)
        self.agree(client, asked)
        section = own_section(mailbox, today)
        assert section is not None
        ((consent, address),) = section.context["consents"]
        assert (is_known(mailbox), consent.placement, "/zustimmung/" in address) == (True, young, True)
        client.post(f"{asked}zurueck/")
        assert (
            is_known(mailbox),
            own_section(mailbox, today),
        ) == (False, None)

    def test_has_no_page_for_what_another_guardian_agreed_to(
        self, client: Client, young: Placement, asked: str, today: datetime
    ) -> None:
        pledge = make_pledge(today, email="ali@example.org")
        other = make_placement(pledge, young.opportunity, today, "awaiting_confirmation")
        make_consent(other, today)
        mailbox = GuardianConsent.objects.get(placement=young).mailbox
        assert (
            is_known(mailbox),
            own_section(mailbox, today),
        ) == (False, None)
        self.agree(client, asked)
        section = own_section(mailbox, today)
        assert section is not None
        assert [consent.placement for consent, _address in section.context["consents"]] == [young]

    def test_says_no_before_anything_began(self, client: Client, young: Placement, asked: str) -> None:
        client.post(f"{asked}zurueck/")
        assert status(young) == "cancelled"
        assert mails("consent_withdrawn").count() == 1
        assert GuardianConsent.objects.get().name == ""

    def test_another_address_makes_the_first_link_void(
        self, client: Client, young: Placement, asked: str, today: datetime
    ) -> None:
        client.post(steps(), {"email": "vater@example.org", "born_in": _months_ago(today, 200)})
        assert client.get(asked).status_code == 404
        assert self.agree(client, asked).status_code == 404
        assert GuardianConsent.objects.get().mailbox.email == "vater@example.org"

    def test_is_asked_by_a_letter_where_the_family_has_one_address(
        self, client: Client, young: Placement, today: datetime
    ) -> None:
        page = client.get(steps()).content.decode()
        assert "Ihre Familie hat nur eine E-Mail-Adresse?" in page
        said = {
            "by_letter": "yes",
            "name": "Eva Beispiel",
            "street": "Weierstraße 1",
            "postcode": "52349",
            "town": "Düren",
            "born_in": _months_ago(today, 16 * 12 + 6),
        }
        assert client.post(steps(), said).status_code == 303
        assert "per Brief: Eva Beispiel, Weierstraße 1, 52349 Düren" in client.get(steps()).content.decode()
        letter = mails("guardian_asked").get()
        (waiting,) = letters_waiting()
        assert (waiting.pk, letter.status) == (letter.pk, "to_print")
        assert vars(waiting)["postal_address"] == "Eva Beispiel\nWeierstraße 1\n52349 Düren"
        assert "E-Mail" not in letter.body_text
        link = link_in(letter, "/zustimmung/")
        assert link not in client.get(steps()).content.decode()
        assert self.agree(client, link).status_code == 303
        assert "Mit dem Code im Brief" in client.get(link).content.decode()
        consent = GuardianConsent.objects.get()
        assert (consent.name, consent.holds) == ("Eva Beispiel", True)
        assert consent.mailbox_id != young.volunteer.mailbox_id
        client.post(f"{link}zurueck/")
        assert status(young) == "ended"

    @pytest.mark.parametrize("left_out", ["name", "street", "postcode", "town", "born_in"])
    def test_is_written_no_letter_that_cannot_arrive(
        self, client: Client, young: Placement, today: datetime, left_out: str
    ) -> None:
        said = {"name": "Eva Beispiel", "street": "Weg 1", "postcode": "52349", "town": "Düren"}
        said |= {"by_letter": "yes", "born_in": _months_ago(today, 200)}
        answer = client.post(steps(), said | {left_out: ""})
        assert answer.status_code == 422
        assert f'id="brief_{left_out}"' in answer.content.decode()
        assert not GuardianConsent.objects.exists()
        assert not mails("guardian_asked").exists()

    def test_gets_no_letter_any_more_when_an_address_is_found(
        self, client: Client, young: Placement, today: datetime
    ) -> None:
        said = {"name": "Eva Beispiel", "street": "Weg 1", "postcode": "52349", "town": "Düren"}
        client.post(steps(), said | {"by_letter": "yes", "born_in": _months_ago(today, 200)})
        client.post(steps(), {"email": "vater@example.org", "born_in": _months_ago(today, 200)})
        letter, mail = mails("guardian_asked").order_by("pk")
        assert (letter.status, mail.status, mail.to_email) == ("suppressed", "queued", "vater@example.org")
        assert client.get(link_in(letter, "/zustimmung/")).status_code == 404

    def test_who_is_too_young_reads_it_beside_the_month_of_either_way(
        self, client: Client, young: Placement, today: datetime
    ) -> None:
        said = {"name": "Eva Beispiel", "street": "Weg 1", "postcode": "52349", "town": "Düren"}
        born_in = _months_ago(today, 15 * 12)
        answer = client.post(steps(), said | {"by_letter": "yes", "born_in": born_in})
        assert (answer.status_code, "ab 16 Jahren" in answer.content.decode()) == (422, True)
        assert not GuardianConsent.objects.exists()

    def test_is_not_the_minor_and_not_asked_again_and_again(
        self, young: Placement, today: datetime, settings: Any
    ) -> None:
        settings.RATE_LIMITS_ON = True
        month = local_day(today).replace(day=1) - timedelta(days=17 * 365)
        month = month.replace(day=1)

        def ask(email: str) -> AskRefusal | None:
            return ask_guardian(young, email=email, born_in=month, now=today)

        assert ask(young.volunteer.email.upper()) == AskRefusal.OWN_ADDRESS
        assert ask(young.volunteer.email.replace("@", "+mama@")) == AskRefusal.OWN_ADDRESS
        assert [ask(f"nr{number}@example.org") for number in range(6)][4:] == [None, AskRefusal.TOO_OFTEN]
        assert mails("guardian_asked").count() == 5

    def test_how_often_one_minor_asks_is_no_matter_to_another(
        self, young: Placement, today: datetime, settings: Any
    ) -> None:
        settings.RATE_LIMITS_ON = True
        other = make_placement(
            make_pledge(today, email="ali@example.org"), young.opportunity, today, "awaiting_confirmation"
        )
        Volunteer.objects.filter(pk=other.volunteer_id).update(is_adult=False)
        month = (local_day(today) - timedelta(days=17 * 365)).replace(day=1)
        asked = [
            ask_guardian(each, email=f"nr{number}@example.org", born_in=month, now=today)
            for each in (young, other)
            for number in range(6)
        ]
        assert asked == 2 * [*5 * [None], AskRefusal.TOO_OFTEN]

    def test_nobody_below_16_is_asked_for(self, client: Client, young: Placement, today: datetime) -> None:
        page = client.post(steps(), {"email": "vater@example.org", "born_in": _months_ago(today, 15 * 12)})
        assert page.status_code == 422
        assert "ab 16 Jahren" in page.content.decode()
        assert (GuardianConsent.objects.count(), mails("guardian_asked").count()) == (0, 0)
        young.volunteer.refresh_from_db()
        assert young.volunteer.born_in is None

    def test_an_earlier_month_counts_once_the_guardian_has_agreed(
        self, client: Client, young: Placement, asked: str, today: datetime
    ) -> None:
        first, younger, older = (_months_ago(today, months) for months in (198, 194, 215))
        for to, said, counts, waits in (
            ("oma", older, first, older),
            ("opa", younger, younger, None),
            ("tante", first, younger, first),
            ("onkel", older, younger, older),
        ):
            sent = client.post(steps(), {"email": f"{to}@example.org", "born_in": said})
            assert sent.status_code == 303
            young.volunteer.refresh_from_db()
            waiting = GuardianConsent.objects.get().born_in
            assert f"{young.volunteer.born_in:%Y-%m}" == counts
            assert (waiting and f"{waiting:%Y-%m}") == waits
        asked = link_in(mails("guardian_asked").get(to_email="onkel@example.org"), "/zustimmung/")
        month = date.fromisoformat(f"{older}-01")
        assert f"ist uns genannt: {date_format(month, 'F Y')}." in client.get(asked).content.decode()
        assert self.agree(client, asked).status_code == 303
        young.volunteer.refresh_from_db()
        assert (young.volunteer.born_in, GuardianConsent.objects.get().born_in) == (month, None)

    def test_an_earlier_month_that_is_denied_counts_never(
        self, client: Client, young: Placement, asked: str, today: datetime
    ) -> None:
        older = _months_ago(today, 215)
        client.post(steps(), {"email": "oma@example.org", "born_in": older})
        asked = link_in(mails("guardian_asked").get(to_email="oma@example.org"), "/zustimmung/")
        assert client.post(f"{asked}zurueck/").status_code == 303
        young.volunteer.refresh_from_db()
        assert f"{young.volunteer.born_in:%Y-%m}" == _months_ago(today, 198)
        assert GuardianConsent.objects.get().born_in is None

    @pytest.mark.parametrize("months", [18 * 12 + 1, 30 * 12])
    def test_whose_month_says_18_is_not_let_in_by_it(
        self, client: Client, young: Placement, today: datetime, months: int
    ) -> None:
        page = client.post(steps(), {"email": "oma@example.org", "born_in": _months_ago(today, months)})
        assert page.status_code == 422
        assert "ist schon 18. Sagen Sie uns das bitte auf „Meine Seite“" in page.content.decode()
        young.volunteer.refresh_from_db()
        assert (young.volunteer.born_in, GuardianConsent.objects.count()) == (None, 0)
        run("volunteers.follow_clearances", today)
        assert status(young) == "awaiting_clearance"

    def test_whom_they_spoke_for_is_not_of_age_by_their_own_word(
        self, client: Client, young: Placement, asked: str, today: datetime
    ) -> None:
        person = young.volunteer
        page = reverse("my_person", args=[my_page_token(person.mailbox, today), person.pk])
        answers = {"first_name": person.first_name, "is_adult": "adult"}
        self.agree(client, asked)
        refused = client.post(page, answers)
        assert refused.status_code == 422
        assert "Für Sie hat eine sorgeberechtigte Person zugestimmt" in refused.content.decode()
        change_person(person, first_name="Lia", last_name="", phone="", is_adult=True, now=today)
        person.refresh_from_db()
        assert (person.first_name, person.is_adult, status(young)) == ("Lia", False, "active")
        client.post(f"{asked}zurueck/")
        assert client.post(page, answers).status_code == 303
        person.refresh_from_db()
        assert person.is_adult

    def test_of_one_placement_agrees_to_no_other(
        self, client: Client, young: Placement, asked: str, today: datetime
    ) -> None:
        self.agree(client, asked)
        other = make_placement(
            young.pledge, make_opportunity(clearance_required=False), today, "awaiting_confirmation"
        )
        confirm_placement(other, actor=ACTOR, now=today)
        assert (status(young), status(other)) == ("active", "awaiting_clearance")

    def test_reads_and_takes_along_their_own_and_erasing_takes_it_back(
        self, client: Client, young: Placement, asked: str, today: datetime
    ) -> None:
        self.agree(client, asked)
        mailbox = GuardianConsent.objects.get().mailbox
        token = my_page_token(mailbox, today)
        assert "/zustimmung/" in client.get(reverse("my_page", args=[token])).content.decode()
        told = client.get(reverse("my_data_file", args=[token])).json()["zustimmung"]
        assert told["einverstaendnisse"][0]["name"] == "Eva Beispiel"
        erase(mailbox, today)
        assert (status(young), GuardianConsent.objects.count()) == ("ended", 0)
        assert not Message.objects.filter(to_email="mutter@example.org").exists()

    def test_the_minor_is_erased_with_it(self, young: Placement, asked: str, today: datetime) -> None:
        erase(young.volunteer.mailbox, today)
        young.volunteer.refresh_from_db()
        assert (GuardianConsent.objects.count(), young.volunteer.born_in) == (0, None)

    def test_nobody_needs_one_from_the_month_after_the_birthday(self, text: Declaration) -> None:
        now = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
        placement = confirmed(now, is_adult=False)
        assert ask_guardian(placement, email="vater@example.org", born_in=MAY, now=now) is None
        run("volunteers.follow_clearances", datetime(2026, 5, 31, 21, 59, tzinfo=UTC))
        assert status(placement) == "awaiting_clearance"
        run("volunteers.follow_clearances", datetime(2026, 5, 31, 22, 0, tzinfo=UTC))
        placement.volunteer.refresh_from_db()
        assert (placement.volunteer.is_adult, placement.volunteer.born_in) == (True, None)
        assert status(placement) == "active"


def _months_ago(now: datetime, months: int) -> str:
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return f"{year}-{month + 1:02}"


def test_a_minor_alone_makes_a_date_unsafe(now: datetime) -> None:
    task = make_opportunity(clearance_required=False, places=3, slots=[])
    pledge = make_pledge(now)
    Volunteer.objects.update(is_adult=False)
    pledge.volunteer.refresh_from_db()
    placement = make_placement(pledge, task, now, "active", from_on=local_day(now))
    shift = make_shift(task, now + timedelta(days=2))
    assert not unsafe_dates(Shift.objects.all(), now).exists()
    assign_coming_shifts(now, placement=placement)
    assert unsafe_dates(Shift.objects.all(), now).get() == shift
    Opportunity.objects.update(staff_is_there=True)
    assert not unsafe_dates(Shift.objects.all(), now).exists()


def test_who_is_18_on_the_day_is_one_of_the_adults() -> None:
    now = datetime(2026, 5, 29, 9, 0, tzinfo=UTC)
    two = make_opportunity(
        activity=make_activity(clearance_required=False, two_adults=True), places=3, slots=[]
    )
    other = make_opportunity(clearance_required=False, places=3, slots=[])
    for number, task in enumerate((other, two)):
        pledge = make_pledge(now, email=f"{number}@example.org")
        Volunteer.objects.filter(pk=pledge.volunteer_id).update(is_adult=False, born_in=MAY)
        pledge.volunteer.refresh_from_db()
        placement = make_placement(pledge, task, now, "active", from_on=local_day(now))
        for day in (31, 32):
            make_shift(task, datetime(2026, 5, 1, 15, 0, tzinfo=UTC) + timedelta(days=day - 1))
        assign_coming_shifts(now, placement=placement)
    found = unsafe_dates(Shift.objects.order_by("starts_at"), now)
    assert [(each.opportunity_id, each.starts_at.day, each.adults, each.needed) for each in found] == [
        (other.pk, 31, 0, 1),
        (two.pk, 31, 0, 2),
        (two.pk, 1, 1, 2),
    ]


class TestMeasles:
    @pytest.fixture
    def says(self) -> Callable[[Placement], int]:
        def say(placement: Placement) -> int:
            client = Client()
            client.force_login(make_user(OFFICER, placement.opportunity.provider))
            return client.post(reverse("coordination_measles", args=[placement.pk])).status_code

        return say

    def test_one_yes_is_for_a_person_and_a_place(
        self, says: Callable[[Placement], int], now: datetime
    ) -> None:
        first = confirmed(now, site_kind="kita", **KITA)
        assert "Masernschutz" in mails("placement_awaiting_clearance").get().body_text
        assert says(first) == 303
        assert status(first) == "active"
        (columns,) = MeaslesProof.objects.values()
        assert set(columns) == {"id", "volunteer_id", "site_key"}
        provider, activity = first.opportunity.provider, first.role.activity
        values: dict[str, Any] = {"activity": activity, "site_kind": "kita"}
        same = make_opportunity("Turnen", provider=provider, **values)
        elsewhere = make_opportunity("Malen", provider=provider, site="Kita Nord", **values)
        foreign = make_opportunity("Singen", provider=make_provider(), **values)
        found = []
        for task in (same, elsewhere, foreign):
            placement = make_placement(first.pledge, task, now, "awaiting_confirmation")
            confirm_placement(placement, actor=ACTOR, now=now)
            found.append(status(placement))
        assert found == ["active", "awaiting_clearance", "awaiting_clearance"]

    def test_who_was_born_before_1971_or_comes_a_few_days_reads_that_they_need_none(
        self, today: datetime
    ) -> None:
        row = confirmed(today, site_kind="kita", **KITA)
        needs_none = "vor 1971 geboren ist oder nur an wenigen Tagen kommt, braucht das nicht"
        client = Client()
        assert needs_none in mails("placement_awaiting_clearance").get().body_text
        assert needs_none in client.get(steps()).content.decode()
        client.force_login(make_user(OFFICER, row.opportunity.provider))
        officer = client.get(reverse("coordination_clearance", args=[row.pk])).content.decode()
        assert "Sie ist vor 1971 geboren oder kommt nur an wenigen Tagen" in officer

    def test_other_kinds_of_places_ask_for_nothing(self, now: datetime) -> None:
        assert status(confirmed(now, site_kind="", **KITA)) == "active"

    def test_no_yes_where_nobody_asks_and_none_from_a_coordinator(
        self, says: Callable[[Placement], int], now: datetime, client: Client
    ) -> None:
        assert says(confirmed(now)) == 303
        assert MeaslesProof.objects.count() == 0

    def test_it_goes_when_nothing_is_done_there_any_more(
        self, says: Callable[[Placement], int], now: datetime
    ) -> None:
        placement = confirmed(now, site_kind="kita", **KITA)
        says(placement)
        assert MeaslesProof.objects.count() == 1
        placement.refresh_from_db()
        assert stop_placement(placement, reason="not_needed", actor=ACTOR, now=now)
        assert MeaslesProof.objects.count() == 0

    def test_a_task_moved_into_a_school_lets_people_wait(self, now: datetime) -> None:
        placement = confirmed(now, site_kind="", **KITA)
        Opportunity.objects.update(site_kind="kita")
        run("volunteers.follow_clearances", now)
        assert status(placement) == "awaiting_clearance"


def test_a_withdrawn_consent_cannot_be_withdrawn_again(now: datetime) -> None:
    placement = confirmed(now, is_adult=False)
    consent = make_consent(placement, now)
    assert withdraw_consent(consent, now=now)
    assert not withdraw_consent(consent, now=now)
    assert mails("consent_withdrawn").count() == 1
