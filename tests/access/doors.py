"""Every address of the platform by name, and what each kind of visitor gets there.

A new address needs an entry here: say for everybody what GET and POST answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from donations.receipts.gateways.template_files import templates_of
from foundation.clock import local_day, utc_now
from programs.documents.hsds import service_id
from programs.domain.activities import Criterion
from programs.domain.declarations import DeclarationKind
from programs.selectors.declarations import declaration_draft
from programs.services.activities import draft_of, mark_of
from programs.services.activity_questions import mark_of_asked
from programs.services.declarations import mark_of_declaration
from programs.services.publishing import findings_in, mark_of_task
from programs.services.text_drafts import mark_of_texts
from programs.views.feeds import outside
from tests.access.people import WITHOUT_ACCOUNT, Who
from tests.access.scene import GIVER, Scene
from tests.donations.visits import WHAT
from tests.factories import role_of
from tests.volunteers.pledging import taken_answers, wishes_query
from tests.volunteers.pledging import who as who_answers

Statuses = Mapping[Who, int]


@dataclass(frozen=True)
class Door:
    """One address: what is in its path, what is posted to it, and who gets which status.

    `changes` names those whose POST may write; everybody else's must leave the database alone.
    """

    get: Statuses
    post: Statuses
    changes: frozenset[Who] = frozenset()
    args: Callable[[Scene, Who], list[Any]] = lambda _scene, _who: []
    answers: Callable[[Scene], dict[str, Any]] = lambda _scene: {}
    query: Callable[[Scene], dict[str, Any]] = field(default=lambda _scene: {})


COORDINATORS = {Who.COORDINATOR, Who.FOREIGN_COORDINATOR, Who.YOUTH_OFFICE, Who.OPERATOR}
ON_RECORD = {
    "coordination_letters_file": {Who.YOUTH_OFFICE, Who.OPERATOR},
    "coordination_people": COORDINATORS - {Who.FOREIGN_COORDINATOR},
    "coordination_people_file": COORDINATORS,
    "coordination_dates_file": COORDINATORS,
    "coordination_texts_file": COORDINATORS,
    "coordination_donations_file": {Who.TREASURER, Who.FOREIGN_TREASURER, Who.OPERATOR},
    "coordination_lines_file": {Who.TREASURER, Who.FOREIGN_TREASURER, Who.OPERATOR},
    "coordination_acceptances_file": {Who.TREASURER, Who.FOREIGN_TREASURER, Who.OPERATOR},
    "coordination_acceptance_year": {Who.TREASURER, Who.FOREIGN_TREASURER, Who.OPERATOR},
    "coordination_named_file": {Who.TREASURER, Who.FOREIGN_TREASURER, Who.OPERATOR},
    "coordination_recurring_file": {Who.TREASURER, Who.FOREIGN_TREASURER, Who.OPERATOR},
    "coordination_offers_file": COORDINATORS,
    "coordination_opportunities_file": COORDINATORS,
    "coordination_pledges_file": COORDINATORS,
    "coordination_placements_file": COORDINATORS,
    "coordination": {Who.OFFICER},
    "coordination_clearances": {Who.OFFICER},
    "coordination_clearance": {Who.OFFICER},
    "coordination_consent": {Who.OFFICER},
    "coordination_silences": {Who.YOUTH_OFFICER},
    "coordination_person": {Who.COORDINATOR, Who.YOUTH_OFFICE, Who.OPERATOR},
    "coordination_staff_file": {Who.OWNER, Who.YOUTH_OFFICE, Who.OPERATOR},
    "coordination_audit_file": {Who.YOUTH_OFFICE, Who.OPERATOR},
    "coordination_task_people": {Who.YOUTH_OFFICE, Who.OPERATOR},
}
"""Where who reads about somebody leaves an event: such a read is a row of the history."""


def everybody(status: int) -> Statuses:
    return dict.fromkeys(Who, status)


def staff(allowed: int, who: set[Who], *, foreign: Mapping[Who, int] | None = None) -> Statuses:
    """Only `who` get `allowed`; without account one is led to the door, all others are refused."""
    refused = {each: 302 if each in WITHOUT_ACCOUNT else 403 for each in Who}
    return {**refused, **dict.fromkeys(who, allowed), **(foreign or {})}


def link(allowed: int, *, other_citizen: int = 404) -> Statuses:
    """Only the bearer of a genuine link gets in, signed in or not."""
    return {**everybody(404), Who.CITIZEN: allowed, Who.OTHER_CITIZEN: other_citizen}


def not_by(method_status: Statuses) -> Statuses:
    """The same door by a method it does not take: 405 for whoever would get further than the doorkeeper."""
    return {who: status if status in (302, 403) else 405 for who, status in method_status.items()}


OFFICERS = {Who.OFFICER, Who.YOUTH_OFFICER}
OFFICE = {Who.YOUTH_OFFICE, Who.YOUTH_OFFICER}
TREASURERS = {Who.TREASURER, Who.FOREIGN_TREASURER, Who.OPERATOR}
STAFFERS = {Who.OWNER, Who.YOUTH_OFFICE, Who.OPERATOR}
WHOLE_CITY = {Who.YOUTH_OFFICE, Who.OPERATOR}
SIGNED_IN = set(Who) - set(WITHOUT_ACCOUNT)
ALL_ROLES = COORDINATORS | OFFICERS | TREASURERS | {Who.OWNER}
OWN_COORDINATORS = frozenset(COORDINATORS - {Who.FOREIGN_COORDINATOR})
OF_CITIZEN = frozenset({Who.CITIZEN})
OF_CITIZENS = frozenset({Who.CITIZEN, Who.OTHER_CITIZEN})
NOT_THEIRS = {Who.FOREIGN_COORDINATOR: 404}


def public_page(**more: Any) -> Door:
    """For everybody, to look at."""
    return Door(everybody(200), everybody(405), **more)


def keyed(*names: str) -> Door:
    """For programs that bring a key; nobody is let in for who they are."""
    args = _pk(names[0]) if names else lambda _scene, _who: []
    return Door(everybody(401), everybody(401), args=args)


def coordinators_list(who: set[Who] = COORDINATORS, **more: Any) -> Door:
    """A list that shows each their own."""
    get = staff(200, who)
    return Door(get, not_by(get), **more)


def coordinated(name: str, **more: Any) -> Door:
    """One row of the provider, to look at."""
    get = staff(200, COORDINATORS, foreign=NOT_THEIRS)
    return Door(get, not_by(get), args=_pk(name), **more)


def decided(name: str, *rest: Any, status: int = 303, **more: Any) -> Door:
    """An act on one row of the provider, by POST only."""
    post = staff(status, COORDINATORS, foreign=NOT_THEIRS)
    return Door(staff(405, COORDINATORS), post, OWN_COORDINATORS, args=_pk(name, *rest), **more)


def _decided_by_office(**more: Any) -> Door:
    """A form of the youth office's safeguarding officer alone."""
    who = {Who.YOUTH_OFFICER}
    return Door(staff(200, who), staff(302, who), frozenset(who), **more)


