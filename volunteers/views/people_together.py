"""What is done to several chosen people or pledges at once: write to them, note something, note a call."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from citizens.views.together import Act, Deed, Left, Words, answers, done_together
from foundation.clock import local_day, utc_now
from foundation.lists.choosing import chosen_keys
from programs.access import (
    actor_of,
    coordinator_required,
    providers_of,
    sees_whole_city,
    whole_city_required,
)
from volunteers.forms.contacts import CallsForm, NoteForm
from volunteers.models import TimePledge, Volunteer
from volunteers.selectors.coordination import placements_of, pledges_of
from volunteers.selectors.people_list import people_of
from volunteers.selectors.person_page import Reach
from volunteers.services.contacts import last_contact_id, latest_contact, note, record_call
from volunteers.views.coordination_people import house_of
from volunteers.views.placements_together import NOT_THERE, write_together

PEOPLE, PLEDGES = "coordination_people", "coordination_pledges"


@coordinator_required
@require_POST
def people_message(request: HttpRequest) -> HttpResponse:
    """Write to the chosen people about the task at which they are, of several the one they came to last."""
    people = _chosen(request)
    there = placements_of(providers_of(request.user)).filter(volunteer__in=people)
    by_time = there.order_by("status_changed_at", "pk")
    rows = {each.volunteer_id: each for each in sorted(by_time, key=lambda each: each.is_active)}
    nowhere = [Left(each.short_name, NOT_THERE) for each in people if each.pk not in rows]
    return write_together(request, rows, nowhere, otherwise=PEOPLE)


@coordinator_required
@require_POST
def people_note(request: HttpRequest) -> HttpResponse:
    """Keep the same note about each of the chosen people."""
    user, now, form = request.user, utc_now(), NoteForm(answers(request))
    assert isinstance(user, User)
    reach = Reach(providers_of(user), everybody=sees_whole_city(user))

    def keep(person: Volunteer) -> Words:
        house = None if reach.everybody else house_of(user, person, reach)
        note(person, form.cleaned_data["text"], provider=house, by=user, now=now)
        return ""

    act = Act(
        title=_("Notiz zu mehreren Menschen"),
        lead=_("Sie steht danach auf der Seite jeder Person. Die Person kann sie lesen."),
        button=_("Notiz speichern"),
        done=lambda count: (
            ngettext("%(count)d Notiz ist gespeichert.", "%(count)d Notizen sind gespeichert.", count)
            % {"count": count}
        ),
        nothing=_("Niemand ist ausgewählt."),
    )
    deeds = [Deed((each.pk,), each.short_name, partial(keep, each)) for each in _chosen(request)]
    return done_together(request, act, deeds, otherwise=PEOPLE, form=form)


@whole_city_required
@require_POST
def pledges_call(request: HttpRequest) -> HttpResponse:
    """Note what came of calls about the chosen pledges: reached, or not."""
    user, now = request.user, utc_now()
    assert isinstance(user, User)
    form = CallsForm(answers(request), after=latest_contact(), today=local_day(now))

    def call(pledge: TimePledge) -> Words:
        known = last_contact_id(pledge)
        said = form.call_of(known)
        if known > form.cleaned_data["after"] or not record_call(
            pledge, said, by=user, actor=actor_of(user), now=now
        ):
            return _("hier hat sich inzwischen etwas geändert")
        return ""

    act = Act(
        title=_("Anrufe notieren"),
        lead=_(
            "Für jede dieser Zeitzusagen dasselbe. Zehn Minuten lang lässt sich jeder Anruf zurücknehmen."
        ),
        button=_("Anrufe notieren"),
        done=lambda count: (
            ngettext("%(count)d Anruf ist notiert.", "%(count)d Anrufe sind notiert.", count)
            % {"count": count}
        ),
        nothing=_("Keine der ausgewählten Zeitzusagen ist offen."),
    )
    chosen = pledges_of(providers_of(user), everybody=True).filter(pk__in=chosen_keys(request.POST))
    deeds = [Deed((each.pk,), each.volunteer.who, partial(call, each)) for each in chosen]
    return done_together(request, act, deeds, otherwise=PLEDGES, form=form)


def _chosen(request: HttpRequest) -> list[Volunteer]:
    people = people_of(providers_of(request.user), everybody=sees_whole_city(request.user))
    return list(people.filter(pk__in=chosen_keys(request.POST)))
