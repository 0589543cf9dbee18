"""Changing, pausing and leaving, below a link to "Meine Zusagen"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from foundation.actors import citizen
from foundation.clock import local_day, utc_now
from volunteers.access import access_own_pledge, access_volunteer
from volunteers.forms.my_pledges import AbsenceForm, ChangeForm, PauseForm
from volunteers.services import absences, pauses, withdrawals
from volunteers.services.pledges import change_pledge as write_change
from volunteers.views.answers import see_other
from volunteers.views.token_pages import token_page


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_change(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Change what, when, where and how much."""
    now = utc_now()
    pledge = access_own_pledge(access_volunteer(token, now), pk)
    form = ChangeForm(request.POST, pledge=pledge) if request.method == "POST" else ChangeForm.showing(pledge)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "token": token, "pledge": pledge}
        return render(request, "volunteers/pledge_change.html", context, status=422 if form.is_bound else 200)
    write_change(pledge, form.wishes(), now=now)
    return see_other("my_pledges_with", token, query="hinweis=geaendert")


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_pause(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Rest until a day."""
    now = utc_now()
    pledge = access_own_pledge(access_volunteer(token, now), pk)
    form = PauseForm(request.POST if request.method == "POST" else None, today=local_day(now))
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "token": token, "pledge": pledge}
        return render(request, "volunteers/pledge_pause.html", context, status=422 if form.is_bound else 200)
    pauses.pause_pledge(pledge, until=form.cleaned_data["until"], now=now)
    return see_other("my_pledges_with", token, query="hinweis=pausiert")


@token_page
@require_POST
def pledge_resume(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """End the pause."""
    now = utc_now()
    pauses.resume_pledge(
        access_own_pledge(access_volunteer(token, now), pk), actor=citizen("volunteer"), now=now
    )
    return see_other("my_pledges_with", token, query="hinweis=weiter")


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_withdraw(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Say goodbye, after one question whether a pause would do."""
    now = utc_now()
    pledge = access_own_pledge(access_volunteer(token, now), pk)
    if request.method != "POST":
        return render(request, "volunteers/pledge_withdraw.html", {"token": token, "pledge": pledge})
    withdrawals.withdraw_pledge(pledge, now=now)
    return see_other("my_pledges_with", token, query="hinweis=zurueckgezogen")


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_absence(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Note days on which the person cannot come."""
    now = utc_now()
    pledge = access_own_pledge(access_volunteer(token, now), pk)
    form = AbsenceForm(request.POST if request.method == "POST" else None, today=local_day(now))
    if form.is_bound and form.is_valid():
        if absences.add_absence(pledge, **form.cleaned_data, now=now):
            return see_other("my_pledges_with", token, query="hinweis=abwesend")
        form.add_error(
            None, _("Es sind schon sehr viele Abwesenheiten eingetragen. Bitte löschen Sie erst eine alte.")
        )
    context = {"form": form, "token": token, "pledge": pledge}
    return render(request, "volunteers/pledge_absence.html", context, status=422 if form.is_bound else 200)


@token_page
@require_POST
def pledge_absence_delete(request: HttpRequest, token: str, pk: int, absence_pk: int) -> HttpResponse:
    """Forget noted days."""
    now = utc_now()
    absences.remove_absence(access_own_pledge(access_volunteer(token, now), pk), absence_pk, now=now)
    return see_other("my_pledges_with", token, query="hinweis=anwesend")