def own_page(*rest: str, kind: str = "my_page", other: tuple[int, int] = (404, 404), **more: Any) -> Door:
    """A page of the citizen that shows by GET and acts by POST; `other` is what another citizen gets."""
    citizens = OF_CITIZENS if other[1] < 400 else OF_CITIZEN
    get, post = link(200, other_citizen=other[0]), link(303, other_citizen=other[1])
    return Door(get, post, citizens, args=_token(kind, *rest), **more)


def _office_act(**more: Any) -> Door:
    """An act of who sees the whole city; nothing is there to act on, so nothing is changed."""
    return Door(staff(405, WHOLE_CITY), staff(303, WHOLE_CITY), **more)


def _operators_act(**more: Any) -> Door:
    """An act of the operator alone; what it is about is not there."""
    return Door(staff(405, SIGNED_IN), staff(404, {Who.OPERATOR}), **more)


def _pk(name: str, *rest: Any) -> Callable[[Scene, Who], list[Any]]:
    return lambda scene, _who: [getattr(scene, name).pk, *rest]


def _slug(name: str) -> Callable[[Scene, Who], list[Any]]:
    return lambda scene, _who: [getattr(scene, name).slug]


def _token(kind: str, *rows: str) -> Callable[[Scene, Who], list[Any]]:
    return lambda scene, who: [scene.link(kind, who), *(getattr(scene, row).pk for row in rows)]


def _unsubscribing(scene: Scene, who: Who) -> list[Any]:
    return ["termine", scene.link("unsubscribe", who)]


def _gift(scene: Scene, _who: Who) -> list[Any]:
    return [scene.donation.public_id]


def _as_csv(_scene: Scene, _who: Who) -> list[Any]:
    return ["csv"]


def _wishes(_scene: Scene) -> dict[str, Any]:
    return wishes_query()


def _in_a_week(scene: Scene) -> str:
    return str(local_day(scene.now) + timedelta(days=7))


def _invited(scene: Scene, _who: Who) -> list[Any]:
    return [scene.invitation_token()]


def _invitation(scene: Scene) -> dict[str, Any]:
    return {"email": "noch.eine@example.org", "provider": scene.provider.pk, "role": "treasurer"}


def _task(scene: Scene) -> dict[str, Any]:
    return {
        "provider": scene.provider.pk,
        "title": "Lesen",
        "task": "Sie lesen einer Gruppe vor.",
        "field": "education",
        "district": scene.district.slug,
        "site": "Stadtbücherei",
        "starts_on": _in_a_week(scene),
        "places": "3",
        "minimum_age": "16",
        "activity": role_of(scene.published).activity_id,
        "day_0": "1",
        "from_0": "15:00",
        "to_0": "16:30",
    }


def _role(scene: Scene) -> dict[str, Any]:
    return {
        "name": "Getränke ausschenken",
        "name_of_first": "Anleiten",
        "places": "2",
        "minimum_age": "16",
        "activity": role_of(scene.published).activity_id,
    }


def _release(scene: Scene) -> dict[str, Any]:
    return {
        "text_read": mark_of_task(scene.in_review),
        "hints_read": [each.excerpt for each in findings_in(scene.in_review, local_day(scene.now))],
    }


def _decision(_scene: Scene) -> dict[str, Any]:
    return {
        "name": "Kochen",
        "explanation": "Mit Kindern kochen.",
        "contact_with_minors": "on",
        "clearance_required": "on",
        "minimum_age": "16",
        "training": "none",
        "reasons": "Regelmäßig.",
        "source": "Beschluss, 2026",
        **{each.value: "0" for each in Criterion},
    }


def _read(scene: Scene) -> dict[str, Any]:
    draft = draft_of(scene.activity)
    assert draft is not None
    return {"read": mark_of(draft)}


def _commitment(_scene: Scene, _who: Who) -> list[Any]:
    return ["selbstverpflichtung"]


def _read_text(_scene: Scene) -> dict[str, Any]:
    draft = declaration_draft(DeclarationKind.SELF_COMMITMENT)
    assert draft is not None
    return {"read": mark_of_declaration(draft)}


def _credit(scene: Scene) -> dict[str, Any]:
    return {
        "provider": scene.provider.pk,
        "booked_on": str(local_day(scene.now)),
        "amount": "10,00",
        "occurrence": "1",
    }


def _gift_answers(scene: Scene) -> dict[str, Any]:
    return {
        "method": "transfer",
        "email": GIVER,
        "visit": str(uuid4()),
        "text_version": scene.fund.text_version,
    }


def _what_gift(scene: Scene) -> dict[str, Any]:
    return {**WHAT, "zweck": scene.fund.slug}


def _email(_scene: Scene) -> dict[str, Any]:
    return {"email": "maria@example.org"}


ANYBODY = frozenset(Who)

PAGES = {
    "home": public_page(),
    "standing": public_page(),
    "imprint": public_page(),
    "robots": public_page(),
    "security": public_page(),
    "sitemap": public_page(),
    "manifest": public_page(),
    "privacy": public_page(),
    "accessibility": public_page(),
    "easy_language": public_page(),
    "contact": Door(
        everybody(200),
        everybody(200),
        ANYBODY,
        answers=lambda _scene: {"topic": "frage", "text": "Wo finde ich Sie?"},
    ),
    "healthz": public_page(),
    "readyz": Door(everybody(503), everybody(405)),
    "metrics": public_page(),
}

API = {
    "api-schema": public_page(),
    "api-v1-docs": public_page(),
    "api-v1-openapi": public_page(),
    "api-v1-participation": public_page(),
    "api-v1-task-list": public_page(),
    "api-v1-task-detail": public_page(args=_slug("published")),
    "api-v1-date-list": public_page(),
    "api-v1-programme-list": public_page(),
    "api-v1-programme-detail": public_page(args=_slug("program")),
    "api-v1-provider-list": public_page(),
    "api-v1-provider-detail": public_page(args=_slug("provider")),
    "api-v1-purpose-list": public_page(),
    "api-v1-purpose-detail": public_page(args=_slug("fund")),
    "api-v1-district-list": public_page(),
    "api-v1-district-detail": public_page(args=_slug("district")),
    "api-v1-own-openapi": public_page(),
    "api-v1-own-activities": keyed(),
    "api-v1-own-tasks": keyed(),
    "api-v1-own-task": keyed("published"),
    "api-v1-own-dates": keyed("published"),
    "api-v1-own-closures": keyed("published"),
    "api-v1-own-closure": Door(everybody(401), everybody(401), args=_pk("published", 1)),
    "api-v1-not-there": Door(everybody(404), everybody(404), args=lambda _scene, _who: ["gibt-es-nicht"]),
    "api-opportunity-list": public_page(),
    "api-opportunity-detail": public_page(args=_slug("published")),
    "api-fund-list": public_page(),
    "api-fund-detail": public_page(args=_slug("fund")),
    "api-district-list": public_page(),
    "api-district-detail": public_page(args=_slug("district")),
}

