"""What a task says of itself on every page: state, period, last day, places; and its picture on the map."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from programs.documents.outlines import outlines_of
from programs.models import Closure, DataImport, District, Invitation, Opportunity, Provider
from programs.models.data_import import ImportStatus
from programs.wording.ages import age_range
from tests.factories import make_district

Status = Opportunity.Status


@pytest.mark.parametrize(
    ("status", "badge", "true"),
    [
        (Status.DRAFT, "neutral", {"is_draft", "is_unpublished"}),
        (Status.IN_REVIEW, "sun", {"awaits_release", "is_unpublished"}),
        (Status.PUBLISHED, "success", {"is_published"}),
        (Status.PAUSED, "info", {"is_paused"}),
        (Status.CLOSED, "neutral", {"is_closed"}),
    ],
)
def test_each_state_is_told_from_the_others(status: str, badge: str, true: set[str]) -> None:
    task = Opportunity(status=status)
    names = {"is_draft", "awaits_release", "is_unpublished", "is_published", "is_paused", "is_closed"}
    assert {name for name in names if getattr(task, name)} == true
    assert task.badge == badge


@pytest.mark.parametrize(
    ("ends_on", "expires_on", "last_on"),
    [
        (None, None, None),
        (date(2026, 5, 1), None, date(2026, 5, 1)),
        (None, date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 5, 1), date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 3, 1), date(2026, 4, 1), date(2026, 3, 1)),
    ],
)
def test_the_last_day_is_the_earlier_one(
    ends_on: date | None, expires_on: date | None, last_on: date | None
) -> None:
    assert Opportunity(ends_on=ends_on, expires_on=expires_on).last_on == last_on


def test_period_place_and_ages_in_words() -> None:
    task = Opportunity(
        starts_on=date(2026, 3, 1), site="Bücherei", district=District(name="Nord"), age_bands=["6-9"]
    )
    with translation.override("de"):
        assert task.period_text == "ab 1. März 2026, ohne festes Ende"
        task.ends_on = date(2026, 12, 24)
        assert task.period_text == "1. März 2026 bis 24. Dezember 2026"
        assert task.age_labels == ["6 bis 9 Jahre"]
    assert task.place == "Bücherei, Nord"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, ""),
        (0, None, ""),
        (0, 6, "bis 6 Jahre"),
        (None, 6, "bis 6 Jahre"),
        (0, 0, "bis 0 Jahre"),
        (6, None, "ab 6 Jahren"),
        (14, 21, "14 bis 21 Jahre"),
    ],
)
def test_ages_in_words(first: int | None, last: int | None, words: str) -> None:
    assert age_range(first, last) == words


@pytest.mark.parametrize(
    ("reason", "only", "words"),
    [
        ("not_needed", None, "Die Hilfe wird an diesem Tag nicht gebraucht"),
        ("not_needed", 7, "Die Hilfe wird zu dieser Zeit nicht gebraucht"),
        ("illness", 7, "Krankheit beim Träger"),
        ("holidays", None, "Ferien oder Feiertag"),
    ],
)
def test_of_one_date_of_a_day_no_reason_speaks_of_the_day(reason: str, only: int | None, words: str) -> None:
    day = date(2026, 3, 10)
    closure = Closure(reason=reason, only_id=only, from_on=day, until_on=day)
    assert (closure.reason_text, closure.is_one_day) == (words, True)
    closure.until_on = day + timedelta(days=1)
    assert not closure.is_one_day


@pytest.mark.parametrize(
    ("kind", "is_authority"),
    [
        *(("city", True), ("public", True), ("welfare", False), ("church", False)),
        *(("club", False), ("foundation", False)),
    ],
)
def test_an_authority_is_no_freier_traeger(kind: str, is_authority: bool) -> None:
    body = Provider(kind=kind, name="Haus")
    assert (body.is_authority, body.is_independent) == (is_authority, not is_authority)


def test_after_bei_a_body_is_called_as_it_says_or_as_is_always_right() -> None:
    assert Provider(name="Haus", name_dative="").in_dative == "dem Träger Haus"
    assert Provider(name="Stadt", name_dative="der Stadt Düren").in_dative == "der Stadt Düren"


@pytest.mark.parametrize("status", ImportStatus.values)
def test_each_state_of_a_file_is_told_from_the_others(status: str) -> None:
    names = {"preview": "is_preview", "waiting": "waits", "applying": "is_applying"}
    names |= {"applied": "is_applied", "undone": "is_undone"}
    run = DataImport(status=status)
    assert [name for name in names.values() if getattr(run, name)] == [*filter(None, [names.get(status)])]
    badges = {"preview": "info", "waiting": "sun", "applying": "warning", "applied": "success"}
    assert run.badge == badges.get(status, "neutral")


@pytest.mark.parametrize(
    ("kind", "takes_two", "has_entries"),
    [
        ("figures", True, False),
        ("borders", True, True),
        ("services", False, True),
        ("tasks", False, False),
    ],
)
def test_what_everybody_reads_at_once_takes_two(kind: str, takes_two: bool, has_entries: bool) -> None:
    run = DataImport(kind=kind)
    assert (run.takes_two, run.has_entries) == (takes_two, has_entries)


def test_an_invitation_is_over_with_its_last_moment(now: Any) -> None:
    invitation = Invitation(expires_at=now)
    moments = (now - timedelta(seconds=1), now, now + timedelta(seconds=1))
    assert [invitation.is_over(moment) for moment in moments] == [False, True, True]


@pytest.mark.django_db
class TestThePicture:
    def run(self, *rows: dict[str, Any], kind: str = "borders") -> DataImport:
        return DataImport(kind=kind, rows=list(rows))

    def test_is_of_borders_that_have_not_taken_effect(self) -> None:
        make_district("Nord")
        assert outlines_of(self.run()) is None
        assert outlines_of(self.run({"fate": "faulty"}, kind="figures")) is None

    def test_has_none_where_there_is_no_district(self) -> None:
        assert outlines_of(self.run({"fate": "faulty"})) is None

    def test_lays_what_is_new_beside_what_stays(self) -> None:
        # At the equator a degree is as long as it is high: the picture is square.
        first = make_district("Nord", latitude=0.01, longitude=0.01)
        make_district("Süd", latitude=-0.01, longitude=0.03)
        ring = [[0.0, 0.0], [0.02, 0.0], [0.02, 0.02], [0.0, 0.0]]
        hole = [[0.0, 0.0], [0.01, 0.0], [0.01, 0.01], [0.0, 0.0]]
        new = {"type": "MultiPolygon", "coordinates": [[ring, hole]]}
        row = {"fate": "changed", "values": {"district": first.pk, "geometry": new}}
        found = outlines_of(self.run(row, {"fate": "faulty"}))
        assert found is not None
        assert found.view_box == "-4 -4 1008 1008"
        assert found.paths == [
            (
                "M0.0,500.0L500.0,500.0L500.0,0.0L0.0,500.0ZM0.0,500.0L250.0,500.0L250.0,250.0L0.0,500.0Z",
                True,
            ),
            ("M500.0,1000.0L1000.0,1000.0L1000.0,500.0L500.0,500.0L500.0,1000.0Z", False),
        ]
