"""What is missing before the first date, and doing it, by the person's own link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.services.links import ask_token
from citizens.views.private_pages import private_page, see_other
from foundation.clock import local_day, utc_now
from volunteers.access import access_placement_steps
from volunteers.domain.gate import Need
from volunteers.forms.steps import GuardianForm, GuardianLetterForm, SignForm
from volunteers.models import Placement
from volunteers.selectors.gate import gate_of
from volunteers.services.guardians import AskRefusal, ask_guardian, open_consent, was_taken_back
from volunteers.services.links import placement_letter_url
from volunteers.services.self_commitments import REMINDED_BEFORE, commitment_to_sign, sign

REFUSALS = {
    AskRefusal.OWN_ADDRESS: _(
        "An diese Adresse schreiben wir Ihnen. Bitte nennen Sie eine, die nur die andere Person liest. Gibt "
        "es keine, schicken wir einen Brief."
    ),
    AskRefusal.TOO_OFTEN: _("Wir haben schon mehrmals geschrieben. Bitte rufen Sie beim Träger an."),
    AskRefusal.TOO_YOUNG: _("Mitmachen können Menschen ab 16 Jahren. Danke, dass Sie helfen wollten."),
    AskRefusal.GROWN_UP: _(
        "Wer in diesem Monat geboren ist, ist schon 18. Sagen Sie uns das bitte auf „Meine Seite“; dann "
        "müssen wir niemanden fragen."
    ),
    AskRefusal.NOT_NEEDED: _("Hier ist niemand mehr zu fragen."),
    AskRefusal.TAKEN_BACK: _(
        "Wer gefragt ist, entscheidet gerade noch. Bis dahin fragen wir niemand anderen."
    ),
}

LETTER_ID = "brief_%s"
OF_THE_MONTH = (AskRefusal.TOO_YOUNG, AskRefusal.GROWN_UP)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def placement_steps(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is missing; whom to ask, by mail or by letter, comes by POST."""
    placement = access_placement_steps(token, utc_now())
    if request.method != "POST":
        return _page(request, placement, token)
    if "by_letter" in request.POST:
        letter = GuardianLetterForm(request.POST, auto_id=LETTER_ID)
        if letter.is_valid() and _has_asked(letter, placement, postal_address=letter.postal_address()):
            return see_other("placement_steps", token)
        return _page(request, placement, token, letter_form=letter)
    form = GuardianForm(request.POST)
    if form.is_valid() and _has_asked(form, placement, email=form.cleaned_data["email"]):
        return see_other("placement_steps", token)
    return _page(request, placement, token, guardian_form=form)


def _has_asked(
    form: GuardianForm | GuardianLetterForm,
    placement: Placement,
    *,
    email: str = "",
    postal_address: str = "",
) -> bool:
    """Write to the guardian; False, with the reason in the form, if nobody was written to."""
    born_in = form.cleaned_data["born_in"]
    refusal = ask_guardian(
        placement, email=email, postal_address=postal_address, born_in=born_in, now=utc_now()
    )
    if refusal in OF_THE_MONTH:
        form.add_error("born_in", REFUSALS[refusal])
    elif refusal is not None:
        form.add_error("email" if email else None, REFUSALS[refusal])
    return refusal is None


@private_page
@require_POST
def commitment_sign(request: HttpRequest, token: str) -> HttpResponse:
    """Sign the Selbstverpflichtung."""
    placement = access_placement_steps(token, utc_now())
    form = SignForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        if sign(placement.volunteer, version_read=version, now=utc_now()):
            return see_other("placement_steps", token)
        form.add_error(None, _("Der Text wurde gerade geändert. Bitte lesen Sie ihn noch einmal."))
    return _page(request, placement, token, sign_form=form)


def _page(
    request: HttpRequest,
    placement: Placement,
    token: str,
    *,
    sign_form: SignForm | None = None,
    guardian_form: GuardianForm | None = None,
    letter_form: GuardianLetterForm | None = None,
) -> HttpResponse:
    now = utc_now()
    gate = gate_of(placement)
    missing = gate.missing(local_day(now))
    soon = gate.missing(local_day(now) + REMINDED_BEFORE)
    text = commitment_to_sign() if Need.SELF_COMMITMENT in soon else None
    failed = next((form for form in (sign_form, guardian_form, letter_form) if form is not None), None)
    consent = open_consent(placement) if Need.CONSENT in missing else None
    context = {
        "placement": placement,
        "opportunity": placement.opportunity,
        "missing": [need.value for need in missing],
        "token": token,
        "may_sign": Need.SELF_COMMITMENT in soon,
        "commitment": text,
        "failed_form": failed,
        "sign_form": sign_form or SignForm(),
        "guardian_form": guardian_form or GuardianForm(),
        "letter_form": letter_form or GuardianLetterForm(auto_id=LETTER_ID),
        "consent": consent,
        "was_taken_back": consent is not None and was_taken_back(consent),
        "letter_url": placement_letter_url(placement, now),
        "ask_token": ask_token(placement.volunteer.mailbox, now),
    }
    return render(request, "volunteers/placement_steps.html", context, status=422 if failed else 200)
