"""Why a question does not stand any more, in one true sentence."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from programs.models import Opportunity
from volunteers.wording.obstacles import Missing


def not_public(opportunity: Opportunity) -> str:
    """Return what happened to a task that is not public (any more)."""
    if opportunity.is_closed:
        return _("Dieses Angebot ist beendet.")
    if opportunity.is_paused:
        return _("Der Träger sucht dafür zurzeit niemanden mehr.")
    if opportunity.awaits_release:
        return _("Das Angebot wird gerade geändert und ist so lange nicht öffentlich.")
    return _("Diese Aufgabe ist zurzeit nicht mehr öffentlich.")


def no_date_left() -> str:
    """Return that all dates of a task have been or are cancelled, be it for now."""
    return _("Für diese Aufgabe gibt es zurzeit keinen Termin mehr.")


def not_asked_any_more() -> str:
    """Return that nobody is asked for this task any more, whatever the cause."""
    return _("Danach fragen wir Sie nicht mehr. Sie brauchen nichts zu tun.")


def not_for_this_age() -> str:
    """Return that the task asks for another age than the person has said."""
    return _("Nach dem Alter, das Sie angegeben haben, ist diese Aufgabe nichts für Sie.")


def somebody_was_faster() -> str:
    """Return that another one of those who were asked has the place."""
    return _(
        "Wir hatten mehrere Menschen gefragt, weil die Zeit drängt; jemand anderes hat zuerst Ja gesagt."
    )


def does_not_fit(missing: Sequence[Missing]) -> str:
    """Return what the changed task asks for beyond what the person said."""
    return _("Die Aufgabe hat sich geändert und passt nicht mehr zu Ihren Angaben: Es fehlt %(missing)s.") % {
        "missing": ", ".join(each.text for each in missing)
    }
