"""A protection concept is looked at again: the day is asked for, both sides are reminded, nothing closes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from outbox.models import Message
from programs.models import Membership, Provider
from tests.factories import make_opportunity, make_provider, make_user, make_youth_office
from tests.today.deciding import offered, send, undo_offered
from tests.today.reading import check, numbers, page, signed_in
from tests.words_of_pages import as_read
from wirbrauchensie.today.morning import send_morning_mails

pytestmark = pytest.mark.django_db
KIND, DAY = "schutzkonzepte", timedelta(days=1)
REVIEW = "protection_concept_review_on"


def reviewed(name: str, review_on: date | None, **values: Any) -> Provider:
    return make_provider(name, protection_concept_review_on=review_on, **values)


def test_both_are_reminded_from_the_day_on_and_nothing_closes() -> None:
    today = local_day(utc_now())
    due, longer = reviewed("Heute fällig", today), reviewed("Länger fällig", today - 400 * DAY)
    tomorrow, unknown = reviewed("Morgen", today + DAY), reviewed("Unbekannt", None)
    reviewed("Ungeprüft", today - DAY, is_verified=False)
    office = make_youth_office(protection_concept_review_on=today - 2 * DAY)
    task = make_opportunity("Vorlesen", provider=longer)

    check(make_user(Membership.Role.COORDINATOR, office), KIND, [longer.pk, office.pk, due.pk])
    for provider, seen in ((due, [due.pk]), (longer, [longer.pk]), (tomorrow, []), (unknown, [])):
        check(make_user(Membership.Role.COORDINATOR, provider), KIND, seen)
    assert KIND not in numbers(make_user(Membership.Role.TREASURER, due))

    longer.refresh_from_db()
    assert longer.is_verified
    assert Client().get(task.get_absolute_url()).status_code == 200


def test_the_morning_mail_tells_both_and_a_new_day_ends_it() -> None:
    monday = utc_now().replace(year=2026, month=11, day=30, hour=7)
    due = reviewed("Haus am Rand", date(2026, 11, 29))
    office = make_youth_office()
    people = {make_user(Membership.Role.COORDINATOR, house).email for house in (due, office)}
    assert send_morning_mails(monday) == 2
    told = Message.objects.filter(body_text__contains="Schutzkonzepte wieder ansehen")
    assert {message.to_email for message in told} == people

    Provider.objects.filter(pk=due.pk).update(protection_concept_review_on=date(2028, 11, 29))
    send_morning_mails(monday + DAY)
    assert told.count() == 2


def test_the_row_names_the_day_and_leads_the_office_to_the_concepts() -> None:
    due = reviewed("Haus am Rand", date(2026, 3, 3), protection_concept_on=date(2024, 3, 3))
    officer = make_user(Membership.Role.COORDINATOR, make_youth_office())
    shown = page(officer)
    day = '<span class="nowrap">3. März 2026</span>'
    assert f"Durchsicht des Schutzkonzepts: Dienstag, {day}" in shown
    assert f'href="{reverse("coordination_providers")}"' in shown
    listed = page(officer, reverse("coordination_providers"))
    assert "Schutzkonzept vom 3. März 2024, nächste Durchsicht am 3. März 2026" in as_read(listed)
    assert "Zu den Trägern" not in page(make_user(Membership.Role.COORDINATOR, due))


def save(provider: Provider, **said: str) -> tuple[bool, str]:
    """Send the provider's form in the administration; return whether it was taken, and what the page says."""
    client = signed_in(make_user(is_superuser=True, is_staff=True))
    address = reverse("admin:programs_provider_change", args=[provider.pk])
    form = client.get(address).context["adminform"].form
    read = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    answer = client.post(address, {**read, **inline, **said})
    return answer.status_code == 302, answer.content.decode()


ASKED = "Bitte geben Sie an, wann das Schutzkonzept des Trägers wieder angesehen wird."
EARLIER = "Die Durchsicht liegt nach dem Tag des Schutzkonzepts."


@pytest.mark.parametrize(
    ("was", "said", "refusal"),
    [
        ({"is_verified": False, REVIEW: None}, {"is_verified": "on"}, ASKED),
        ({"is_verified": True}, {REVIEW: ""}, ASKED),
        ({"is_verified": False}, {"is_verified": "on", REVIEW: "2025-01-15"}, EARLIER),
        ({"is_verified": False, REVIEW: None}, {"is_verified": "on", REVIEW: "demnächst"}, "gültiges Datum"),
        ({"is_verified": False, REVIEW: None}, {"is_verified": "on", REVIEW: "2025-01-16"}, ""),
        ({"is_verified": True, REVIEW: None}, {"note": "Angerufen."}, ""),
        ({"is_verified": False, REVIEW: None}, {"note": "Angerufen."}, ""),
    ],
    ids=["verified", "emptied", "same day", "no day", "with its day", "as it was", "never verified"],
)
def test_the_day_is_asked_for_with_the_verification(
    was: dict[str, Any], said: dict[str, str], refusal: str
) -> None:
    provider = make_provider(**was)
    before: dict[str, Any] = {**Provider.objects.filter(pk=provider.pk).values()[0]}
    taken, shown = save(provider, **said)
    assert taken is not bool(refusal)
    assert refusal in shown
    assert (ASKED in shown) is (refusal == ASKED)
    after: dict[str, Any] = {**Provider.objects.filter(pk=provider.pk).values()[0]}
    changed = {name for name in after if after[name] != before[name]}
    assert changed == (set() if refusal else set(said))


