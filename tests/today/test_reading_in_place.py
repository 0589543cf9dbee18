"""Notices, changed texts, files and mails of unknown fate are decided where they stand in "Heute"."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from foundation import sweeps
from foundation.clock import utc_now
from foundation.models import SweepRun
from outbox.models import Message
from programs.models import DistrictFigure, Fund, Membership, Notice, TextDraft
from programs.services.text_drafts import write_words
from tests.factories import (
    make_coordinator,
    make_district,
    make_fund,
    make_notice,
    make_opportunity,
    make_provider,
    make_user,
    make_youth_office,
)
from tests.programs.imports.files import step, uploaded
from tests.today.deciding import Offered, offered, send
from tests.today.reading import check, page, signed_in

pytestmark = pytest.mark.django_db
Role = Membership.Role
WHY = "Die Angabe widerspricht dem Aushang; die Regeln der Plattform verlangen richtige Zeiten."
DAY = timedelta(days=1)


@pytest.fixture
def office() -> User:
    return make_coordinator(make_youth_office())


def only(user: User, key: str) -> Offered:
    (form,) = offered(page(user), key)
    return form


def test_a_notice_is_read_and_decided_in_its_row(office: User) -> None:
    task = make_opportunity("Vorlesen am Nachmittag", provider=make_provider("Haus am Markt"))
    first = make_notice("task", task.pk, utc_now() - DAY, text="Am Aushang steht 16 Uhr.")
    gone = make_notice("news", 4711, utc_now())
    html = page(office)
    assert "Am Aushang steht 16 Uhr." in html
    assert f'<a href="{task.get_absolute_url()}">Vorlesen am Nachmittag</a>, Haus am Markt' in html
    assert "nicht mehr öffentlich" in html
    form = only(office, f"meldungen-{first.pk}")
    client = signed_in(office)
    answer = client.post(form.action, {**form.hidden, "outcome": "stays"})
    assert answer.status_code == 422
    assert f'name="back" value="{form.hidden["back"]}"' in answer.content.decode()
    html = send(client, form, outcome="stays", reasons=WHY)
    assert "Entschieden. Beide Seiten bekommen Ihre Gründe." in html
    first.refresh_from_db()
    assert (first.status, first.reasons) == ("stays", WHY)
    check(office, "meldungen", [gone.pk])
    again = client.post(form.action, {**form.hidden, "outcome": "removed", "reasons": WHY})
    task.refresh_from_db()
    assert (again.status_code, task.status) == (422, "published")


def test_a_notice_is_decided_by_the_office_alone(office: User) -> None:
    house = make_provider()
    notice = make_notice("task", make_opportunity(provider=house).pk, utc_now())
    form = only(office, f"meldungen-{notice.pk}")
    answer = signed_in(make_coordinator(house)).post(form.action, {"outcome": "stays", "reasons": WHY})
    assert answer.status_code == 403
    assert Notice.objects.get().status == "open"


@pytest.fixture
def fund() -> Fund:
    return make_fund("Ranzen", purpose="Ranzen für den Schulanfang.")


def change(fund: Fund, by: User, text: str) -> TextDraft:
    write_words(fund, {"purpose": text}, by=by, now=utc_now())
    return TextDraft.objects.get(status="draft", row_id=fund.pk)


def test_a_changed_text_is_read_beside_the_public_one_and_released_in_its_row(fund: Fund) -> None:
    writer, reader = (make_coordinator(fund.provider) for _ in range(2))
    draft = change(fund, writer, "Hefte und Stifte für den Schulanfang.")
    check(writer, "aenderungen", [])
    check(reader, "aenderungen", [draft.pk])
    html = page(reader)
    assert "<del>Ranzen für den Schulanfang.</del>" in html
    assert "<p>Hefte und Stifte für den Schulanfang.</p>" in html
    form = only(reader, f"aenderungen-{draft.pk}")
    own = signed_in(writer).post(form.action, form.hidden)
    assert own.status_code == 422
    assert f'name="back" value="{form.hidden["back"]}"' not in own.content.decode()  # they may not release
    fund.refresh_from_db()
    assert fund.purpose == "Ranzen für den Schulanfang."
    assert "Freigegeben: Ab jetzt ist der Text öffentlich." in send(signed_in(reader), form)
    fund.refresh_from_db()
    assert fund.purpose == "Hefte und Stifte für den Schulanfang."
    check(reader, "aenderungen", [])


def test_what_was_written_after_reading_is_read_again(fund: Fund) -> None:
    writer, reader = (make_coordinator(fund.provider) for _ in range(2))
    draft = change(fund, writer, "Hefte und Stifte.")
    form = only(reader, f"aenderungen-{draft.pk}")
    change(fund, writer, "Etwas ganz anderes.")
    answer = signed_in(reader).post(form.action, form.hidden)
    assert answer.status_code == 422
    assert f'name="back" value="{form.hidden["back"]}"' in answer.content.decode()
    fund.refresh_from_db()
    assert fund.purpose == "Ranzen für den Schulanfang."


FIGURES = "Stadtteil;Angabe;Wert;Jahr;Quelle\nNord;Einwohnerinnen und Einwohner;1.234;2025;\n"


@pytest.fixture
def two() -> list[User]:
    house = make_youth_office()
    make_district("Nord", slug="nord")
    return [make_coordinator(house, email=f"amt-{number}@example.org") for number in (1, 2)]


def brought(by: User, text: str) -> int:
    run = uploaded(by, "zahlen", text, source="Melderegister 2025")
    step(by, run, "einlesen")
    return run.pk


def test_a_short_file_is_seen_and_released_in_its_row_by_the_second_person(two: list[User]) -> None:
    first, second = two
    run = brought(first, FIGURES)
    check(first, "dateien", [])
    check(second, "dateien", [run])
    html = re.sub(r"\s+", " ", page(second))
    assert "Nord: Einwohnerinnen und Einwohner 2025</strong>: bisher –, neu 1.234" in html
    release, _discard = offered(page(second), f"dateien-{run}")
    refused = signed_in(first).post(release.action, release.hidden)
    assert (refused.status_code, DistrictFigure.objects.count()) == (422, 0)
    assert "Freigegeben und eingelesen." in send(signed_in(second), release)
    assert [figure.value for figure in DistrictFigure.objects.all()] == [1234]
    check(second, "dateien", [])
    again = signed_in(second).post(release.action, release.hidden)
    assert again.status_code == 422


def test_a_short_file_is_thrown_away_in_its_row(two: list[User]) -> None:
    first, second = two
    run = brought(first, FIGURES)
    _release, discard = offered(page(second), f"dateien-{run}")
    assert "Verworfen. Es hat sich nichts geändert." in send(signed_in(second), discard)
    assert DistrictFigure.objects.count() == 0
    check(second, "dateien", [])


def test_a_long_file_and_one_with_faults_are_looked_at_on_their_page(two: list[User]) -> None:
    first, second = two
    lines = [f"Nord;Einwohnerinnen und Einwohner;1.234;{year};" for year in range(2010, 2023)]
    long = brought(first, "\n".join(["Stadtteil;Angabe;Wert;Jahr;Quelle", *lines]))
    faulty = brought(first, FIGURES + "Nirgendwo;Einwohnerinnen und Einwohner;1;2025;\n")
    html = page(second)
    for run in (long, faulty):
        assert offered(html, f"dateien-{run}") == []
        assert f'href="{reverse("coordination_import", args=[run])}"' in html
    twelve = brought(first, "\n".join(["Stadtteil;Angabe;Wert;Jahr;Quelle", *lines[:12]]))
    assert len(offered(page(second), f"dateien-{twelve}")) == 2


def mail(status: str, number: int) -> Message:
    moment = utc_now() - timedelta(hours=number)
    return Message.objects.create(
        key=f"key-{number}", template="contact_message", to_email="a@example.org", subject="s",
        body_text="t", body_html="h", status=status, queued_at=moment, due_at=moment, claimed_at=moment,
    )  # fmt: skip


def test_the_operator_decides_about_mails_of_unknown_fate(office: User) -> None:
    unknown, dead = mail("unknown", 2), mail("dead", 1)
    operator = make_user(is_superuser=True, is_staff=True)
    html = page(operator)
    arrived, again = offered(html, f"nachrichten-{unknown.pk}")
    (once_more,) = offered(html, f"nachrichten-{dead.pk}")
    client = signed_in(operator)
    assert "Vermerkt: Die E-Mail ist angekommen." in send(client, arrived)
    assert "Darüber ist schon entschieden." in send(client, again)
    assert "Die E-Mail wird noch einmal gesendet." in send(client, once_more)
    assert [each.status for each in Message.objects.order_by("queued_at")] == ["sent", "queued"]
    check(operator, "nachrichten", [])
    lost = mail("unknown", 3)
    assert offered(page(office), f"nachrichten-{lost.pk}") == []
    for form in (arrived, again):
        address = form.action.replace(str(unknown.pk), str(lost.pk))
        assert signed_in(office).post(address).status_code == 403
    lost.refresh_from_db()
    assert lost.status == "unknown"


def test_a_late_job_says_in_its_row_what_to_do(office: User) -> None:
    now = utc_now()
    for each in sweeps.all_sweeps():
        finished_at = now - DAY if each.name == "outbox.send_due" else now
        SweepRun.objects.create(name=each.name, started_at=finished_at, finished_at=finished_at)
    assert "Rufen Sie den Betrieb. Antwortet der Mailserver?" in page(office)
