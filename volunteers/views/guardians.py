"""A guardian's own page: agreeing to the placement of a minor, and taking that back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.views.private_pages import private_page, see_other
from foundation.clock import local_day, utc_now
from volunteers.access import access_consent
from volunteers.forms.steps import ConsentForm
from volunteers.models import GuardianConsent
from volunteers.services.guardians import consent_text, give_consent, withdraw_consent


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, token: str) -> HttpResponse:
    """Show what it is about; agreeing is a POST."""
    consent = access_consent(token, utc_now())
    if request.method != "POST":
        return _page(request, consent, token, None)
    form = ConsentForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if give_consent(consent, name=said["name"], version_read=said["version"], now=utc_now()):
            return see_other("guardian", token)
        form.add_error(None, _("Hier hat sich gerade etwas geändert. Bitte lesen Sie noch einmal."))
        consent = access_consent(token, utc_now())
    return _page(request, consent, token, form)


@private_page
@require_POST
def guardian_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Say no, or take the consent back."""
    withdraw_consent(access_consent(token, utc_now()), now=utc_now())
    return see_other("guardian", token)


def _page(
    request: HttpRequest, consent: GuardianConsent, token: str, form: ConsentForm | None
) -> HttpResponse:
    text, placement = consent.declaration or consent_text(), consent.placement
    context = {
        "consent": consent,
        "placement": placement,
        "volunteer": placement.volunteer,
        "month": consent.born_in or placement.volunteer.born_in,
        "is_of_age": placement.volunteer.is_of_age(local_day(utc_now())),
        "opportunity": placement.opportunity,
        "text": text,
        "form": form or ConsentForm(),
        "token": token,
    }
    return render(request, "volunteers/guardian.html", context, status=422 if form else 200)
