"""What the program never writes the database refuses to everybody else, by the name of the rule."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from psycopg.errors import CheckViolation

from foundation.actors import staff
from foundation.clock import local_day, utc_now
from foundation.history import acting, note_transition
from programs.models import (
    Activity,
    ActivityVersion,
    Declaration,
    HelpTelephone,
    Opportunity,
    Program,
    Provider,
    Shift,
)
from programs.selectors.text_drafts import Row, kind_of
from tests.factories import (
    decide_anew,
    make_activity,
    make_declaration,
    make_fund,
    make_news,
    make_opportunity,
    make_program,
    make_provider,
    make_shift,
    make_user,
    release_first_words,
    role_of,
)
from tests.kept import taken_back
from tests.volunteers.pledging import make_placement, make_pledge
from volunteers.models import Assignment, Clearance, GuardianConsent, Placement, SelfCommitment

pytestmark = pytest.mark.django_db
BEGIN = date(2026, 1, 12)
TUESDAY = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


def refused(statement: str, *values: Any) -> str | None:
    """Return the rule by which the database refuses, None if it does as it is told."""
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        raise IntegrityError
    cause = error.value.__cause__
    assert cause is None or isinstance(cause, CheckViolation)
    return cause.diag.constraint_name if cause else None


def copied(row: Model, **values: Any) -> tuple[Any, ...]:
    """Return the statement that puts in a row like `row` with other values, and what stands in it."""
    kept = [each.column for each in row._meta.concrete_fields if each.column not in values]
    given = ", ".join("%s" for _ in values)
    return (
        f"INSERT INTO {row._meta.db_table} ({', '.join([*values, *kept])})"
        f" SELECT {given}, {', '.join(kept)} FROM {row._meta.db_table} WHERE id = %s",
        *values.values(),
        row.pk,
    )


@pytest.fixture
def activity() -> Activity:
    return make_activity("Vorlesen", clearance_required=False, self_commitment=True)


@pytest.fixture
def task(activity: Activity) -> Opportunity:
    return make_opportunity("Vorlesen", activity=activity, places=9, slots=[])


@pytest.fixture
def comes(task: Opportunity, now: datetime) -> Callable[..., Placement]:
    text = make_declaration()

    def come(name: str, at: Opportunity = task) -> Placement:
        pledge = make_pledge(now, email=f"{name}@example.org", first_name=name.title())
        SelfCommitment.objects.create(volunteer=pledge.volunteer, declaration=text, signed_on=BEGIN)
        return make_placement(pledge, at, now, "active", from_on=BEGIN)

    return come


class TestAVersion:
    def test_that_holds_is_not_edited(self, activity: Activity) -> None:
        edit = "UPDATE programs_activityversion SET {} WHERE activity_id = %s"
        for change in ("self_commitment = false", "two_adults = true", "reasons = ''", "writers = '{1}'"):
            assert refused(edit.format(change), activity.pk) == "version_stays_as_it_was_released"
        for status in ("draft", "discarded"):
            assert (
                refused(edit.format("status = %s"), status, activity.pk) == "version_stays_as_it_was_released"
            )
        assert activity.versions.get().self_commitment

    def test_that_was_replaced_holds_no_more(self, activity: Activity) -> None:
        decide_anew(activity, self_commitment=False)
        back = "UPDATE programs_activityversion SET status = 'in_force' WHERE activity_id = %s AND number = 1"
        assert refused(back, activity.pk) == "version_stays_as_it_was_released"

    def test_that_was_signed_stays_to_the_letter(self) -> None:
        text = make_declaration()
        change = "UPDATE programs_declaration SET text = 'Ich tue, was ich will.' WHERE id = %s"
        assert refused(change, text.pk) == "version_stays_as_it_was_released"
        text.refresh_from_db()
        assert text.text == "Ich achte jedes Kind."

    def test_is_written_until_somebody_releases_it_and_loses_an_account_that_goes(
        self, activity: Activity, now: datetime
    ) -> None:
        second = make_user()
        drafts = ActivityVersion.objects.filter(number=2)
        draft = activity.versions.create(
            number=2, name="Neu", status="draft", status_changed_at=now, clearance_required=False
        )
        assert drafts.update(name="Neuer", writers=[7]) == 1
        hold = "UPDATE programs_activityversion SET status = 'in_force' WHERE id = %s"
        activity.versions.filter(number=1).update(status="replaced")
        assert refused(hold, draft.pk) == "activity_in_force_was_released"
        drafts.update(status="in_force", released_by=second, released_at=now)
        Activity.objects.filter(pk=activity.pk).update(current=draft)
        other = make_user()
        by = "UPDATE programs_activityversion SET released_by_id = %s WHERE id = %s"
        assert refused(by, other.pk, draft.pk) == "version_stays_as_it_was_released"
        second.delete()
        assert drafts.get().released_by is None

    def test_of_a_text_holds_once_it_was_released(self, now: datetime) -> None:
        Declaration.objects.create(
            kind="selbstverpflichtung", number=2, text="Neu.", status="draft", status_changed_at=now
        )
        hold = "UPDATE programs_declaration SET status = 'in_force'"
        assert refused(hold) == "declaration_in_force_was_released"


class TestAnActivity:
    @pytest.mark.parametrize(
        "change",
        ["clearance_required = true", "contact_with_minors = false", "current_id = NULL"],
    )
    def test_is_what_its_version_in_force_says(self, activity: Activity, change: str) -> None:
        edit = f"UPDATE programs_activity SET {change} WHERE id = %s"
        assert refused(edit, activity.pk) == "activity_is_its_version_in_force"

    def test_never_points_to_a_draft(self, activity: Activity, now: datetime) -> None:
        draft = activity.versions.create(number=2, name="Neu", status="draft", status_changed_at=now)
        edit = "UPDATE programs_activity SET current_id = %s WHERE id = %s"
        assert refused(edit, draft.pk, activity.pk) == "activity_is_its_version_in_force"

    def test_has_a_version_in_force_as_long_as_it_says_so(self, activity: Activity) -> None:
        end = "UPDATE programs_activityversion SET status = 'replaced' WHERE activity_id = %s"
        assert refused(end, activity.pk) == "activity_is_its_version_in_force"


class TestAPlacement:
    def test_is_given_to_nobody_who_signed_nothing(
        self, comes: Callable[..., Placement], now: datetime
    ) -> None:
        placement, other = comes("maria"), make_pledge(now, email="bea@example.org")
        give = "UPDATE volunteers_placement SET volunteer_id = %s WHERE id = %s"
        assert refused(give, other.volunteer_id, placement.pk) == "placement_needs_self_commitment"

    def test_asks_for_the_age_of_the_activity_whatever_the_role_says(self, now: datetime) -> None:
        grown = make_activity("Leiten", clearance_required=False, minimum_age=18)
        task = make_opportunity(activity=grown, minimum_age=16, slots=[])
        pledge = make_pledge(now)
        pledge.volunteer.is_adult = False
        pledge.volunteer.save()
        placement = make_placement(pledge, task, now, "awaiting_confirmation")
        begin = "UPDATE volunteers_placement SET status = 'active', from_on = %s WHERE id = %s"
        assert refused(begin, BEGIN, placement.pk) == "placement_old_enough"

    @pytest.mark.parametrize("expected", ["confirmed", "on_hold", "stand_in_wanted"])
    @pytest.mark.parametrize("over", ["ended", "cancelled"])
    def test_that_is_over_is_expected_nowhere(
        self, over: str, expected: str, comes: Callable[..., Placement], task: Opportunity
    ) -> None:
        maria, shift = comes("maria"), make_shift(task, TUESDAY)
        row = Assignment.objects.create(placement=maria, shift=shift, status_changed_at=TUESDAY)
        Assignment.objects.filter(pk=row.pk).update(status=expected)
        end = "UPDATE volunteers_placement SET status = %s, status_changed_at = %s WHERE id = %s"
        before, begun = TUESDAY - timedelta(seconds=1), TUESDAY
        assert refused(end, over, before, maria.pk) == "placement_over_is_free"
        assert refused(end, over, begun, maria.pk) is None
        for free in ({"status": "cancelled"}, {"status": "excused"}):
            with taken_back():
                Assignment.objects.filter(pk=row.pk).update(**free)
                assert refused(end, over, before, maria.pk) is None
        Shift.objects.filter(pk=shift.pk).update(is_cancelled=True)
        assert refused(end, over, before, maria.pk) is None


class TestADate:
    insert = (
        "INSERT INTO volunteers_assignment"
        " (volunteer_id, placement_id, role_id, shift_id, status, status_changed_at)"
        " VALUES (%s, %s, %s, %s, %s, now())"
    )

    def test_is_of_the_own_placement_at_this_task(
        self, comes: Callable[..., Placement], task: Opportunity, now: datetime
    ) -> None:
        maria, bea = comes("maria"), comes("bea")
        elsewhere = comes("cem", make_opportunity(clearance_required=False, slots=[]))
        shift = make_shift(task, TUESDAY)
        own = (maria.volunteer_id, maria.pk, maria.role_id, shift.pk)
        for status in ("confirmed", "attended"):
            values = (bea.volunteer_id, maria.pk, maria.role_id, shift.pk, status)
            assert refused(self.insert, *values) == "assignment_of_its_placement"
        values = (elsewhere.volunteer_id, elsewhere.pk, maria.role_id, shift.pk, "excused")
        assert refused(self.insert, *values) == "assignment_of_its_placement"
        assert refused(self.insert, *own, "confirmed") is None
        row = Assignment.objects.create(placement=maria, shift=shift, status_changed_at=now)
        give = "UPDATE volunteers_assignment SET {} = %s WHERE id = %s"
        assert refused(give.format("placement_id"), bea.pk, row.pk) == "assignment_of_its_placement"
        assert refused(give.format("volunteer_id"), bea.volunteer_id, row.pk) == "assignment_of_its_placement"

    @pytest.mark.parametrize("over", ["ended", "cancelled"])
    def test_is_of_no_placement_that_is_over(
        self, over: str, comes: Callable[..., Placement], task: Opportunity, now: datetime
    ) -> None:
        maria, shift = comes("maria"), make_shift(task, TUESDAY)
        row = Assignment.objects.create(placement=maria, shift=shift, status="excused", status_changed_at=now)
        Placement.objects.filter(pk=maria.pk).update(status=over)
        own = (maria.volunteer_id, maria.pk, maria.role_id, make_shift(task, TUESDAY + timedelta(days=7)).pk)
        assert refused(self.insert, *own, "confirmed") == "assignment_placement_is_not_over"
        assert refused(self.insert, *own, "cancelled") is None
        back = "UPDATE volunteers_assignment SET status = 'confirmed' WHERE id = %s"
        assert refused(back, row.pk) == "assignment_placement_is_not_over"


class TestAConsent:
    @pytest.fixture
    def consent(self, now: datetime) -> GuardianConsent:
        pledge = make_pledge(now)
        pledge.volunteer.is_adult = False
        pledge.volunteer.save()
        task = make_opportunity(clearance_required=False, slots=[])
        placement = make_placement(pledge, task, now, "active", from_on=BEGIN)
        return placement.consents.get()

    def test_that_was_given_is_the_proof_and_stays(self, consent: GuardianConsent) -> None:
        change = "UPDATE volunteers_guardianconsent SET {} WHERE id = %s"
        for what in ("name = 'Eva Andere'", "given_at = now()"):
            assert refused(change.format(what), consent.pk) == "consent_given_stays"

    def test_that_was_taken_back_stays_so(self, consent: GuardianConsent, now: datetime) -> None:
        GuardianConsent.objects.update(withdrawn_at=now)
        again = "UPDATE volunteers_guardianconsent SET withdrawn_at = NULL WHERE id = %s"
        assert refused(again, consent.pk) == "consent_withdrawn_stays"

    def test_is_of_somebody_else(self, consent: GuardianConsent) -> None:
        own = consent.placement.volunteer.mailbox_id
        ask = (
            "INSERT INTO volunteers_guardianconsent (placement_id, mailbox_id, asked_at, name)"
            " VALUES (%s, %s, now(), '')"
        )
        consent.delete()
        assert refused(ask, consent.placement_id, own) == "consent_is_of_another"


class TestAPublicTask:
    """Published is what waited, and what somebody else than its last editor released; or what paused."""

    publish = "UPDATE programs_opportunity SET status = 'published', status_changed_at = %s WHERE id = %s"

    @pytest.mark.parametrize("before", ["draft", "closed"])
    def test_waited_for_release(self, before: str, now: datetime) -> None:
        task = make_opportunity(status=before)
        assert refused(self.publish, now, task.pk) == "opportunity_public_waited_for_release"

    def test_was_released_by_somebody_else(self, now: datetime) -> None:
        author, reader = make_user(), make_user()
        task = make_opportunity(status="in_review", edited_by=author)
        assert refused(self.publish, now, task.pk) == "opportunity_public_was_released"
        moved = {"from_status": "in_review", "to_status": "published", "reason": "", "now": now}
        for by, rule in ((author, "opportunity_public_was_released"), (reader, None)):
            with taken_back():
                note_transition(task, actor=staff(by.pk, "coordinator"), **moved)
                assert refused(self.publish, now, task.pk) == rule

    def test_is_not_released_by_a_name_that_may_not(self, now: datetime) -> None:
        author, writer, gone, reader = make_user(), make_user(), make_user(is_active=False), make_user()
        task = make_opportunity(status="in_review", edited_by=author)
        with acting(staff(writer.pk, "coordinator")):
            Opportunity.objects.filter(pk=task.pk).update(title="Anders")
        with acting(staff(reader.pk, "coordinator")):
            Opportunity.objects.filter(pk=task.pk).update(field="sport")
        moved = {"from_status": "in_review", "to_status": "published", "reason": "", "now": now}
        for by in (writer.pk, gone.pk, reader.pk + 1_000):
            with taken_back():
                note_transition(task, actor=staff(by, "coordinator"), **moved)
                assert refused(self.publish, now, task.pk) == "opportunity_public_was_released"
        note_transition(task, actor=staff(reader.pk, "coordinator"), **moved)
        assert refused(self.publish, now, task.pk) is None

    @pytest.mark.parametrize("status", ["published", "paused"])
    def test_that_is_put_in_was_released_too(self, status: str) -> None:
        task, reader = make_opportunity(), make_user()
        new = task.pk + 1
        assert refused(*copied(task, id=new, slug="noch-eine", status="draft")) is None
        put_in = copied(task, id=new, slug="noch-eine", status=status)
        assert refused(*put_in) == "opportunity_public_was_released"
        moved = {"from_status": "in_review", "to_status": "published", "reason": ""}
        by = staff(reader.pk, "coordinator")
        note_transition(Opportunity(pk=new), actor=by, now=task.status_changed_at, **moved)
        assert refused(*put_in) is None

    @pytest.mark.parametrize("before", ["draft", "in_review", "closed"])
    def test_that_pauses_was_public(self, before: str, now: datetime) -> None:
        task = make_opportunity(status=before)
        pause = "UPDATE programs_opportunity SET status = 'paused', status_changed_at = %s WHERE id = %s"
        assert refused(pause, now, task.pk) == "opportunity_paused_was_public"

    def test_goes_on_after_a_pause_and_is_of_a_verified_provider(self, now: datetime) -> None:
        task = make_opportunity(status="paused")
        assert refused(self.publish, now, task.pk) is None
        Provider.objects.update(is_verified=False)
        assert refused(self.publish, now, task.pk) == "opportunity_public_of_verified_provider"
        with pytest.raises(IntegrityError, match="not verified"), transaction.atomic():
            make_opportunity(provider=Provider.objects.get())


class TestPublicWords:
    """Words of the directory and of purposes are public once a second person released the first of them."""

    @pytest.mark.parametrize(
        ("make", "column"),
        [
            (make_program, "is_listed"),
            (make_fund, "is_shown"),
            (lambda: make_news(make_fund()), "is_shown"),
        ],
    )
    def test_that_are_put_in_or_shown_were_released(self, make: Callable[[], Row], column: str) -> None:
        row = make()
        new: dict[str, Any] = {"id": row.pk + 1}
        if hasattr(row, "slug"):
            new |= {"slug": "noch-eins", "name": "Noch eins"}
        shown = "first_words_were_released"
        assert refused(*copied(row, **{**new, column: True})) == shown
        if hasattr(row, "is_open"):
            new["is_open"] = False
        with connection.cursor() as cursor:
            statement, *hidden = copied(row, **{**new, column: False})
            cursor.execute(statement, hidden)
        show = f"UPDATE {row._meta.db_table} SET {column} = true WHERE id = %s"
        assert refused(show, new["id"]) == shown
        release_first_words(kind_of(row), type(row)(pk=new["id"]))
        assert refused(show, new["id"]) is None

    def test_come_with_the_files_of_the_city(self) -> None:
        values = {
            "slug": "aus-der-stadt",
            "description": "Ein Treff.",
            "source": "Liste",
            "confidence": "H",
        }
        Program.objects.create(name="Treff", source_key="treff", **values)
        with pytest.raises(IntegrityError, match="nobody has released"), transaction.atomic():
            Program.objects.create(name="Treff", **{**values, "slug": "anders"})
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_of_a_telephone_too(self) -> None:
        with pytest.raises(IntegrityError, match="nobody has released"), transaction.atomic():
            HelpTelephone.objects.create(name="Elterntelefon", number="0800 1110550", audience="parents")
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestACertificate:
    def test_of_a_day_to_come_was_seen_by_nobody(self, comes: Callable[..., Placement]) -> None:
        maria, today = comes("maria"), local_day(utc_now())
        columns = "(volunteer_id, opportunity_id, certificate_on)"
        seen = f"INSERT INTO volunteers_clearance {columns} VALUES (%s, %s, %s)"
        own = (maria.volunteer_id, maria.opportunity_id)
        for day in (date(2099, 1, 1), today + timedelta(days=2)):
            assert refused(seen, *own, day) == "clearance_of_no_day_to_come"
        row = Clearance.objects.create(
            volunteer=maria.volunteer, opportunity=maria.opportunity, certificate_on=today
        )
        change = "UPDATE volunteers_clearance SET certificate_on = '2099-01-01' WHERE id = %s"
        assert refused(change, row.pk) == "clearance_of_no_day_to_come"


class TestAMovedDate:
    """Whoever is still expected there may come on the new day."""

    move = "UPDATE programs_shift SET starts_at = starts_at + %s, ends_at = ends_at + %s WHERE id = %s"

    def test_lies_on_no_day_on_which_the_certificate_counts_no_more(self, now: datetime) -> None:
        task, pledge = make_opportunity(slots=[]), make_pledge(now)
        Clearance.objects.create(
            volunteer=pledge.volunteer, opportunity=task, certificate_on=date(2021, 3, 10)
        )
        maria = make_placement(pledge, task, now, "active", from_on=BEGIN)
        shift = make_shift(task, TUESDAY)
        row = Assignment.objects.create(placement=maria, shift=shift, status_changed_at=now)
        for days, rule in ((6, None), (7, "assignment_needs_clearance_that_day")):
            later = timedelta(days=days)
            assert refused(self.move, later, later, shift.pk) == rule
        shift.starts_at += timedelta(days=7)
        shift.ends_at += timedelta(days=7)
        shift.is_cancelled = True
        shift.save()
        again = "UPDATE programs_shift SET is_cancelled = false WHERE id = %s"
        assert refused(again, shift.pk) == "assignment_needs_clearance_that_day"
        Assignment.objects.filter(pk=row.pk).update(status="excused")
        assert refused(again, shift.pk) is None

    def test_is_over_by_ten_where_a_minor_comes(self, now: datetime) -> None:
        task, pledge = make_opportunity(clearance_required=False, slots=[]), make_pledge(now)
        pledge.volunteer.is_adult = False
        pledge.volunteer.save()
        lia = make_placement(pledge, task, now, "active", from_on=BEGIN)
        shift = make_shift(task, TUESDAY, minutes=60)
        Assignment.objects.create(placement=lia, shift=shift, status_changed_at=now)
        for hours, rule in ((6, None), (7, "assignment_minor_home_by_ten")):
            later = timedelta(hours=hours)
            assert refused(self.move, later, later, shift.pk) == rule


def test_blanks_are_no_contact_for_the_protection_of_children() -> None:
    provider = make_provider()
    change = "UPDATE programs_provider SET safeguarding_contact = '  ' WHERE id = %s"
    assert refused(change, provider.pk) == "provider_verified_protects_children"
    assert Provider.objects.get().safeguarding_contact == "Kinderschutz-Team, Tel. 02421 000000"


def test_a_role_follows_its_activity_when_another_version_holds(
    task: Opportunity, activity: Activity
) -> None:
    decide_anew(activity, clearance_required=True)
    assert role_of(task).clearance_required
