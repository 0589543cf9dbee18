"""Roles by invitation: who may invite whom, a link that works once, and what ends with a role."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.clock import utc_now
from foundation.history import lines_of
from foundation.limit_values import INVITATIONS_PER_INVITER
from foundation.limits import take
from foundation.sweeps import run
from outbox.models import Message
from programs.models import Invitation, Membership, Provider
from programs.services.invitations import staff_token
from tests.accounts.signing_in import PASSWORD, is_signed_in, sign_in
from tests.factories import make_coordinator, make_provider, make_user, make_youth_office
from tests.log_lines import lines

pytestmark = pytest.mark.django_db
Role = Membership.Role
GUEST = "nele.neu@example.org"
SAID = {"name": "Nele Neu", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def house() -> Provider:
    return make_provider("Haus am Markt")


@pytest.fixture
def owner(house: Provider) -> User:
    return make_user(Role.OWNER, house, email="leitung@example.org", name="Lea Leitung")


@pytest.fixture
def officer() -> User:
    return make_coordinator(make_youth_office())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def invite(by: User, provider: Provider, role: str = "coordinator", email: str = GUEST) -> int:
    answers = {"email": email, "provider": provider.pk, "role": role}
    return signed_in(by).post(reverse("coordination_invitation_new"), answers).status_code


def link_of_mail() -> str:
    message = Message.objects.filter(template="staff_invitation").order_by("-pk")[0]
    found = re.search(r"http://127\.0\.0\.1:8000(/einladung/\S+)", message.body_text)
    assert found
    return found[1]


def step(by: User, invitation: Invitation, name: str) -> int:
    return signed_in(by).post(f"/koordination/zugaenge/einladungen/{invitation.pk}/{name}/").status_code


def roles_of(email: str) -> list[tuple[str, str]]:
    return list(Membership.objects.filter(user__email=email).values_list("provider__name", "role"))


class TestWhoInvitesWhom:
    @pytest.mark.parametrize("role", ["coordinator", "treasurer", "safeguarding_officer", "owner"])
    def test_an_owner_their_own_people(self, owner: User, house: Provider, role: str) -> None:
        assert invite(owner, house, role) == 303
        assert list(Invitation.objects.values_list("email", "provider", "role")) == [(GUEST, house.pk, role)]

    def test_an_owner_nobody_elsewhere(self, owner: User) -> None:
        assert invite(owner, make_provider()) == 422
        assert invite(owner, make_youth_office()) == 422
        assert not Invitation.objects.exists()
        assert not Message.objects.exists()

    def test_an_owner_nobody_while_the_provider_is_not_verified(self, owner: User, house: Provider) -> None:
        Provider.objects.update(is_verified=False)
        assert invite(owner, house) == 403
        assert not Invitation.objects.exists()

    def test_the_youth_office_everybody_also_where_nobody_was_verified_yet(self, officer: User) -> None:
        office = Provider.objects.get(is_youth_office=True)
        assert invite(officer, make_provider(is_verified=False), "owner") == 303
        assert invite(officer, office, "safeguarding_officer") == 303

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TREASURER, Role.SAFEGUARDING_OFFICER])
    def test_nobody_else(self, house: Provider, role: Membership.Role) -> None:
        assert invite(make_user(role, house), house) == 403

    def test_nobody_invites_their_own_address(self, officer: User, house: Provider) -> None:
        assert invite(officer, house, "safeguarding_officer", officer.email.upper()) == 422
        assert not Invitation.objects.exists()

    def test_one_open_invitation_and_no_second_of_the_same_role(self, owner: User, house: Provider) -> None:
        assert [invite(owner, house), invite(owner, house, email=GUEST.upper())] == [303, 422]
        make_user(Role.TREASURER, house, email="kasse@example.org")
        assert invite(owner, house, "treasurer", "kasse@example.org") == 422
        make_user(email="zu@example.org", is_active=False)
        assert invite(owner, house, "treasurer", "zu@example.org") == 422
        assert Invitation.objects.count() == Message.objects.count() == 1

    def test_inviting_has_a_limit(self, owner: User, house: Provider) -> None:
        for _each in range(INVITATIONS_PER_INVITER.capacity - 1):
            take(INVITATIONS_PER_INVITER, str(owner.pk), now=utc_now())
        assert [invite(owner, house), invite(owner, house, "treasurer")] == [303, 429]
        assert step(owner, Invitation.objects.get(), "senden") == 429
        assert Message.objects.count() == 1


class TestAccepting:
    def test_a_newcomer_chooses_name_and_password_and_has_the_role(
        self, owner: User, house: Provider, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        invite(owner, house)
        page = client.get(link_of_mail()).content.decode()
        for words in ("Lea Leitung", "Haus am Markt", "Koordination", GUEST):
            assert words in page
        assert client.post(link_of_mail(), SAID)["Location"] == "/konto/login/"
        assert roles_of(GUEST) == [("Haus am Markt", "coordinator")]
        assert sign_in(client, GUEST).status_code == 302
        assert client.get(reverse("coordination_offers")).status_code == 200
        user = User.objects.get(email=GUEST)
        assert (user.name, user.is_staff, user.is_superuser) == ("Nele Neu", False, False)
        told = lines(caplog, "programs.services.invitations", "account", "provider", "role")
        assert told == [("role_given", "info", user.pk, house.pk, "coordinator")]

    def test_the_link_works_once(self, owner: User, house: Provider) -> None:
        invite(owner, house)
        Client().post(link_of_mail(), SAID)
        assert Client().get(link_of_mail()).status_code == 404
        again = {**SAID, "password1": "Anderes-am-Montag-2027", "password2": "Anderes-am-Montag-2027"}
        assert Client().post(link_of_mail(), again).status_code == 404
        assert sign_in(Client(), GUEST).status_code == 302

    @pytest.mark.parametrize(
        "wrong",
        [
            {"password1": "kurz", "password2": "kurz"},
            {"password2": "Vorlesen-am-Mittwoch-2026"},
            {"password1": "jugendamt-dueren", "password2": "jugendamt-dueren"},
            {"name": ""},
            {"name": "https://evil.example"},
        ],
    )
    def test_what_cannot_be_taken_is_refused(
        self, owner: User, house: Provider, wrong: dict[str, str]
    ) -> None:
        invite(owner, house)
        assert Client().post(link_of_mail(), {**SAID, **wrong}).status_code == 422
        assert not User.objects.filter(email=GUEST).exists()
        assert Invitation.objects.get().status == "open"

    def test_who_has_an_account_signs_in_for_it(self, owner: User, house: Provider) -> None:
        guest = make_user(email=GUEST)
        guest.set_password(PASSWORD)
        guest.save()
        invite(owner, house, "treasurer")
        link, client = link_of_mail(), Client()
        assert f"/konto/login/?next={link}" in client.get(link).content.decode().replace("%3A", ":")
        assert client.post(link, SAID).status_code == 422
        assert signed_in(owner).post(link).status_code == 422
        assert roles_of(GUEST) == []
        assert sign_in(client, guest).status_code == 302
        assert client.post(link)["Location"] == "/koordination/"
        assert roles_of(GUEST) == [("Haus am Markt", "treasurer")]
        guest.refresh_from_db()
        assert guest.check_password(PASSWORD)

    def test_an_account_without_password_gets_one(self, owner: User, house: Provider) -> None:
        make_user(email=GUEST)
        invite(owner, house)
        assert Client().post(link_of_mail(), SAID).status_code == 303
        assert User.objects.filter(email=GUEST).count() == 1
        assert sign_in(Client(), GUEST).status_code == 302

    def test_a_link_is_worth_nothing_once_its_time_is_over(self, owner: User, house: Provider) -> None:
        invite(owner, house)
        then = utc_now() - timedelta(days=8)
        Invitation.objects.update(expires_at=then + timedelta(days=7))
        token = staff_token(Invitation.objects.get(), now=then)
        assert Client().post(f"/einladung/{token}/", SAID).status_code == 410
        assert not User.objects.filter(email=GUEST).exists()

    def test_a_link_is_worth_nothing_once_who_sent_it_may_invite_no_more(
        self, owner: User, house: Provider
    ) -> None:
        invite(owner, house)
        link = link_of_mail()
        Provider.objects.update(is_verified=False)
        assert Client().get(link).status_code == 404
        Provider.objects.update(is_verified=True)
        assert Client().get(link).status_code == 200
        owner.memberships.all().delete()
        assert Client().post(link, SAID).status_code == 404
        assert roles_of(GUEST) == []

    def test_a_closed_account_takes_no_role(self, owner: User, house: Provider) -> None:
        invite(owner, house)
        make_user(email=GUEST, is_active=False)
        assert Client().post(link_of_mail(), SAID).status_code == 404


class TestOpenInvitations:
    def test_sent_anew_the_old_link_opens_nothing(self, owner: User, officer: User, house: Provider) -> None:
        invite(owner, house)
        old, invitation = link_of_mail(), Invitation.objects.get()
        assert step(officer, invitation, "senden") == 303
        assert Client().get(old).status_code == 404
        assert Client().get(link_of_mail()).status_code == 200
        invitation.refresh_from_db()
        assert (invitation.serial, invitation.invited_by) == (2, officer)

    def test_taken_back_it_opens_nothing_and_leaves_the_list(self, owner: User, house: Provider) -> None:
        invite(owner, house)
        assert GUEST in signed_in(owner).get("/koordination/zugaenge/").content.decode()
        assert step(owner, Invitation.objects.get(), "zuruecknehmen") == 303
        assert Client().get(link_of_mail()).status_code == 404
        assert GUEST not in signed_in(owner).get("/koordination/zugaenge/").content.decode()
        assert step(owner, Invitation.objects.get(), "senden") == 404
        assert invite(owner, house) == 303

    def test_of_another_house_does_not_exist(self, owner: User, officer: User) -> None:
        invite(officer, make_provider())
        invitation = Invitation.objects.get()
        assert [step(owner, invitation, each) for each in ("senden", "zuruecknehmen")] == [404, 404]
        assert GUEST not in signed_in(owner).get("/koordination/zugaenge/").content.decode()

    def test_every_step_is_on_record_with_who_took_it(self, owner: User, house: Provider) -> None:
        invite(owner, house)
        step(owner, Invitation.objects.get(), "senden")
        Client().post(link_of_mail(), SAID)
        guest = User.objects.get(email=GUEST)
        lines = lines_of(Invitation.objects.get()).order_by("pk")
        assert [(each.changes, each.to_status, each.actor_user, each.actor_role) for each in lines] == [
            ({"coordinator": [None, "sent"]}, "", owner.pk, "owner"),
            ({"coordinator": [None, "sent_anew"]}, "", owner.pk, "owner"),
            (None, "accepted", guest.pk, "coordinator"),
        ]
        given = lines_of(house).filter(changes__has_key="membership").order_by("pk").last()
        assert given is not None
        assert given.changes == {
            "membership": [None, {"user_id": guest.pk, "role": "coordinator", "is_deputy": False}]
        }
        assert (given.actor_user, given.route) == (guest.pk, "staff_invitation")

    def test_settled_and_forgotten_ones_go_after_ninety_days(
        self, owner: User, house: Provider, now: datetime
    ) -> None:
        for number in range(4):
            invite(owner, house, email=f"n{number}@example.org")
        first, second, third, last = Invitation.objects.order_by("pk")
        old, young = now - timedelta(days=90), now - timedelta(days=89)
        stays = now + timedelta(days=1)
        changes = [
            ("accepted", old, stays),
            ("withdrawn", young, stays),
            ("open", old, old),
            ("open", old, young),
        ]
        for row, (status, changed, ends) in zip((first, second, third, last), changes, strict=True):
            Invitation.objects.filter(pk=row.pk).update(
                status=status, status_changed_at=changed, expires_at=ends
            )
        assert run("programs.purge_invitations", now) == 2
        assert set(Invitation.objects.all()) == {second, last}


class TestEndingARole:
    def end(self, by: User, membership: Membership, what: str = "end_role") -> int:
        return signed_in(by).post(f"/koordination/zugaenge/{membership.pk}/", {what: "1"}).status_code

    def test_takes_the_role_and_every_session(
        self, owner: User, house: Provider, caplog: pytest.LogCaptureFixture
    ) -> None:
        held = make_coordinator(house).memberships.get()
        theirs = signed_in(held.user)
        assert self.end(owner, held) == 303
        assert not Membership.objects.filter(pk=held.pk).exists()
        assert not is_signed_in(theirs)
        line = lines_of(house).filter(kind="changed").order_by("pk").last()
        assert line is not None
        assert line.changes == {
            "membership": [{"user_id": held.user_id, "role": "coordinator", "is_deputy": False}, None]
        }
        assert line.actor_user == owner.pk
        told = lines(caplog, "programs.services.memberships", "account", "provider", "role", "by")
        assert told == [("role_ended", "info", held.user_id, house.pk, "coordinator", owner.pk)]

    def test_nobody_takes_their_own(self, owner: User, caplog: pytest.LogCaptureFixture) -> None:
        assert self.end(owner, owner.memberships.get()) == 422
        assert owner.memberships.count() == 1
        assert lines(caplog, "programs.services.memberships") == []

    def test_that_of_another_house_does_not_exist(self, owner: User) -> None:
        held = make_coordinator(make_provider()).memberships.get()
        assert [self.end(owner, held), self.end(owner, held, "end_sessions")] == [404, 404]
        assert Membership.objects.filter(pk=held.pk).exists()

    def test_signing_somebody_out_leaves_the_role(self, officer: User, house: Provider) -> None:
        held = make_coordinator(house).memberships.get()
        theirs = signed_in(held.user)
        page = signed_in(officer).get(f"/koordination/zugaenge/{held.pk}/").content.decode()
        assert "Ein anderer Browser, angemeldet seit" in page
        assert self.end(officer, held, "end_sessions") == 303
        assert not is_signed_in(theirs)
        assert held.user.memberships.count() == 1

    def test_the_administration_shows_roles_and_gives_none(self, house: Provider) -> None:
        operator, guest = make_user(is_staff=True, is_superuser=True), make_user()
        client, address = signed_in(operator), f"/verwaltung/programs/provider/{house.pk}/change/"
        make_coordinator(house, name="Karla Kurz")
        assert "Karla Kurz" in client.get(address).content.decode()
        row = {"memberships-0-user": guest.pk, "memberships-0-role": "treasurer"}
        forms = {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
        answers = {"name": house.name, "slug": house.slug, "kind": house.kind, "issuer_kind": "none"}
        client.post(address, {**answers, **row, **forms})
        assert not guest.memberships.exists()
