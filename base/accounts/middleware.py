"""Who works with other people's data proves with a second factor who they are."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

Respond = Callable[[HttpRequest], HttpResponse]


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
