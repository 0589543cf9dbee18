"""What happens after somebody has confirmed a pledge, told as steps."""

from datetime import date

from django.utils.translation import gettext as _

from foundation.formats import date_long


def first_steps(answer_due_on: date) -> list[dict[str, str]]:
    """Return the steps from the confirmation to the first date, for the timeline."""
    return [
        {"title": _("Ihre Zusage ist bestätigt"), "text": "", "state": "done"},
        {
            "title": _("Wir fragen Sie"),
            "text": _("Bis %(day)s hören Sie von uns: mit einer Anfrage, oder wie es steht.")
            % {"day": date_long(answer_due_on)},
            "state": "current",
        },
        {
            "title": _("Sie sagen Ja oder Nein"),
            "text": _("Ein Nein ist in Ordnung, dann suchen wir weiter."),
            "state": "open",
        },
        {
            "title": _("Der Träger meldet sich"),
            "text": _("Wo ein Führungszeugnis nötig ist, bekommen Sie das Schreiben dafür von uns."),
            "state": "open",
        },
        {"title": _("Ihr erster Termin"), "text": _("Vorher erinnern wir Sie."), "state": "open"},
    ]
