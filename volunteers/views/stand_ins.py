"""The question to stand in for one date: GET shows, POST decides."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from citizens.services.links import ask_token
from citizens.views.private_pages import private_page, see_other
from foundation.clock import utc_now
from volunteers.access import access_stand_in_question
from volunteers.forms.offers import AnswerForm
from volunteers.models import StandInQuestion
from volunteers.services.stand_in_answers import Yes, accept_stand_in, decline_stand_in

HINDERS = {
    Yes.ELSEWHERE: gettext_lazy(
        "Zu dieser Zeit kommen Sie schon zu einer anderen Aufgabe oder zu diesem Termin. "
        "Wenn Sie tauschen möchten, sagen Sie dort bitte zuerst ab."
    ),
    Yes.MAY_NOT: gettext_lazy(
        "Für diesen Termin fehlt eine Einsicht in Ihr Führungszeugnis, die an diesem Tag noch gilt, "
        "oder er ist erst für Ältere."
    ),
}


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def stand_in_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is asked, or what has become of it, and take the answer."""
    now = utc_now()
    question = access_stand_in_question(token, now)
    if request.method != "POST":
        return _page(request, question, now)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, question, now, status=422)
    if not form.accepts:
        decline_stand_in(question, now=now)
        return see_other("stand_in_answer", token)
    outcome = accept_stand_in(question, now=now)
    if outcome in HINDERS:
        return _page(request, question, now, hindrance=HINDERS[outcome], status=422)
    return see_other("stand_in_answer", token)


def _page(
    request: HttpRequest,
    question: StandInQuestion,
    now: datetime,
    *,
    hindrance: str | Promise = "",
    status: int = 200,
) -> HttpResponse:
    shift = question.search.absent.shift
    context = {
        "question": question,
        "shift": shift,
        "opportunity": shift.opportunity,
        "volunteer": question.pledge.volunteer,
        "hindrance": hindrance,
        "has_begun": shift.starts_at <= now,
        "ask_token": ask_token(question.pledge.volunteer.mailbox, now),
    }
    return render(request, _template(question, now), context, status=status)


def _template(question: StandInQuestion, now: datetime) -> str:
    if question.may_be_accepted(now):
        return "volunteers/stand_in.html"
    answered = {StandInQuestion.Status.ACCEPTED: "accepted", StandInQuestion.Status.DECLINED: "declined"}
    return f"volunteers/stand_in_{answered.get(StandInQuestion.Status(question.status), 'over')}.html"
