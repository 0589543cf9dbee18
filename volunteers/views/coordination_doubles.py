"""Making one person of two rows, after a look at both, and taking that back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.history import note_reads
from outbox.services.rehearsal import rehearse
from programs.access import actor_of, whole_city_required
from volunteers.access import access_merge, access_person
from volunteers.models import Volunteer
from volunteers.selectors.doubles import possible_doubles
from volunteers.services.merging import MergeRefusal, merge_people, part_people

WHY_NOT = {
    MergeRefusal.NOT_TWO: gettext_lazy("Diese beiden lassen sich nicht mehr zusammenführen."),
    MergeRefusal.HAS_BEEN_SOMEWHERE: gettext_lazy(
        "An diesem Eintrag hängen Einsätze oder Stunden. Bitte führen Sie vom anderen aus zusammen."
    ),
    MergeRefusal.GROUP_AND_PERSON: gettext_lazy(
        "Eine Gruppe und eine einzelne Person sind nicht dasselbe. Beide bleiben getrennt."
    ),
}


@whole_city_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int, double_pk: int) -> HttpResponse:
    """Show two rows side by side; a POST makes them one."""
    kept, double = access_person(request.user, pk), access_person(request.user, double_pk)
    if request.method != "POST":
        return _page(request, kept, double)
    refusal = _merge(request, kept, double)
    if refusal is None:
        messages.success(request, _("Zusammengeführt. Das lässt sich auf dieser Seite zurücknehmen."))
    else:
        messages.warning(request, WHY_NOT[refusal])
    return see_other("coordination_person", pk)


def _merge(request: HttpRequest, kept: Volunteer, double: Volunteer) -> MergeRefusal | None:
    assert isinstance(request.user, User)
    return merge_people(kept, double, by=request.user, actor=actor_of(request.user), now=utc_now())


def _page(request: HttpRequest, kept: Volunteer, double: Volunteer) -> HttpResponse:
    if not any(each.pk == double.pk for each in possible_doubles(kept)):
        raise Http404
    actor, now = actor_of(request.user), utc_now()
    note_reads([kept, double], actor=actor, now=now, route="coordination_person_merge")
    rows = [(each, list(each.pledges.filter(confirmed_at__isnull=False))) for each in (kept, double)]
    refusal, mails = rehearse(lambda: _merge(request, kept, double), [kept.email])
    context = {
        "kept": kept,
        "double": double,
        "rows": rows,
        "why_not": WHY_NOT[refusal] if refusal else "",
        "counts_as_minor": not refusal and kept.is_adult and not double.is_adult,
        "subjects": [mail.subject for mail in mails],
    }
    return render(request, "volunteers/coordination_person_merge.html", context)


@whole_city_required
@require_POST
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two rows of one person again."""
    found = access_merge(request.user, pk)
    if part_people(found, actor=actor_of(request.user), now=utc_now()):
        messages.success(request, _("Wieder getrennt."))
    else:
        messages.warning(request, _("Das ist schon zurückgenommen."))
    return see_other("coordination_person", found.kept_id)
