"""A plan of the matcher as a report that a person can read: first names and keys, nothing else of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.models import Opportunity
from volunteers.matching import Refusal
from volunteers.matching.gates import GATES
from volunteers.matching.problem import Ints
from volunteers.matching.remaining import Remaining, remaining
from volunteers.models import TimePledge
from volunteers.services.match_plan import MatchPlan
from volunteers.wording.reasons import reason_texts

TAKEN = "taken"
MOST_EXPLAINED = 1000
REFUSALS = {
    Refusal.PAUSED: gettext_lazy("heute abwesend"),
    Refusal.CONTACT_BUDGET: gettext_lazy("genug gefragt für jetzt"),
    Refusal.NO_PLACEMENT_LEFT: gettext_lazy("hat so viele Einsätze, wie gewünscht"),
    Refusal.NO_PLACE_LEFT: gettext_lazy("alle Plätze vergeben"),
    Refusal.TOO_FEW_PLACES: gettext_lazy("nicht genug Plätze für alle frei"),
    Refusal.FORBIDDEN: gettext_lazy("danach schon gefragt"),
    Refusal.TIME: gettext_lazy("die Zeiten passen nicht"),
    Refusal.HOURS: gettext_lazy("mehr Stunden, als gewünscht"),
    Refusal.DISTANCE: gettext_lazy("zu weit weg"),
    Refusal.CLEARANCE: gettext_lazy("kommt als Gruppe, hier braucht jede Person eigene Unterlagen"),
    Refusal.CONTACT_WITH_MINORS: gettext_lazy("möchte keinen Kontakt mit Kindern"),
    Refusal.AGE: gettext_lazy("zu jung für die Aufgabe"),
    Refusal.AGE_GROUP: gettext_lazy("möchte mit anderen Altersgruppen helfen"),
    Refusal.SKILL: gettext_lazy("eine nötige Fähigkeit fehlt"),
    Refusal.LANGUAGE: gettext_lazy("eine nötige Sprache fehlt"),
}


def report_lines(plan: MatchPlan) -> Iterator[str]:
    """Yield the report: sizes, quality, each proposal with its reasons, and what kept the others from one."""
    result, proposals = plan.result, list(plan.proposals())
    yield _("Zusagen, die mitmachen: %(count)d") % {"count": len(plan.inputs.pledges)}
    yield _("Angebote, die mitmachen: %(count)d") % {"count": len(plan.inputs.roles)}
    yield _("Freie Plätze: %(count)d") % {"count": int(remaining(plan.inputs.problem).places.sum())}
    yield _("Mögliche Paare: %(count)d") % {"count": result.possible}
    yield _("Vorschläge: %(count)d, davon selbst ausgesucht: %(wished)d") % {
        "count": len(proposals),
        "wished": len(plan.wished),
    }
    yield _("Punkte: %(score)d von höchstens %(bound)d (%(percent)s %%)") % {
        "score": result.score,
        "bound": result.bound,
        "percent": f"{result.percent:.3f}".replace(".", ","),
    }
    yield _("Prüfsumme der Eingaben: %(hash)s") % {"hash": result.inputs_hash}
    names = dict(TimePledge.objects.values_list("pk", "volunteer__first_name"))
    titles = dict(Opportunity.objects.values_list("pk", "title"))
    for proposal in proposals:
        yield _("  %(name)s (Zusage %(pledge)d) → %(title)s: %(reasons)s") % {
            "name": names[proposal.pledge_id],
            "pledge": proposal.pledge_id,
            "title": titles[proposal.opportunity_id],
            "reasons": ", ".join(reason_texts(proposal.reasons)),
        }
    yield from _unmatched_lines(plan)


def _unmatched_lines(plan: MatchPlan) -> Iterator[str]:
    matched = np.concatenate([plan.wished.volunteer, plan.result.volunteer])
    unmatched = np.setdiff1d(np.arange(len(plan.inputs.pledges)), matched)
    yield _("Ohne Vorschlag: %(count)d") % {"count": len(unmatched)}
    left = remaining(plan.inputs.problem)
    explained = unmatched[:MOST_EXPLAINED].tolist()
    obstacles = Counter(code for row in explained for code in _obstacles(plan, left, row))
    for code, count in sorted(obstacles.items(), key=lambda each: (-each[1], each[0])):
        text = _("der Platz ging an jemand anderen") if code == TAKEN else REFUSALS[Refusal(code)]
        yield _("  %(count)d × %(text)s") % {"count": count, "text": text}


def _obstacles(plan: MatchPlan, left: Remaining, row: int) -> set[str]:
    """What stands between this row and the opportunities that refuse it for the fewest reasons."""
    opportunities = np.arange(len(plan.inputs.roles))
    if not len(opportunities):
        return set()
    rows: Ints = np.full(len(opportunities), row, np.int64)
    closed = np.stack([~gate(plan.inputs.problem, left, rows, opportunities) for gate in GATES.values()])
    nearest = closed.sum(axis=0) == closed.sum(axis=0).min()
    named = np.array([str(code) for code in GATES])
    return set(named[closed[:, nearest].any(axis=1)].tolist()) or {TAKEN}