PROGRAMS = {
    "opportunities": public_page(),
    "opportunity": public_page(args=_slug("published")),
    "tasks_rss": public_page(),
    "tasks_csv": public_page(),
    "hsds": public_page(),
    "hsds_services": public_page(),
    "hsds_service": public_page(args=lambda scene, _who: [service_id(scene.program, outside)]),
    "dates_ics": public_page(),
    "task_json_ld": public_page(args=_slug("published")),
    "embedding": public_page(),
    "embedded_tasks": public_page(),
    "child_in_danger": public_page(),
    "directory": public_page(),
    "program": public_page(args=_slug("program")),
    "providers": public_page(),
    "provider": public_page(args=_slug("provider")),
    "notice": Door(
        everybody(200),
        everybody(200),
        ANYBODY,
        args=lambda scene, _who: ["task", scene.published.pk],
        answers=lambda _scene: {"ground": "wrong", "text": "Die Uhrzeit stimmt nicht."},
    ),
    "coordination_notices": coordinators_list(WHOLE_CITY),
    "coordination_notice": Door(
        staff(200, WHOLE_CITY),
        staff(302, WHOLE_CITY),
        frozenset(WHOLE_CITY),
        args=_pk("notice"),
        answers=lambda _scene: {"outcome": "stays", "reasons": "Die Uhrzeit ist richtig."},
    ),
    "coordination_activities": coordinators_list(OFFICE),
    "coordination_activity": coordinators_list(OFFICE, args=_pk("activity")),
    "coordination_activity_new": _decided_by_office(answers=_decision),
    "coordination_activity_edit": _decided_by_office(args=_pk("activity"), answers=_decision),
    "coordination_activity_question": _decided_by_office(
        args=_pk("question"),
        answers=lambda scene: {
            "answer": "Bitte beschreiben Sie es genauer.",
            "read": mark_of_asked(scene.question.opportunity),
        },
    ),
    "coordination_activity_release": Door(
        staff(405, OFFICE), staff(302, OFFICE), frozenset(OFFICE), args=_pk("activity"), answers=_read
    ),
    "coordination_activity_discard": Door(
        staff(405, {Who.YOUTH_OFFICER}),
        staff(302, {Who.YOUTH_OFFICER}),
        frozenset({Who.YOUTH_OFFICER}),
        args=_pk("activity"),
    ),
    "coordination_takedown_find": Door(
        staff(200, {Who.YOUTH_OFFICER}),
        staff(302, {Who.YOUTH_OFFICER}),
        answers=lambda scene: {"address": scene.published.get_absolute_url()},
    ),
    "coordination_takedown": _decided_by_office(args=lambda scene, _who: ["task", scene.published.pk]),
    "coordination_declaration": coordinators_list(OFFICE, args=_commitment),
    "coordination_declaration_edit": _decided_by_office(
        args=_commitment, answers=lambda _scene: {"text": "Ich achte jedes Kind.", "source": "2027"}
    ),
    "coordination_declaration_release": Door(
        staff(405, OFFICE), staff(302, OFFICE), frozenset(OFFICE), args=_commitment, answers=_read_text
    ),
    "coordination_declaration_discard": Door(
        staff(405, {Who.YOUTH_OFFICER}),
        staff(302, {Who.YOUTH_OFFICER}),
        frozenset({Who.YOUTH_OFFICER}),
        args=_commitment,
    ),
    "coordination_providers": coordinators_list(WHOLE_CITY),
    "coordination_staff": coordinators_list(STAFFERS),
    "coordination_staff_file": coordinators_list(STAFFERS, args=_as_csv),
    "coordination_audit": coordinators_list(WHOLE_CITY),
    "coordination_audit_file": coordinators_list(WHOLE_CITY, args=_as_csv),
    "coordination_invitation_new": Door(
        staff(200, STAFFERS), staff(303, STAFFERS), frozenset(STAFFERS), answers=_invitation
    ),
    "coordination_invitation_step": Door(
        staff(405, STAFFERS), staff(303, STAFFERS), frozenset(STAFFERS), args=_pk("invitation", "senden")
    ),
    "coordination_staff_member": Door(
        staff(200, STAFFERS),
        staff(303, STAFFERS),
        frozenset(STAFFERS),
        args=_pk("held"),
        answers=lambda _scene: {"end_role": "1"},
    ),
    "coordination_api_tokens": Door(
        staff(200, STAFFERS),
        staff(200, STAFFERS),
        frozenset(STAFFERS),
        answers=lambda scene: {
            "provider": scene.provider.pk,
            "label": "Dienstplan",
            "scopes": ["tasks:read"],
        },
    ),
    "coordination_api_token_revoke": Door(
        staff(405, STAFFERS), staff(303, STAFFERS), frozenset(STAFFERS), args=_pk("api_token")
    ),
    "coordination_webhooks": Door(
        staff(200, STAFFERS),
        staff(200, STAFFERS),
        frozenset(STAFFERS),
        answers=lambda scene: {"provider": scene.provider.pk, "url": "https://dienstplan.example/neu"},
    ),
    "coordination_webhook": Door(staff(200, STAFFERS), staff(405, STAFFERS), args=_pk("webhook")),
    "coordination_webhook_end": Door(
        staff(405, STAFFERS), staff(303, STAFFERS), frozenset(STAFFERS), args=_pk("webhook")
    ),
    "coordination_webhook_take_over": Door(staff(405, STAFFERS), staff(303, STAFFERS), args=_pk("webhook")),
    "coordination_webhook_replay": Door(
        staff(405, STAFFERS),
        staff(303, STAFFERS),
        frozenset(STAFFERS),
        args=lambda scene, _who: [scene.webhook.pk, scene.told.pk],
    ),
    "coordination_imports": coordinators_list(),
    "coordination_import_new": Door(
        staff(200, COORDINATORS), staff(422, COORDINATORS), args=lambda _scene, _who: ["aufgaben"]
    ),
    "coordination_import": coordinated("file"),
    "coordination_import_step": decided("file", "verwerfen"),
    "staff_invitation": Door(everybody(200), everybody(422), args=_invited),
    "coordination_weights": Door(staff(200, WHOLE_CITY), staff(422, WHOLE_CITY)),
    "coordination_provider_stop": Door(
        staff(200, WHOLE_CITY),
        staff(302, WHOLE_CITY),
        frozenset(WHOLE_CITY),
        args=_pk("provider"),
        answers=lambda _scene: {"reasons": "Das Schutzkonzept fehlt."},
    ),
    "coordination_concept_reviewed": Door(
        staff(200, WHOLE_CITY),
        staff(303, WHOLE_CITY),
        frozenset(WHOLE_CITY),
        args=_pk("provider"),
        answers=lambda scene: {
            "review_on": local_day(scene.now) + timedelta(days=700),
            "before": scene.provider.protection_concept_review_on,
        },
    ),
    "coordination_mail_again": _operators_act(args=lambda _scene, _who: [0]),
    "coordination_mail_arrived": _operators_act(args=lambda _scene, _who: [0]),
    "coordination_concept_undo": _office_act(args=_pk("provider")),
    "coordination_opportunities": coordinators_list(),
    "coordination_opportunities_file": coordinators_list(args=_as_csv),
    "coordination_opportunity_new": Door(
        staff(200, COORDINATORS),
        staff(302, COORDINATORS, foreign={Who.FOREIGN_COORDINATOR: 422}),
        OWN_COORDINATORS,
        answers=_task,
    ),
    "coordination_opportunity": coordinated("published"),
    "coordination_opportunity_edit": Door(
        staff(200, COORDINATORS, foreign=NOT_THEIRS),
        staff(302, COORDINATORS, foreign=NOT_THEIRS),
        OWN_COORDINATORS,
        args=_pk("published"),
        answers=_task,
    ),
    "coordination_poster": coordinated("published"),
    "coordination_role_new": Door(
        staff(200, COORDINATORS, foreign=NOT_THEIRS),
        staff(302, COORDINATORS, foreign=NOT_THEIRS),
        OWN_COORDINATORS,
        args=_pk("published"),
        answers=_role,
    ),
    "coordination_role_edit": Door(
        staff(200, COORDINATORS, foreign=NOT_THEIRS),
        staff(302, COORDINATORS, foreign=NOT_THEIRS),
        OWN_COORDINATORS,
        args=_pk("spare_role"),
        answers=_role,
    ),
    "coordination_role_remove": decided("spare_role", status=302),
    "coordination_opportunity_release": decided("in_review", status=302, answers=_release),
    "coordination_text": coordinated("text"),
    "coordination_text_release": decided(
        "text", status=302, answers=lambda scene: {"text_read": mark_of_texts(scene.text)}
    ),
    "coordination_text_discard": decided("text", status=302),
    "coordination_prolong_undo": Door(
        staff(405, COORDINATORS),
        staff(302, COORDINATORS, foreign=NOT_THEIRS),
        args=_pk("published"),
    ),  # the scene's tasks came in no file: the tests of "Heute" take it back
    "coordination_opportunity_step": decided("published", "pausieren", status=302),
    "coordination_closure_new": decided(
        "published", status=302, answers=lambda scene: {"from_on": _in_a_week(scene), "reason": "illness"}
    ),
    "coordination_closure_undo": decided("closure", status=302),
}

