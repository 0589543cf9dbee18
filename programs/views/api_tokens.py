"""Keys for programs of providers: made, listed with their last use, taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from foundation.clock import utc_now
from programs.access import access_api_token, staffed_by, staffing_required
from programs.forms.api_token import ApiTokenForm
from programs.models import ApiToken
from programs.services.api_tokens import make_token, revoke_token


@staffing_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_api_tokens(request: HttpRequest) -> HttpResponse:
    """List the keys and make one; its text is on the page of this one answer only."""
    assert isinstance(request.user, User)
    providers = staffed_by(request.user)
    form, text = ApiTokenForm(request.POST or None, providers=providers), ""
    if form.is_valid():
        said = form.cleaned_data
        _token, text = make_token(
            said["provider"], said["label"], said["scopes"], by=request.user, now=utc_now()
        )
        form = ApiTokenForm(providers=providers)
    tokens = ApiToken.objects.filter(provider__in=providers, revoked_at=None)
    context = {"form": form, "text": text, "tokens": tokens.select_related("provider", "created_by")}
    status = 422 if request.method == "POST" and not text else 200
    return render(request, "programs/coordination_api_tokens.html", context, status=status)


@staffing_required
@require_POST
def coordination_api_token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a key back."""
    assert isinstance(request.user, User)
    if revoke_token(access_api_token(request.user, pk), by=request.user, now=utc_now()):
        messages.success(request, _("Der Schlüssel gilt nicht mehr."))
    return HttpResponseRedirect(reverse("coordination_api_tokens"), status=303)
