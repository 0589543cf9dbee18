"""What staff edit is written down by the database itself, in bulk and by raw SQL too."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.test import RequestFactory

from accounts.models import User
from foundation.actors import STRIPE, citizen, staff, system
from foundation.history import acting, lines_of
from foundation.models import Event
from foundation.sweeps import run
from programs.models import (
    Absence,
    ApiToken,
    District,
    Fund,
    Membership,
    Opportunity,
    Provider,
    Role,
    Shift,
    Webhook,
)
from programs.services.absences import enter_absence
from programs.services.api_tokens import make_token, revoke_token, token_of
from programs.services.webhooks import end_webhook, make_webhook, take_over_webhook
from tests.factories import (
    make_district,
    make_fund,
    make_news,
    make_opportunity,
    make_program,
    make_provider,
    make_shift,
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


MOVES_ONLY = "written once, then moved by `foundation.transitions`, which writes each move"
CITIZENS = "a citizen's own; staff write into it what the citizen said, and moves are written"
LEDGER = "books and what Stripe or a bank told: append-only or kept by their own guards, never edited"
DERIVED = "follows from other rows"
SIGNED = "a row for each decision, with who decided and when; none is edited"
MACHINERY = "runs the house, no staff page writes it"
OWN_ACCOUNT = "somebody's own account: no rights in it; its doors are noted (`note_access`)"
ON_RECORD = "§ 72a SGB VIII: moves and reads are written, what is in it must leave no trace"

NOT_FOLLOWED = {
    "foundation_event": "the history itself",
    **dict.fromkeys(["foundation_tokenbucket", "foundation_sweeprun", "outbox_outage"], MACHINERY),
    **dict.fromkeys(["outbox_message", "outbox_suppression"], CITIZENS),
    **dict.fromkeys(
        ["accounts_user_groups", "accounts_user_user_permissions"], "nobody has groups or single permissions"
    ),
    **dict.fromkeys(["accounts_passwordhash", "accounts_savedview", "accounts_session"], OWN_ACCOUNT),
    **dict.fromkeys(["citizens_mailbox", "citizens_addresschange", "citizens_linkrequest"], CITIZENS),
    **dict.fromkeys(
        [
            "programs_activityquestion",
            "programs_dataimport",
            "programs_invitation",
            "programs_notice",
            "programs_textdraft",
            "donations_proposal",
            "donations_cashcount",
            "donations_refund",
            "receipts_contribution",
            "receipts_issuer",
            "receipts_receipt",
            "volunteers_offer",
            "volunteers_placement",
            "volunteers_assignment",
            "volunteers_standinsearch",
            "volunteers_standinquestion",
        ],
        MOVES_ONLY,
    ),
    "programs_activity": "points to its version, which is followed",
    "programs_importedrow": "what a file would change, kept with it; what it did change is followed",
    **dict.fromkeys(["programs_apianswer", "programs_webhookdelivery"], MACHINERY),
    **dict.fromkeys(["programs_datestofollow", "programs_shiftrole", "programs_weeklyslot"], DERIVED),
    **dict.fromkeys(
        [
            "figures_fact",
            "figures_duefact",
            "figures_figure",
            "figures_series",
            "figures_step",
            "figures_finishedsheet",
            "figures_night",
        ],
        DERIVED,
    ),
    "figures_cityreport": SIGNED,
    **dict.fromkeys(
        [
            "volunteers_volunteer",
            "volunteers_timepledge",
            "volunteers_timepledge_districts",
            "volunteers_availability",
            "volunteers_availabilityexception",
            "volunteers_hoursentry",
            "donations_donor",
            "donations_receiptaddress",
            "donations_recurringdonation",
            "donations_donation",
            "donations_transferreference",
        ],
        CITIZENS,
    ),
    **dict.fromkeys(
        ["volunteers_clearance", "volunteers_measlesproof", "volunteers_selfcommitment"], ON_RECORD
    ),
    "volunteers_guardianconsent": "a proof that the database lets nobody change, with who noted it",
    **dict.fromkeys(
        [
            "volunteers_acceptedgap",
            "volunteers_calltakenback",
            "volunteers_contact",
            "volunteers_personmerge",
            "volunteers_weighting",
            "receipts_payernote",
            "receipts_registercheck",
            "receipts_templateapproval",
            "receipts_wishrefusal",
        ],
        SIGNED,
    ),
    **dict.fromkeys(
        [
            "volunteers_matchrequest",
            "volunteers_matchrun",
            "volunteers_matchrecord",
            "volunteers_datenotice",
            "volunteers_needchange",
            "volunteers_tasknotice",
            "volunteers_wave",
        ],
        MACHINERY,
    ),
    **dict.fromkeys(
        [
            "donations_allocation",
            "donations_banktransaction",
            "donations_changedmoney",
            "donations_dispute",
            "donations_ledgeraccount",
            "donations_ledgercheckpoint",
            "donations_ledgerentry",
            "donations_ledgertransaction",
            "donations_payment",
            "donations_sentpart",
            "donations_statementimport",
            "donations_statementkey",
            "donations_stripecursor",
            "donations_stripeevent",
            "donations_stripetransit",
            "receipts_receiptcounter",
            "receipts_receiptfile",
            "receipts_receiptitem",
        ],
        LEDGER,
    ),
}
"""Every other table that the product makes, and why no trigger follows it."""

OF_THE_PRODUCT = {
    "foundation",
    "outbox",
    "accounts",
    "citizens",
    "programs",
    "figures",
    "volunteers",
    "donations",
    "receipts",
}


def tables() -> dict[str, type[Model]]:
    models = apps.get_models(include_auto_created=True)
    return {each._meta.db_table: each for each in models if each._meta.app_label in OF_THE_PRODUCT}


def test_every_table_is_followed_or_says_why_not() -> None:
    """A new model needs a trigger, or a reason here."""
    own = {name for name in followed() if name in tables()}
    assert set(tables()) == own | set(NOT_FOLLOWED)
    assert own & set(NOT_FOLLOWED) == set()


def test_what_is_said_to_be_moved_only_has_moves() -> None:
    found = {name for name, why in NOT_FOLLOWED.items() if why == MOVES_ONLY}
    assert [name for name in found if "status_changed_at" not in columns(name)] == []


def columns(table: str) -> set[str]:
    return {field.name for field in tables()[table]._meta.fields}


def test_every_app_of_the_product_is_asked() -> None:
    roots = {Path(name).resolve() for name in (".", "base", "platform")}
    ours = {each.label for each in apps.get_app_configs() if Path(each.path).parent.resolve() in roots}
    of_parts = {"receipts"}
    with_rows = {label for label in ours if list(apps.get_app_config(label).get_models())}
    assert with_rows | of_parts == OF_THE_PRODUCT


class TestKeysOfPrograms:
    @pytest.fixture
    def owner(self) -> User:
        return make_user(Membership.Role.OWNER, make_provider())

    def test_a_key_is_followed_without_what_opens(self, owner: User, now: datetime) -> None:
        provider = owner.memberships.get().provider
        token, text = make_token(provider, "Dienstplan", ["tasks:read"], by=owner, now=now)
        ApiToken.objects.update(scopes=["tasks:read", "tasks:write"])
        assert token_of(text, now=now) == token
        assert revoke_token(token, by=owner, now=now)
        ApiToken.objects.all().delete()
        created, widened, revoked, gone = lines_of(ApiToken).order_by("id")
        assert (created.kind, created.changes) == ("created", None)
        assert widened.changes == {"scopes": [["tasks:read"], ["tasks:read", "tasks:write"]]}
        assert list(revoked.changes or {}) == ["revoked_at"]
        assert set(gone.changes or {}) == {
            "provider_id",
            "label",
            "scopes",
            "created_by_id",
            "created_at",
            "revoked_at",
        }
        told = str(list(lines_of(ApiToken).values_list("changes", flat=True)))
        assert (text in told, token.digest in told) == (False, False)

    def test_a_webhook_is_followed_without_address_and_secret(self, owner: User, now: datetime) -> None:
        provider = owner.memberships.get().provider
        webhook, secret = make_webhook(provider, "https://plan.example/m?key=k", by=owner, now=now)
        other = make_user(Membership.Role.OWNER, provider)
        User.objects.filter(pk=owner.pk).update(is_active=False)
        webhook.refresh_from_db()
        assert take_over_webhook(webhook, by=other, now=now)
        Webhook.objects.update(secret="anders")
        assert end_webhook(webhook, by=other, now=now)
        Webhook.objects.all().delete()
        created, taken, ended, gone = lines_of(Webhook).order_by("id")
        assert (created.kind, created.changes) == ("created", None)
        assert taken.changes == {"created_by_id": [owner.pk, other.pk]}
        assert list(ended.changes or {}) == ["ended_at"]
        assert set(gone.changes or {}) == {"provider_id", "created_by_id", "created_at", "ended_at"}
        told = str(list(lines_of(Webhook).values_list("changes", flat=True)))
        assert [each in told for each in (secret, webhook.secret, "anders", "plan.example")] == [False] * 4


def test_of_an_absence_it_is_told_that_it_was_noted_and_no_day() -> None:
    user = make_user()
    row = enter_absence(user, date(2026, 8, 3), date(2026, 8, 21))
    Absence.objects.update(until_on=date(2026, 8, 28))
    row.delete()
    assert list(lines_of(Absence).order_by("id").values_list("kind", "changes")) == [
        ("created", {"user_id": [None, user.pk]}),
        ("deleted", {"user_id": [user.pk, None]}),
    ]


def test_a_moved_date_is_told_of_and_that_it_was_rolled_out_is_not(
    opportunity: Opportunity, now: datetime
) -> None:
    shift = make_shift(opportunity, datetime(2026, 6, 2, 13, 0, tzinfo=UTC))
    assert not lines_of(Shift).exists()
    with acting(staff(7, "coordinator"), "coordination_opportunity_edit"):
        Shift.objects.update(
            starts_at=datetime(2026, 6, 2, 14, 0, tzinfo=UTC),
            ends_at=datetime(2026, 6, 2, 15, 30, tzinfo=UTC),
        )
    Shift.objects.update(is_cancelled=True)
    Shift.objects.update(sequence=3)
    assert changes(shift) == [
        {
            "starts_at": ["2026-06-02T13:00:00+00:00", "2026-06-02T14:00:00+00:00"],
            "ends_at": ["2026-06-02T14:30:00+00:00", "2026-06-02T15:30:00+00:00"],
        },
        {"is_cancelled": [False, True]},
    ]
    assert hands(shift)[0] == ("user", 7, "coordinator", "coordination_opportunity_edit")


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
