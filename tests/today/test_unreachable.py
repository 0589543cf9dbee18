"""People whom no mail reaches wait for a call, until somebody notes one."""

from datetime import timedelta

import pytest

from foundation.clock import utc_now
from programs.models import Membership
from tests.factories import make_opportunity, make_provider, make_user, make_youth_office
from tests.today.reading import check, page, signed_in
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Contact, TimePledge
from volunteers.services.contacts import note
from volunteers.services.withdrawals import withdraw_pledge

pytestmark = pytest.mark.django_db

KIND = "unerreichbar"
HOUR = timedelta(hours=1)


def bounced(name: str, **values: object) -> TimePledge:
    """Make an open pledge whose mails came back an hour ago."""
    pledge = make_pledge(utc_now() - timedelta(days=9), email=f"{name}@example.org", first_name=name)
    pledge.volunteer.mailbox.bounced_at = utc_now() - HOUR
    pledge.volunteer.mailbox.save()
    return pledge


def test_who_sees_whom() -> None:
    mine, other = make_provider("Eigener"), make_provider("Fremder")
    coordinator, stranger, office, treasurer = (
        make_user(role, provider)
        for role, provider in (
            (Membership.Role.COORDINATOR, mine),
            (Membership.Role.COORDINATOR, other),
            (Membership.Role.COORDINATOR, make_youth_office()),
            (Membership.Role.TREASURER, mine),
        )
    )
    placed, looking, gone, reached = bounced("Ada"), bounced("Bo"), bounced("Cem"), bounced("Dana")
    make_placement(
        placed, make_opportunity(provider=mine, clearance_required=False), utc_now(), "awaiting_confirmation"
    )
    withdraw_pledge(gone, now=utc_now())
    reached.volunteer.mailbox.bounced_at = None
    reached.volunteer.mailbox.save()

    check(coordinator, KIND, [placed.volunteer_id])
    check(stranger, KIND, [])
    check(office, KIND, [placed.volunteer_id, looking.volunteer_id])
    assert "keine E-Mail erreicht" not in page(treasurer)


def test_a_note_since_then_settles_it_and_one_before_does_not() -> None:
    user = make_user(Membership.Role.COORDINATOR, make_youth_office())
    pledge = bounced("Ada")
    note(pledge.volunteer, "Früher gesprochen.", provider=None, by=user, now=utc_now() - 2 * HOUR)
    check(user, KIND, [pledge.volunteer_id])

    note(pledge.volunteer, "Neue Adresse kommt.", provider=None, by=user, now=utc_now())

    check(user, KIND, [])
    assert Contact.objects.count() == 2


def test_the_row_says_what_to_do_and_leads_to_the_person() -> None:
    user = make_user(Membership.Role.COORDINATOR, make_youth_office())
    with_phone, without = bounced("Ada"), bounced("Bo")
    with_phone.volunteer.phone = "02421 123456"
    with_phone.volunteer.save()
    shown = page(user)
    assert "E-Mails kommen zurück; Telefon 02421 123456" in shown
    assert "E-Mails kommen zurück; kein Telefon bekannt" in shown
    for pledge in (with_phone, without):
        address = f"/koordination/menschen/{pledge.volunteer_id}/"
        assert f'href="{address}"' in shown
        assert signed_in(user).get(address).status_code == 200
