"""What staff edit is written down by the database itself, in bulk and by raw SQL too."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, transaction
from django.test import RequestFactory

from accounts.models import User
from foundation.actors import STRIPE, citizen, staff, system
from foundation.history import acting, lines_of
from foundation.models import Event
from foundation.sweeps import run
from programs.models import District, Fund, Membership, Opportunity, Provider, Role
from tests.factories import (
    make_district,
    make_fund,
    make_news,
    make_opportunity,
    make_program,
    make_provider,
    make_user,
    retime,
    role_of,
)

pytestmark = pytest.mark.django_db


def changes(row: Any) -> list[dict[str, Any] | None]:
    return [event.changes for event in lines_of(row).filter(kind="changed").order_by("id")]


def hands(row: Any) -> list[tuple[str, int | None, str, str]]:
    columns = ("actor_kind", "actor_user", "actor_role", "route")
    return list(lines_of(row).order_by("id").values_list(*columns))


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def opportunity() -> Opportunity:
    return make_opportunity("Vorlesen", places=2, slots=())


def test_a_saved_change_is_one_line_with_old_and_new_of_what_changed(opportunity: Opportunity) -> None:
    opportunity.title, opportunity.site, opportunity.ends_on = "Lesen", "Turnhalle", date(2026, 12, 1)
    opportunity.save()
    assert changes(opportunity) == [
        {
            "title": ["Vorlesen", "Lesen"],
            "site": ["Stadtteilhaus", "Turnhalle"],
            "ends_on": [None, "2026-12-01"],
        }
    ]


def test_bulk_and_raw_changes_are_caught(opportunity: Opportunity) -> None:
    other = make_opportunity(places=5, slots=())
    Opportunity.objects.update(site="Turnhalle")
    role = role_of(opportunity)
    role.skills = ["music"]
    Role.objects.bulk_update([role], ["skills"])
    sql("UPDATE programs_role SET minimum_age = minimum_age + 2 WHERE id = %s", role.pk)
    assert changes(opportunity) == [
        {"site": ["Stadtteilhaus", "Turnhalle"]},
        {"skills": [[], ["music"]]},
        {"minimum_age": [16, 18]},
    ]
    assert changes(other) == [{"site": ["Stadtteilhaus", "Turnhalle"]}]


def test_what_changes_nothing_writes_nothing(opportunity: Opportunity) -> None:
    opportunity.save()
    Opportunity.objects.update(site="Stadtteilhaus")
    assert changes(opportunity) == []


def test_counters_and_moves_are_no_field_changes(opportunity: Opportunity) -> None:
    fund = make_fund()
    Role.objects.update(places_taken=1, places_held=1, matching_price=0.5)
    Opportunity.objects.update(status="paused", edited_by=make_user())
    Fund.objects.update(received_cents=2500, balance_cents=2500, gift_count=1, loaded_values={"name": "x"})
    assert changes(opportunity) == []
    assert changes(fund) == []


def test_a_rolled_back_change_leaves_no_line(opportunity: Opportunity) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Opportunity.objects.update(site="Turnhalle")
        raise ZeroDivisionError
    assert changes(opportunity) == []


def test_series_are_told_of_their_opportunity_and_what_follows_from_them_is_not(
    opportunity: Opportunity, now: datetime
) -> None:
    for slots in ([(1, 900, 960)], [(1, 900, 990)], []):
        retime(opportunity, slots, now)
    first = {"rrule": "FREQ=WEEKLY;BYDAY=TU", "start_minute": 900, "end_minute": 960}
    first |= {"rdates": [], "exdates": [], "skips_public_holidays": False, "skips_school_holidays": False}
    second = {**first, "end_minute": 990}
    assert changes(opportunity) == [
        {"series": [None, first]},
        {"series": [first, second]},
        {"series": [second, None]},
    ]


def test_account_data_of_a_provider_and_its_people_are_followed() -> None:
    provider, user = make_provider(iban="DE02120300000000202051"), make_user()
    Provider.objects.update(iban="DE02500105170137075030", account_holder_name="Verein e. V.")
    membership = Membership.objects.create(user=user, provider=provider, role="treasurer")
    membership.delete()
    given = {"user_id": user.pk, "role": "treasurer", "is_deputy": False}
    assert changes(provider) == [
        {
            "iban": ["DE02120300000000202051", "DE02500105170137075030"],
            "account_holder_name": ["", "Verein e. V."],
        },
        {"membership": [None, given]},
        {"membership": [given, None]},
    ]


def test_funds_their_news_districts_and_programs_are_followed() -> None:
    fund, district = make_fund(unit_cents=2500), make_district("Nord")
    program = make_program()
    Fund.objects.update(unit_cents=3000)
    news = {"title": "Danke", "text": "40 Ranzen"}
    make_news(fund, **news)
    District.objects.filter(pk=district.pk).update(need_weight=130)
    district.figures.create(kind="population", value=4321, year=2024, source="Stadt")
    program.districts.add(district)
    assert changes(fund) == [
        {"unit_cents": [2500, 3000]},
        {"news": [None, {**news, "published_on": "2026-03-01", "is_shown": True}]},
    ]
    figure = {"kind": "population", "value": 4321.0, "year": 2024, "source": "Stadt"}
    assert changes(district) == [{"need_weight": [100, 130]}, {"figure": [None, figure]}]
    assert changes(program) == [{"district": [None, {"district_id": district.pk}]}]


def test_an_outline_is_told_by_its_fingerprint() -> None:
    district = make_district()
    outline = {"type": "Polygon", "coordinates": [[[6.4, 50.8]] * 2000]}
    District.objects.filter(pk=district.pk).update(geometry=outline)
    (told,) = changes(district)
    assert told is not None
    before, after = told["geometry"]
    assert before["type"] == "Polygon"
    assert list(after) == ["md5"]


def test_rights_are_followed_and_secrets_are_not() -> None:
    user = make_user(email="erika@example.org", name="Erika Muster")
    user.set_password("a-long-and-secret-word")
    user.is_superuser, user.email, user.name = True, "neu@example.org", "Erika Neu"
    user.save()
    user.is_active = False
    user.save()
    assert changes(user) == [{"is_superuser": [False, True]}, {"is_active": [True, False]}]
    created = lines_of(user).get(kind="created")
    assert created.changes == {
        "is_active": [None, True],
        "is_staff": [None, False],
        "is_superuser": [None, False],
    }


def test_a_deleted_row_leaves_what_it_was(opportunity: Opportunity) -> None:
    key = opportunity.pk
    opportunity.delete()
    gone = Event.objects.get(kind="deleted", model="opportunity", object_id=key)
    assert gone.changes is not None
    assert gone.changes["title"] == ["Vorlesen", None]


def test_whoever_acts_is_named_and_nobody_afterwards(opportunity: Opportunity) -> None:
    with acting(staff(7, "coordinator"), "coordination_opportunity_edit"):
        Opportunity.objects.update(site="A")
        with acting(system("load_city")):
            Opportunity.objects.update(site="B")
        Opportunity.objects.update(site="C")
    Opportunity.objects.update(site="D")
    assert hands(opportunity)[-4:] == [
        ("user", 7, "coordinator", "coordination_opportunity_edit"),
        ("system", None, "load_city", ""),
        ("user", 7, "coordinator", "coordination_opportunity_edit"),
        ("system", None, "database", ""),
    ]


@pytest.mark.parametrize("actor", [citizen("donor"), STRIPE])
def test_citizens_and_stripe_are_named_too(actor: Any, opportunity: Opportunity) -> None:
    with acting(actor):
        Opportunity.objects.update(site="A")
    assert hands(opportunity)[-1] == (actor.kind, None, actor.role, "")


def test_an_error_ends_it_as_well(opportunity: Opportunity) -> None:
    with pytest.raises(ZeroDivisionError), acting(staff(7, "coordinator")):
        raise ZeroDivisionError
    Opportunity.objects.update(site="A")
    assert hands(opportunity)[-1] == ("system", None, "database", "")


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_inside_names_nobody_afterwards(opportunity: Opportunity) -> None:
    with acting(staff(7, "coordinator")):
        connection.close()
        Opportunity.objects.update(site="A")
    Opportunity.objects.update(site="B")
    assert hands(opportunity)[-2:] == [("system", None, "database", "")] * 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_broken_inside_names_nobody_afterwards(opportunity: Opportunity) -> None:
    with pytest.raises(Exception, match="nirgends"), transaction.atomic(), acting(staff(7, "coordinator")):
        sql("SELECT * FROM nirgends")
    Opportunity.objects.update(site="B")
    assert hands(opportunity)[-1] == ("system", None, "database", "")


def test_sweeps_and_loading_sign_with_their_names() -> None:
    call_command("load_city", "dueren", verbosity=0)
    assert set(Event.objects.filter(kind="created").values_list("actor_role", flat=True)) == {"load_city"}
    run("foundation.heartbeat", make_opportunity().status_changed_at)
    make_district()
    assert Event.objects.latest("id").actor_role == "database"


def followed() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname = 'history_follow' AND tgenabled = 'O' AND NOT tgisinternal"
        )
        yield from (name for (name,) in cursor.fetchall())


def test_whatever_the_administration_lets_edit_is_followed() -> None:
    """A new page there needs a trigger. Mails and blocked addresses are citizens' data, kept out of it."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    editable = set()
    for model, page in admin.site._registry.items():
        if page.has_change_permission(request):
            editable.add(model._meta.db_table)
            for inline in page.get_inline_instances(request):
                if inline.has_change_permission(request):
                    editable.add(inline.model._meta.db_table)
    citizens = {"outbox_message", "outbox_suppression"}
    assert editable - set(followed()) == citizens
    assert len(editable) >= 9
