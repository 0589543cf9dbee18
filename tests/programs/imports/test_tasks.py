"""Tasks of a provider in a file: drafts with origin and expiry, through the door of typed ones; and back."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from foundation.clock import local_day, utc_now
from foundation.lists.exporting import xlsx_of
from foundation.sweeps import run as run_sweep
from programs.forms.imports.changed_tasks import take_back
from programs.models import Activity, DataImport, ImportedRow, Membership, Notice, Opportunity, Provider
from programs.services.imports.running import undo
from programs.services.imports.tasks import take_back_untouched
from programs.services.notices import decide_notice
from programs.services.publishing import close_expired
from tests.factories import (
    make_activity,
    make_coordinator,
    make_district,
    make_notice,
    make_opportunity,
    make_program,
    make_provider,
    make_user,
    make_youth_office,
    publish,
)
from tests.programs.imports.files import (
    HERE,
    done,
    fates,
    faults,
    shown,
    signed_in,
    step,
    text_of,
    upload,
    uploaded,
)
from tests.searching import tables_with
from tests.volunteers.pledging import make_placement, make_pledge, make_sent_offer

pytestmark = pytest.mark.django_db

HEADS = "Kennung;Titel;Beschreibung;Bereich;Stadtteil;Einsatzort;Tätigkeit;Zeiten;Plätze"
GOOD = f"""{HEADS}
A-1;Vorlesen;Sie lesen einer Gruppe vor.;Bildung;Nord;Stadtbücherei;Vorlesen in Gruppen;Di 15:00-16:30;3
A-2;Radeln;Sie fahren mit einer Gruppe Rad.;sport;nord;Sporthalle;vorlesen;alle zwei Wochen Do 17–18 Uhr;
A-3;Kochen;Sie kochen mit einer Gruppe.;Freizeit;Nord;Stadtteilhaus;Passt zu keiner;;2
"""


@pytest.fixture
def house() -> Provider:
    make_district("Nord", slug="nord")
    make_activity("Vorlesen in Gruppen", slug="vorlesen")
    return make_provider("Lesefreunde")


@pytest.fixture
def person(house: Provider) -> User:
    return make_coordinator(house)


def said(house: Provider, **more: str) -> dict[str, str]:
    until = local_day(utc_now()) + timedelta(days=100)
    return {"provider": str(house.pk), "source": "Liste der OGS", "valid_until": until.isoformat(), **more}


def brought(person: User, house: Provider, content: str = GOOD, **more: str) -> DataImport:
    return done(person, uploaded(person, "aufgaben", content, **said(house, **more)), "einlesen")


ASKED = GOOD.replace("Plätze\n", "Plätze;Frage an das Jugendamt\n").replace(
    ";;2\n", ";;2;Am offenen Feuer.\n"
)


def test_each_line_becomes_a_draft_with_origin_and_expiry(house: Provider, person: User) -> None:
    run = uploaded(person, "aufgaben", ASKED, **said(house))
    assert Opportunity.objects.count() == 0
    until = local_day(utc_now()) + timedelta(days=100)
    page = shown(person, run)
    assert f"Vorlesen – dienstags 15–16:30 Uhr, 3 Plätze, gilt bis {until.day}. " in page.replace("\xa0", " ")
    done(person, run, "einlesen")
    assert (run.status, run.rows) == ("applied", [])
    tasks = {task.title: task for task in Opportunity.objects.all()}
    assert {title: (task.status, task.times_text.replace("\xa0", " ")) for title, task in tasks.items()} == {
        "Vorlesen": ("draft", "dienstags 15–16:30 Uhr"),
        "Radeln": ("draft", "alle zwei Wochen donnerstags 17–18 Uhr"),
        "Kochen": ("draft", "Zeiten nach Absprache"),
    }
    first = tasks["Vorlesen"]
    assert (first.provider, first.district.slug, first.field, first.places) == (house, "nord", "education", 3)
    assert (first.created_by, first.expires_on, first.starts_on) == (person, until, local_day(utc_now()))
    assert first.roles.get().activity == Activity.objects.get()
    assert tasks["Kochen"].activity_questions.get().text == "Am offenen Feuer."
    told = text_of(signed_in(person).get(f"/koordination/angebote/{first.pk}/"))
    assert "Herkunft Liste der OGS eingelesen am" in told
    assert "liste.csv Zeile 2" in told
    assert "Danach endet das Angebot von selbst." in told


def test_how_a_source_names_its_rows_is_kept_nowhere(house: Provider, person: User) -> None:
    named = ASKED.replace("A-1;", "Kevin-Schmitz-7;")
    run = uploaded(person, "aufgaben", named, **said(house))
    assert (tables_with("Kevin-Schmitz-7"), "Kevin" in shown(person, run)) == ([], False)
    done(person, run, "einlesen")
    assert (tables_with("Kevin-Schmitz-7"), "Kevin" in shown(person, run)) == ([], False)
    again = uploaded(person, "aufgaben", named, **said(house))
    assert [row["fate"] for row in again.rows] == ["same", "same", "same"]


def test_nothing_of_it_is_public_until_a_second_person_releases_it(house: Provider, person: User) -> None:
    brought(person, house, ASKED)
    task = Opportunity.objects.get(title="Vorlesen")
    client = signed_in(person)
    here = f"/koordination/angebote/{task.pk}/"
    assert Client().get(f"/zeit/{task.slug}/").status_code == 404
    assert client.post(f"{here}einreichen/").status_code == 302
    assert "same_person" in str(client.post(f"{here}freigeben/").context["refusals"])
    other = signed_in(make_coordinator(house))
    read = other.get(here).context["release_form"].initial["text_read"]
    assert other.post(f"{here}freigeben/", {"text_read": read}).status_code == 302
    page = text_of(Client().get(f"/zeit/{task.slug}/"))
    assert "Aus einer Liste des Trägers übernommen. Diese Angaben gelten bis" in page
    assert "OGS" not in page
    day = task.expires_on
    assert Client().get(f"/api/v1/tasks/{task.slug}/").json()["valid_until"] == f"{day}"
    feed = Client().get("/zeit/aufgaben.rss").content.decode()
    assert f"Aus einer Liste des Trägers übernommen. Diese Angaben gelten bis {day.day}." in feed
    assert f";{day:%d.%m.%Y};" in Client().get("/zeit/aufgaben.csv").content.decode()
    posting = Client().get(f"/zeit/{task.slug}/aufgabe.jsonld").json()
    assert posting["validThrough"].startswith(f"{day}T2")


def test_whoever_uploaded_the_words_does_not_release_them_also_where_another_takes_the_file_over(
    house: Provider, person: User
) -> None:
    other = make_coordinator(house, email="andere@example.org")
    done(other, uploaded(person, "aufgaben", GOOD, **said(house)), "einlesen")
    task = Opportunity.objects.get(title="Vorlesen")
    here = f"/koordination/angebote/{task.pk}/"
    client = signed_in(person)
    assert client.post(f"{here}einreichen/").status_code == 302
    assert "same_person" in str(client.post(f"{here}freigeben/").context["refusals"])
    task.refresh_from_db()
    assert task.status == "in_review"


def test_the_same_file_again_makes_nothing(house: Provider, person: User) -> None:
    brought(person, house, ASKED)
    again = uploaded(person, "aufgaben", ASKED, **said(house))
    answer = step(person, again, "einlesen")
    assert (answer.status_code, Opportunity.objects.count()) == (422, 3)
    more = ASKED + "A-4;Malen;Sie malen mit Gruppen.;Kultur;Nord;Museum;vorlesen;Mi 10-11;;\n"
    run = brought(person, house, more)
    assert fates(run) == [(2, "same"), (3, "same"), (4, "same"), (5, "new")]
    assert Opportunity.objects.count() == 4
    brought(person, house, ASKED, source="Andere Liste")
    assert Opportunity.objects.count() == 7


CHANGED = ASKED.replace("Di 15:00-16:30;3", "Mi 14-15;5").replace("A-2;Radeln", "A-2;Rad fahren")


def state(title: str) -> tuple[str, str, int]:
    task = Opportunity.objects.get(title=title)
    return task.status, task.times_text.replace("\xa0", " "), task.places


def test_a_line_that_says_something_else_is_shown_taken_over_and_put_back(
    house: Provider, person: User
) -> None:
    brought(person, house, ASKED)
    publish(Opportunity.objects.get(title="Radeln"))
    run = uploaded(person, "aufgaben", CHANGED, **said(house))
    shown_rows = {
        row["line"]: (row["fate"], row["before"].replace("\xa0", " "), row["after"].replace("\xa0", " "))
        for row in run.rows
    }
    assert shown_rows[2] == (
        "changed",
        "Plätze: 3; Zeiten: dienstags 15–16:30 Uhr",
        "Plätze: 5; Zeiten: mittwochs 14–15 Uhr",
    )
    assert shown_rows[3] == (
        "changed",
        "Titel: Radeln",
        "Titel: Rad fahren – danach liest es eine zweite Person, bevor es wieder öffentlich ist",
    )
    assert shown_rows[4][0] == "same"
    assert "1 unverändert" in shown(person, run)
    assert state("Vorlesen") == ("draft", "dienstags 15–16:30 Uhr", 3)
    done(person, run, "einlesen")
    assert fates(run) == [(2, "changed"), (3, "changed"), (4, "same")]
    assert state("Vorlesen") == ("draft", "mittwochs 14–15 Uhr", 5)
    assert state("Rad fahren") == ("in_review", "alle zwei Wochen donnerstags 17–18 Uhr", 1)
    assert step(person, uploaded(person, "aufgaben", CHANGED, **said(house)), "einlesen").status_code == 422
    done(person, run, "zuruecknehmen")
    assert fates(run) == [(2, "taken_back"), (3, "taken_back"), (4, "same")]
    assert state("Vorlesen") == ("draft", "dienstags 15–16:30 Uhr", 3)
    assert state("Radeln")[1:] == ("alle zwei Wochen donnerstags 17–18 Uhr", 1)
    assert Opportunity.objects.count() == 3


def test_what_somebody_changed_here_stays_and_a_missing_column_says_nothing(
    house: Provider, person: User
) -> None:
    brought(person, house, ASKED)
    task = Opportunity.objects.get(title="Vorlesen")
    Opportunity.objects.filter(pk=task.pk).update(title="Vorlesen am Dienstag", age_bands=["6-9"])
    again = uploaded(person, "aufgaben", ASKED, **said(house))
    assert {row["fate"] for row in again.rows} == {"same"}
    fewer = ASKED.replace(";Zeiten;Plätze;", ";Plätze;").replace(";Di 15:00-16:30;3", ";4")
    fewer = fewer.replace(";alle zwei Wochen Do 17–18 Uhr;", ";").replace("zu keiner;;2", "zu keiner;2")
    run = brought(person, house, fewer)
    assert fates(run) == [(2, "changed"), (3, "same"), (4, "same")]
    assert state("Vorlesen am Dienstag") == ("draft", "dienstags 15–16:30 Uhr", 4)
    Opportunity.objects.filter(pk=task.pk).update(site="Haus am Markt")
    done(person, run, "zuruecknehmen")
    assert fates(run)[0] == (2, "changed")
    assert "Das wurde seitdem geändert." in shown(person, run)
    assert Opportunity.objects.get(pk=task.pk).places == 4


@pytest.mark.parametrize("by_notice", [False, True])
def test_what_is_taken_down_says_nowhere_what_a_file_changed_of_it(
    house: Provider, person: User, now: datetime, by_notice: bool
) -> None:
    officer = make_user(Membership.Role.SAFEGUARDING_OFFICER, make_youth_office())
    brought(person, house, ASKED.replace(";Vorlesen;", ";Vorlesen bei Quölzmann;"))
    run = brought(person, house, ASKED)
    task = Opportunity.objects.get(title="Vorlesen")
    assert "programs_importedrow" in tables_with("Quölzmann")
    if by_notice:
        publish(task)
        notice = make_notice("task", task.pk, now)
        assert decide_notice(notice, outcome="taken_out", reasons="Darum.", by=officer, now=now)
    else:
        address = f"/koordination/entfernen/task/{task.pk}/"
        assert signed_in(officer).post(address).status_code == 302
    assert "programs_importedrow" not in tables_with("Quölzmann")
    kept = ImportedRow.objects.get(data_import=run, object_id=task.pk)
    assert (kept.fate, kept.before) == ("changed", {})
    done(person, run, "zuruecknehmen")
    assert fates(run)[0] == (2, "changed")
    assert "gibt es nicht mehr" in shown(person, run)


def test_a_later_day_prolongs_what_is_said_and_what_has_ended_stays_so(house: Provider, person: User) -> None:
    brought(person, house, ASKED)
    Opportunity.objects.filter(title="Kochen").update(status="closed")
    until = local_day(utc_now()) + timedelta(days=200)
    run = brought(person, house, ASKED, valid_until=until.isoformat())
    assert fates(run) == [(2, "changed"), (3, "changed"), (4, "same")]
    days = dict(Opportunity.objects.values_list("title", "expires_on"))
    assert days == {"Vorlesen": until, "Radeln": until, "Kochen": until - timedelta(days=100)}


def test_a_changed_line_with_a_fault_changes_nothing(house: Provider, person: User) -> None:
    brought(person, house, ASKED)
    wrong = CHANGED.replace("Sie lesen einer", "Sie lesen Emma Müller, geboren am 3.4.2018, und einer")
    run = uploaded(person, "aufgaben", wrong, **said(house))
    assert faults(run) == [(2, "Beschreibung", "")]
    assert "Emma" not in str(run.rows)
    first = uploaded(person, "aufgaben", CHANGED, **said(house))
    done(person, run, "einlesen")
    done(person, first, "einlesen")
    assert fates(first) == [(2, "changed"), (3, "same"), (4, "same")]
    assert state("Vorlesen") == ("draft", "mittwochs 14–15 Uhr", 5)


def test_a_workbook_of_tasks_is_read_like_a_table(house: Provider, person: User) -> None:
    lines = [line.split(";") for line in ASKED.strip().split("\n")]
    content = xlsx_of("Aufgaben", lines[0], lines[1:]).getvalue()
    run = done(person, uploaded(person, "aufgaben", content, name="liste.xlsx", **said(house)), "einlesen")
    assert fates(run) == [(2, "new"), (3, "new"), (4, "new")]
    assert state("Vorlesen") == ("draft", "dienstags 15–16:30 Uhr", 3)
    assert uploaded(person, "aufgaben", ASKED, **said(house)).rows[0]["fate"] == "same"


def test_lines_without_a_name_of_their_own_are_told_by_what_they_say(house: Provider, person: User) -> None:
    text = ASKED.replace("A-1;", ";").replace("A-2;", ";").replace("A-3;", ";")
    brought(person, house, text)
    assert step(person, uploaded(person, "aufgaben", text, **said(house)), "einlesen").status_code == 422
    assert Opportunity.objects.count() == 3


def test_two_previews_of_the_same_file_make_each_task_once(house: Provider, person: User) -> None:
    first, second = (uploaded(person, "aufgaben", ASKED, **said(house)) for _each in range(2))
    done(person, first, "einlesen")
    done(person, second, "einlesen")
    assert fates(second) == [(2, "same"), (3, "same"), (4, "same")]
    assert Opportunity.objects.count() == 3


def test_faults_name_line_column_and_value(house: Provider, person: User) -> None:
    text = f"""{HEADS};Sprachen;Gültig bis;Letzter Tag;Mindestalter