def test_the_office_notes_the_review_in_the_row_and_takes_it_back() -> None:
    today = local_day(utc_now())
    due, later = reviewed("Haus am Rand", today - DAY), reviewed("Haus am See", today)
    officer = make_user(Membership.Role.COORDINATOR, make_youth_office())
    (form,) = offered(page(officer), f"{KIND}-{due.pk}")
    assert form.hidden["back"] == f"/koordination/#{KIND}-{later.pk}"
    assert form.hidden["before"] == str(today - DAY)
    client = signed_in(officer)
    for wrong in ("", str(today), str(today + 6 * 366 * DAY)):
        answer = client.post(form.action, {**form.hidden, "review_on": wrong})
        assert answer.status_code == 422
        assert f'name="back" value="{form.hidden["back"]}"' in answer.content.decode()
    check(officer, KIND, [due.pk, later.pk])
    html = send(client, form, review_on=str(today + 700 * DAY))
    assert "Vermerkt." in html
    check(officer, KIND, [later.pk])
    due.refresh_from_db()
    assert (due.protection_concept_review_on, due.is_verified) == (today + 700 * DAY, True)
    assert "Hier hat sich inzwischen etwas geändert." in send(client, form, review_on=str(today + 9 * DAY))
    other = make_user(Membership.Role.COORDINATOR, officer.memberships.get().provider)
    assert undo_offered(page(other)) == []
    (undo,) = undo_offered(html)
    assert "nicht mehr zurücknehmen" in send(signed_in(other), undo)
    assert "wartet wieder auf die Durchsicht" in send(client, undo)
    check(officer, KIND, [due.pk, later.pk])
    assert undo_offered(page(officer)) == []
    assert "nicht mehr zurücknehmen" in send(client, undo)
    said = lines_of(due).filter(changes__has_key=REVIEW, actor_user=officer.pk).order_by("pk")
    assert [line.changes[REVIEW] for line in said if line.changes] == [
        [str(today - DAY), str(today + 700 * DAY)],
        [str(today + 700 * DAY), str(today - DAY)],
    ]


def test_where_another_day_was_set_meanwhile_it_stays() -> None:
    today = local_day(utc_now())
    due = reviewed("Haus am Rand", today)
    officer = make_user(Membership.Role.COORDINATOR, make_youth_office())
    (form,) = offered(page(officer), f"{KIND}-{due.pk}")
    client = signed_in(officer)
    (undo,) = undo_offered(send(client, form, review_on=str(today + 700 * DAY)))
    Provider.objects.filter(pk=due.pk).update(protection_concept_review_on=today + 300 * DAY)
    assert undo_offered(page(officer)) == []
    assert "nicht mehr zurücknehmen" in send(client, undo)
    due.refresh_from_db()
    assert due.protection_concept_review_on == today + 300 * DAY


def test_of_a_provider_that_is_gone_nothing_is_taken_back() -> None:
    today = local_day(utc_now())
    due, other = reviewed("Haus am Rand", today), reviewed("Haus am See", today)
    officer = make_user(Membership.Role.COORDINATOR, make_youth_office())
    for each in (due, other):
        (form,) = offered(page(officer), f"{KIND}-{each.pk}")
        send(signed_in(officer), form, review_on=str(today + 700 * DAY))
    gone, stays = (reverse("coordination_concept_undo", args=[each.pk]) for each in (due, other))
    assert [each.action for each in undo_offered(page(officer))] == [stays, gone]
    Provider.objects.filter(pk=due.pk).delete()
    assert [each.action for each in undo_offered(page(officer))] == [stays]
    assert signed_in(officer).post(gone).status_code == 404


def test_a_provider_is_reminded_and_does_not_note_its_own_review() -> None:
    today = local_day(utc_now())
    due = reviewed("Haus am Rand", today)
    user = make_user(Membership.Role.COORDINATOR, due)
    assert offered(page(user), f"{KIND}-{due.pk}") == []
    address = reverse("coordination_concept_reviewed", args=[due.pk])
    said = {"review_on": str(today + DAY), "before": str(today)}
    assert signed_in(user).post(address, said).status_code == 403
    check(user, KIND, [due.pk])
