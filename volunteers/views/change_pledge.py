"""Changing, pausing and leaving, below a link to "Meine Zusagen"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.services.steps import ask_by_mail
from citizens.views.private_pages import private_page, see_other
from foundation.clock import local_day, utc_now
from volunteers.access import access_own_page, access_own_pledge, access_pledge_to_withdraw
from volunteers.domain.links import WITHDRAW_PLEDGE
from volunteers.forms.my_pledges import AbsenceForm, ChangeForm, PauseForm
from volunteers.services import absences, pauses, withdrawals
from volunteers.services.persons import THE_PERSON
from volunteers.services.pledges import change_pledge as write_change

SAID = {
    absences.Back.ALL: "hinweis=anwesend",
    absences.Back.NOT_WHERE_REPLACED: "hinweis=teils_vertreten",
    absences.Back.NOT_EVERYWHERE: "hinweis=teils_zurueck",
}


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_change(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Change what, when, where and how much."""
    now = utc_now()
    pledge = access_own_pledge(access_own_page(token, now).mailbox, pk)
    form = ChangeForm(request.POST, pledge=pledge) if request.method == "POST" else ChangeForm.showing(pledge)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "token": token, "pledge": pledge}
        return render(request, "volunteers/pledge_change.html", context, status=422 if form.is_bound else 200)
    write_change(pledge, form.wishes(), now=now)
    return see_other("my_page", token, query="hinweis=geaendert")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_pause(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Rest until a day."""
    now = utc_now()
    pledge = access_own_pledge(access_own_page(token, now).mailbox, pk)
    form = PauseForm(request.POST if request.method == "POST" else None, today=local_day(now))
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "token": token, "pledge": pledge}
        return render(request, "volunteers/pledge_pause.html", context, status=422 if form.is_bound else 200)
    pauses.pause_pledge(pledge, until=form.cleaned_data["until"], now=now)
    return see_other("my_page", token, query="hinweis=pausiert")


@private_page
@require_POST
def pledge_resume(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """End the pause."""
    now = utc_now()
    pauses.resume_pledge(
        access_own_pledge(access_own_page(token, now).mailbox, pk), actor=THE_PERSON, now=now
    )
    return see_other("my_page", token, query="hinweis=weiter")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_withdraw(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Say goodbye, after one question whether a pause would do; an older link takes a step by mail."""
    now = utc_now()
    opened = access_own_page(token, now)
    pledge = access_own_pledge(opened.mailbox, pk, even_if_withdrawn=True)
    if not pledge.is_running:
        return see_other("my_page", token, query="hinweis=zurueckgezogen")
    if request.method != "POST":
        context = {"token": token, "pledge": pledge, "needs_step": opened.needs_step(now)}
        return render(request, "volunteers/pledge_withdraw.html", context)
    if not opened.needs_step(now):
        withdrawals.withdraw_pledge(pledge, now=now)
        return see_other("my_page", token, query="hinweis=zurueckgezogen")
    what = _("Ihre Zeitzusage wird zurückgezogen: %(pledge)s.") % {"pledge": pledge.fields_text}
    ask_by_mail(opened.mailbox, WITHDRAW_PLEDGE, pledge.pk, page="pledge_withdraw_step", what=what, now=now)
    return see_other("my_page_step_sent")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_withdraw_step(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed step does: GET shows it, POST withdraws."""
    now = utc_now()
    pledge = access_pledge_to_withdraw(token, now)
    if request.method != "POST":
        return render(request, "volunteers/pledge_withdraw_step.html", {"pledge": pledge})
    withdrawals.withdraw_pledge(pledge, now=now)
    return see_other("pledge_withdraw_step", token)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_absence(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Note days on which the person cannot come."""
    now = utc_now()
    pledge = access_own_pledge(access_own_page(token, now).mailbox, pk)
    form = AbsenceForm(request.POST if request.method == "POST" else None, today=local_day(now))
    if form.is_bound and form.is_valid():
        if absences.add_absence(pledge, **form.cleaned_data, now=now):
            return see_other("my_page", token, query="hinweis=abwesend")
        form.add_error(
            None, _("Es sind schon sehr viele Abwesenheiten eingetragen. Bitte löschen Sie erst eine alte.")
        )
    context = {"form": form, "token": token, "pledge": pledge}
    return render(request, "volunteers/pledge_absence.html", context, status=422 if form.is_bound else 200)


@private_page
@require_POST
def pledge_absence_delete(request: HttpRequest, token: str, pk: int, absence_pk: int) -> HttpResponse:
    """Forget noted days."""
    now = utc_now()
    pledge = access_own_pledge(access_own_page(token, now).mailbox, pk)
    back = absences.remove_absence(pledge, absence_pk, now=now)
    return see_other("my_page", token, query=SAID[back])
