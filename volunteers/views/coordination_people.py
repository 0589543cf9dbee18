"""One person for those entitled, and asking by hand: from a person, and from a task."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from citizens.views.private_pages import see_other
from foundation.clock import utc_now
from foundation.history import note_reads
from foundation.returns import BACK, back_or
from programs.access import (
    access_opportunity,
    access_role,
    actor_of,
    coordinator_required,
    houses_of,
    providers_of,
    sees_whole_city,
    whole_city_required,
)
from programs.models import Provider, Role
from volunteers.access import access_person, access_running_pledge
from volunteers.forms.contacts import AskForm, NoteForm
from volunteers.models import PersonMerge, TimePledge, Volunteer
from volunteers.selectors.doubles import possible_doubles
from volunteers.selectors.match_pledges import IN_THE_RUN
from volunteers.selectors.person_page import (
    Reach,
    coming_dates,
    contacts_about,
    open_tasks,
    placements_about,
    pledges_about,
)
from volunteers.services.asking import Asked, AskOutcome, ask_by_hand
from volunteers.services.contacts import note
from volunteers.services.questions import SendOutcome
from volunteers.services.suggestions import Suggestion, Suggestions, people_for, tasks_for

EVERY_TASK = "alle"
NOT_PUT = {
    SendOutcome.NOT_LOOKING: gettext_lazy("Die Person sucht gerade nichts oder ist abwesend."),
    SendOutcome.CONTACT_BUDGET: gettext_lazy("Die Person hat für diese Woche genug Fragen bekommen."),
    SendOutcome.NO_ROOM: gettext_lazy("Die Person hat dafür keine Zeit mehr frei."),
    SendOutcome.NO_PLACE: gettext_lazy("Hier ist gerade kein Platz mehr frei."),
}


@coordinator_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all of one person that the reader may see; a note is kept by POST."""
    found, now = access_person(request.user, pk), utc_now()
    reach = Reach(providers_of(request.user), everybody=sees_whole_city(request.user))
    if request.method != "POST":
        return _person_page(request, found, reach, NoteForm(), now)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, reach, form, now)
    assert isinstance(request.user, User)
    house = None if reach.everybody else house_of(request.user, found, reach)
    note(found, form.cleaned_data["text"], provider=house, by=request.user, now=now)
    messages.success(request, _("Die Notiz ist gespeichert."))
    return back_or(request, see_other("coordination_person", pk))


@whole_city_required
@require_safe
def task_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the best people for a task, who else, and why not."""
    task, now = access_opportunity(request.user, pk), utc_now()
    found = people_for(task.pk, now)
    shown = [*found.best, *found.others]
    rows = TimePledge.objects.select_related("volunteer").in_bulk([each.pledge_id for each in shown])
    _note_reading(request, [pledge.volunteer for pledge in rows.values()], now)
    names = {role.pk: role.name for role in task.roles.all()}
    context = {
        "opportunity": task,
        "best": [(rows[each.pledge_id], each, names[each.role_id]) for each in found.best],
        "others": [(rows[each.pledge_id], each, names[each.role_id]) for each in found.others],
        "more": found.more,
        "back": request.path,
    }
    return render(request, "volunteers/coordination_task_people.html", context)


@whole_city_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the person of a pledge for a role of a task."""
    pledge = access_running_pledge(request.user, pk)
    form = AskForm(request.POST)
    if form.is_valid():
        role = access_role(request.user, form.cleaned_data["role"])
        asked = ask_by_hand(
            pledge,
            role,
            in_spite_of=form.cleaned_data["in_spite_of"],
            actor=actor_of(request.user),
            now=utc_now(),
        )
        tell(request, asked)
    return back_or(request, see_other("coordination_person", pledge.volunteer_id))


def tell(request: HttpRequest, asked: Asked, done: str = "") -> None:
    """Say what became of a question put by hand, or of a person placed directly (`done`)."""
    if asked.outcome == AskOutcome.SENT:
        told = _("Gefragt. Die Person bekommt die Nachricht gleich, der Platz ist so lange gehalten.")
        messages.success(request, done or told)
    elif asked.outcome == AskOutcome.MATCHER_AT_WORK:
        messages.warning(
            request, _("Gerade wird schon gefragt. Bitte versuchen Sie es in einer Minute noch einmal.")
        )
    elif asked.send is not None:
        messages.warning(request, NOT_PUT.get(asked.send, _("Diese Frage lässt sich gerade nicht stellen.")))
    else:
        phrases = [*asked.standing.waiting_phrases, asked.standing.missing_text]
        why = ", ".join(phrase for phrase in phrases if phrase)
        messages.warning(
            request, _("Nicht gefragt. Im Weg: %(why)s.") % {"why": why or _("inzwischen anderes")}
        )


def _person_page(
    request: HttpRequest, found: Volunteer, reach: Reach, form: NoteForm, now: datetime
) -> HttpResponse:
    _note_reading(request, [found], now)
    pledges, placements = pledges_about(found, reach), list(placements_about(found, reach))
    tasks = list(open_tasks(reach, now).values_list("pk", flat=True))
    looked_at = [pledge for pledge in pledges if pledge.status in IN_THE_RUN]
    every = EVERY_TASK in request.GET
    suggested = {pledge.pk: tasks_for(pledge.pk, tasks, now, all_of_them=every) for pledge in looked_at}
    roles = _roles(suggested.values())
    context = {
        "volunteer": found,
        "everybody": reach.everybody,
        "pledges": [(pledge, _with_roles(suggested.get(pledge.pk), roles)) for pledge in pledges],
        "placements": placements,
        "coming": coming_dates(placements, now),
        "contacts": contacts_about(found, reach),
        "form": form,
        "back": reverse("coordination_person", args=[found.pk]),
        "came_from": request.POST.get(BACK, ""),
        "doubles": possible_doubles(found) if reach.everybody else [],
        "merges": PersonMerge.objects.filter(kept=found, undone_at=None).select_related("double"),
    }
    return render(request, "volunteers/coordination_person.html", context, status=422 if form.errors else 200)


def _roles(suggested: Iterable[Suggestions]) -> dict[int, Role]:
    keys = {each.role_id for found in suggested for each in (*found.best, *found.others)}
    roles = Role.objects.select_related("opportunity__provider")
    return roles.prefetch_related("opportunity__series").in_bulk(keys)


def _with_roles(found: Suggestions | None, roles: dict[int, Role]) -> dict[str, object] | None:
    def named(lines: list[Suggestion]) -> list[tuple[Role, Suggestion]]:
        return [(roles[each.role_id], each) for each in lines]

    if found is None:
        return None
    return {"best": named(found.best), "others": named(found.others), "more": found.more}


def house_of(user: User, found: Volunteer, reach: Reach) -> Provider | None:
    """Return the reader's own house at which the person is."""
    there = found.placements.filter(opportunity__provider__in=houses_of(user)).values("opportunity__provider")
    return reach.providers.filter(pk__in=there).order_by("pk").first()


def _note_reading(request: HttpRequest, people: list[Volunteer], now: datetime) -> None:
    assert request.resolver_match is not None
    route = str(request.resolver_match.view_name)
    note_reads(people, actor=actor_of(request.user), now=now, route=route)
