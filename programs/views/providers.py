"""The youth office's hand on providers: which there are, and stopping one at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.clock import local_day, utc_now
from foundation.returns import BACK, back_or
from programs.access import whole_city_required
from programs.forms.concept import ConceptReviewedForm
from programs.forms.stop import StopForm
from programs.models import Provider
from programs.services.concepts import note_concept_reviewed, take_back_review
from programs.services.providers import stop_provider
from programs.views.activities import person_of

ROWS_PER_PAGE = 50


@whole_city_required
@require_safe
def coordination_providers(request: HttpRequest) -> HttpResponse:
    """List all, those that are verified first."""
    found = Provider.objects.filter(is_youth_office=False).order_by("-is_verified", "name")
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "programs/coordination_providers.html", {"page": page})


@whole_city_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_provider_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop one, with the reasons it reads."""
    provider = get_object_or_404(Provider, pk=pk, is_youth_office=False)
    form = StopForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and stop_provider(provider, reasons=form.cleaned_data["reasons"], now=utc_now()):
        messages.success(request, _("Gestoppt: Für diesen Träger wird niemand mehr gefragt."))
        return HttpResponseRedirect(reverse("coordination_providers"))
    if request.method == "POST":
        provider.refresh_from_db()
    status = 422 if request.method == "POST" else 200
    context = {"provider": provider, "form": form}
    return render(request, "programs/coordination_provider_stop.html", context, status=status)


@whole_city_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_concept_reviewed(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a protection concept was looked at, and when it is again."""
    verified = Provider.objects.filter(is_verified=True, protection_concept_review_on__isnull=False)
    provider = get_object_or_404(verified, pk=pk)
    before, today = provider.protection_concept_review_on, local_day(utc_now())
    sent = request.POST if request.method == "POST" else None
    form = ConceptReviewedForm(sent, today=today, initial={"before": before})
    if not form.is_valid():
        context = {"provider": provider, "form": form, "back": request.POST.get(BACK, "")}
        return render(
            request, "programs/coordination_concept.html", context, status=422 if form.is_bound else 200
        )
    said = form.cleaned_data
    if note_concept_reviewed(provider, said["review_on"], before=said["before"]):
        messages.success(request, _("Vermerkt. Am genannten Tag erinnern wir Sie und den Träger wieder."))
    else:
        messages.warning(
            request, _("Hier hat sich inzwischen etwas geändert. Bitte sehen Sie noch einmal nach.")
        )
    return back_or(request, HttpResponseRedirect(reverse("coordination_providers"), status=303))


@whole_city_required
@require_POST
def coordination_concept_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the review that one has just noted."""
    provider = get_object_or_404(Provider, pk=pk)
    if take_back_review(provider, by=person_of(request), now=utc_now()):
        messages.success(request, _("Das Schutzkonzept wartet wieder auf die Durchsicht."))
    else:
        messages.warning(request, _("Das lässt sich nicht mehr zurücknehmen."))
    return back_or(request, HttpResponseRedirect(reverse("coordination"), status=303))
