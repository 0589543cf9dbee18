"""The page that the link of an invitation opens: taking the role with an account of one's own."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from citizens.views.private_pages import private_page
from foundation.clock import utc_now
from foundation.links import LinkNotValid
from programs.forms.invitation import NewAccountForm
from programs.models import Invitation
from programs.services.invitations import (
    accept_invitation,
    accept_with_new_account,
    account_of,
    invitation_of,
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def staff_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: who has an account signs in for it, everybody else chooses a password."""
    invitation = invitation_of(token, now=utc_now())
    account = account_of(invitation)
    if account is not None and not account.is_active:
        raise LinkNotValid("closed account")
    if account is not None and account.has_usable_password():
        return _for_account(request, invitation, account)
    return _for_newcomer(request, invitation)


def _for_account(request: HttpRequest, invitation: Invitation, account: User) -> HttpResponse:
    is_theirs = request.user == account
    if request.method == "POST" and is_theirs:
        if not accept_invitation(invitation, account, now=utc_now()):
            raise LinkNotValid("accepted meanwhile")
        messages.success(request, _("Willkommen. Die Rolle gilt ab jetzt."))
        return HttpResponseRedirect(reverse("coordination"), status=303)
    context = {
        "invitation": invitation,
        "is_theirs": is_theirs,
        "is_somebody_else": request.user.is_authenticated and not is_theirs,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "programs/staff_invitation_account.html", context, status=status)


def _for_newcomer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST if request.method == "POST" else None, email=invitation.email)
    if form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password1"]
        if accept_with_new_account(invitation, name=name, password=password, now=utc_now()) is None:
            raise LinkNotValid("accepted meanwhile")
        messages.success(request, _("Ihr Konto ist eingerichtet. Bitte melden Sie sich an."))
        return HttpResponseRedirect(reverse("account_login"), status=303)
    context = {"invitation": invitation, "form": form, "asks_factor": settings.SECOND_FACTOR_REQUIRED}
    status = 422 if form.is_bound else 200
    return render(request, "programs/staff_invitation.html", context, status=status)