PLEDGING = {
    "pledge_time": public_page(),
    "pledge_time_task": Door(everybody(303), everybody(405), query=_wishes),
    "pledge_time_when": public_page(query=_wishes),
    "pledge_time_who": Door(
        everybody(200), everybody(303), ANYBODY, query=_wishes, answers=lambda _scene: who_answers()
    ),
    "pledge_sent": public_page(),
    "pledge_time_for": Door(everybody(303), everybody(405), args=_slug("published")),
    "my_pledges": Door(everybody(303), everybody(405)),
}

MAILBOX = {
    "my_page_link": Door(everybody(200), everybody(303), ANYBODY, answers=_email),
    "my_page_link_sent": public_page(),
    "my_page_step_sent": public_page(),
    "my_page_erased": public_page(),
    "my_address_sent": public_page(),
    "my_address_waits": public_page(),
    "my_address_moved": public_page(),
    "my_address_kept": public_page(),
}

LINKS = {
    "my_page": Door(link(200, other_citizen=200), everybody(405), args=_token("my_page")),
    "my_settings": own_page(other=(200, 303), answers=lambda _scene: {"wanted": ["termine"]}),
    "my_links": own_page(other=(200, 303)),
    "my_data": Door(link(200, other_citizen=200), everybody(405), args=_token("my_page")),
    "my_data_file": Door(link(200, other_citizen=200), everybody(405), args=_token("my_page")),
    "my_page_erase": own_page(other=(200, 303)),
    "my_page_erase_step": own_page(kind="erase"),
    "my_address": own_page(other=(200, 303), answers=lambda _scene: {"email": "maria.neu@example.org"}),
    "my_address_confirm": own_page(kind="new_address"),
    "my_address_stop": own_page(kind="old_address"),
    "my_page_ask": Door(everybody(405), link(303), OF_CITIZEN, args=_token("ask")),
    "unsubscribe": Door(link(200), link(200), OF_CITIZEN, args=_unsubscribing),
    "unsubscribe_undo": Door(everybody(405), link(303), OF_CITIZEN, args=_unsubscribing),
    "pledge_confirm_again": Door(everybody(405), link(303), OF_CITIZEN, args=_token("confirm")),
    "pledge_confirm": own_page(kind="confirm"),
    "offer_answer": own_page(kind="offer", answers=lambda _scene: {"answer": "accept"}),
    "stand_in_answer": own_page(kind="stand_in", answers=lambda _scene: {"answer": "accept"}),
    "placement_calendar": Door(link(200), everybody(405), args=_token("calendar")),
    "person_calendar": Door(link(200), everybody(405), args=_token("feed")),
    "placement_steps": own_page(
        kind="steps", answers=lambda _scene: {"email": "eltern@example.org", "born_in": "2010-05"}
    ),
    "commitment_sign": Door(
        everybody(405),
        link(303),
        OF_CITIZEN,
        args=_token("steps"),
        answers=lambda scene: {"version": scene.commitment.pk, "agreed": "on"},
    ),
    "guardian": own_page(
        kind="guardian",
        answers=lambda scene: {"version": scene.consent_text.pk, "name": "Eva Muster", "agreed": "on"},
    ),
    "guardian_withdraw": Door(everybody(405), link(303), OF_CITIZEN, args=_token("guardian")),
    "placement_letter": Door(link(200), everybody(405), args=_token("letter")),
    "placement_letter_pdf": Door(link(200), everybody(405), args=_token("letter")),
    "my_pledges_with": Door(link(303, other_citizen=303), everybody(405), args=_token("my_pledges")),
    "my_person": own_page("person", answers=lambda _scene: {"first_name": "Mia", "is_adult": "adult"}),
    "pledge_withdraw_step": own_page(kind="withdraw"),
    "placement_leave_step": own_page(kind="leave"),
    "pledge_change": own_page("pledge", answers=_wishes),
    "pledge_pause": own_page("pledge", answers=lambda scene: {"until": _in_a_week(scene)}),
    "pledge_resume": Door(everybody(405), link(303), OF_CITIZEN, args=_token("my_page", "paused")),
    "pledge_withdraw": own_page("pledge"),
    "pledge_absence": own_page(
        "pledge", answers=lambda scene: {"from_on": _in_a_week(scene), "until_on": _in_a_week(scene)}
    ),
    "date_skip": Door(everybody(405), link(303), OF_CITIZEN, args=_token("my_page", "coming")),
    "date_come": Door(everybody(405), link(303), args=_token("my_page", "coming")),
    "placement_leave": own_page("active"),
    "placement_heads": Door(
        everybody(405), link(303), args=_token("my_page", "active"), answers=lambda _scene: {"heads": "3"}
    ),  # the scene's person comes alone and changes nothing
    "placement_stay": Door(everybody(405), link(303), OF_CITIZEN, args=_token("my_page", "active")),
    "pledge_absence_delete": Door(
        everybody(405), link(303), OF_CITIZEN, args=_token("my_page", "pledge", "absence")
    ),
}


