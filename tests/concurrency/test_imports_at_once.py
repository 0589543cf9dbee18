"""Two people bring in the same file at the same moment: the second one waits, and finds every row done."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from django.db import connections, transaction
from django.http import HttpResponse

from accounts.models import User
from foundation.clock import local_day, utc_now
from programs.models import DataImport, District, DistrictFigure, Opportunity, Program
from tests.concurrency.test_looked_at_again import somebody_waits
from tests.factories import make_activity, make_coordinator, make_district, make_youth_office
from tests.programs.imports import test_borders, test_directory, test_figures, test_tasks
from tests.programs.imports.files import done, fates, signed_in, step, uploaded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> list[User]:
    house = make_youth_office()
    make_district("Nord", slug="nord", latitude=50.82)
    make_district("Süd", slug="sued", latitude=50.78)
    make_activity("Vorlesen in Gruppen", slug="vorlesen")
    return [make_coordinator(house, email=f"amt-{number}@example.org") for number in (1, 2)]


def while_another_does(first: Callable[[], object], second: Callable[[], HttpResponse]) -> HttpResponse:
    """Let `second` wait for `first` on a connection of its own, and return what it is answered."""

    def waiting() -> HttpResponse:
        try:
            return second()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            running = pool.submit(waiting)
            while not running.done() and not somebody_waits():
                sleep(0.01)
            assert not running.done(), running.result()
        return running.result(timeout=60)


def at_once(people: list[User], runs: list[DataImport], name: str) -> HttpResponse:
    """Let both take the step at the same moment; the second comes while the first is not yet through."""
    one, two = people
    answer = while_another_does(lambda: done(one, runs[0], name), lambda: step(two, runs[1], name))
    for run in runs:
        run.refresh_from_db()
    return answer


def test_the_same_tasks_are_written_once(office: list[User]) -> None:
    house = office[0].memberships.get().provider
    until = local_day(utc_now()) + timedelta(days=100)
    said = {"provider": str(house.pk), "source": "Liste der OGS", "valid_until": until.isoformat()}
    runs = [uploaded(person, "aufgaben", test_tasks.ASKED, **said) for person in office]
    assert at_once(office, runs, "einlesen").status_code == 303
    assert [run.status for run in runs] == ["applied", "applied"]
    assert fates(runs[0]) == [(2, "new"), (3, "new"), (4, "new")]
    assert fates(runs[1]) == [(2, "same"), (3, "same"), (4, "same")]
    assert sorted(Opportunity.objects.values_list("title", flat=True)) == ["Kochen", "Radeln", "Vorlesen"]


def test_the_same_services_are_written_once(office: list[User]) -> None:
    content = json.dumps({"contents": [test_directory.service()]})
    runs = [uploaded(person, "verzeichnis", content, name="hsds.json") for person in office]
    assert at_once(office, runs, "einlesen").status_code == 303
    assert (fates(runs[0]), fates(runs[1])) == ([(1, "new")], [(1, "same")])
    assert Program.objects.get().name == "Familiencafé"


def test_the_same_figures_are_written_once(office: list[User]) -> None:
    one, two = office
    runs = [uploaded(person, "zahlen", test_figures.GOOD) for person in office]
    for person, run in zip(office, runs, strict=True):
        done(person, run, "einlesen")
    assert at_once([two, one], runs, "freigeben").status_code == 303
    assert fates(runs[0]) == [(2, "new"), (3, "new"), (4, "new")]
    assert fates(runs[1]) == [(2, "same"), (3, "same"), (4, "same")]
    assert DistrictFigure.objects.count() == 3


def test_the_same_borders_in_another_order_are_drawn_once(office: list[User]) -> None:
    one, two = office
    nord = test_borders.feature("Nord", test_borders.square(50.80))
    south = test_borders.feature("sued", test_borders.square(50.78))
    files = [test_borders.collection(nord, south), test_borders.collection(south, nord)]
    runs = [
        uploaded(person, "grenzen", content, source="Katasteramt")
        for person, content in zip(office, files, strict=True)
    ]
    for person, run in zip(office, runs, strict=True):
        done(person, run, "einlesen")
    assert at_once([two, one], runs, "freigeben").status_code == 303
    assert [fate for _line, fate in fates(runs[0])] == ["changed", "changed"]
    assert [fate for _line, fate in fates(runs[1])] == ["same", "same"]
    assert set(District.objects.values_list("geometry_note", flat=True)) == {"Katasteramt"}


def test_what_somebody_takes_back_meanwhile_is_written_anew(office: list[User]) -> None:
    one, two = office
    runs = [uploaded(person, "zahlen", test_figures.GOOD) for person in office]
    for person, run in zip(office, runs, strict=True):
        done(person, run, "einlesen")
    done(two, runs[0], "freigeben")
    answer = while_another_does(
        lambda: done(one, runs[0], "zuruecknehmen"), lambda: step(one, runs[1], "freigeben")
    )
    assert answer.status_code == 303
    assert fates(runs[1]) == [(2, "new"), (3, "new"), (4, "new")]
    assert DistrictFigure.objects.count() == 3


def test_a_figure_that_somebody_types_meanwhile_is_compared(office: list[User]) -> None:
    one, two = office
    run = uploaded(one, "zahlen", test_figures.GOOD, source="Melderegister 2025")
    done(one, run, "einlesen")
    nord = District.objects.get(slug="nord")

    def types() -> None:
        DistrictFigure.objects.create(
            district=nord, kind="population", year=2025, value=1200, source="Von Hand"
        )

    assert while_another_does(types, lambda: step(two, run, "freigeben")).status_code == 303
    assert fates(run) == [(2, "changed"), (3, "new"), (4, "new")]
    assert DistrictFigure.objects.get(kind="population").value == 1234


def test_a_need_that_the_administration_types_meanwhile_leaves_the_new_borders(office: list[User]) -> None:
    one, two = office
    run = uploaded(one, "grenzen", test_borders.GOOD, source="Katasteramt")
    done(one, run, "einlesen")
    operator = User.objects.create_superuser("verwaltung@example.org")
    nord = District.objects.get(slug="nord")
    typed = {
        **{name: getattr(nord, name) for name in ("latitude", "longitude", "tile_column", "tile_row")},
        "need_weight": "111",
        "figures-TOTAL_FORMS": "0",
        "figures-INITIAL_FORMS": "0",
    }
    here = f"/verwaltung/programs/district/{nord.pk}/change/"
    answer = while_another_does(
        lambda: done(two, run, "freigeben"), lambda: signed_in(operator).post(here, typed)
    )
    assert answer.status_code == 302
    nord.refresh_from_db()
    assert (nord.need_weight, nord.geometry_note) == (111, "Katasteramt")
