"""Questions put for a provider's tasks, and the people they were put to."""

from collections.abc import Iterable
from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.list_views import ListAct, list_file, list_page
from citizens.views.private_pages import see_other
from citizens.views.together import Act, Deed, Words, done_together
from foundation.clock import local_day, utc_now
from foundation.lists.choosing import chosen_keys
from foundation.lists.showing import Asked, asked_of
from programs.access import actor_of, coordinator_required, providers_of, sees_whole_city
from programs.models import Provider
from volunteers.access import access_coordinated_offer
from volunteers.forms.lists import offer_list, pledge_list
from volunteers.models import Offer, TimePledge
from volunteers.selectors.coordination import offers_of, pledges_of
from volunteers.services.answers import withdraw_offer
from volunteers.services.fit import Standing, standings

WITHDRAW: ListAct = (gettext_lazy("Ausgewählte zurücknehmen …"), "coordination_offers_withdraw")
CALL: ListAct = (gettext_lazy("Anruf bei Ausgewählten notieren …"), "coordination_pledges_call")


@coordinator_required
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """List the questions put for own tasks."""
    everybody = sees_whole_city(request.user)
    asked = _asked_offers(request, everybody=everybody)
    page = asked.page(request.GET.get("page"))
    return list_page(
        request,
        "volunteers/coordination_offers.html",
        asked,
        file="coordination_offers_file",
        page=page,
        everybody=everybody,
        acts=[WITHDRAW] if any(offer.is_sent for offer in page) else [],
    )


@coordinator_required
@require_safe
def offers_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    asked = _asked_offers(request, everybody=sees_whole_city(request.user))
    return list_file(request, asked, kind, actor=actor_of(request.user), now=utc_now())


def _asked_offers(request: HttpRequest, *, everybody: bool) -> Asked[Offer]:
    return asked_of(offer_list(everybody=everybody), offers_of(providers_of(request.user)), request.GET)


@coordinator_required
@require_POST
def offer_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a question nobody has answered yet."""
    offer = access_coordinated_offer(request.user, pk)
    if withdraw_offer(offer, actor=actor_of(request.user), reason="by the provider", now=utc_now()):
        messages.success(request, _("Die Anfrage ist zurückgenommen. Der Platz ist wieder frei."))
    else:
        messages.warning(request, _("Die Anfrage ist schon beantwortet oder verstrichen."))
    return see_other("coordination_offers")


@coordinator_required
@require_POST
def offers_withdraw(request: HttpRequest) -> HttpResponse:
    """Take back several questions at once."""
    actor, now, everybody = actor_of(request.user), utc_now(), sees_whole_city(request.user)
    chosen = offers_of(providers_of(request.user)).filter(pk__in=chosen_keys(request.POST))

    def withdraw(offer: Offer) -> Words:
        done = withdraw_offer(offer, actor=actor, reason="by the provider", now=now)
        return "" if done else _("schon beantwortet oder verstrichen")

    act = Act(
        title=_("Anfragen zurücknehmen"),
        lead=_(
            "Die Plätze sind danach wieder frei. Wer den Link in unserer Frage öffnet, liest, dass sie nicht "
            "mehr gilt und dass die Zeitzusage weiter besteht."
        ),
        button=_("Jetzt zurücknehmen"),
        done=lambda count: (
            ngettext(
                "%(count)d Anfrage ist zurückgenommen.", "%(count)d Anfragen sind zurückgenommen.", count
            )
            % {"count": count}
        ),
        nothing=_("Keine der ausgewählten Anfragen ist noch offen."),
    )
    deeds = [Deed((each.pk,), _label(each, everybody=everybody), partial(withdraw, each)) for each in chosen]
    return done_together(request, act, deeds, otherwise="coordination_offers")


def _label(offer: Offer, *, everybody: bool) -> str:
    """Whom it was put to a provider is not told."""
    assert offer.sent_at is not None
    asked = _("%(title)s, gefragt am %(day)s") % {
        "title": offer.title,
        "day": date_format(local_day(offer.sent_at), "j. F Y"),
    }
    return f"{offer.pledge.volunteer.short_name}: {asked}" if everybody else asked


@coordinator_required
@require_safe
def pledges(request: HttpRequest) -> HttpResponse:
    """List who was suggested for own tasks and why; the youth office sees everybody who offers time."""
    everybody = sees_whole_city(request.user)
    asked = _asked_pledges(request, everybody=everybody)
    page = asked.page(request.GET.get("page"))
    return list_page(
        request,
        "volunteers/coordination_pledges.html",
        asked,
        file="coordination_pledges_file",
        page=page,
        rows=_with_standing(page, providers_of(request.user)),
        everybody=everybody,
        acts=[CALL] if everybody and any(pledge.is_open for pledge in page) else [],
    )


@coordinator_required
@require_safe
def pledges_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the same list as a table."""
    asked = _asked_pledges(request, everybody=sees_whole_city(request.user))
    return list_file(request, asked, kind, actor=actor_of(request.user), now=utc_now())


def _asked_pledges(request: HttpRequest, *, everybody: bool) -> Asked[TimePledge]:
    rows = pledges_of(providers_of(request.user), everybody=everybody)
    return asked_of(pledge_list(everybody=everybody), rows, request.GET)


def _with_standing(
    page: Iterable[TimePledge], own: QuerySet[Provider]
) -> list[tuple[TimePledge, Standing | None]]:
    """Return each pledge with how it stands to the task it is for, if that task belongs to `own`."""
    rows = list(page)
    tasks = [row.wanted_opportunity_id for row in rows if row.wanted_opportunity_id]
    shown = (
        set(own.filter(opportunities__in=tasks).values_list("opportunities", flat=True)) if tasks else set()
    )
    found = standings([row for row in rows if row.wanted_opportunity_id in shown], utc_now())
    return [(row, found.get(row.pk)) for row in rows]
