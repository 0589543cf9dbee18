"""Every kind of task of the demo, walked as people walk: press, keep what is filled in, answer, confirm."""

from random import Random

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from foundation.clock import utc_now
from foundation.sweeps import run
from programs.models import Opportunity
from tests.factories import role_of
from tests.volunteers.pledging import link_in, mails
from tests.volunteers.reading import Visitor
from volunteers.models import Offer, TimePledge
from workshop.demo.accounts import make_accounts
from workshop.demo.needs import publish_needs
from workshop.demo.tasks import TEMPLATES

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasks(db: None) -> list[Opportunity]:
    """One of each kind of the demo, in districts all over the city, one or two days a week."""
    call_command("load_city", "dueren", "--demo-values", verbosity=0)
    make_accounts()
    publish_needs(len(TEMPLATES), Random(7), now=timezone.now())
    return list(Opportunity.objects.filter(status=Opportunity.Status.PUBLISHED).order_by("pk"))


def pledge_for(task: Opportunity, number: int, answer: str) -> str:
    """Walk from the task's page to the confirmed pledge; return what the last screen said."""
    visitor = Visitor(f"198.51.100.{number}")
    ways = visitor.open(task.get_absolute_url()).links("Hier möchte ich helfen")
    page = visitor.open(ways[1] if task.has_several_roles else ways[0])
    if page.questions():
        page = visitor.send(page, **dict.fromkeys(page.questions(), answer))
    last = visitor.send(page)
    email = f"person-{number}@example.org"
    sent = visitor.send(last, first_name="Maria", email=email)
    assert sent.address == reverse("pledge_sent"), last.text
    mail = mails("pledge_confirm").get(to_email=email)
    confirmed = visitor.send(visitor.open(link_in(mail, "/zusage/bestaetigen/")))
    assert "Ihre Zusage ist bestätigt" in confirmed.text
    return last.text


def test_each_ends_in_a_question_by_mail_to_whoever_answers_yes(tasks: list[Opportunity]) -> None:
    said = [pledge_for(task, number, "yes") for number, task in enumerate(tasks)]
    assert not [text for text in said if "reicht es so noch nicht" in text]

    run("volunteers.match", utc_now())

    asked = {offer.pledge.volunteer.email: offer.opportunity for offer in Offer.objects.filter(status="sent")}
    assert asked == {f"person-{number}@example.org": task for number, task in enumerate(tasks)}
    subjects = {mail.to_email: mail.subject for mail in mails("offer")}
    titles = {offer.pledge.volunteer.email: offer.title for offer in Offer.objects.filter(status="sent")}
    assert subjects == {email: f"Passt das zu Ihnen? {title}" for email, title in titles.items()}
    assert len(asked) == 12


def test_each_says_before_the_last_button_and_ever_after_why_not_to_whoever_answers_no(
    tasks: list[Opportunity],
) -> None:
    asking = [task for task in tasks if task.roles.filter(~Q(skills=[]) | ~Q(languages=[])).exists()]
    said = [pledge_for(task, number, "no") for number, task in enumerate(asking)]
    assert len(said) == 6
    assert all("Für diese Aufgabe reicht es so noch nicht" in text for text in said)

    run("volunteers.match", utc_now())

    assert not [p for p in TimePledge.objects.all() if p.offers.filter(opportunity=p.wanted_opportunity)]
    for number, task in enumerate(asking):
        mail = mails("pledge_confirmed").get(to_email=f"person-{number}@example.org")
        page = Visitor().open(link_in(mail, "/meins/"))
        role = role_of(task)
        (what,) = [*role.skill_labels, *role.language_labels]
        assert f"Für „{task.title}“ fehlt noch:" in page.text
        assert what in page.text.split("fehlt noch:")[1].split("Ändern")[0]
        assert f"Dafür fehlt noch: {'Fähigkeit' if role.skills else 'Sprache'}" in mail.body_text


def test_half_of_the_tasks_ask_for_nothing() -> None:
    assert sum(not each.skills and not each.languages for each in TEMPLATES) * 2 >= len(TEMPLATES)
