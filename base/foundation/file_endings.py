"""What a file that somebody sends is called, and that it is what its name says (ASVS 5.0, 5.2.2)."""

from collections.abc import Callable, Mapping
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

HEAD = 4096
Endings = Mapping[str, Callable[[bytes], bool]]
"""For each ending, in small letters with its dot, whether a file may begin so; its reader does the rest."""


def check_ending(upload: UploadedFile, endings: Endings) -> None:
    """Refuse a file whose name ends otherwise, or which is not what the end of its name says.

    The file can be read from its begin afterwards. Raises ValidationError.
    """
    ending = ending_of(upload.name or "")
    if ending not in endings:
        raise ValidationError(
            _("Bitte wählen Sie eine Datei, deren Name so endet: %(endings)s.")
            % {"endings": ", ".join(endings)}
        )
    head = upload.read(HEAD)
    upload.seek(0)
    if not endings[ending](head):
        raise ValidationError(
            _(
                "Der Name dieser Datei endet auf %(ending)s, ihr Inhalt ist aber etwas anderes."
                " Bitte speichern Sie die Datei noch einmal in der richtigen Form."
            )
            % {"ending": ending}
        )


def ending_of(name: str) -> str:
    """Return how the name of a file ends, in small letters with the dot; empty where it has no end."""
    return PurePath(name).suffix.lower()
