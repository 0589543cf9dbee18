"""A guardian takes a yes back: a fresh link ends it, an older one rests the dates and asks the mailbox."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.domain.links import LinkKind
from citizens.models import Mailbox
from citizens.services.erasure import erase
from citizens.services.links import issue, my_page_token
from foundation.actors import staff
from foundation.clock import local_day, utc_now
from foundation.history import lines_of
from outbox.models import Message
from programs.models import Membership, Role, Shift
from tests.factories import make_activity, make_opportunity, make_shift, make_user
from tests.volunteers.pledging import link_in, mails, make_consent, make_placement, make_pledge
from volunteers.domain.links import GUARDIAN
from volunteers.models import GuardianConsent, Placement, Volunteer
from volunteers.services.assignments import assign_coming_shifts
from volunteers.services.guardians import AskRefusal, ask_guardian, ask_guardian_again
from volunteers.services.links import placement_steps_url
from volunteers.services.placement_endings import stop_placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def consent() -> GuardianConsent:
    """Somebody of 16 or 17 who comes, as a guardian agreed."""
    now = utc_now()
    task = make_opportunity("Vorlesen", activity=make_activity(clearance_required=False), places=3)
    pledge = make_pledge(now)
    Volunteer.objects.filter(pk=pledge.volunteer_id).update(is_adult=False)
    placement = make_placement(pledge, task, now, "awaiting_confirmation")
    consent = make_consent(placement, now)
    Placement.objects.filter(pk=placement.pk).update(status="active", from_on=local_day(now))
    placement.refresh_from_db()
    make_shift(task, (now + timedelta(days=2)).replace(hour=9))
    assign_coming_shifts(now, placement=placement)
    return consent


def page(consent: GuardianConsent, kind: LinkKind = GUARDIAN, **ago: int) -> str:
    token = issue(kind, consent.mailbox, consent.pk, utc_now() - timedelta(**ago))
    return reverse("guardian", args=[token])


def states(consent: GuardianConsent) -> tuple[str, str]:
    """What became of the placement and of its coming date."""
    placement = Placement.objects.get(pk=consent.placement_id)
    return placement.status, placement.assignments.get().status


def shown(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\u2060", ""))


def take_back(client: Client, consent: GuardianConsent) -> str:
    """By a link of last month; the address of the page in the mail."""
    client.post(f"{page(consent, days=30)}zurueck/")
    return link_in(mails("consent_sure").latest("pk"), "/zustimmung/")


def agree(client: Client, consent: GuardianConsent, address: str) -> Any:
    said = {"version": consent.declaration_id, "name": "Eva Beispiel", "agreed": "on"}
    return client.post(address, said)


def test_from_a_fresh_link_it_ends_at_once(client: Client, consent: GuardianConsent) -> None:
    address = page(consent, minutes=59)
    assert "Ihr Link ist schon älter" not in shown(client.get(address))
    assert client.post(f"{address}zurueck/").status_code == 303
    assert states(consent) == ("ended", "cancelled")
    assert not mails("consent_sure").exists()


@pytest.mark.parametrize("minutes", [60, 60 * 24 * 400])
def test_from_an_older_link_the_dates_rest_at_once_and_the_mailbox_is_asked(
    client: Client, consent: GuardianConsent, minutes: int
) -> None:
    address = page(consent, minutes=minutes)
    assert "Die Termine machen sofort Pause, und wir schicken Ihnen eine E-Mail" in shown(client.get(address))
    answer = client.post(f"{address}zurueck/", follow=True)
    assert states(consent) == ("awaiting_clearance", "on_hold")
    assert "haben wir Ihnen eine E-Mail geschickt" in shown(answer)
    mail = mails("consent_sure").get()
    assert (mail.to_email, mail.subject) == ("eltern@example.org", "Bleibt es dabei? Vorlesen")
    assert "über einen älteren Link zurückgezogen" in mail.body_text
    young, provider = mails("consent_withdrawn").get(), mails("consent_withdrawn_told").get()
    assert (young.to_email, young.subject) == ("maria@example.org", "Ihre Termine machen Pause: Vorlesen")
    assert "Ob es dabei bleibt, schreiben wir Ihnen." in young.body_text
    assert provider.subject == "Termine machen Pause: Vorlesen"
    assert "so lange bleibt ihr Platz für sie frei" in provider.body_text
    moved = lines_of(consent.placement).get(to_status="awaiting_clearance")
    assert (moved.actor_kind, moved.actor_role) == ("citizen", "guardian")


def test_the_proof_of_the_yes_stays(client: Client, consent: GuardianConsent) -> None:
    take_back(client, consent)
    before, anew = GuardianConsent.objects.order_by("pk")
    assert (before.name, before.given_at, before.withdrawn_at is None) == (
        "Eva Beispiel",
        consent.given_at,
        False,
    )
    assert (anew.placement_id, anew.mailbox_id, anew.waits) == (
        consent.placement_id,
        consent.mailbox_id,
        True,
    )


def test_the_mail_ends_it(client: Client, consent: GuardianConsent) -> None:
    address = take_back(client, consent)
    text = shown(client.get(address))
    assert "Soll Maria hier ganz aufhören?" in text
    assert "Ja, es bleibt dabei" in text
    assert client.post(f"{address}zurueck/").status_code == 303
    assert states(consent) == ("ended", "cancelled")
    assert [mail.subject for mail in mails("consent_withdrawn")] == [
        "Ihre Termine machen Pause: Vorlesen",
        "Keine Termine mehr: Vorlesen",
    ]
    assert mails("consent_withdrawn_told").latest("pk").subject == "Ein Platz ist wieder frei: Vorlesen"
    for seen in (address, page(consent, days=30)):
        assert "Sie sind nicht einverstanden" in shown(client.get(seen))


def test_the_mail_lets_it_go_on_too(client: Client, consent: GuardianConsent) -> None:
    address = take_back(client, consent)
    assert agree(client, consent, address).status_code == 303
    assert states(consent) == ("active", "confirmed")
    assert mails("placement_resumed").get().to_email == "maria@example.org"
    told, back = mails("consent_withdrawn_told").get(), mails("consent_back_told").get()
    assert (back.to_email, back.subject) == (told.to_email, "Das Einverständnis gilt wieder: Vorlesen")
    assert "Ihre Termine gehen weiter: Vorlesen." in back.body_text
    assert f"/koordination/einsaetze/{consent.placement_id}/" in back.body_text
    assert "Danke, Sie haben zugestimmt" in shown(client.get(page(consent, days=30)))


def test_an_older_link_rests_what_was_agreed_to_anew(client: Client, consent: GuardianConsent) -> None:
    agree(client, consent, take_back(client, consent))
    take_back(client, consent)
    assert states(consent) == ("awaiting_clearance", "on_hold")
    told = Message.objects.filter(template__endswith="_told").order_by("pk")
    assert mails("consent_withdrawn").count() == 2
    assert [mail.template for mail in told] == [
        "consent_withdrawn_told",
        "consent_back_told",
        "consent_withdrawn_told",
    ]


def test_the_older_link_neither_ends_it_nor_agrees(client: Client, consent: GuardianConsent) -> None:
    take_back(client, consent)
    old = page(consent, days=30)
    client.post(f"{old}zurueck/")
    assert agree(client, consent, old).status_code == 422
    assert states(consent) == ("awaiting_clearance", "on_hold")


def test_the_older_link_has_the_mail_sent_again_a_few_times(client: Client, consent: GuardianConsent) -> None:
    take_back(client, consent)
    old = page(consent, days=30)
    assert "E-Mail noch einmal schicken" in shown(client.get(old))
    answers = [client.post(f"{old}zurueck/").status_code for _turn in range(6)]
    assert answers == [303] * 5 + [429]
    assert mails("consent_sure").count() == 6


def test_no_limit_keeps_the_dates_from_resting(client: Client, consent: GuardianConsent) -> None:
    """Whoever used up the mails of the mailbox must not keep a child at a task."""
    for _turn in range(6):
        client.post(reverse("my_page_erase", args=[my_page_token(consent.mailbox, _last_month())]))
    client.post(f"{page(consent, days=30)}zurueck/")
    assert states(consent) == ("awaiting_clearance", "on_hold")
    assert mails("consent_sure").count() == 1


def _last_month() -> datetime:
    return utc_now() - timedelta(days=30)


def test_a_page_of_last_month_makes_no_fresh_link(client: Client, consent: GuardianConsent) -> None:
    own = client.get(reverse("my_page", args=[my_page_token(consent.mailbox, _last_month())]))
    found = re.search(r'/zustimmung/[^/"]+/', own.content.decode())
    assert found is not None
    client.post(f"{found[0]}zurueck/")
    assert states(consent) == ("awaiting_clearance", "on_hold")


def test_a_fresh_page_ends_it(client: Client, consent: GuardianConsent) -> None:
    own = client.get(reverse("my_page", args=[my_page_token(consent.mailbox, utc_now())]))
    found = re.search(r'/zustimmung/[^/"]+/', own.content.decode())
    assert found is not None
    client.post(f"{found[0]}zurueck/")
    assert states(consent) == ("ended", "cancelled")


def test_the_code_of_a_letter_ends_it_at_any_age(client: Client, consent: GuardianConsent) -> None:
    Mailbox.objects.filter(pk=consent.mailbox_id).update(
        email="0@brief.invalid", postal_address="Eva Beispiel\nWeierstraße 1\n52349 Düren"
    )
    address = page(consent, days=400)
    assert "Ihr Link ist schon älter" not in shown(client.get(address))
    client.post(f"{address}zurueck/")
    assert states(consent) == ("ended", "cancelled")


def test_a_first_no_is_an_answer_whenever_it_comes(client: Client, consent: GuardianConsent) -> None:
    now = utc_now()
    waiting = make_placement(
        consent.placement.pledge, make_opportunity("Malen", places=3), now, "awaiting_clearance"
    )
    asked = GuardianConsent.objects.create(placement=waiting, mailbox=consent.mailbox, asked_at=now)
    client.post(f"{page(asked, days=30)}zurueck/")
    waiting.refresh_from_db()
    assert (waiting.status, mails("consent_sure").count()) == ("cancelled", 0)


def test_who_came_of_age_is_beyond_it(client: Client, consent: GuardianConsent) -> None:
    Volunteer.objects.update(is_adult=True)
    client.post(f"{page(consent, days=30)}zurueck/")
    assert states(consent) == ("active", "confirmed")
    assert not Message.objects.filter(template__startswith="consent").exists()


def test_of_what_waits_for_something_else_both_hear_too(client: Client, consent: GuardianConsent) -> None:
    """The guardian reads that both know."""
    Placement.objects.update(status="awaiting_clearance", from_on=None)
    Shift.objects.all().delete()
    activity = make_activity(clearance_required=True)
    Role.objects.filter(pk=consent.placement.role_id).update(activity=activity, clearance_required=True)
    old = page(consent, days=30)
    address = take_back(client, consent)
    assert Placement.objects.get().status == "awaiting_clearance"
    assert "der Träger und die Person wissen Bescheid" in shown(client.get(old))
    assert mails("consent_withdrawn").get().to_email == "maria@example.org"
    assert mails("consent_withdrawn_told").get().subject == "Termine machen Pause: Vorlesen"
    agree(client, consent, address)
    assert Placement.objects.get().status == "awaiting_clearance"
    assert "Sie kommt, sobald auch alles andere da ist" in mails("consent_back_told").get().body_text


def test_a_first_yes_is_no_news_to_the_provider(client: Client, consent: GuardianConsent) -> None:
    now = utc_now()
    task = make_opportunity("Malen", activity=make_activity(clearance_required=False), places=3)
    waiting = make_placement(consent.placement.pledge, task, now, "awaiting_clearance")
    asked = GuardianConsent.objects.create(placement=waiting, mailbox=consent.mailbox, asked_at=now)
    assert agree(client, consent, page(asked, days=30)).status_code == 303
    waiting.refresh_from_db()
    assert (waiting.status, mails("consent_back_told").count()) == ("active", 0)


def test_what_is_over_is_asked_about_no_more(client: Client, consent: GuardianConsent) -> None:
    stop_placement(consent.placement, reason="not_needed", actor=staff(1, "coordinator"), now=utc_now())
    answer = client.post(f"{page(consent, days=30)}zurueck/", follow=True)
    assert "Sie sind nicht einverstanden" in shown(answer)
    assert (GuardianConsent.objects.count(), mails("consent_sure").count()) == (1, 0)


class TestMeanwhile:
    def test_nobody_else_is_asked(self, client: Client, consent: GuardianConsent) -> None:
        take_back(client, consent)
        now = utc_now()
        born_in = local_day(now).replace(day=1, year=now.year - 17)
        for address in ({"email": "onkel@example.org"}, {"postal_address": "Onkel\nWeg 1\n52349 Düren"}):
            assert (
                ask_guardian(consent.placement, born_in=born_in, now=now, **address) == AskRefusal.TAKEN_BACK
            )
        assert GuardianConsent.objects.get(withdrawn_at=None).mailbox == consent.mailbox

    def test_the_officer_reads_it_and_notes_no_sheet_from_before(
        self, client: Client, consent: GuardianConsent
    ) -> None:
        take_back(client, consent)
        provider = consent.placement.opportunity.provider
        client.force_login(make_user(Membership.Role.SAFEGUARDING_OFFICER, provider))
        desk = reverse("coordination_consent", args=[consent.placement_id])
        read = shown(client.get(desk))
        assert "Das Einverständnis ist zurückgezogen" in read
        assert "Ein Blatt von vorher gilt nicht mehr" in read
        assert "Brief schreiben" not in read
        consent.refresh_from_db()
        assert consent.withdrawn_at is not None
        since = local_day(consent.withdrawn_at)
        said = {"act": "note", "version": consent.declaration_id, "name": "Eva Beispiel", "seen": "on"}
        answer = client.post(desk, {**said, "signed_on": str(since - timedelta(days=1))})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["signed_on"])
        assert states(consent) == ("awaiting_clearance", "on_hold")
        assert client.post(desk, {**said, "signed_on": str(since)}).status_code == 303
        assert states(consent) == ("active", "confirmed")

    def test_the_minor_reads_what_happens(self, client: Client, consent: GuardianConsent) -> None:
        take_back(client, consent)
        text = shown(client.get(placement_steps_url(consent.placement, utc_now())))
        assert "Wir haben die Person gefragt, ob es dabei bleibt." in text
        assert "nennen Sie unten eine andere Adresse" not in text

    def test_made_void_the_question_is_mailed_anew(self, client: Client, consent: GuardianConsent) -> None:
        take_back(client, consent)
        ask_guardian_again(Mailbox.objects.get(pk=consent.mailbox_id), utc_now())
        assert (mails("consent_sure").count(), mails("guardian_asked").count()) == (2, 0)

    def test_a_guardian_who_leaves_no_trace_ends_it(self, client: Client, consent: GuardianConsent) -> None:
        take_back(client, consent)
        erase(Mailbox.objects.get(pk=consent.mailbox_id), utc_now())
        assert states(consent) == ("ended", "cancelled")
        assert not GuardianConsent.objects.exists()
