"""The youth office's hand on providers: which there are, and stopping one at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.clock import utc_now
from programs.access import whole_city_required
from programs.forms.stop import StopForm
from programs.models import Provider
from programs.services.providers import stop_provider

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
