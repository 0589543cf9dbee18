"""The safeguarding officer notes in "Heute" what was seen, with the three facts that may be kept."""

from datetime import timedelta

import pytest

from accounts.models import User
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from programs.models import Membership, Provider
from tests.factories import make_activity, make_opportunity, make_provider, make_user, make_youth_office
from tests.today.deciding import offered, send
from tests.today.reading import check, page, signed_in
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Clearance, MeaslesProof, Placement, Volunteer

pytestmark = pytest.mark.django_db
Role = Membership.Role
KIND, DAY = "einsichtnahmen", timedelta(days=1)


@pytest.fixture
def house() -> Provider:
    return make_provider("Eigener")


@pytest.fixture
def officer(house: Provider) -> User:
    return make_user(Role.SAFEGUARDING_OFFICER, house)


def waits(house: Provider, name: str, days: int = 1, **task: object) -> Placement:
    where = make_opportunity(provider=house, **{"clearance_required": True, **task})
    pledge = make_pledge(utc_now(), email=f"{name}@example.org", first_name=name)
    return make_placement(pledge, where, utc_now() - days * DAY, "awaiting_clearance")


def test_a_certificate_is_noted_in_the_row_and_only_its_day_kept(house: Provider, officer: User) -> None:
    first, second = waits(house, "ada", 2), waits(house, "bo", 1)
    today = local_day(utc_now())
    (form,) = offered(page(officer), f"{KIND}-{first.pk}")
    assert form.hidden["back"] == f"/koordination/#{KIND}-{second.pk}"
    assert "Gespeichert werden nur drei Tatsachen" in page(officer)
    client = signed_in(officer)
    for wrong in ("", str(today + DAY), str(today - 400 * DAY)):
        answer = client.post(form.action, {**form.hidden, "certificate_on": wrong})
        assert answer.status_code == 422
        assert f'name="back" value="{form.hidden["back"]}"' in answer.content.decode()
    check(officer, KIND, [first.pk, second.pk])
    assert "Danke. Die Person ist benachrichtigt." in send(client, form, certificate_on=str(today - DAY))
    (kept,) = Clearance.objects.values_list("volunteer", "opportunity", "certificate_on")
    assert kept == (first.volunteer_id, first.opportunity_id, today - DAY)
    first.refresh_from_db()
    assert first.status == "active"
    check(officer, KIND, [second.pk])


def test_nobody_inspects_their_own_nor_a_stranger_any(house: Provider) -> None:
    first = waits(house, "ada")
    own = make_user(Role.SAFEGUARDING_OFFICER, house, email="ada@example.org")
    (form,) = offered(page(own), f"{KIND}-{first.pk}")
    said = {"certificate_on": str(local_day(utc_now()) - DAY)}
    assert "Das sind Sie selbst" in send(signed_in(own), form, **said)
    stranger = make_user(Role.SAFEGUARDING_OFFICER, make_provider("Fremder"))
    assert signed_in(stranger).post(form.action, said).status_code == 404
    coordinator = make_user(Role.COORDINATOR, house)
    assert signed_in(coordinator).post(form.action, said).status_code == 403
    assert Clearance.objects.count() == 0
    check(own, KIND, [first.pk])


def test_the_protection_against_measles_is_noted_in_the_row(house: Provider, officer: User) -> None:
    activity = make_activity(clearance_required=False, measles_sites=["kita"])
    placement = waits(house, "ada", activity=activity, site_kind="kita", clearance_required=False)
    (form,) = offered(page(officer), f"{KIND}-{placement.pk}")
    assert "Der Masernschutz ist notiert." in send(signed_in(officer), form)
    assert list(MeaslesProof.objects.values_list("volunteer", flat=True)) == [placement.volunteer_id]
    check(officer, KIND, [])


def test_the_row_names_the_person_in_full_and_that_it_was_read_is_written_down(
    house: Provider, officer: User
) -> None:
    placement = waits(house, "ada")
    Volunteer.objects.filter(pk=placement.volunteer_id).update(last_name="Kunze")
    assert "Auf dem Zeugnis muss stehen: <strong>ada Kunze</strong>" in page(officer)
    page(officer, f"/koordination/?art={KIND}")
    read = lines_of(placement).filter(kind="read", actor_user=officer.pk)
    said = read.values_list("route", "actor_role")
    assert list(said) == [("coordination", "safeguarding_officer")] * 2
    coordinator = make_user(Role.COORDINATOR, house)
    assert "Kunze" not in page(coordinator)
    assert read.count() == 2
    told = page(make_user(Role.COORDINATOR, make_youth_office()), "/koordination/protokoll/")
    assert told.count("Einsichtnahme gelesen") == 2
