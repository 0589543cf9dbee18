"""Who said yes does not wait in silence: provider, second person, youth office, and a page that is true."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from citizens.services.links import my_page_token
from foundation.actors import staff
from foundation.clock import utc_now
from foundation.sweeps import run
from outbox.models import Message
from programs.models import Membership, Provider
from tests.factories import make_coordinator, make_opportunity, make_provider, make_user, make_youth_office
from tests.volunteers.pledging import mails, make_placement, make_pledge, make_sent_offer
from tests.words_of_pages import as_read
from volunteers.models import Placement, TimePledge
from volunteers.services.answers import accept_offer
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import confirm_placement

pytestmark = pytest.mark.django_db
PRESS = "volunteers.press_providers"
TEAM, SECOND, OFFICE = "team@traeger.example", "zweite@traeger.example", "jugendamt@stadt.example"
COORDINATOR = staff(7, "coordinator")


def thursday(hour: int = 23) -> datetime:
    """Three working days after the fixed Monday: the night to Friday begins at 23 UTC."""
    return datetime(2026, 3, 5, hour, tzinfo=UTC)


@pytest.fixture
def provider() -> Provider:
    make_youth_office(coordination_email=OFFICE)
    return make_provider("Haus", coordination_email=TEAM)


@pytest.fixture
def placement(provider: Provider, now: datetime) -> Placement:
    """Somebody has just said yes."""
    task = make_opportunity("Vorlesen", provider=provider, clearance_required=True, places=3)
    accept_offer(make_sent_offer(make_pledge(now), task, now), now=now)
    return Placement.objects.get()


def told() -> list[str]:
    return list(mails("placement_overdue").values_list("to_email", flat=True))


def test_the_provider_is_told_by_when_to_confirm(placement: Placement) -> None:
    assert "bis Donnerstag, 5. März 2026" in mails("placement_to_confirm").get().body_text


def test_first_the_provider_then_the_second_person_then_the_youth_office(
    placement: Placement, provider: Provider
) -> None:
    make_coordinator(provider, email=SECOND)
    make_coordinator(provider, email=TEAM.upper())
    make_coordinator(provider, email="weg@traeger.example", is_active=False)

    assert run(PRESS, thursday() - timedelta(seconds=1)) == 0
    assert run(PRESS, thursday()) == 1
    assert told() == [TEAM]
    assert run(PRESS, thursday() + timedelta(days=4) - timedelta(seconds=1)) == 0  # over the weekend
    assert run(PRESS, datetime(2026, 3, 10, 23, tzinfo=UTC)) == 1
    assert told() == [TEAM, SECOND]
    assert run(PRESS, datetime(2026, 3, 13, 23, tzinfo=UTC)) == 1
    assert told() == [TEAM, SECOND, OFFICE]
    assert run(PRESS, datetime(2026, 6, 1, 23, tzinfo=UTC)) == 0

    text = mails("placement_overdue").first()
    assert text is not None
    assert "seit Montag, 2. März 2026 wartet jemand" in text.body_text
    assert f"/koordination/einsaetze/{placement.pk}/" in text.body_text
    assert "Maria" not in text.body_text + text.subject


def test_where_nobody_else_coordinates_the_youth_office_comes_second(placement: Placement) -> None:
    run(PRESS, thursday())
    run(PRESS, datetime(2026, 3, 10, 23, tzinfo=UTC))
    assert told() == [TEAM, OFFICE]


def test_after_a_long_outage_everybody_still_gets_their_days(placement: Placement) -> None:
    late = datetime(2026, 5, 4, 9, tzinfo=UTC)
    assert run(PRESS, late) == 1
    assert run(PRESS, late + timedelta(hours=1)) == 0
    assert told() == [TEAM]


def test_easter_gives_the_provider_its_days(provider: Provider) -> None:
    maundy_thursday = datetime(2026, 4, 2, 9, tzinfo=UTC)
    task = make_opportunity(provider=provider)
    make_placement(make_pledge(maundy_thursday), task, maundy_thursday, "awaiting_confirmation")
    assert run(PRESS, datetime(2026, 4, 9, 21, 59, tzinfo=UTC)) == 0
    assert run(PRESS, datetime(2026, 4, 9, 22, tzinfo=UTC)) == 1


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_who_has_answered_is_reminded_no_more(answer: str, placement: Placement, now: datetime) -> None:
    run(PRESS, thursday())
    if answer == "yes":
        assert confirm_placement(placement, actor=COORDINATOR, now=thursday())
    else:
        assert stop_placement(placement, reason="not_fitting", actor=COORDINATOR, now=thursday())
    assert run(PRESS, thursday() + timedelta(days=8)) == 0
    placement.refresh_from_db()
    assert (placement.pressed, placement.pressed_at) == (0, None)
    assert SECOND not in told()
    assert OFFICE not in told()


def test_the_inspection_has_a_clock_of_its_own_for_the_officer(
    placement: Placement, provider: Provider
) -> None:
    make_user(Membership.Role.SAFEGUARDING_OFFICER, provider, email="schutz@traeger.example")
    confirm_placement(placement, actor=COORDINATOR, now=thursday(9))
    assert run(PRESS, datetime(2026, 3, 26, 22, 59, tzinfo=UTC)) == 0
    assert run(PRESS, datetime(2026, 3, 26, 23, tzinfo=UTC)) == 1
    assert told() == ["schutz@traeger.example"]


def test_what_tells_of_the_wait_for_an_inspection_goes_with_the_rest(placement: Placement) -> None:
    confirm_placement(placement, actor=COORDINATOR, now=thursday(9))
    run(PRESS, datetime(2026, 3, 26, 23, tzinfo=UTC))
    stop_placement(
        placement, reason="not_fitting", actor=COORDINATOR, now=datetime(2026, 3, 27, 9, tzinfo=UTC)
    )
    assert not mails("placement_overdue").exists()


def test_who_said_yes_is_not_told_that_nothing_was_found(placement: Placement) -> None:
    assert run("volunteers.escalate_unanswered", datetime(2026, 5, 4, 9, tzinfo=UTC)) == 0
    assert not mails("pledge_still_looking").exists()


@pytest.mark.parametrize(
    ("pressed", "moment"), [(0, "2026-03-02 09:00+00"), (1, None), (4, "2026-03-02 09:00+00")]
)
def test_the_database_knows_no_reminder_without_its_moment(
    pressed: int, moment: str | None, placement: Placement
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.update(pressed=pressed, pressed_at=moment)
    assert Placement.objects.get().pressed == 0


class TestThePage:
    """ "Meine Seite" says each day what is true."""

    def shown(self, of: Placement | TimePledge) -> str:
        path = reverse("my_page", args=[my_page_token(of.volunteer.mailbox, utc_now())])
        return as_read(Client().get(path).content.decode())

    def test_tells_asked_from_looked_for(self, now: datetime) -> None:
        pledge = make_pledge(now)
        assert "wir suchen etwas Passendes" in self.shown(pledge)
        make_sent_offer(pledge, make_opportunity(), now, expires_at=datetime(2098, 12, 31, 23, tzinfo=UTC))
        text = self.shown(pledge)
        assert "wir haben Sie gefragt" in text
        assert "wir suchen etwas Passendes" not in text
        assert "Bitte antworten Sie bis Mittwoch, 31. Dezember 2098" in text

    def test_says_whose_turn_it_is_after_a_yes(self, placement: Placement) -> None:
        text = self.shown(placement)
        assert "Sie haben Ja gesagt, der Träger ist dran" in text
        assert "wir suchen etwas Passendes" not in text
        assert "Der Träger soll sich bis Donnerstag, 5. März 2026 bei Ihnen melden." in text

    def test_says_that_the_provider_was_reminded_and_who_comes_next(
        self, placement: Placement, now: datetime
    ) -> None:
        run(PRESS, thursday())
        assert "Wir haben ihn erinnert." in self.shown(placement)
        run(PRESS, datetime(2026, 3, 10, 23, tzinfo=UTC))
        text = self.shown(placement)
        assert "Das Jugendamt kümmert sich jetzt darum." in text
        assert "Wir haben ihn erinnert." not in text

    def test_does_not_call_placed_who_waits_for_the_inspection(
        self, placement: Placement, now: datetime
    ) -> None:
        confirm_placement(placement, actor=COORDINATOR, now=now)
        text = self.shown(placement)
        assert "Vor dem ersten Termin fehlt noch etwas. Der Weg dazu steht bei Ihrem Einsatz." in text
        assert "im Einsatz" not in text

    def test_says_so_when_the_youth_office_looks_itself(self, now: datetime) -> None:
        pledge = make_pledge(now)
        run("volunteers.escalate_unanswered", now + timedelta(days=30))
        assert "Das Jugendamt sieht jetzt selbst nach." in self.shown(pledge)


def test_pressing_writes_one_mail_a_step_however_often_it_runs(placement: Placement) -> None:
    for _turn in range(3):
        run(PRESS, thursday())
    assert Message.objects.filter(template="placement_overdue").count() == 1