def _message(args: Callable[[Scene, Who], list[Any]]) -> Door:
    """A letter to the people of a task, sent after it was shown."""
    get = staff(200, COORDINATORS, foreign=NOT_THEIRS)
    sent = staff(303, COORDINATORS, foreign=NOT_THEIRS)
    return Door(
        get,
        sent,
        OWN_COORDINATORS,
        args=args,
        answers=lambda _scene: {"text": "Bitte warm anziehen.", "submission": uuid4(), "send": "1"},
    )


def _together(
    key: Callable[[Scene], int],
    *,
    who: set[Who] = COORDINATORS,
    args: Callable[[Scene, Who], list[Any]] = lambda _scene, _who: [],
    **typed: str,
) -> Door:
    """An act for ticked rows, confirmed; of those who may do it only who reaches the row changes anything."""
    return Door(
        staff(405, who),
        staff(303, who),
        OWN_COORDINATORS & who,
        args=args,
        answers=lambda scene: {
            "chosen": [key(scene)],
            "sure": "1",
            "submission": "3f0b6b3e-6f43-4d55-9d0b-6d6c28b0a7a1",
            **typed,
        },
    )


def _read_together(scene: Scene) -> dict[str, Any]:
    this = f"text-{scene.text.pk}"
    ticked = {f"{this}-text_read": mark_of_texts(scene.text), f"{this}-is_read": "on"}
    return {"chosen": [scene.text.pk], "sure": "1", **ticked}


