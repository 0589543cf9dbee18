"""What stands about a body in the Zuwendungsempfängerregister is noted; it keeps nobody from issuing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citizens.views.private_pages import see_other
from donations.receipts.access import access_body
from donations.receipts.forms.register_check import RegisterCheckForm
from donations.receipts.services.issuers import note_register_check
from donations.views.treasury import signed_in
from foundation.clock import local_day, utc_now
from programs.access import Role, actor_of

SHOWN = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordination_register_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the body was looked up, and read when it was before."""
    user, now = signed_in(request), utc_now()
    provider = access_body(user, pk)
    answers = request.POST if request.method == "POST" else None
    form = RegisterCheckForm(answers, provider=provider, today=local_day(now))
    if form.is_bound and form.is_valid():
        said, actor = form.cleaned_data, actor_of(user, Role.TREASURER)
        note_register_check(
            provider, said["checked_on"], said["found"], checked_by=user, actor=actor, now=now
        )
        messages.success(request, _("Eingetragen."))
        return see_other("coordination_issuers")
    checks = provider.register_checks.select_related("checked_by")[:SHOWN]
    page = {"form": form, "provider": provider, "checks": checks}
    return render(
        request, "receipts/coordination/register_check.html", page, status=422 if form.is_bound else 200
    )
