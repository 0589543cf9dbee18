"""Who works with other people's data proves with a second factor who they are."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from accounts import sessions
from foundation.clock import utc_now

Respond = Callable[[HttpRequest], HttpResponse]


def sessions_end(get_response: Respond) -> Respond:
    """Sign out who was idle or signed in for too long; what the signed-in see stays out of every cache."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        now = utc_now()
        if sessions.is_over(request.session, now):
            logout(request)
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        sessions.touch(request.session, now)
        response = get_response(request)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return respond


def second_factor_for_staff(get_response: Respond) -> Respond:
    """Lead a signed-in person without second factor to its set-up, from every page, if it is required."""

    def respond(request: HttpRequest) -> HttpResponse:
        if (
            settings.SECOND_FACTOR_REQUIRED
            and request.user.is_authenticated
            and not request.path.startswith(("/konto/", "/static/"))
            and not is_mfa_enabled(request.user)
        ):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return get_response(request)

    return respond
