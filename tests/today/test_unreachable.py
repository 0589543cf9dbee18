"""People whom no mail reaches wait for a call, until somebody notes one."""

from datetime import timedelta

import pytest

from foundation.clock import utc_now
from programs.models import Membership
from tests.factories import make_opportunity, make_provider, make_user, make_youth_office
from tests.today.deciding import offered, send, undo_offered
from tests.today.reading import check, page, signed_in
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import CallTakenBack, Contact, TimePledge
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


def test_a_talk_is_noted_where_the_person_stands_and_taken_back() -> None:
    user = make_user(Membership.Role.COORDINATOR, make_youth_office())
    first, second = bounced("Ada"), bounced("Bo")
    first.volunteer.phone = "02421 123456"
    first.volunteer.save()
    shown = page(user)
    assert 'href="tel:02421123456"' in shown
    (form,) = offered(shown, f"{KIND}-{first.volunteer_id}")
    assert form.hidden["back"] == f"/koordination/#{KIND}-{second.volunteer_id}"
    client = signed_in(user)
    html = send(client, form, text="Neue Adresse kommt.")
    assert "Die Notiz ist gespeichert." in html
    check(user, KIND, [second.volunteer_id])
    note_ = Contact.objects.get()
    assert (note_.volunteer, note_.text, note_.noted_by) == (first.volunteer, "Neue Adresse kommt.", user)
    assert "Gespräch mit Ada" in html
    other = make_user(Membership.Role.COORDINATOR, user.memberships.get().provider)
    assert undo_offered(page(other)) == []
    (undo,) = undo_offered(html)
    assert signed_in(other).post(undo.action, undo.hidden).status_code == 404
    assert "Die Notiz ist zurückgenommen." in send(client, undo)
    check(user, KIND, [first.volunteer_id, second.volunteer_id])
    assert "Das lässt sich nicht mehr zurücknehmen." in send(client, undo)
    assert CallTakenBack.objects.count() == 1


def test_after_ten_minutes_a_note_stays() -> None:
    user = make_user(Membership.Role.COORDINATOR, make_youth_office())
    pledge = bounced("Ada")
    kept = note(pledge.volunteer, "Da.", provider=None, by=user, now=utc_now() - timedelta(minutes=10))
    assert undo_offered(page(user)) == []
    answer = signed_in(user).post(f"/koordination/notizen/{kept.pk}/zuruecknehmen/", follow=True)
    assert "Das lässt sich nicht mehr zurücknehmen." in answer.content.decode()
    check(user, KIND, [])


def test_a_note_about_somebody_reached_offers_no_undo_in_the_list() -> None:
    user = make_user(Membership.Role.COORDINATOR, make_youth_office())
    reached = make_pledge(utc_now(), email="ida@example.org")
    note(reached.volunteer, "Da.", provider=None, by=user, now=utc_now())
    assert undo_offered(page(user)) == []


def test_words_that_may_not_stand_there_come_back_with_the_way_to_the_list() -> None:
    user = make_user(Membership.Role.COORDINATOR, make_youth_office())
    person = bounced("Ada").volunteer_id
    (form,) = offered(page(user), f"{KIND}-{person}")
    answer = signed_in(user).post(form.action, {**form.hidden, "text": ""})
    assert answer.status_code == 422
    assert f'name="back" value="{form.hidden["back"]}"' in answer.content.decode()
    assert Contact.objects.count() == 0
