"""No published column is changed by one person alone: each goes through a door with a second one, or none."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from accounts.models import User
from foundation.clock import utc_now
from programs.domain.published import WORDS
from programs.domain.refusals import Refusal
from programs.domain.screening import Policy
from programs.models import District, DistrictFigure, FundUpdate, SchoolHoliday, TextDraft
from programs.selectors.text_drafts import MODELS
from programs.services.text_drafts import mark_of_texts, release_texts, write_words
from tests.factories import make_fund, make_news, make_user
from wirbrauchensie.free_texts import COLUMNS

pytestmark = pytest.mark.django_db
WAITS_BESIDE_ITS_ROW = {
    f"{MODELS[about]._meta.label}.{name}": (about, name) for about, names in WORDS.items() for name in names
}
LEAVES_THE_LIST_UNTIL_READ = {
    "programs.Opportunity.title",
    "programs.Opportunity.task",
    "programs.Opportunity.site",
    "programs.Role.name",
}
IS_A_VERSION_FOR_A_SECOND_PERSON = {
    "programs.ActivityVersion.name",
    "programs.ActivityVersion.explanation",
    "programs.Declaration.text",
    "programs.Declaration.source",
}
IS_PROPOSED_AND_CONFIRMED = {
    "receipts.Issuer.name",
    "receipts.Issuer.tax_office",
    "receipts.Issuer.street",
    "receipts.Issuer.town",
}
# Those of outlines and figures also with a file that a second person releases (tests/programs/imports).
COMES_WITH_THE_CITY_FILES = {
    "programs.District.name",
    "programs.District.short_name",
    "programs.District.borough",
    "programs.District.geometry_note",
    "programs.DistrictFigure.source",
    "programs.SchoolHoliday.name",
}
IS_THE_DRAFT_ITSELF = {"programs.TextDraft.texts"}


def test_every_published_column_has_exactly_one_door() -> None:
    doors = [
        set(WAITS_BESIDE_ITS_ROW),
        LEAVES_THE_LIST_UNTIL_READ,
        IS_A_VERSION_FOR_A_SECOND_PERSON,
        IS_PROPOSED_AND_CONFIRMED,
        COMES_WITH_THE_CITY_FILES,
        IS_THE_DRAFT_ITSELF,
    ]
    published = {
        column for column, told in COLUMNS.items() if told is not None and told.policy == Policy.PUBLISHED
    }
    assert sorted(column for door in doors for column in door) == sorted(published)


def other_than(value: Any) -> Any:
    """Return something else of the same shape."""
    if isinstance(value, list):
        return [] if value else ["Anderes"]
    return "Anderes"


def test_what_waits_is_released_by_nobody_who_wrote_it(city: None) -> None:
    writer = make_user(is_superuser=True, is_staff=True)
    make_news(make_fund())
    for column, (about, name) in WAITS_BESIDE_ITS_ROW.items():
        row: Any = MODELS[about]._default_manager.first()
        before = getattr(row, name)
        draft = write_words(row, {name: other_than(before)}, by=writer, now=utc_now())
        assert draft is not None, column
        refused = release_texts(
            draft, by=writer, text_read=mark_of_texts(draft), hints_read=True, now=utc_now()
        )
        row.refresh_from_db()
        assert (Refusal.SAME_PERSON in refused, getattr(row, name)) == (True, before), column
        TextDraft.objects.filter(status="draft").delete()
    assert FundUpdate in MODELS.values()


def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    return client


def words_of(model: type[Model]) -> list[Any]:
    names = [each.rpartition(".")[2] for each in COMES_WITH_THE_CITY_FILES if model._meta.label + "." in each]
    assert names
    return list(model._default_manager.order_by("pk").values_list(*names))


def test_words_of_the_city_files_are_typed_nowhere(city: None) -> None:
    client = admin()
    models = (District, DistrictFigure, SchoolHoliday)
    before = [words_of(model) for model in models]
    district = DistrictFigure.objects.all()[0].district
    figure = district.figures.all()[0]
    typed = {
        "name": "Ausgedachtes",
        "short_name": "Ausg",
        "slug": "ausgedacht",
        "borough": "Ausgedachtes",
        "geometry_note": "Ausgedachtes",
        "latitude": "50.8",
        "longitude": "6.48",
        "geometry": '{"type": "Polygon", "coordinates": []}',
        "tile_column": "1",
        "tile_row": "1",
        "need_weight": "111",
        "figures-TOTAL_FORMS": "2",
        "figures-INITIAL_FORMS": "1",
        "figures-0-id": figure.pk,
        "figures-0-district": district.pk,
        "figures-0-kind": figure.kind,
        "figures-0-value": "7",
        "figures-0-source": "Ausgedachtes",
        "figures-1-district": district.pk,
        "figures-1-kind": "area_km2",
        "figures-1-value": "7",
        "figures-1-year": "1999",
        "figures-1-source": "Ausgedachtes",
    }
    assert client.post(f"/verwaltung/programs/district/{district.pk}/change/", typed).status_code == 302
    district.refresh_from_db()
    assert district.need_weight == 111
    assert client.post("/verwaltung/programs/district/add/", typed).status_code == 403
    holiday = SchoolHoliday.objects.all()[0]
    said = {"name": "Ausgedachtes", "first_on": "2026-10-17", "last_on": "2026-10-31"}
    for address in ("add", f"{holiday.pk}/change"):
        answer = client.post(f"/verwaltung/programs/schoolholiday/{address}/", said)
        assert (answer.status_code, "name" in answer.context["adminform"].form.errors) == (200, True)
    assert [words_of(model) for model in models] == before


def test_a_holiday_keeps_the_name_of_its_file_and_takes_usual_ones(city: None) -> None:
    client, holiday = admin(), SchoolHoliday.objects.all()[0]
    SchoolHoliday.objects.filter(pk=holiday.pk).update(name="Brückentag")
    address = f"/verwaltung/programs/schoolholiday/{holiday.pk}/change/"
    for name in ("Brückentag", "Winterferien"):
        said = {"name": name, "first_on": "2026-10-17", "last_on": "2026-10-31"}
        assert client.post(address, said).status_code == 302
        holiday.refresh_from_db()
        assert (holiday.name, f"{holiday.first_on}") == (name, "2026-10-17")