COORDINATION = {
    "coordination": Door(staff(200, ALL_ROLES), staff(405, SIGNED_IN)),
    "coordination_dashboard": Door(staff(200, COORDINATORS), staff(405, SIGNED_IN)),
    "coordination_night_watch": Door(staff(200, WHOLE_CITY), staff(405, SIGNED_IN)),
    "list_view_keep": Door(
        staff(405, SIGNED_IN),
        staff(303, SIGNED_IN),
        frozenset(SIGNED_IN),
        answers=lambda _scene: {"path": "/koordination/zusagen/", "query": "status=open", "name": "Neu"},
    ),
    "list_view_drop": Door(
        staff(405, SIGNED_IN),
        staff(404, SIGNED_IN, foreign={Who.COORDINATOR: 303}),
        frozenset({Who.COORDINATOR}),
        args=_pk("view"),
    ),
    "coordination_reports": Door(staff(200, WHOLE_CITY), staff(422, WHOLE_CITY)),
    "coordination_report": Door(staff(200, WHOLE_CITY), staff(405, SIGNED_IN), args=_pk("report")),
    "coordination_report_behind": Door(
        staff(200, WHOLE_CITY),
        staff(405, SIGNED_IN),
        args=lambda scene, _who: [scene.report.pk, "placed", scene.active.opportunity.district.slug],
    ),
    "coordination_report_file": Door(
        staff(200, WHOLE_CITY), staff(405, SIGNED_IN), args=_pk("report", "csv")
    ),
    "coordination_offers": coordinators_list(),
    "coordination_offers_file": coordinators_list(args=_as_csv),
    "coordination_offer_withdraw": decided("offer"),
    "coordination_offers_withdraw": Door(
        staff(405, COORDINATORS),
        staff(303, COORDINATORS),
        OWN_COORDINATORS,
        answers=lambda scene: {"chosen": [scene.offer.pk], "sure": "1"},
    ),
    "coordination_pledges": coordinators_list(),
    "coordination_pledge_take": Door(
        staff(200, COORDINATORS),
        staff(303, COORDINATORS),
        frozenset(COORDINATORS),
        answers=lambda _scene: taken_answers(),
    ),
    "coordination_place": Door(
        staff(405, WHOLE_CITY),
        staff(303, WHOLE_CITY),
        args=_pk("pledge"),
        answers=lambda scene: {"role": role_of(scene.published).pk, "came_by": "phone"},
    ),  # the scene's person is away and changes nothing
    "coordination_offer_answered": Door(
        staff(405, WHOLE_CITY),
        staff(303, WHOLE_CITY),
        frozenset(WHOLE_CITY),
        args=_pk("offer"),
        answers=lambda _scene: {"answer": "decline", "came_by": "phone"},
    ),
    "coordination_letters": coordinators_list(WHOLE_CITY),
    "coordination_absences": Door(staff(200, ALL_ROLES), staff(422, ALL_ROLES)),
    "coordination_absence_delete": Door(
        staff(405, SIGNED_IN), staff(404, SIGNED_IN), args=lambda _scene, _who: [1]
    ),
    "coordination_letters_file": coordinators_list(WHOLE_CITY, args=_as_csv),
    "coordination_letters_print": _office_act(answers=lambda _scene: {"chosen": "1"}),
    "coordination_letters_undo": _office_act(
        changes=frozenset(WHOLE_CITY), answers=lambda _scene: {"chosen": "1"}
    ),  # it asks for letters to move and finds none
    "coordination_call_undo": Door(
        staff(405, WHOLE_CITY), staff(404, WHOLE_CITY), args=lambda _scene, _who: [1]
    ),  # nobody of the scene has just noted a call
    "coordination_note_undo": Door(
        staff(405, COORDINATORS), staff(404, COORDINATORS), args=lambda _scene, _who: [1]
    ),  # nor made a note
    "coordination_letters_posted": _office_act(answers=lambda _scene: {"chosen": "1"}),
    "coordination_pledges_file": coordinators_list(args=_as_csv),
    "coordination_call": Door(
        staff(200, WHOLE_CITY),
        staff(303, WHOLE_CITY),
        frozenset(WHOLE_CITY),
        args=_pk("pledge"),
        answers=lambda _scene: {"outcome": "reached", "after": "0"},
    ),
    "coordination_ask": Door(
        staff(405, WHOLE_CITY),
        staff(303, WHOLE_CITY),
        args=_pk("pledge"),
        answers=lambda scene: {"role": role_of(scene.published).pk},
    ),  # the scene's person is away and changes nothing
    "coordination_person": Door(
        staff(200, COORDINATORS, foreign=NOT_THEIRS),
        staff(303, COORDINATORS, foreign=NOT_THEIRS),
        OWN_COORDINATORS,
        args=_pk("person"),
        answers=lambda _scene: {"text": "Kommt gern am Abend."},
    ),
    "coordination_person_merge": Door(
        staff(404, WHOLE_CITY), staff(303, WHOLE_CITY), args=lambda scene, _who: [scene.person.pk] * 2
    ),  # nobody is their own double
    "coordination_person_part": Door(
        staff(405, WHOLE_CITY), staff(404, WHOLE_CITY), args=lambda _scene, _who: [1]
    ),
    "coordination_task_people": coordinators_list(WHOLE_CITY, args=_pk("published")),
    "coordination_message": _message(lambda scene, _who: [scene.active.opportunity_id]),
    "coordination_date_message": _message(
        lambda scene, _who: [scene.active.opportunity_id, scene.coming.shift_id]
    ),
    "coordination_date_move": Door(
        staff(200, COORDINATORS, foreign=NOT_THEIRS),
        staff(303, COORDINATORS, foreign=NOT_THEIRS),
        OWN_COORDINATORS,
        args=lambda scene, _who: [scene.active.opportunity_id, scene.coming.shift_id],
        answers=lambda scene: {
            "day": _in_a_week(scene),
            "begin": "06:00",
            "end": "07:00",
            "sure": "1",
        },
    ),
    "coordination_gap_accept": Door(
        staff(405, COORDINATORS),
        staff(303, COORDINATORS, foreign=NOT_THEIRS),
        args=lambda scene, _who: [scene.active.opportunity_id, scene.coming.shift_id],
    ),  # whether it is lacking anybody the scene leaves open: the tests of "Heute" accept
    "coordination_gap_undo": Door(
        staff(405, COORDINATORS),
        staff(303, COORDINATORS, foreign=NOT_THEIRS),
        OWN_COORDINATORS,
        args=lambda scene, _who: [scene.active.opportunity_id, scene.coming.shift_id],
    ),  # it asks for what was just accepted to delete and finds none
    "coordination_roster": coordinators_list(),
    "coordination_texts": coordinators_list(),
    "coordination_texts_file": coordinators_list(args=_as_csv),
    "coordination_texts_read": Door(
        staff(405, COORDINATORS), staff(303, COORDINATORS), OWN_COORDINATORS, answers=_read_together
    ),
    "coordination_people": coordinators_list(),
    "coordination_people_file": coordinators_list(args=_as_csv),
    "coordination_dates": coordinators_list(),
    "coordination_dates_file": coordinators_list(args=_as_csv),
    "coordination_placements": coordinators_list(),
    "coordination_placements_file": coordinators_list(args=_as_csv),
    "coordination_dates_cancel": Door(
        staff(405, COORDINATORS),
        staff(303, COORDINATORS),
        OWN_COORDINATORS,
        answers=lambda scene: {"chosen": [scene.coming.shift_id], "sure": "1", "reason": "illness"},
    ),
    "coordination_placements_remind": Door(
        staff(405, WHOLE_CITY),
        staff(303, WHOLE_CITY),
        frozenset(WHOLE_CITY),
        answers=lambda scene: {"chosen": [scene.to_confirm.pk], "sure": "1"},
    ),
    "coordination_placements_confirm": _together(lambda scene: scene.to_confirm.pk),
    "coordination_placements_stop": _together(lambda scene: scene.active.pk, reason="on_request"),
    "coordination_placements_message": _together(lambda scene: scene.active.pk, text="Bitte warm anziehen."),
    "coordination_people_message": _together(
        lambda scene: scene.active.volunteer_id, text="Bitte warm anziehen."
    ),
    "coordination_people_note": _together(lambda scene: scene.active.volunteer_id, text="Kommt gern."),
    "coordination_pledges_call": _together(
        lambda scene: scene.pledge.pk, who=WHOLE_CITY, outcome="reached", after="0"
    ),
    "coordination_opportunities_step": _together(
        lambda scene: scene.published.pk, args=lambda _scene, _who: ["pausieren"]
    ),
    "coordination_placement": coordinated("active"),
    "coordination_placement_confirm": decided("to_confirm"),
    "coordination_placement_heads": Door(
        staff(405, COORDINATORS),
        staff(303, COORDINATORS, foreign=NOT_THEIRS),
        args=_pk("active"),
        answers=lambda _scene: {"heads": "3"},
    ),  # the scene's person comes alone and changes nothing
    "coordination_placement_stop": decided("active", answers=lambda _scene: {"reason": "on_request"}),
    "coordination_attendance": decided("assignment", answers=lambda _scene: {"outcome": "attended"}),
    "coordination_clearances": coordinators_list(OFFICERS),
    "coordination_clearance": Door(
        staff(200, OFFICERS, foreign={Who.YOUTH_OFFICER: 404}),
        staff(303, OFFICERS, foreign={Who.YOUTH_OFFICER: 404}),
        frozenset({Who.OFFICER}),
        args=_pk("to_inspect"),
        answers=lambda scene: {"certificate_on": str(local_day(scene.now))},
    ),
    "coordination_clearance_refuse": Door(
        staff(405, OFFICERS),
        staff(303, OFFICERS, foreign={Who.YOUTH_OFFICER: 404}),
        frozenset({Who.OFFICER}),
        args=_pk("to_inspect"),
    ),
    "coordination_silences": coordinators_list({Who.YOUTH_OFFICER}),
    "coordination_ask_again": Door(
        staff(405, {Who.YOUTH_OFFICER}),
        staff(303, {Who.YOUTH_OFFICER}),
        frozenset({Who.YOUTH_OFFICER}),
        args=lambda scene, _who: [scene.consent.placement.volunteer_id],
    ),
    "coordination_consent": Door(
        staff(200, OFFICERS, foreign={Who.YOUTH_OFFICER: 404}),
        staff(303, OFFICERS, foreign={Who.YOUTH_OFFICER: 404}),
        frozenset({Who.OFFICER}),
        args=_pk("to_sign"),
        answers=lambda scene: {
            "act": "ask",
            "name": "Eva Beispiel",
            "street": "Weg 1",
            "postcode": "52349",
            "town": "Düren",
            "born_in": f"{local_day(scene.now).year - 17}-01",
        },
    ),
    "coordination_measles": Door(
        staff(405, OFFICERS),
        staff(303, OFFICERS, foreign={Who.YOUTH_OFFICER: 404}),
        frozenset({Who.OFFICER}),
        args=_pk("to_sign"),
    ),
}

