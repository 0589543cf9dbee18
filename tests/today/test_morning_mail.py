"""One mail in the morning to everybody for whom something waits: numbers and links of their own, no names."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from donations.services.bank.transfers import Credit, record_bank_transfer
from foundation import sweeps
from foundation.models import SweepRun
from foundation.sweeps import run
from foundation.units import Cents
from outbox.models import Message
from programs.models import Membership, Provider
from tests.factories import make_opportunity, make_provider, make_user, make_youth_office
from tests.volunteers.pledging import mails, make_placement, make_pledge

pytestmark = pytest.mark.django_db
Role = Membership.Role
MORNING = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)  # a Thursday
SWEEP = "today.morning_mail"


@pytest.fixture(autouse=True)
def _jobs_ran() -> None:
    for each in sweeps.all_sweeps():
        SweepRun.objects.update_or_create(
            name=each.name, defaults={"started_at": MORNING, "finished_at": MORNING}
        )


@pytest.fixture
def mine() -> Provider:
    return make_provider("Eigener")


def said_yes(provider: Provider, **values: Any) -> None:
    number = Message.objects.count()
    task = make_opportunity("Vorlesen", provider=provider)
    pledge = make_pledge(MORNING, email=f"ja-{number}@example.org", first_name="Wilhelmine")
    make_placement(pledge, task, MORNING, "awaiting_confirmation", **values)


def told() -> dict[str, str]:
    return {mail.to_email: mail.body_text for mail in mails("today_morning")}


def test_each_hears_of_their_own_work_alone(mine: Provider) -> None:
    office = make_youth_office()
    coordinator, treasurer = make_user(Role.COORDINATOR, mine), make_user(Role.TREASURER, mine)
    city, idle = make_user(Role.COORDINATOR, office), make_user(Role.COORDINATOR, make_provider())
    said_yes(mine)
    make_pledge(MORNING - timedelta(days=30), email="wartet@example.org")
    record_bank_transfer(mine, Credit(date(2026, 3, 2), Cents(700), "", "x"), recorded_by=None, now=MORNING)
    assert run(SWEEP, MORNING) == 3
    found = told()
    assert set(found) == {coordinator.email, treasurer.email, city.email}
    assert idle.email not in found
    kinds = {email: {line for line in text.splitlines() if " – " in line} for email, text in found.items()}
    assert kinds == {
        coordinator.email: {"1 – Zusagen bestätigen"},
        treasurer.email: {"1 – Kontobewegungen klären"},
        city.email: {"1 – Menschen anrufen"},
    }
    assert "/koordination/?art=zusagen" in found[coordinator.email]
    for mail in mails("today_morning"):
        assert "Wilhelmine" not in mail.body_text + mail.body_html + mail.subject
        assert mail.subject == "Heute wartet 1 Sache auf Sie"


def test_the_numbers_of_several_roles_stand_in_one_mail(mine: Provider) -> None:
    user = make_user(Role.COORDINATOR, mine)
    Membership.objects.create(user=user, provider=mine, role=Role.TREASURER)
    said_yes(mine)
    said_yes(mine)
    record_bank_transfer(mine, Credit(date(2026, 3, 2), Cents(700), "", "x"), recorded_by=None, now=MORNING)
    assert run(SWEEP, MORNING) == 1
    mail = mails("today_morning").get()
    assert mail.subject == "Heute warten 3 Sachen auf Sie"
    assert "2 – Zusagen bestätigen" in mail.body_text
    assert "1 – Kontobewegungen klären" in mail.body_text


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (MORNING, 1),
        (MORNING + timedelta(days=2), 0),  # Saturday
        (datetime(2026, 4, 3, 5, 30, tzinfo=UTC), 0),  # Good Friday
        (datetime(2026, 4, 7, 4, 30, tzinfo=UTC), 1),  # the Tuesday after Easter
    ],
)
def test_it_comes_on_working_days(mine: Provider, moment: datetime, sent: int) -> None:
    make_user(Role.COORDINATOR, mine)
    said_yes(mine)
    assert run(SWEEP, moment) == sent
    assert mails("today_morning").count() == sent


def test_it_comes_once_a_day_and_again_the_next(mine: Provider) -> None:
    make_user(Role.COORDINATOR, mine)
    said_yes(mine)
    assert [run(SWEEP, MORNING + timedelta(hours=hours)) for hours in (0, 1, 24)] == [1, 0, 1]


@pytest.mark.parametrize("who", ["closed account", "operator without an office", "left the provider"])
def test_nobody_else_gets_one(mine: Provider, who: str) -> None:
    said_yes(mine)
    user: User = make_user(Role.COORDINATOR, mine, is_active=who != "closed account")
    if who == "left the provider":
        Membership.objects.all().delete()
    elif who == "operator without an office":
        Membership.objects.all().delete()
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    assert run(SWEEP, MORNING) == 0
    assert not mails("today_morning").exists()
