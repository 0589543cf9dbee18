"""The list of letters to print."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.lists.declaring import Column, Listing
from foundation.lists.searching import Word
from outbox.models import Message


def recipient(letter: Message) -> str:
    """Return whom the envelope names."""
    lines: list[str] = (vars(letter)["postal_address"] or "").splitlines()
    return lines[0] if lines else "–"


def street_and_town(letter: Message) -> str:
    """Return the rest of the envelope in one line."""
    lines: list[str] = (vars(letter)["postal_address"] or "").splitlines()
    return ", ".join(lines[1:])


def letter_list() -> Listing[Message]:
    """Return the list of letters, read with `citizens.services.paper.letters_waiting`."""

    def looked(word: Word) -> Q:
        return Q(word.within("postal_address")) | Q(word.within("subject"))

    return Listing(
        "briefe",
        {
            "to": Column(_("An"), recipient, ("postal_address",)),
            "town": Column(_("Anschrift"), street_and_town),
            "subject": Column(_("Betreff"), lambda row: row.subject, ("subject",)),
            "written": Column(_("Geschrieben am"), lambda row: row.queued_at, ("queued_at",)),
        },
        {},
        looked,
        usual=_("älteste zuerst"),
    )