GIVING = {
    "donate": public_page(),
    "donate_details": Door(everybody(200), everybody(303), ANYBODY, query=_what_gift, answers=_gift_answers),
    "donate_transfer": public_page(args=_gift),
    "donate_turn": Door(everybody(404), everybody(404), args=_gift),
    "donate_thanks": public_page(args=_gift),
    "funds": public_page(),
    "fund": public_page(args=_slug("fund")),
    "my_gifts_link": Door(everybody(303), everybody(405)),
    "my_gifts": Door(link(303, other_citizen=303), everybody(405), args=_token("my_gifts")),
    "my_gifts_end": Door(
        link(200), link(503), args=_token("giver", "monthly")
    ),  # without Stripe nothing can be ended, and the page says so
    "my_gifts_end_step": Door(link(200), link(503), args=_token("end_monthly")),
    "my_gifts_change": Door(
        link(200), link(503), args=_token("giver", "monthly"), answers=lambda _scene: {"was": "weiter"}
    ),
    "my_gifts_change_step": Door(
        link(200), link(503), args=_token("change_monthly"), answers=lambda _scene: {"was": "weiter"}
    ),
    "my_gifts_unnamed": Door(everybody(405), link(303, other_citizen=303), args=_token("giver")),
    "monthly_mend": Door(link(200), link(422), args=_token("mend_monthly")),
    "stripe_webhook": Door(everybody(405), everybody(404)),
    "stripe_webhook_of": Door(everybody(405), everybody(404), args=lambda _scene, _who: ["verein"]),
    "delivery_report": Door(everybody(405), everybody(404)),  # without a secret there is none
}

NOT_OF_TREASURERS = dict.fromkeys(SIGNED_IN - TREASURERS, 404)
NOT_OF_THIS_TREASURER = {**NOT_OF_TREASURERS, Who.FOREIGN_TREASURER: 404}
OWN_TREASURERS = frozenset({Who.TREASURER, Who.OPERATOR})


def _money_together() -> Door:
    """An act for ticked gifts or lines: the scene has none that fits; their own tests have."""
    return Door(
        staff(405, SIGNED_IN), staff(303, TREASURERS), answers=lambda _scene: {"reason": "Test", "sure": "1"}
    )


TREASURY = {
    "coordination_donations": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_donations_file": Door(staff(200, TREASURERS), staff(405, SIGNED_IN), args=_as_csv),
    "coordination_acceptances": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_acceptances_file": Door(staff(200, TREASURERS), staff(405, SIGNED_IN), args=_as_csv),
    "coordination_named": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_named_file": Door(staff(200, TREASURERS), staff(405, SIGNED_IN), args=_as_csv),
    "coordination_acceptance_year": Door(
        staff(200, TREASURERS), staff(405, SIGNED_IN), args=lambda _scene, _who: [utc_now().year, "csv"]
    ),
    "coordination_recurring": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_recurring_file": Door(staff(200, TREASURERS), staff(405, SIGNED_IN), args=_as_csv),
    "coordination_lines": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_lines_file": Door(staff(200, TREASURERS), staff(405, SIGNED_IN), args=_as_csv),
    "coordination_credit_new": Door(
        staff(200, TREASURERS),
        staff(303, TREASURERS, foreign={Who.FOREIGN_TREASURER: 422}),
        OWN_TREASURERS,
        answers=_credit,
    ),
    "coordination_statement_new": Door(staff(200, TREASURERS), staff(422, TREASURERS)),
    "coordination_statement": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER), staff(405, SIGNED_IN), args=_pk("statement")
    ),
    "coordination_credit": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        OWN_TREASURERS,
        args=_pk("bank_line"),
        answers=lambda scene: {"donation": scene.donation.pk, "amount": "25"},
    ),
    "coordination_credit_cash": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("bank_line"),
    ),
    "coordination_bank_fee_new": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("bank_line"),
    ),
    "coordination_sent_new": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("bank_line"),
    ),
    "coordination_cash": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_cash_new": Door(staff(200, TREASURERS), staff(422, TREASURERS)),
    "coordination_cash_count": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        OWN_TREASURERS,
        args=_pk("cash"),
        answers=lambda _scene: {"amount": "5"},
    ),
    "coordination_cash_drop": Door(
        staff(405, SIGNED_IN),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        OWN_TREASURERS,
        args=_pk("cash"),
    ),
    "coordination_cash_undo": Door(
        staff(405, SIGNED_IN),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        OWN_TREASURERS,
        args=_pk("cash_here"),
        answers=lambda _scene: {"reason": "verzählt"},
    ),
    "coordination_lines_assign": Door(
        staff(405, SIGNED_IN),
        staff(303, TREASURERS),
        answers=lambda scene: {"chosen": [scene.bank_line.pk], "sure": "1"},
    ),
    "coordination_lines_fee": _money_together(),
    "coordination_donations_reallocate": _money_together(),
    "coordination_donations_refund": _money_together(),
    "coordination_books": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_payout_new": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("fund"),
    ),
    "coordination_cover_new": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("fund"),
    ),
    "coordination_refund_new": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("to_accept"),
    ),
    "coordination_correction_new": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("bank_line"),
    ),
    "coordination_proposal": Door(
        staff(405, SIGNED_IN),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        OWN_TREASURERS,
        args=_pk("proposal"),
        answers=lambda _scene: {"entscheidung": "ablehnen"},
    ),
    "coordination_credit_gift": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("bank_line"),
    ),
    "coordination_reallocation_new": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("to_accept"),
    ),
    "coordination_account_new": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=lambda scene, _who: [scene.fund.provider_id],
    ),
    "coordination_donation_accept": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(422, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_pk("to_accept"),
    ),
}


def of_receipt(state: str) -> Callable[[Scene, Who], list[Any]]:
    return lambda scene, _who: [getattr(scene.receipts, state).pk]


def read_by_treasurer(args: Callable[[Scene, Who], list[Any]]) -> Door:
    """A page of one row of a body: its treasurers see it, for everybody else it does not exist."""
    return Door(staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER), staff(405, SIGNED_IN), args=args)


def decided_by_treasurer(args: Callable[[Scene, Who], list[Any]], **more: Any) -> Door:
    """An act on one row of a body."""
    sent = staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER)
    return Door(staff(405, SIGNED_IN), sent, OWN_TREASURERS, args=args, **more)