B-1;Gut;Sie helfen einer Gruppe.;Bildung;Nord;Bücherei;vorlesen;Di 15-16;1;Türkisch, arabisch;;;
B-2;;Sie helfen.;Bildung;Nord;Bücherei;vorlesen;Di 15-16;1;;;;
B-3;Titel;Sie helfen.;Kunst;Mond;Bücherei;zaubern;Di 15-16;1;Klingonisch;;;
B-4;Titel;Sie helfen.;Bildung;Nord;Bücherei;vorlesen;dienstags nachmittags;viele;;;;12
B-5;Titel;Sie helfen.;Bildung;Nord;Bücherei;vorlesen;Di 15:10-16;1;;1.1.2020;31.2.2030;
B-1;Titel;Sie helfen.;Bildung;Nord;Bücherei;vorlesen;Di 15-16;1;;;;
B 7;Titel;Sie helfen.;Bildung;Nord;Bücherei;vorlesen;Di 15-16;1;;;;
B-8;Titel;Sie helfen Emma Müller, geboren am 3.4.2018.;Bildung;Nord;Bücherei;vorlesen;Di 15-16;1;;;;
B-9;Titel;Sie helfen.;Bildung;Nord;Bücherei;passt zu keiner;Di 15-16;1;;;;
"""
    run = uploaded(person, "aufgaben", text, **said(house))
    assert faults(run) == [
        (3, "Titel", ""),
        (4, "Bereich", "Kunst"),
        (4, "Stadtteil", "Mond"),
        (4, "Tätigkeit", "zaubern"),
        (4, "Sprachen", "Klingonisch"),
        (5, "Zeiten", "dienstags nachmittags"),
        (5, "Plätze", "viele"),
        (5, "Mindestalter", "12"),
        (6, "Gültig bis", "1.1.2020"),
        (6, "Letzter Tag", "31.2.2030"),
        (6, "Zeiten", "Di 15:10-16"),
        (7, "Kennung", "B-1"),
        (8, "Kennung", "B 7"),
        (9, "Beschreibung", ""),
        (10, "Frage an das Jugendamt", ""),
    ]
    assert "Emma" not in str(run.rows)
    assert "Möglich: Bildung, Kultur, Freizeit, Gesundheit, Sport." in shown(person, run)
    done(person, run, "einlesen")
    assert list(Opportunity.objects.values_list("title", flat=True)) == ["Gut"]
    assert Opportunity.objects.get().roles.get().languages == ["tr", "ar"]


@pytest.mark.parametrize(
    ("content", "more", "why"),
    [
        ("Titel;Ort\nx;y\n", {}, "Diese Spalten fehlen: Beschreibung, Bereich"),
        (GOOD + "x;y\n" * 200, {}, "mehr als 200 Aufgaben"),
        (GOOD, {"valid_until": "2020-01-01"}, "ab heute"),
        (GOOD, {"valid_until": ""}, "Die Angaben gelten bis"),
        (GOOD, {"provider": "999999"}, "Träger"),
    ],
)
def test_what_cannot_be_read_is_refused(
    content: str, more: dict[str, str], why: str, house: Provider, person: User
) -> None:
    answer = upload(person, "aufgaben", content, **said(house, **more))
    assert (answer.status_code, why in text_of(answer), DataImport.objects.count()) == (422, True, 0)


def test_nobody_brings_in_or_sees_tasks_of_others(house: Provider, person: User) -> None:
    run = uploaded(person, "aufgaben", ASKED, **said(house))
    stranger = make_coordinator(make_provider("Andere"))
    assert upload(stranger, "aufgaben", ASKED, **said(house)).status_code == 422
    assert signed_in(stranger).get(f"{HERE}{run.pk}/").status_code == 404
    assert step(stranger, run, "einlesen").status_code == 404
    assert "Liste der OGS" not in text_of(signed_in(stranger).get(HERE))
    assert signed_in(person).get(f"{HERE}zahlen/").status_code == 404
    office = make_coordinator(make_youth_office())
    assert signed_in(office).get(f"{HERE}{run.pk}/").status_code == 200
    assert Opportunity.objects.count() == 0


def test_an_untouched_draft_goes_and_a_file_may_come_again(house: Provider, person: User) -> None:
    run = brought(person, house, ASKED)
    done(person, run, "zuruecknehmen")
    assert fates(run) == [(2, "taken_back"), (3, "taken_back"), (4, "taken_back")]
    assert Opportunity.objects.count() == 0
    brought(person, house, ASKED)
    assert Opportunity.objects.count() == 3


def test_taking_back_many_drafts_costs_what_it_costs_for_few(house: Provider, person: User) -> None:
    def queries(names: str) -> int:
        lines = [f"{each};{each};Sie lesen einer Gruppe vor.;Bildung;Nord;Haus;vorlesen;;2" for each in names]
        run = brought(person, house, "\n".join([HEADS, *lines]))
        with CaptureQueriesContext(connection) as caught:
            assert undo(run, take_back, by=person, now=utc_now(), at_once=take_back_untouched) == []
        assert {fate for _line, fate in fates(run)} == {"taken_back"}
        return len(caught)

    assert queries("AB") == queries("CDEFGH")
    assert Opportunity.objects.count() == 0


def test_what_people_acted_on_is_ended_or_stays(house: Provider, person: User, now: datetime) -> None:
    run = brought(person, house, ASKED)
    edited, wished, reported = Opportunity.objects.order_by("pk")
    Opportunity.objects.filter(pk=edited.pk).update(title="Lesen")
    publish(wished)
    make_pledge(now, wanted=wished)
    told = {"about": "task", "row_id": reported.pk, "ground": "other", "text": "Falsch.", "digest": "0"}
    Notice.objects.create(**told, filed_at=now, status_changed_at=now)
    done(person, run, "zuruecknehmen")
    assert fates(run) == [(2, "ended"), (3, "stays"), (4, "stays")]
    statuses = Opportunity.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["closed", "published", "draft"]
    assert "Daran hängen schon Menschen, Anfragen oder Meldungen." in shown(person, run)


def test_a_task_with_a_question_or_a_placement_stays(house: Provider, person: User, now: datetime) -> None:
    run = brought(person, house, ASKED)
    asked, placed, free = Opportunity.objects.order_by("pk")
    publish(asked)
    publish(placed)
    make_sent_offer(make_pledge(now, email="eins@example.org"), asked, now)
    make_placement(make_pledge(now, email="zwei@example.org"), placed, now, "ended")
    done(person, run, "zuruecknehmen")
    assert fates(run) == [(2, "stays"), (3, "stays"), (4, "taken_back")]
    assert list(Opportunity.objects.order_by("pk")) == [asked, placed]
    assert not Opportunity.objects.filter(pk=free.pk).exists()


def test_what_is_no_longer_valid_ends_by_itself_the_day_after(house: Provider, person: User) -> None:
    now = utc_now()
    today = local_day(now)
    names = ("gestern", "heute", "ohne", "zu")
    tasks = {name: make_opportunity(name, provider=house, status="published") for name in names}
    for name, day in (("gestern", today - timedelta(days=1)), ("heute", today), ("zu", date(2020, 1, 1))):
        Opportunity.objects.filter(pk=tasks[name].pk).update(expires_on=day)
    Opportunity.objects.filter(pk=tasks["zu"].pk).update(status="closed")
    assert run_sweep("programs.close_expired", now) == 1
    assert dict(Opportunity.objects.values_list("title", "status")) == {
        "gestern": "closed",
        "heute": "published",
        "ohne": "published",
        "zu": "closed",
    }
    assert close_expired(now) == 0


def test_whoever_looks_after_it_says_that_it_still_holds(house: Provider, person: User) -> None:
    brought(person, house, ASKED)
    task = Opportunity.objects.get(title="Vorlesen")
    client = signed_in(person)
    assert client.post(f"/koordination/angebote/{task.pk}/verlaengern/").status_code == 302
    task.refresh_from_db()
    assert task.expires_on == local_day(utc_now()) + timedelta(days=183)
    later = local_day(utc_now()) + timedelta(days=400)
    Opportunity.objects.filter(pk=task.pk).update(expires_on=later)
    assert client.post(f"/koordination/angebote/{task.pk}/verlaengern/").status_code == 302
    task.refresh_from_db()
    assert task.expires_on == later
    Opportunity.objects.filter(pk=task.pk).update(status="closed")
    assert client.post(f"/koordination/angebote/{task.pk}/verlaengern/").status_code == 422
    typed = make_opportunity(provider=house)
    assert client.post(f"/koordination/angebote/{typed.pk}/verlaengern/").status_code == 422


def test_an_expired_draft_is_not_published(house: Provider, person: User) -> None:
    task = make_opportunity(provider=house, status="draft")
    Opportunity.objects.filter(pk=task.pk).update(expires_on=date(2026, 1, 1))
    answer = signed_in(person).post(f"/koordination/angebote/{task.pk}/einreichen/")
    assert "is_over" in str(answer.context["refusals"])


def test_a_task_may_name_its_program_kind_of_site_and_single_days(house: Provider, person: User) -> None:
    make_program("Lesetreff", provider=house)
    year = local_day(utc_now()).year + 1
    text = (
        "Titel;Beschreibung;Bereich;Stadtteil;Einsatzort;Tätigkeit;Zeiten;Angebot;Alter der Kinder;"
        "Fähigkeiten;Erwachsene Person dabei;Nicht an Feiertagen\n"
        f"Fest;Sie helfen beim Fest.;Kultur;Nord;Halle;vorlesen;5.6.{year} 10–12;Lesetreff;6 bis 9 Jahre;"
        "Vorlesen, Musik machen;ja;nein\n"
    )
    until = date(year, 7, 1).isoformat()
    brought(person, house, text, valid_until=until)
    task = Opportunity.objects.get()
    assert (task.program and task.program.name, task.age_bands) == ("Lesetreff", ["6-9"])
    assert task.roles.get().skills == ["reading", "music"]
    assert task.staff_is_there
    assert task.times_text.replace("\xa0", " ") == f"am 5. Juni {year} 10–12 Uhr"
