"""What betrays somebody is taken down in one step, and no table tells what it was."""

import json
from datetime import datetime

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.actors import staff
from foundation.history import acting, lines_of
from foundation.models import Event
from outbox.models import Message
from programs.models import ApiAnswer, Fund, Membership, Opportunity, Program, Provider
from programs.services.api_tokens import make_token
from programs.services.loaded_rows import bring_in
from programs.services.notices import decide_notice
from programs.services.publishing import close
from programs.services.text_drafts import write_words
from tests.factories import (
    make_activity,
    make_coordinator,
    make_district,
    make_fund,
    make_news,
    make_notice,
    make_opportunity,
    make_program,
    make_provider,
    make_role,
    make_shift,
    make_user,
    make_youth_office,
)
from tests.programs.imports import test_directory, test_tasks
from tests.programs.imports.files import done, faults, shown, step, uploaded
from tests.searching import tables_with

pytestmark = pytest.mark.django_db
SLIP = "Quölzmann"
"""A name that slipped in; it stands in titles, texts and addresses."""


@pytest.fixture
def officer() -> User:
    return make_user(Membership.Role.SAFEGUARDING_OFFICER, make_youth_office())


def take_down(user: User, about: str, pk: int) -> int:
    client = Client()
    client.force_login(user)
    return client.post(reverse("coordination_takedown", args=[about, pk])).status_code


def mail_about(row: Opportunity | Program | Fund, now: datetime, key: str, status: str) -> Message:
    said = f"Guten Tag, es geht um {row} & mehr: https://x.example/zeit/{row.slug}/"
    return Message.objects.create(
        key=key,
        template="offer",
        to_email="maria@example.org",
        subject=f"Frage: {row}",
        body_text=said,
        body_html=f"<p>{said}</p>",
        attachment_name="termine.ics",
        attachment_type="text/calendar",
        attachment_body=f"SUMMARY:{row}",
        status=status,
        queued_at=now,
        due_at=now,
        sent_at=now if status == "sent" else None,
    )


@pytest.fixture
def task(now: datetime) -> Opportunity:
    """A task whose words were changed after it had betrayed somebody, too."""
    found = make_opportunity(f"Vorlesen für {SLIP}", slug="vorlesen-fuer-quoelzmann")
    with acting(staff(make_user().pk, "coordinator")):
        Opportunity.objects.filter(pk=found.pk).update(task=f"Die Kinder {SLIP} warten.", site=f"Bei {SLIP}")
        Opportunity.objects.filter(pk=found.pk).update(title=f"Vorlesen & Malen für {SLIP}")
    found.refresh_from_db()
    make_notice("task", found.pk, now, text=f"Da steht {SLIP}!")
    for key, status in (("a", "queued"), ("b", "sent")):
        mail_about(found, now, key, status)
    return found


def test_a_task_goes_with_every_word_and_its_dates(task: Opportunity, officer: User, now: datetime) -> None:
    shift = make_shift(task, now.replace(year=2031))
    other = Message.objects.get(key="a")
    assert tables_with(SLIP) == [
        "foundation_event",
        "outbox_message",
        "programs_notice",
        "programs_opportunity",
    ]
    assert take_down(officer, "task", task.pk) == 302
    assert tables_with(SLIP) == tables_with("quoelzmann") == []
    task.refresh_from_db()
    shift.refresh_from_db()
    assert (task.status, shift.is_cancelled) == ("closed", True)
    other.refresh_from_db()
    assert (other.status, other.attachment_body) == ("queued", "")
    assert other.body_text.startswith("Guten Tag, es geht um [entfernt] & mehr")
    (line,) = Event.objects.filter(model="opportunity", object_id=task.pk, changes__has_key="text")
    assert (line.changes, line.actor_user, line.reason) == ({"text": [None, "removed"]}, officer.pk, "")
    assert Client().get("/zeit/vorlesen-fuer-quoelzmann/").status_code == 404


def test_its_place_goes_from_mails_unless_another_task_is_there_too(officer: User, now: datetime) -> None:
    task = make_opportunity("Tee", site="Wohnung der Bahnhofstr. 7", task="Chor & Tee")
    make_opportunity("Vorlesen", site="Kita und Stadtbücherei")
    for site in ("Stadtbücherei", "Saal", "Bei Quölzmann & Co"):
        Opportunity.objects.filter(pk=task.pk).update(site=site)
    make_role(task, "Rat")
    said = "Saal, Wohnung der Bahnhofstr. 7, Stadtbücherei, Bei Quölzmann & Co, Rat, Tee, Chor & Tee"
    mail = mail_about(task, now, "c", "queued")
    Message.objects.filter(pk=mail.pk).update(body_text=said)
    assert take_down(officer, "task", task.pk) == 302
    mail.refresh_from_db()
    gone = "[entfernt]"
    # shorter than four letters is nobody's own
    assert mail.body_text == f"{gone}, {gone}, Stadtbücherei, {gone}, Rat, Tee, {gone}"


