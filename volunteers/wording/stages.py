"""What is true of a pledge today, in one sentence for its person."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.formats import date_long
from volunteers.domain.stages import Stage

_SENTENCES = {
    Stage.ASKED: gettext_lazy("Unsere Frage steht oben auf dieser Seite. Sie haben das Wort."),
    Stage.PROVIDERS_TURN: gettext_lazy(
        "Jetzt muss der Träger Ihren Einsatz bestätigen. Bleibt er still, erinnern wir ihn."
    ),
    Stage.INSPECTION: gettext_lazy(
        "Vor dem ersten Termin fehlt noch etwas. Der Weg dazu steht bei Ihrem Einsatz."
    ),
}


def stage_sentence(
    stage: Stage, *, paused_until: date | None, answer_due_on: date | None, is_escalated: bool, rests: bool
) -> str:
    """Return how it goes on from `stage`, with the day promised; empty where nothing is to be said."""
    if rests and stage in (Stage.PROVIDERS_TURN, Stage.INSPECTION):
        return _("Beim Träger kann zurzeit niemand neu anfangen. Sobald es weitergeht, schreiben wir Ihnen.")
    if stage == Stage.PAUSED and paused_until:
        sentence = _("Ab %(day)s fragen wir wieder. Laufende Einsätze gehen weiter.")
        return sentence % {"day": date_long(paused_until)}
    if stage != Stage.SEARCHING:
        return str(_SENTENCES.get(stage, ""))
    if is_escalated:
        return _("Wir haben noch nichts gefunden. Das Jugendamt sieht jetzt selbst nach.")
    return _("Sie hören bis %(day)s von uns.") % {"day": date_long(answer_due_on)} if answer_due_on else ""
