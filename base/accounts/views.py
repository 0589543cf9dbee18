"""The pages of an account: those of the sign-in library with our manners."""

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import PasswordChangeView
from allauth.account.views import ReauthenticateView as ProvedByPassword
from allauth.mfa import signals
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ProvedByCode
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.services.recovery_codes import make_codes

View = Callable[..., HttpResponseBase]


def with_manners(view: View) -> View:
    """Answer 422 to a form that was refused and 404 to a dead link, with the page that says so."""

    @functools.wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.status_code == 200:
            context = response.context_data or {}
            form = context.get("form")
            if context.get("token_fail"):
                response.status_code = 404
            elif request.method == "POST" and form is not None and form.errors:
                response.status_code = 422
        return response

    return respond


def leaving_nothing_behind(view: View) -> View:
    """Have the browser forget what it kept of the pages once somebody has signed out."""

    @functools.wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return respond


class ChangePassword(PasswordChangeView):
    """Somebody without a password sets the first one by a link in a mail."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)


class AskForCode(AuthenticateView):
    """The second step of signing in: a code, whatever else is posted."""

    def _build_forms(self) -> Any:
        data = self.request.POST if self.request.method == "POST" else None
        self.auth_form = self.get_form_class()(user=self.stage.login.user, data=data)
        self.webauthn_form = None
        return self.auth_form


class ProveByPassword(ProvedByPassword):
    """A second proof, after which the session goes on under another key."""

    def form_valid(self, form: Form) -> HttpResponse:
        _give_new_key(self.request)
        return super().form_valid(form)


class ProveByCode(ProvedByCode):
    """The same by the app, or by a code on paper."""

    def form_valid(self, form: Form) -> HttpResponse:
        _give_new_key(self.request)
        return super().form_valid(form)


def _give_new_key(request: HttpRequest) -> None:
    """Whoever took the key before must not have what the proof opens (OWASP ASVS 5.0, 7.2.4)."""
    request.session.cycle_key()
    request.session.save()


class SetUpApp(ActivateTOTPView):
    """Whoever has set up the app sees their codes for paper, once."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Form) -> HttpResponse:
        super().form_valid(form)
        return _new_codes(self.request, signals.authenticator_added)


class NewCodes(GenerateRecoveryCodesView):
    """New codes for paper take the place of the old ones and are shown once."""

    @transaction.atomic
    def form_valid(self, form: Form) -> HttpResponse:
        user, adapter = self.request.user, get_adapter(self.request)
        transaction.on_commit(
            lambda: adapter.send_notification_mail("mfa/email/recovery_codes_generated", user)
        )
        return _new_codes(self.request, signals.authenticator_reset)


def _new_codes(request: HttpRequest, told_by: Signal) -> HttpResponse:
    assert isinstance(request.user, User)
    user = request.user
    row, codes = make_codes(user)
    transaction.on_commit(
        lambda: told_by.send(sender=Authenticator, request=request, user=user, authenticator=row)
    )
    return TemplateResponse(request, "mfa/recovery_codes/new.html", {"codes": codes})


@require_safe
def administration_door(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Lead to the one sign-in page there is, so that nobody gets round the second factor."""
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        wanted = reverse("admin:index")
    if isinstance(request.user, User):
        if not request.user.is_staff:
            raise PermissionDenied
        return HttpResponseRedirect(wanted)
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