def test_who_changed_it_and_when_stays(task: Opportunity, officer: User) -> None:
    before = lines_of(task).values_list("at", "actor_user")
    known = set(before)
    take_down(officer, "task", task.pk)
    assert known <= set(lines_of(task).values_list("at", "actor_user"))
    page = Client()
    page.force_login(make_coordinator(task.provider))
    assert page.get(f"/koordination/angebote/{task.pk}/").status_code == 200


@pytest.mark.parametrize(("about", "model"), [("program", Program), ("purpose", Fund)])
def test_a_page_or_a_purpose_goes_and_no_load_brings_it_back(
    officer: User, now: datetime, about: str, model: type[Model]
) -> None:
    values = {"name": f"Treff {SLIP}", "slug": "treff-quoelzmann"}
    if about == "program":
        row: Program | Fund = make_program(**values, description=f"Für {SLIP}.", partners=[SLIP])
    else:
        row = make_fund(**values, purpose=f"Ranzen für {SLIP}.")
    model._default_manager.filter(pk=row.pk).update(source_key="treff", loaded_values=dict(values))
    mail_about(row, now, "a", "queued")
    assert take_down(officer, about, row.pk) == 302
    assert tables_with(SLIP) == tables_with("quoelzmann") == []
    bring_in(model, {"treff": values}, "test.json")  # type: ignore[type-var]
    assert tables_with(SLIP) == []


def test_a_provider_loses_what_it_tells_of_itself_and_keeps_name_and_account(
    officer: User, now: datetime
) -> None:
    told = {"address": f"Hof {SLIP} 1", "public_contact": f"{SLIP}, Tel. 02421 99", "note": f"kennt {SLIP}"}
    told |= {"safeguarding_contact": f"Team {SLIP}", "name_dative": f"den Lesefreunden von {SLIP}"}
    provider = make_provider("Lesefreunde", iban="DE02120300000000202051", **told)
    write_words(provider, {"public_contact": f"Herr {SLIP}"}, by=make_user(), now=now)
    assert take_down(officer, "provider", provider.pk) == 302
    assert tables_with(SLIP) == []
    provider.refresh_from_db()
    assert (provider.name, provider.slug[:8], provider.iban[:4]) == ("Lesefreunde", "traeger-", "DE02")
    assert not provider.is_verified, "nobody is without a contact for the protection of children"


def test_what_a_program_was_answered_goes_with_the_words(
    task: Opportunity, officer: User, now: datetime
) -> None:
    token, _secret = make_token(task.provider, "Kalender", ["tasks:write"], by=officer, now=now)
    words = {"title": task.title, "task": f'Er sagt "{SLIP}".'}
    for key, body in (("eins", words), ("zwei", {"title": "Anderes"})):
        ApiAnswer.objects.create(token=token, key=key, fingerprint="x", at=now, status=201, body=body)
    assert take_down(officer, "task", task.pk) == 302
    assert tables_with(SLIP) == []
    kept = dict(ApiAnswer.objects.values_list("key", "body"))
    assert kept == {"eins": {"detail": "[entfernt]"}, "zwei": {"title": "Anderes"}}


AGAIN = "Worte dieser Zeile wurden inzwischen von unseren Seiten genommen."


def test_the_same_words_go_from_files_nobody_has_taken_over(officer: User) -> None:
    house = make_provider("Haus der Familie")
    person = make_coordinator(house)
    make_district("Nord", slug="nord")
    make_activity("Vorlesen in Gruppen", slug="vorlesen")
    content = test_tasks.ASKED.replace("Radeln;", f"Radeln mit {SLIP};")
    run = uploaded(person, "aufgaben", content, **test_tasks.said(house))
    task = make_opportunity(f"Radeln mit {SLIP}", provider=house, site="Turnhalle")
    assert SLIP in shown(person, run)
    assert take_down(officer, "task", task.pk) == 302
    assert tables_with(SLIP) == []
    run.refresh_from_db()
    assert (faults(run), run.fault_count, run.row_count) == ([(3, "–", "")], 1, 3)
    assert AGAIN in shown(person, run)
    done(person, run, "einlesen")
    assert set(Opportunity.objects.filter(status="draft").values_list("title", flat=True)) == {
        "Vorlesen",
        "Kochen",
    }


def test_a_file_of_another_directory_brings_nothing_back_that_was_taken_down(officer: User) -> None:
    office = make_coordinator(Provider.objects.get(is_youth_office=True))
    make_district("Nord", slug="nord")
    services = [
        test_directory.service(f"Treff {SLIP}", id="a"),
        test_directory.service("Café", id="b", description=f'Bei "{SLIP}".'),
        test_directory.service("Chor", id="c", description="Singen für alle."),
    ]
    told = {"source": "Verzeichnis des Kreises", "name": "hsds.json"}
    run = uploaded(office, "verzeichnis", json.dumps({"contents": services}), **told)
    program = make_program(f"Treff {SLIP}", slug="treff-quoelzmann", description=f'Bei "{SLIP}".')
    assert take_down(officer, "program", program.pk) == 302
    assert tables_with(SLIP) == []
    done(office, run, "einlesen")
    assert [each.name for each in Program.objects.exclude(pk=program.pk)] == ["Chor"]
    assert not Program.objects.filter(is_listed=True).exists()


