""" "Meine Zusagen": what a person has pledged, is asked and does, opened by a link instead of a password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from foundation.client import client_address
from foundation.clock import utc_now
from foundation.limits import LimitReached
from volunteers.access import access_volunteer
from volunteers.forms.my_pledges import LinkForm
from volunteers.models import TimePledge
from volunteers.selectors.pledges import own_page
from volunteers.services.fit import standings
from volunteers.services.link_requests import request_link
from volunteers.services.links import offer_url, placement_calendar_url
from volunteers.views.answers import see_other
from volunteers.views.token_pages import token_page
from volunteers.wording.first_steps import first_steps

NOTES = {
    "bestaetigt": gettext_lazy("Danke! Ihre Zusage ist bestätigt."),
    "geaendert": gettext_lazy("Ihre Änderungen sind gespeichert."),
    "pausiert": gettext_lazy("Ihre Pause ist eingetragen. Bis dahin fragen wir nichts Neues."),
    "weiter": gettext_lazy("Schön, dass Sie wieder da sind. Wir suchen weiter."),
    "zurueckgezogen": gettext_lazy("Ihre Zusage ist zurückgezogen. Danke, dass Sie helfen wollten."),
    "abwesend": gettext_lazy("Ihre Abwesenheit ist eingetragen. Wo Sie eingeteilt waren, weiß man Bescheid."),
    "anwesend": gettext_lazy("Die Abwesenheit ist gelöscht."),
    "daten": gettext_lazy("Ihre Angaben sind gespeichert."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def my_pledges(request: HttpRequest) -> HttpResponse:
    """Ask for the address to which the link shall go; the answer is the same for every address."""
    if request.method != "POST":
        return render(request, "volunteers/my_pledges_link.html", {"form": LinkForm()})
    form = LinkForm(request.POST)
    if not form.is_valid():
        return render(request, "volunteers/my_pledges_link.html", {"form": form}, status=422)
    try:
        request_link(form.cleaned_data["email"], client=client_address(request), now=utc_now())
    except LimitReached as reached:
        form.add_error(
            None,
            _(
                "Für diese Adresse ging heute schon mehrmals Post hinaus. Bitte sehen Sie in Ihr Postfach "
                "oder versuchen Sie es morgen wieder."
            ),
        )
        response = render(request, "volunteers/my_pledges_link.html", {"form": form}, status=429)
        response["Retry-After"] = str(reached.retry_after)
        return response
    return see_other("my_pledges_link_sent")


@require_safe
def my_pledges_link_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look for the link."""
    return render(request, "volunteers/my_pledges_link_sent.html")


@token_page
@require_safe
def my_pledges_with(request: HttpRequest, token: str) -> HttpResponse:
    """Show questions, placements with their next dates, and pledges."""
    now = utc_now()
    volunteer = access_volunteer(token, now)
    note = request.GET.get("hinweis", "")
    page = own_page(volunteer, now)
    stands = standings(page.pledges, now)
    context = {
        "token": token,
        "volunteer": volunteer,
        "note": NOTES.get(note),
        "next_steps": _steps_after(note, page.pledges),
        "offers": [(offer, offer_url(offer, now)) for offer in page.offers],
        "placements": [(placement, placement_calendar_url(placement, now)) for placement in page.placements],
        "pledges": [(pledge, stands.get(pledge.pk)) for pledge in page.pledges],
    }
    return render(request, "volunteers/my_pledges.html", context)


def _steps_after(note: str, pledges: list[TimePledge]) -> list[dict[str, str]]:
    """Return what comes next for somebody who has confirmed just now."""
    due = pledges[0].answer_due_at if note == "bestaetigt" and pledges else None
    return first_steps(due) if due else []
