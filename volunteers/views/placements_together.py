"""What is done to several chosen placements at once: confirm, end, remind, write to."""

from collections.abc import Callable, Mapping
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from citizens.views.together import Act, Deed, Left, Words, answers, done_together
from foundation.clock import utc_now
from foundation.limits import LimitReached
from foundation.lists.choosing import chosen_keys
from programs.access import actor_of, coordinator_required, providers_of, whole_city_required
from volunteers.forms.contacts import MessageForm
from volunteers.forms.coordination import StopForm
from volunteers.models import Placement, Volunteer
from volunteers.selectors.coordination import placements_of
from volunteers.services.coordination_mail import coordination_address
from volunteers.services.messages import Audience, audiences_among, send_message
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import ProviderNotVerified, confirm_placement
from volunteers.services.provider_silence import remind_by_hand

LIST = "coordination_placements"
DECIDED = gettext_lazy("Darüber ist schon entschieden")
OVER = gettext_lazy("Dieser Einsatz ist schon vorbei")
NOT_VERIFIED = gettext_lazy("Das Jugendamt hat die Prüfung dieses Trägers zurückgenommen")
NOT_WAITING = gettext_lazy("wartet nicht auf den Träger")
REMINDED_TODAY = gettext_lazy("heute schon erinnert")
NOT_THERE = gettext_lazy("macht gerade nicht mit")
UNWANTED = gettext_lazy("hat solche Nachrichten abbestellt oder ist nicht erreichbar")
READS_IT = gettext_lazy("bekommt diese Nachricht schon")
ENOUGH_TODAY = gettext_lazy("Für diese Aufgabe ist heute schon genug geschrieben")


@coordinator_required
@require_POST
def placements_confirm(request: HttpRequest) -> HttpResponse:
    """Say yes to several people who want to help."""
    actor, now = actor_of(request.user), utc_now()

    def confirm(placement: Placement) -> Words:
        try:
            return "" if confirm_placement(placement, actor=actor, now=now) else DECIDED
        except ProviderNotVerified:
            return NOT_VERIFIED

    act = Act(
        title=_("Menschen bestätigen"),
        lead=_("Wer noch ein Führungszeugnis oder eine Unterschrift braucht, hört zuerst davon."),
        button=_("Jetzt bestätigen"),
        done=lambda count: (
            ngettext("%(count)d Mensch ist bestätigt.", "%(count)d Menschen sind bestätigt.", count)
            % {"count": count}
        ),
        nothing=_("Keiner der ausgewählten Einsätze wartet auf Ihr Ja."),
    )
    return done_together(request, act, _deeds(request, confirm), otherwise=LIST)


@coordinator_required
@require_POST
def placements_stop(request: HttpRequest) -> HttpResponse:
    """Turn several people down or end their placements, for one reason."""
    actor, now, form = actor_of(request.user), utc_now(), StopForm(answers(request))

    def stop(placement: Placement) -> Words:
        reason = form.cleaned_data["reason"]
        return "" if stop_placement(placement, reason=reason, actor=actor, now=now) else OVER

    act = Act(
        title=_("Einsätze beenden"),
        lead=_("Die Plätze werden frei, kommende Termine fallen weg. Die Zeitzusagen bleiben."),
        button=_("Jetzt beenden"),
        done=lambda count: (
            ngettext("%(count)d Einsatz ist beendet.", "%(count)d Einsätze sind beendet.", count)
            % {"count": count}
        ),
        nothing=_("Keiner der ausgewählten Einsätze läuft noch."),
    )
    return done_together(request, act, _deeds(request, stop), otherwise=LIST, form=form)


@whole_city_required
@require_POST
def placements_remind(request: HttpRequest) -> HttpResponse:
    """Remind the providers of the chosen people who wait."""
    actor, now = actor_of(request.user), utc_now()

    def remind(placement: Placement) -> Words:
        if not placement.awaits_confirmation:
            return NOT_WAITING
        return "" if remind_by_hand([placement], actor=actor, now=now) else REMINDED_TODAY

    deeds = [
        Deed(
            (each.pk,),
            f"{each.opportunity.provider.name}: {each.who}, {each.title}",
            partial(remind, each),
            (coordination_address(each.opportunity.provider),),
        )
        for each in _chosen(request)
    ]
    act = Act(
        title=_("Träger erinnern"),
        lead=_("An denselben Einsatz erinnern wir höchstens einmal am Tag."),
        button=_("Jetzt erinnern"),
        done=lambda count: (
            ngettext(
                "%(count)d Erinnerung ist geschrieben.", "%(count)d Erinnerungen sind geschrieben.", count
            )
            % {"count": count}
        ),
        nothing=_("Bei keinem der ausgewählten Einsätze ist heute zu erinnern."),
    )
    return done_together(request, act, deeds, otherwise=LIST)


@coordinator_required
@require_POST
def placements_message(request: HttpRequest) -> HttpResponse:
    """Write to the chosen people who take part."""
    return write_together(request, {each.pk: each for each in _chosen(request)}, [], otherwise=LIST)


def write_together(
    request: HttpRequest, rows: Mapping[int, Placement], left: list[Left], *, otherwise: str
) -> HttpResponse:
    """Write one text to the people of `rows`, placements by the key that was ticked, task by task.

    Each mailbox reads it once, and nobody who has declined such mails. `left` are more who do not.
    """
    actor, now, form = actor_of(request.user), utc_now(), MessageForm(answers(request))
    audiences = audiences_among(rows.values())

    def send(audience: Audience) -> Words:
        said = form.cleaned_data
        try:
            sent = send_message(audience, said["text"], submission=said["submission"], actor=actor, now=now)
        except LimitReached:
            return ENOUGH_TODAY
        return "" if sent else READS_IT

    deeds = [
        Deed(
            tuple(key for key, row in rows.items() if _reads(row, audience)),
            f"{audience.task.title}: {', '.join(person.short_name for person in audience.people)}",
            partial(send, audience),
            tuple(person.email for person in audience.people),
        )
        for audience in audiences
        if audience.people
    ]
    reached = {key for deed in deeds for key in deed.keys}
    beyond = {person for audience in audiences for person in audience.beyond}
    act = Act(
        title=_("Nachricht an Ausgewählte"),
        lead=_("Wer solche Nachrichten abbestellt hat, bekommt keine."),
        button=_("Jetzt senden"),
        done=lambda count: (
            ngettext("Gesendet an %(count)d Menschen.", "Gesendet an %(count)d Menschen.", count)
            % {"count": count}
        ),
        nothing=_("Niemand von den Ausgewählten macht gerade mit und ist erreichbar."),
        left=[*left, *(_unreached(row, beyond) for key, row in rows.items() if key not in reached)],
    )
    return done_together(request, act, deeds, otherwise=otherwise, form=form)


def _reads(row: Placement, audience: Audience) -> bool:
    return row.opportunity == audience.task and row.volunteer in audience.people


def _unreached(row: Placement, beyond: set[Volunteer]) -> Left:
    if not row.is_active:
        return Left(_label(row), NOT_THERE)
    return Left(_label(row), UNWANTED if row.volunteer in beyond else READS_IT)


def _chosen(request: HttpRequest) -> list[Placement]:
    return list(placements_of(providers_of(request.user)).filter(pk__in=chosen_keys(request.POST)))


def _deeds(request: HttpRequest, do: Callable[[Placement], Words]) -> list[Deed]:
    return [
        Deed((each.pk,), _label(each), partial(do, each), (each.volunteer.email,))
        for each in _chosen(request)
    ]


def _label(placement: Placement) -> str:
    return f"{placement.who}, {placement.title}"