def test_what_a_file_changes_of_a_task_is_not_written_over_one_taken_down(officer: User) -> None:
    house = make_provider("Haus der Familie")
    person = make_coordinator(house)
    make_district("Nord", slug="nord")
    make_activity("Vorlesen in Gruppen", slug="vorlesen")
    told = test_tasks.said(house)
    done(person, uploaded(person, "aufgaben", test_tasks.ASKED, **told), "einlesen")
    changed = test_tasks.ASKED.replace("Sie lesen einer Gruppe vor.", f"Sie lesen {SLIP} vor.")
    run = uploaded(person, "aufgaben", changed.replace("Vorlesen;", "Lesestunde;"), **told)
    task = Opportunity.objects.get(title="Vorlesen")
    Opportunity.objects.filter(pk=task.pk).update(task=f"Sie lesen {SLIP} vor.")
    assert take_down(officer, "task", task.pk) == 302
    assert tables_with(SLIP) == []
    assert step(person, run, "einlesen").status_code == 422
    task.refresh_from_db()
    assert (task.status, task.title, task.task) == ("closed", f"[entfernt] {task.pk}", "[entfernt]")
    assert Opportunity.objects.count() == 3


def test_one_piece_of_news_goes_and_its_purpose_stays(officer: User) -> None:
    fund = make_fund("Ranzen")
    news = [make_news(fund, title) for title in (f"Danke, {SLIP}", "Zehn Ranzen")]
    assert take_down(officer, "news", news[0].pk) == 302
    assert tables_with(SLIP) == []
    fund.refresh_from_db()
    assert (list(fund.updates.all()), fund.is_open) == ([news[1]], True)
    assert lines_of(fund).filter(changes__has_key="text").count() == 1


def test_it_is_found_by_the_address_of_its_page(officer: User, task: Opportunity) -> None:
    client, find = Client(), reverse("coordination_takedown_find")
    client.force_login(officer)
    sent = client.post(find, {"address": f"https://helfen.example{task.get_absolute_url()}?x=1"})
    assert sent.headers["Location"] == reverse("coordination_takedown", args=["task", task.pk])
    assert SLIP in client.get(sent.headers["Location"]).content.decode()
    for address in ("/impressum/", "https://helfen.example/zeit/gibt-es-nicht/", "Unsinn [", ""):
        assert client.post(find, {"address": address}).status_code == 422
    assert client.get(reverse("coordination_takedown", args=["task", 0])).status_code == 404
    assert client.get(reverse("coordination_takedown", args=["other", task.pk])).status_code == 404


def test_nobody_else_takes_a_text_down(task: Opportunity, officer: User) -> None:
    own = make_user(Membership.Role.SAFEGUARDING_OFFICER, task.provider)
    superuser = User.objects.create_superuser("verwaltung@example.org")
    for user in (
        own,
        make_coordinator(task.provider),
        make_coordinator(Provider.objects.get(is_youth_office=True)),
        superuser,
    ):
        assert take_down(user, "task", task.pk) == 403
    task.refresh_from_db()
    assert SLIP in task.title


def test_a_task_that_was_over_is_taken_down_as_well(task: Opportunity, officer: User, now: datetime) -> None:
    close(task, by=officer, now=now)
    assert take_down(officer, "task", task.pk) == 302
    assert tables_with(SLIP) == []


def test_a_task_taken_out_after_a_notice_leaves_its_old_words_nowhere(now: datetime, officer: User) -> None:
    found = make_opportunity(f"Vorlesen für {SLIP}")
    Opportunity.objects.filter(pk=found.pk).update(title="Vorlesen")
    assert tables_with(SLIP) == ["foundation_event"]
    notice = make_notice("task", found.pk, now)
    by = make_coordinator(Provider.objects.get(is_youth_office=True))
    assert decide_notice(notice, outcome="taken_out", reasons="Es verriet jemanden.", by=by, now=now)
    assert tables_with(SLIP) == []


def test_a_refused_draft_is_stored_nowhere(now: datetime) -> None:
    own = make_opportunity("Vorlesen", status="draft")
    client = Client()
    client.force_login(make_coordinator(own.provider))
    address = reverse("coordination_opportunity_edit", args=[own.pk])
    answers = {
        name: value
        for name, value in client.get(address).context["form"].initial.items()
        if isinstance(value, (str, int)) and value is not True
    }
    page = client.post(address, {**answers, "task": "Klein-Xaverinchen Quölz, 6 Jahre, braucht Hilfe."})
    assert page.status_code == 422
    assert "Xaverinchen" in page.content.decode()
    assert tables_with("xaverinchen") == []
