"""The roles of an Engagementangebot for those who run it: another one, another need, one less."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from foundation.clock import utc_now
from programs.access import access_opportunity, access_role, coordinator_required
from programs.domain.refusals import Refusal
from programs.forms.need import RoleForm
from programs.models import Opportunity, Role
from programs.services.roles import add_role, change_role, remove_role


@coordinator_required
@require_http_methods(["GET", "HEAD", "POST"])
def role_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a role to a task."""
    task = access_opportunity(request.user, pk)
    form = RoleForm(request.POST if request.method == "POST" else None, opportunity=task)
    if form.is_valid():
        refusals = add_role(
            task,
            form.need(),
            name_of_first=form.name_of_first_role,
            editor=_person(request),
            now=utc_now(),
        )
        if not refusals:
            messages.success(request, _("Die Aufgabe ist hinzugefügt."))
            return _see(task)
        _add_errors(form, refusals)
    return _form(request, form, task, None)


@coordinator_required
@require_http_methods(["GET", "HEAD", "POST"])
def role_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a role needs."""
    role = access_role(request.user, pk)
    task = role.opportunity
    form = RoleForm(request.POST if request.method == "POST" else None, opportunity=task, role=role)
    if form.is_valid():
        refusals = change_role(role, form.need(), editor=_person(request), now=utc_now())
        if not refusals:
            messages.success(request, _("Die Änderungen sind gespeichert."))
            return _see(task)
        _add_errors(form, refusals)
    return _form(request, form, task, role)


@coordinator_required
@require_POST
def role_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away on which nothing hangs."""
    role = access_role(request.user, pk)
    refusals = remove_role(role, editor=_person(request), now=utc_now())
    for refusal in refusals:
        messages.warning(request, str(refusal.label))
    if not refusals:
        messages.success(request, _("Die Aufgabe ist entfernt."))
    return _see(role.opportunity)


def _add_errors(form: RoleForm, refusals: list[Refusal]) -> None:
    for refusal in refusals:
        form.add_error(None, str(refusal.label))


def _form(request: HttpRequest, form: RoleForm, task: Opportunity, role: Role | None) -> HttpResponse:
    context = {"form": form, "opportunity": task, "role": role}
    status = 422 if form.is_bound else 200
    return render(request, "programs/coordination_role_form.html", context, status=status)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _see(task: Opportunity) -> HttpResponse:
    return HttpResponseRedirect(reverse("coordination_opportunity", args=[task.pk]))
