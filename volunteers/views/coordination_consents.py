"""The safeguarding officer asks a guardian by a letter, and notes what came back on paper."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from citizens.views.private_pages import see_other
from foundation.clock import local_day, utc_now
from foundation.history import note_reads
from programs.access import actor_of, role_required
from programs.models import Membership
from volunteers.access import access_placement_to_inspect
from volunteers.forms.consents import AskByLetterForm, SignedSheetForm
from volunteers.models import GuardianConsent, Placement
from volunteers.services.guardians import (
    AskRefusal,
    SignedSheet,
    ask_guardian,
    consent_text,
    give_consent,
    open_consent,
    taken_back_at,
    withdraw_consent,
)

OFFICER = Membership.Role.SAFEGUARDING_OFFICER
ASK_ID = "brief_%s"
REFUSALS = {
    AskRefusal.TOO_OFTEN: gettext_lazy("Es ist schon mehrmals geschrieben worden. Bitte rufen Sie dort an."),
    AskRefusal.TOO_YOUNG: gettext_lazy("Mitmachen können Menschen ab 16 Jahren."),
    AskRefusal.GROWN_UP: gettext_lazy(
        "Wer in diesem Monat geboren ist, ist schon 18; dann ist niemand zu fragen. Stimmt der Monat, "
        "ändert die Person ihr Alter auf „Meine Seite“."
    ),
    AskRefusal.NOT_NEEDED: gettext_lazy("Hier ist niemand mehr zu fragen."),
    AskRefusal.TAKEN_BACK: gettext_lazy(
        "Das Einverständnis ist zurückgezogen; ob es dabei bleibt, entscheidet dieselbe Person. Bis dahin "
        "fragen wir niemand anderen."
    ),
}
OF_THE_MONTH = (AskRefusal.TOO_YOUNG, AskRefusal.GROWN_UP)


@role_required(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is asked, given or missing; asking, noting and withdrawing come by POST."""
    placement = access_placement_to_inspect(request.user, pk)
    actor = actor_of(request.user, OFFICER)
    note_reads([placement], actor=actor, now=utc_now(), route="coordination_consent")
    if request.method != "POST":
        return _page(request, placement)
    acts = {"ask": _ask, "withdraw": _withdraw}
    return acts.get(request.POST.get("act", ""), _note)(request, placement)


def _ask(request: HttpRequest, placement: Placement) -> HttpResponse:
    form = AskByLetterForm(request.POST, auto_id=ASK_ID)
    if not form.is_valid():
        return _page(request, placement, ask_form=form)
    refusal = ask_guardian(
        placement, postal_address=form.postal_address(), born_in=form.cleaned_data["born_in"], now=utc_now()
    )
    if refusal is not None:
        form.add_error("born_in" if refusal in OF_THE_MONTH else None, REFUSALS[refusal])
        return _page(request, placement, ask_form=form)
    messages.success(request, _("Der Brief wartet darauf, gedruckt zu werden."))
    return see_other("coordination_consent", placement.pk)


def _note(request: HttpRequest, placement: Placement) -> HttpResponse:
    now = utc_now()
    asked = open_consent(placement)
    form = SignedSheetForm(request.POST, today=local_day(now), taken_back_on=_taken_back_on(asked))
    if not form.is_valid():
        return _page(request, placement, form=form)
    said = form.cleaned_data
    assert isinstance(request.user, User)
    if asked is None or not give_consent(
        asked,
        name=said["name"],
        version_read=said["version"],
        now=now,
        actor=actor_of(request.user, OFFICER),
        sheet=SignedSheet(said["signed_on"], request.user),
    ):
        form.add_error(None, _("Hier hat sich gerade etwas geändert. Bitte lesen Sie noch einmal."))
        return _page(request, placement, form=form)
    messages.success(request, _("Das Einverständnis ist notiert. Bewahren Sie das Blatt auf."))
    return see_other("coordination_consent", placement.pk)


def _withdraw(request: HttpRequest, placement: Placement) -> HttpResponse:
    given = open_consent(placement)
    if given is None or not withdraw_consent(given, now=utc_now(), actor=actor_of(request.user, OFFICER)):
        messages.warning(request, _("Hier ist nichts mehr zurückzuziehen."))
    else:
        messages.success(request, _("Der Einsatz ist beendet; die Person ist benachrichtigt."))
    return see_other("coordination_consent", placement.pk)


def _taken_back_on(asked: GuardianConsent | None) -> date | None:
    moment = taken_back_at(asked) if asked else None
    return local_day(moment) if moment else None


def _page(
    request: HttpRequest,
    placement: Placement,
    *,
    form: SignedSheetForm | None = None,
    ask_form: AskByLetterForm | None = None,
) -> HttpResponse:
    today, asked = local_day(utc_now()), open_consent(placement)
    failed = form or ask_form
    context = {
        "placement": placement,
        "consent": asked,
        "taken_back_on": _taken_back_on(asked),
        "month": (asked and asked.born_in) or placement.volunteer.born_in,
        "is_needed": placement.holds_place and not placement.volunteer.is_of_age(today),
        "text": (asked and asked.declaration) or consent_text(),
        "form": form or SignedSheetForm(today=today),
        "ask_form": ask_form or AskByLetterForm(auto_id=ASK_ID),
        "failed_form": failed,
    }
    return render(request, "volunteers/coordination_consent.html", context, status=422 if failed else 200)
