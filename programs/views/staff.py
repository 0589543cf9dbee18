"""Zugänge: who works here in which role, inviting people, and ending roles and sessions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.list_views import list_file, list_page
from accounts.models import User
from accounts.services.sessions import end_sessions, running_sessions
from foundation.clock import utc_now
from foundation.lists.showing import Asked, asked_of
from programs.access import (
    access_invitation,
    access_membership,
    inviter_actor,
    staffed_by,
    staffing_required,
)
from programs.forms.invitation import InvitationForm
from programs.forms.staff_list import staff_list
from programs.models import Membership
from programs.selectors.staff import open_invitations, roles_at
from programs.services.invitations import invite_to_role, send_invitation_anew, withdraw_invitation
from programs.services.memberships import end_role


@staffing_required
@require_safe
def coordination_staff(request: HttpRequest) -> HttpResponse:
    """List roles and open invitations within the reader's reach."""
    return list_page(
        request,
        "programs/coordination_staff.html",
        _asked(request),
        file="coordination_staff_file",
        invitations=open_invitations(staffed_by(request.user)),
        now=utc_now(),
    )


@staffing_required
@require_safe
def coordination_staff_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    return list_file(request, _asked(request), kind, actor=inviter_actor(_reader(request)), now=utc_now())


@staffing_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_invitation_new(request: HttpRequest) -> HttpResponse:
    """Invite somebody to a role."""
    posted = request.POST if request.method == "POST" else None
    form = InvitationForm(posted, providers=staffed_by(request.user))
    if form.is_valid():
        said = form.cleaned_data
        refusal = invite_to_role(
            said["provider"], said["role"], said["email"], by=_reader(request), now=utc_now()
        )
        if refusal is None:
            messages.success(request, _("Die Einladung ist unterwegs."))
            return _to_list()
        form.add_error("email", str(refusal.label))
    status = 422 if form.is_bound else 200
    return render(request, "programs/coordination_invitation.html", {"form": form}, status=status)


@staffing_required
@require_POST
def coordination_invitation_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Send an open invitation anew, or take it back."""
    found, by, now = access_invitation(request.user, pk), _reader(request), utc_now()
    if step == "senden" and send_invitation_anew(found, by=by, now=now):
        messages.success(request, _("Die Einladung ist unterwegs; der alte Link gilt nicht mehr."))
    elif step == "zuruecknehmen" and withdraw_invitation(found, by=by, now=now):
        messages.success(request, _("Die Einladung ist zurückgenommen."))
    else:
        messages.warning(request, _("Diese Einladung ist nicht mehr offen."))
    return _to_list()


@staffing_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_staff_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one role and where its holder is signed in; end the role, or all their sessions."""
    found, by, now = access_membership(request.user, pk), _reader(request), utc_now()
    if "end_role" in request.POST and end_role(found, by=by, now=now):
        messages.success(request, _("Die Rolle ist beendet, die Person überall abgemeldet."))
        return _to_list()
    if "end_sessions" in request.POST and found.user_id != by.pk:
        end_sessions(found.user, actor=inviter_actor(by), now=now)
        messages.success(request, _("Die Person ist überall abgemeldet."))
        return HttpResponseRedirect(request.path, status=303)
    context = {
        "membership": found,
        "sessions": running_sessions(found.user, now),
        "is_oneself": found.user_id == by.pk,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/coordination_staff_member.html", context, status=status)


def _asked(request: HttpRequest) -> Asked[Membership]:
    providers = staffed_by(request.user)
    return asked_of(staff_list(providers), roles_at(providers), request.GET)


def _to_list() -> HttpResponse:
    return HttpResponseRedirect(reverse("coordination_staff"), status=303)


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
