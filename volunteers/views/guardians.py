"""A guardian's own page: agreeing to the placement of a minor, and taking that back."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.services.steps import needs_step
from citizens.views.private_pages import private_page, see_other
from foundation.clock import local_day, utc_now
from volunteers.access import access_consent, access_dated_consent
from volunteers.forms.steps import ConsentForm
from volunteers.models import GuardianConsent
from volunteers.services.guardians import (
    ask_once_more,
    consent_text,
    give_consent,
    rest_consent,
    standing_consent,
    was_taken_back,
    withdraw_consent,
)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, token: str) -> HttpResponse:
    """Show what it is about; agreeing is a POST."""
    now = utc_now()
    consent, sent_at = access_dated_consent(token, now)
    if request.method != "POST":
        return _page(request, consent, sent_at, token, None)
    form = ConsentForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if give_consent(consent, name=said["name"], version_read=said["version"], now=now):
            return see_other("guardian", token)
        form.add_error(None, _("Hier hat sich gerade etwas geändert. Bitte lesen Sie noch einmal."))
        consent = access_consent(token, now)
    return _page(request, consent, sent_at, token, form)


@private_page
@require_POST
def guardian_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Say no, or take the consent back: by an older link the dates rest, and the mailbox is asked."""
    now = utc_now()
    asked, sent_at = access_dated_consent(token, now)
    consent = standing_consent(asked)
    if consent.waits and consent != asked:
        ask_once_more(consent, now=now)
    elif consent.holds and needs_step(consent.mailbox, sent_at, now):
        rest_consent(consent, now=now)
    else:
        withdraw_consent(consent, now=now)
    return see_other("guardian", token)


def _page(
    request: HttpRequest, asked: GuardianConsent, sent_at: datetime, token: str, form: ConsentForm | None
) -> HttpResponse:
    now = utc_now()
    consent = standing_consent(asked)
    text, placement = consent.declaration or consent_text(), consent.placement
    context = {
        "consent": consent,
        "placement": placement,
        "volunteer": placement.volunteer,
        "month": consent.born_in or placement.volunteer.born_in,
        "is_of_age": placement.volunteer.is_of_age(local_day(now)),
        "opportunity": placement.opportunity,
        "text": text,
        "form": form or ConsentForm(),
        "token": token,
        "is_asked_by_mail": consent.waits and consent != asked,
        "was_taken_back": was_taken_back(consent),
        "needs_step": needs_step(consent.mailbox, sent_at, now),
    }
    return render(request, "volunteers/guardian.html", context, status=422 if form else 200)
