"""Texts that wait: to be released by a second person, reported by somebody, or without a fitting activity."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import local_day
from programs.access import Role, decides_activities, text_drafts_of
from programs.forms.notice import DecisionForm
from programs.forms.release import ReleaseForm
from programs.models import ActivityQuestion, Notice, Opportunity
from programs.selectors.activities import open_questions
from programs.selectors.notices import open_notices, shown_targets
from programs.selectors.text_drafts import Named, changes_of, findings_of, named
from programs.selectors.writers import unwritten_by
from programs.services.publishing import findings_in, mark_of_task
from programs.services.text_drafts import mark_of_texts
from programs.views.activities import question_facts
from wirbrauchensie.today.kinds import Kind, Opening, Reader, Row


def _to_release(reader: Reader, now: datetime) -> QuerySet[Opportunity]:
    waiting = unwritten_by(reader.user.pk).filter(reader.own_work(), status=Opportunity.Status.IN_REVIEW)
    rows = waiting.select_related("provider", "district").prefetch_related("roles__activity", "series")
    return rows.order_by("status_changed_at", "pk")


def _release_row(reader: Reader, task: Opportunity, now: datetime) -> Row:
    return Row(
        key=f"texte-{task.pk}",
        who=task.title,
        what=task.provider.name,
        since=local_day(task.status_changed_at),
        due_at=task.status_changed_at,
        url=reverse("coordination_opportunity", args=[task.pk]),
        action=_("Ansehen oder zurückgeben"),
        about=task,
    )


def _release_form(reader: Reader, task: Opportunity, now: datetime) -> ReleaseForm:
    findings = findings_in(task, local_day(now), reader.city_words)
    read = {"text_read": mark_of_task(task)}
    return ReleaseForm(findings=findings, initial=read, auto_id=f"id_{task.pk}_%s")


TO_RELEASE = Kind(
    slug="texte",
    title=gettext_lazy("Engagementangebote freigeben"),
    text=gettext_lazy("Eine zweite Person liest, bevor etwas veröffentlicht wird."),
    icon="check-circle",
    is_for=lambda reader: reader.coordinates,
    waiting=_to_release,
    row=_release_row,
    template="dashboard/today/_release.html",
    form=_release_form,
)


def _to_read(reader: Reader, now: datetime) -> list[Named]:
    waiting = text_drafts_of(reader.user, sees_city=reader.sees_city).filter(reader.own_work())
    return named(waiting.exclude(writers__contains=[reader.user.pk]))


def _reading_row(reader: Reader, waiting: Named, now: datetime) -> Row:
    draft = waiting.draft
    return Row(
        key=f"aenderungen-{draft.pk}",
        who=waiting.name,
        what=str(draft.get_about_display()),
        since=local_day(draft.status_changed_at),
        due_at=draft.status_changed_at,
        url=reverse("coordination_text", args=[draft.pk]),
        action=_("Zu diesem Text"),
        about=draft,
    )


def _reading_form(reader: Reader, waiting: Named, now: datetime) -> ReleaseForm:
    """With `changes`, what a release would change."""
    draft = waiting.draft
    findings = findings_of(draft, local_day(now), reader.city_words)
    read = {"text_read": mark_of_texts(draft)}
    form = ReleaseForm(findings=findings, initial=read, auto_id=f"id_aenderungen_{draft.pk}_%s")
    form.changes = changes_of(draft, waiting.row, findings)  # type: ignore[attr-defined]
    return form


TO_READ = Kind(
    slug="aenderungen",
    title=gettext_lazy("Geänderte Texte freigeben"),
    text=gettext_lazy(
        "Spendenzwecke, Neuigkeiten und Seiten der Hilfe: Bis jemand liest, bleibt öffentlich, was es ist."
    ),
    icon="check-circle",
    is_for=lambda reader: reader.coordinates,
    waiting=_to_read,
    row=_reading_row,
    template="dashboard/today/_text.html",
    form=_reading_form,
)


def _to_decide(reader: Reader, now: datetime) -> QuerySet[Notice]:
    return open_notices().order_by("filed_at", "pk")


def _notice_row(reader: Reader, notice: Notice, now: datetime) -> Row:
    return Row(
        key=f"meldungen-{notice.pk}",
        who=str(notice.ground_label),
        what=str(notice.about_label),
        since=local_day(notice.filed_at),
        due_at=notice.filed_at,
        url=reverse("coordination_notice", args=[notice.pk]),
        action=_("Zur Meldung"),
        about=notice,
    )


def _find_targets(reader: Reader, notices: Sequence[Notice]) -> None:
    found = shown_targets((each.about, each.row_id) for each in notices)
    for each in notices:
        each.target = found.get((each.about, each.row_id))  # type: ignore[attr-defined]


def _decision_form(reader: Reader, notice: Notice, now: datetime) -> DecisionForm:
    return DecisionForm(auto_id=f"id_meldungen_{notice.pk}_%s")


TO_DECIDE = Kind(
    slug="meldungen",
    title=gettext_lazy("Meldungen entscheiden"),
    text=gettext_lazy("Jemand sagt, dass ein veröffentlichter Text so nicht stehen darf."),
    icon="warning",
    is_for=lambda reader: reader.sees_city,
    waiting=_to_decide,
    row=_notice_row,
    template="dashboard/today/_notice.html",
    form=_decision_form,
    prepare=_find_targets,
)


def _to_answer(reader: Reader, now: datetime) -> QuerySet[ActivityQuestion]:
    if reader.resting(Role.SAFEGUARDING_OFFICER).filter(is_youth_office=True).exists():
        return ActivityQuestion.objects.none()
    return open_questions().order_by("asked_at", "pk")


def _answer_row(reader: Reader, question: ActivityQuestion, now: datetime) -> Row:
    return Row(
        key=f"taetigkeiten-{question.pk}",
        who=question.opportunity.title,
        what=question.opportunity.provider.name,
        since=local_day(question.asked_at),
        due_at=question.asked_at,
        url=reverse("coordination_activity_question", args=[question.pk]),
        action=_("Lesen und antworten"),
        opening=Opening("dashboard/today/_answer.html", partial(question_facts, question)),
    )


TO_ANSWER = Kind(
    slug="taetigkeiten",
    title=gettext_lazy("Fragen nach der Tätigkeit beantworten"),
    text=gettext_lazy(
        "Zu diesen Aufgaben passt keine Tätigkeit; bis zu Ihrer Antwort sind sie nicht öffentlich."
    ),
    icon="shield",
    is_for=lambda reader: decides_activities(reader.user),
    waiting=_to_answer,
    row=_answer_row,
)
