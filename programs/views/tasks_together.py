"""What is done to several chosen tasks at once: hand in, pause, go on with, prolong, end.

Releasing is not among it: a text is released by who has read it word by word.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.list_views import ListAct
from accounts.models import User
from citizens.views.together import Act, Deed, done_together
from foundation.clock import utc_now
from foundation.lists.choosing import chosen_keys
from programs.access import coordinator_required, providers_of
from programs.domain.refusals import Refusal
from programs.models import Opportunity
from programs.selectors.coordination import own_opportunities
from programs.services import publishing

LIST, HERE = "coordination_opportunities", "coordination_opportunities_step"


@dataclass(frozen=True)
class Step:
    """An act for one task, and what is said before it is done to several."""

    do: Callable[..., list[Refusal]]
    choose: Promise
    title: Promise
    lead: Promise
    button: Promise
    later: Promise | str = ""


STEPS = {
    "einreichen": Step(
        publishing.submit,
        gettext_lazy("Zur Freigabe geben …"),
        gettext_lazy("Angebote zur Freigabe geben"),
        gettext_lazy("Danach liest eine zweite Person jeden Text und gibt ihn einzeln frei."),
        gettext_lazy("Jetzt zur Freigabe geben"),
    ),
    "pausieren": Step(
        publishing.pause,
        gettext_lazy("Pausieren …"),
        gettext_lazy("Angebote pausieren"),
        gettext_lazy("Es wird niemand Neues gefragt. Wer dabei ist, kommt weiter, und die Termine bleiben."),
        gettext_lazy("Jetzt pausieren"),
    ),
    "fortsetzen": Step(
        publishing.resume,
        gettext_lazy("Fortsetzen …"),
        gettext_lazy("Angebote fortsetzen"),
        gettext_lazy("Sie sind danach wieder öffentlich, und wir fragen wieder Menschen."),
        gettext_lazy("Jetzt fortsetzen"),
    ),
    "verlaengern": Step(
        publishing.prolong,
        gettext_lazy("Ein halbes Jahr länger …"),
        gettext_lazy("Angebote verlängern"),
        gettext_lazy("Die Angaben stimmen noch: Sie gelten ein halbes Jahr länger, von heute an."),
        gettext_lazy("Jetzt verlängern"),
    ),
    "beenden": Step(
        publishing.close,
        gettext_lazy("Endgültig beenden …"),
        gettext_lazy("Angebote endgültig beenden"),
        gettext_lazy(
            "Kommende Termine fallen aus, und die Einsätze enden. Das lässt sich nicht zurücknehmen."
        ),
        gettext_lazy("Jetzt endgültig beenden"),
        gettext_lazy("Wer dort dabei ist, bekommt kurz danach die Nachricht, dass es endet."),
    ),
}


def acts_for(tasks: Iterable[Opportunity]) -> list[ListAct]:
    """Return the acts that make sense for at least one of `tasks`."""
    rows = list(tasks)
    sensible = {
        "einreichen": any(task.is_draft for task in rows),
        "pausieren": any(task.is_published for task in rows),
        "fortsetzen": any(task.is_paused for task in rows),
        "verlaengern": any(task.expires_on and not task.is_closed for task in rows),
        "beenden": any(not task.is_closed for task in rows),
    }
    return [(STEPS[name].choose, HERE, name) for name, is_sensible in sensible.items() if is_sensible]


@coordinator_required
@require_POST
def opportunities_step(request: HttpRequest, step: str) -> HttpResponse:
    """Do one step to several tasks."""
    if step not in STEPS:
        raise Http404
    user, now, chosen = request.user, utc_now(), STEPS[step]
    assert isinstance(user, User)

    def do(task: Opportunity) -> str:
        refusals = chosen.do(task, by=user, now=now)
        if refusals == [Refusal.MOVED_MEANWHILE]:
            return _("steht auf „%(status)s“") % {"status": task.get_status_display()}
        return " ".join(str(refusal.label) for refusal in refusals)

    act = Act(
        title=chosen.title,
        lead=chosen.lead,
        button=chosen.button,
        done=lambda count: (
            ngettext("Bei %(count)d Angebot ist es getan.", "Bei %(count)d Angeboten ist es getan.", count)
            % {"count": count}
        ),
        nothing=_("Bei keinem der ausgewählten Angebote geht das."),
        later=chosen.later,
    )
    rows = own_opportunities(providers_of(user)).filter(pk__in=chosen_keys(request.POST))
    deeds = [Deed((task.pk,), _label(task), partial(do, task)) for task in rows]
    return done_together(request, act, deeds, otherwise=LIST)


def _label(task: Opportunity) -> str:
    """With how many are there: they are concerned if it ends."""
    taken = _("%(taken)d von %(all)d vergeben") % {"taken": task.places_taken, "all": task.places}
    return f"{task.title}, {task.provider.name} ({taken})"
