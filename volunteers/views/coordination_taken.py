"""What people told on the phone, in a talk or on paper: a pledge, an answer, a yes to a task."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from citizens.views.private_pages import see_other
from foundation.clock import local_day, utc_now
from foundation.rendering import error_links
from foundation.returns import back_or
from programs.access import (
    access_role,
    actor_of,
    coordinator_required,
    sees_whole_city,
    whole_city_required,
)
from programs.models import Role
from programs.selectors.city import current_city
from volunteers.access import access_coordinated_offer, access_running_pledge
from volunteers.forms.contacts import AskForm
from volunteers.forms.taken import PlaceForm, TakenPledgeForm, ToldAnswerForm
from volunteers.models import Offer, TimePledge
from volunteers.services.answers import TooFewPlaces, accept_offer, decline_offer
from volunteers.services.asking import place_by_hand
from volunteers.services.taken_pledges import take_pledge_down
from volunteers.views.coordination_people import tell

ROLE = "rolle"


@coordinator_required
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_take(request: HttpRequest) -> HttpResponse:
    """Take a pledge down on one page, for a role of a task if `rolle` names one."""
    now, role, city = utc_now(), _role(request), current_city()
    answers = request.POST if request.method == "POST" else None
    form = TakenPledgeForm(answers, role=role, today=local_day(now), town=city.name if city else "")
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "role": role}
        status = 422 if form.is_bound else 200
        return render(request, "volunteers/coordination_pledge_take.html", context, status=status)
    assert isinstance(request.user, User)
    pledge = take_pledge_down(
        form.person(),
        form.wishes(),
        form.consent(request.user),
        postal_address=form.postal_address(),
        submission=form.cleaned_data["submission"],
        actor=actor_of(request.user),
        now=now,
        wanted=role,
    )
    return _after(request, pledge)


def _role(request: HttpRequest) -> Role | None:
    asked = request.GET.get(ROLE, "")
    return access_role(request.user, int(asked)) if asked.isdecimal() and len(asked) < 16 else None


def _after(request: HttpRequest, pledge: TimePledge) -> HttpResponse:
    if pledge.status == TimePledge.Status.UNCONFIRMED:
        messages.success(
            request, _("Aufgenommen. Die Person bekommt eine E-Mail mit dem Link zum Bestätigen.")
        )
        return see_other("coordination_pledges")
    messages.success(request, _("Aufgenommen. Die Suche beginnt; der Dank wartet bei den Briefen."))
    if sees_whole_city(request.user):
        return see_other("coordination_person", pledge.volunteer_id)
    return see_other("coordination_pledges")


@whole_city_required
@require_POST
def offer_answered(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what a person answered to a question otherwise than by the link in it."""
    offer, now, actor = access_coordinated_offer(request.user, pk), utc_now(), actor_of(request.user)
    form = ToldAnswerForm(request.POST, offer=offer)
    back = back_or(request, see_other("coordination_person", offer.pledge.volunteer_id))
    if not form.is_valid():
        _tell_what_is_wrong(request, form)
        return back
    how = form.cleaned_data["came_by"]
    if form.accepts:
        try:
            offer = accept_offer(offer, now=now, actor=actor, answered_by=how, heads=form.heads)
        except TooFewPlaces:
            messages.warning(request, _("Für so viele Menschen sind dort nicht genug Plätze frei."))
            return back
    else:
        offer = decline_offer(offer, reason=form.decline_reason, now=now, actor=actor, answered_by=how)
    _tell_answer(request, offer, is_yes=form.accepts)
    return back


def _tell_what_is_wrong(request: HttpRequest, form: Form) -> None:
    messages.warning(request, " ".join(text for _control, text in error_links(form)))


def _tell_answer(request: HttpRequest, offer: Offer, *, is_yes: bool) -> None:
    if offer.status == (Offer.Status.ACCEPTED if is_yes else Offer.Status.DECLINED):
        messages.success(request, _("Die Antwort ist notiert."))
    else:
        messages.warning(request, _("Diese Anfrage gilt nicht mehr."))


@whole_city_required
@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Place a person who said yes to a role without being asked by us."""
    pledge = access_running_pledge(request.user, pk)
    form, how = AskForm(request.POST), PlaceForm(request.POST)
    if form.is_valid() and how.is_valid():
        placed = place_by_hand(
            pledge,
            access_role(request.user, form.cleaned_data["role"]),
            said_yes_by=how.cleaned_data["came_by"],
            in_spite_of=form.cleaned_data["in_spite_of"],
            actor=actor_of(request.user),
            now=utc_now(),
        )
        tell(request, placed, done=_("Eingetragen. Jetzt bestätigt der Träger."))
    elif how.errors:
        _tell_what_is_wrong(request, how)
    return back_or(request, see_other("coordination_person", pledge.volunteer_id))
