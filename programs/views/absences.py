"""One's own holidays: who is away gets no list in the morning, and the deputies see the work."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from foundation.clock import local_day, utc_now
from programs.access import access_absence
from programs.forms.absences import AwayForm
from programs.models import Membership
from programs.selectors.duty import coming_absences, who_covers
from programs.services.absences import enter_absence


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Show when one is away and who is there then; note another time."""
    user, today = _acting(request), local_day(utc_now())
    form = AwayForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_valid():
        enter_absence(user, form.cleaned_data["from_on"], form.cleaned_data["until_on"])
        messages.success(request, _("Eingetragen. So lange bekommen Sie keine Morgenliste."))
        return _back()
    mine = Membership.objects.filter(user=user).select_related("provider")
    context = {
        "form": form,
        "absences": coming_absences(user, today),
        "memberships": mine.order_by("provider__name", "role"),
        "covers": who_covers(user, today),
    }
    status = 422 if form.errors else 200
    return render(request, "programs/coordination_absences.html", context, status=status)


@login_required
@require_POST
def absence_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Be there after all."""
    access_absence(request.user, pk).delete()
    messages.success(request, _("Gelöscht. Sie bekommen die Morgenliste wieder."))
    return _back()


def _acting(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    if not user.is_superuser and not Membership.objects.filter(user=user).exists():
        raise PermissionDenied
    return user


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("coordination_absences"), status=303)
