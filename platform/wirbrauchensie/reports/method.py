"""How the figures of a report come about, in sentences for its readers."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from figures.domain.steps import step_size
from wirbrauchensie.dashboard.selectors import Report


def sentences(report: Report, *, is_for_everybody: bool) -> list[str]:
    """Return them in the order in which they matter."""
    told = [
        _("Menschen und Stunden sind auf Fünfer abgerundet; unter %(people)s Menschen zeigen wir keine Zahl.")
        % {"people": step_size(settings.PERSONS_SHOWN_FROM)},
        _("Spenden für einen Zweck zählen mit, sobald ihn %(givers)s Menschen unterstützt haben.")
        % {"givers": settings.GIVERS_SHOWN_FROM},
        _("Offene Plätze sind die Plätze veröffentlichter Aufgaben, die am Stichtag noch niemand hatte."),
        _("Was aus mehreren Stadtteilen zusammengezählt ist, ist die Summe dessen, was gezeigt wird."),
        _("Zahlen zu Einwohnern und Kindern tragen das Jahr ihrer Quelle; wo keine vorliegt, steht keine."),
    ]
    if report.compared_on:
        day = date_format(report.compared_on, "j. F Y")
        told.append(_("Der Unterschied ist der zum Bericht bis zum %(day)s.") % {"day": day})
    else:
        told.append(_("Der Unterschied ist der zum gleich langen Zeitraum davor."))
    if not is_for_everybody:
        told.append(_("Nur für den Dienstgebrauch: Zahlen eines Handlungsfelds werden nicht veröffentlicht."))
    return told
