"""Keys for programs of providers: made, listed with their last use, taken back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from foundation.clock import utc_now
from programs.access import access_api_token, staffed_by, staffing_required
from programs.forms.api_token import ApiTokenForm
from programs.models import ApiToken
from programs.services.api_tokens import make_token, revoke_token
from programs.views import shown_once


@staffing_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_api_tokens(request: HttpRequest) -> HttpResponse:
    """List the keys and make one; its text is on the page of this one answer only."""
    assert isinstance(request.user, User)
    user, providers = request.user, staffed_by(request.user)

    def make(said: dict[str, Any]) -> str:
        return make_token(said["provider"], said["label"], said["scopes"], by=user, now=utc_now())[1]

    tokens = ApiToken.objects.filter(provider__in=providers, revoked_at=None)
    return shown_once.page(
        request,
        "programs/coordination_api_tokens.html",
        providers,
        ApiTokenForm,
        make,
        tokens=tokens.select_related("provider", "created_by"),
    )


@staffing_required
@require_POST
def coordination_api_token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a key back."""
    assert isinstance(request.user, User)
    has_ended = revoke_token(access_api_token(request.user, pk), by=request.user, now=utc_now())
    return shown_once.ended(
        request, has_ended, _("Der Schlüssel gilt nicht mehr."), "coordination_api_tokens"
    )