def _register(scene: Scene) -> dict[str, Any]:
    return {"checked_on": "2024-11-04", "found": "entry", "iban": scene.provider.iban}


def _issuer(scene: Scene) -> dict[str, Any]:
    return {
        "kind": "jpoer",
        "name": "Haus der Familie",
        "street": "Weg 1",
        "postcode": "52349",
        "town": "Düren",
        "code": "HF",
        "purposes": ["52-4"],
        "signatory": "Vera Muster",
        f"fund_{scene.fund.pk}": "52-4",
    }


def _giver(_scene: Scene) -> dict[str, Any]:
    return {"name": "Ada Neu", "street": "Weg 2", "postcode": "52349", "town": "Düren"}


def _template(scene: Scene, _who: Who) -> list[Any]:
    return [scene.provider.pk, templates_of("jpoer", local_day(scene.now))[0].digest]


RECEIPTS = {
    "my_receipt_pdf": Door(
        link(200),
        everybody(405),
        args=lambda scene, who: [scene.link("giver", who), scene.receipts.issued.pk],
    ),
    "my_receipt_address": Door(
        link(200),
        link(303),
        OF_CITIZEN,
        args=lambda scene, who: [scene.link("giver", who), scene.receipts.wish.pk],
        answers=_giver,
    ),
    "my_receipt_address_step": Door(
        link(200), link(303), OF_CITIZEN, args=_token("correct_address"), answers=_giver
    ),
    "donate_slip": Door(everybody(404), everybody(405), args=_gift),
    "coordination_receipts": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_receipts_csv": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_receipt": read_by_treasurer(of_receipt("issued")),
    "coordination_receipt_pdf": read_by_treasurer(of_receipt("issued")),
    "coordination_receipt_letter": read_by_treasurer(of_receipt("withdrawn")),
    "coordination_receipt_sign": decided_by_treasurer(of_receipt("draft")),
    "coordination_receipt_withdraw": decided_by_treasurer(of_receipt("issued")),
    "coordination_receipt_told": decided_by_treasurer(of_receipt("withdrawn")),
    "coordination_wishes": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_wish": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        OWN_TREASURERS,
        args=of_receipt("wish"),
        answers=_giver,
    ),
    "coordination_wish_issue": decided_by_treasurer(of_receipt("wish")),
    "coordination_wish_payer": decided_by_treasurer(
        of_receipt("paid_otherwise"), answers=lambda _scene: {"verdict": "joint", "reason": "Nachgefragt"}
    ),
    "coordination_wish_refuse": decided_by_treasurer(
        of_receipt("wish"), answers=lambda _scene: {"why": "name"}
    ),
    "coordination_issuers": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_issuer_edit": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        OWN_TREASURERS,
        args=_pk("provider"),
        answers=_issuer,
    ),
    "coordination_issuer_confirm": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        OWN_TREASURERS,
        args=of_receipt("proposal"),
        answers=lambda _scene: {"confirm": "1"},
    ),
    "coordination_register_check": Door(
        staff(200, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        OWN_TREASURERS,
        args=_pk("provider"),
        answers=_register,
    ),
    "coordination_contributions": Door(staff(200, TREASURERS), staff(405, SIGNED_IN)),
    "coordination_contribution_new": Door(
        staff(200, TREASURERS), staff(422, TREASURERS), args=lambda _scene, _who: ["sachspende"]
    ),
    "coordination_contribution": read_by_treasurer(of_receipt("contribution")),
    "coordination_contribution_decide": decided_by_treasurer(
        of_receipt("contribution"), answers=lambda _scene: {"confirm": "1"}
    ),
    "coordination_contribution_issue": decided_by_treasurer(of_receipt("confirmed")),
    "coordination_contribution_undo": decided_by_treasurer(
        of_receipt("confirmed"), answers=lambda _scene: {"reason": "zurückgegeben"}
    ),
    "coordination_templates": read_by_treasurer(_pk("provider")),
    "coordination_template_approve": Door(
        staff(405, SIGNED_IN),
        staff(303, TREASURERS, foreign=NOT_OF_THIS_TREASURER),
        args=_template,
    ),  # compared already: sent again it changes nothing
}


ANONYMOUS_ONLY = {**everybody(302), **dict.fromkeys(WITHOUT_ACCOUNT, 200)}


def account_page(get: int, post: int, **more: Any) -> Door:
    """A page of one's own account; nobody of the scene has a password or a second factor."""
    return Door(staff(get, SIGNED_IN), staff(post, SIGNED_IN), **more)


ACCOUNTS = {
    "account_login": Door(ANONYMOUS_ONLY, {**ANONYMOUS_ONLY, **dict.fromkeys(WITHOUT_ACCOUNT, 422)}),
    "account_inactive": public_page(),
    "account_signup": Door(ANONYMOUS_ONLY, ANONYMOUS_ONLY),
    "account_reauthenticate": account_page(403, 403),
    "account_change_password": account_page(302, 302),
    "account_reset_password": Door(everybody(200), everybody(302), ANYBODY, answers=_email),
    "account_reset_password_done": public_page(),
    "account_reset_password_from_key": Door(
        everybody(404), everybody(404), args=lambda _scene, _who: ["1", "made-up"]
    ),
    "account_reset_password_from_key_done": public_page(),
    "account_devices": account_page(200, 405),
    "account_device_end": account_page(405, 303),
    "mfa_index": account_page(200, 405),
    "mfa_authenticate": Door(everybody(302), everybody(302)),
    "mfa_reauthenticate": account_page(403, 403),
    "mfa_activate_totp": account_page(200, 422),
    "mfa_deactivate_totp": account_page(404, 404),
    "mfa_generate_recovery_codes": account_page(200, 422),
    "account_logout": Door(
        staff(200, SIGNED_IN), everybody(302), frozenset(SIGNED_IN)
    ),  # the last one: it ends the visit
}

OPENED_BY_LINK = {
    *LINKS,
    "my_receipt_pdf",
    "my_receipt_address",
    "my_receipt_address_step",
    "my_gifts",
    "my_gifts_end",
    "my_gifts_end_step",
    "my_gifts_change",
    "my_gifts_change_step",
    "my_gifts_unnamed",
    "monthly_mend",
}
DOORS: dict[str, Door] = (
    PAGES
    | API
    | PROGRAMS
    | PLEDGING
    | MAILBOX
    | LINKS
    | COORDINATION
    | GIVING
    | TREASURY
    | RECEIPTS
    | ACCOUNTS
)


def doors_for(who: Who) -> dict[str, Door]:
    """Return what is worth trying: a citizen differs from anybody only by the links they hold."""
    if who in OF_CITIZENS:
        return {name: DOORS[name] for name in OPENED_BY_LINK}
    return DOORS
