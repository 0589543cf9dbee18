"""Every kind of file that may be brought in: who may, what it asks, how a row is written and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.access import acts_in, sees_whole_city
from programs.domain.imports import ImportKind
from programs.forms.imports import changed_tasks
from programs.forms.imports.tasks import write_task
from programs.forms.imports.upload import BordersForm, FiguresForm, ServicesForm, TasksForm, UploadForm
from programs.services.imports.borders import take_back_border, write_border
from programs.services.imports.directory import take_back_service, write_service
from programs.services.imports.figures import take_back_figure, write_figure
from programs.services.imports.running import TakeBack, TakeBackAtOnce, Write, none_at_once
from programs.services.imports.tasks import take_back_untouched

if TYPE_CHECKING:
    from programs.access import Someone


@dataclass(frozen=True)
class Kind:
    """`slug` is its word in the address; `columns` are the heads that a table has, with what stands there.

    `take_back_at_once` does for very many rows what `take_back` does one by one.
    """

    kind: ImportKind
    slug: str
    title: str | Promise
    text: str | Promise
    is_for: "Callable[[Someone], bool]"
    form: type[UploadForm]
    write: Write
    take_back: TakeBack
    columns: tuple[tuple[str, str | Promise], ...]
    take_back_at_once: TakeBackAtOnce = none_at_once


KINDS = (
    Kind(
        kind=ImportKind.FIGURES,
        slug="zahlen",
        title=_("Zahlen zu Stadtteilen"),
        text=_("Einwohner, Kinder, Fläche und Armut je Stadtteil, jede Zahl mit Jahr und Quelle."),
        is_for=sees_whole_city,
        form=FiguresForm,
        write=write_figure,
        take_back=take_back_figure,
        columns=(
            ("Stadtteil", _("Name oder Kürzel, wie er hier heißt")),
            (
                "Angabe",
                _(
                    "eine von: Einwohnerinnen und Einwohner, Anteil unter 18 Jahren, Durchschnittsalter,"
                    " Anteil mit Migrationshintergrund, Fläche, Anteil Kinder in Armut"
                ),
            ),
            ("Wert", _("die Zahl, zum Beispiel 1.234 oder 12,5 %")),
            ("Jahr", _("aus welchem Jahr; leer: das Jahr von oben")),
            ("Quelle", _("woher; leer: die Quelle von oben")),
            (
                "oder",
                _("statt „Angabe“ und „Wert“ eine Spalte je Angabe, zum Beispiel „Anteil unter 18 Jahren“"),
            ),
        ),
    ),
    Kind(
        kind=ImportKind.BORDERS,
        slug="grenzen",
        title=_("Grenzen der Stadtteile"),
        text=_("Umrisse aus GeoJSON. Was sich kreuzt, überschneidet oder woanders liegt, wird genannt."),
        is_for=sees_whole_city,
        form=BordersForm,
        write=write_border,
        take_back=take_back_border,
        columns=(),
    ),
    Kind(
        kind=ImportKind.SERVICES,
        slug="verzeichnis",
        title=_("Angebote im Verzeichnis"),
        text=_(
            "Aus einem anderen Verzeichnis (HSDS 3). Niemand sieht sie, bis eine zweite Person sie liest."
        ),
        is_for=sees_whole_city,
        form=ServicesForm,
        write=write_service,
        take_back=take_back_service,
        columns=(),
    ),
    Kind(
        kind=ImportKind.TASKS,
        slug="aufgaben",
        title=_("Engagementangebote"),
        text=_("Aufgaben eines Trägers. Jede wird ein Entwurf, den eine zweite Person liest und freigibt."),
        is_for=acts_in,
        form=TasksForm,
        write=write_task,
        take_back=changed_tasks.take_back,
        take_back_at_once=take_back_untouched,
        columns=(
            (
                "Kennung",
                _("wie Ihre Liste die Zeile nennt; damit nichts doppelt entsteht und Änderungen ankommen"),
            ),
            ("Titel", _("kurz und konkret")),
            ("Beschreibung", _("was zu tun ist; nie ein einzelnes Kind")),
            ("Bereich", _("Bildung, Kultur, Freizeit, Gesundheit oder Sport")),
            ("Stadtteil", _("Name oder Kürzel, wie er hier heißt")),
            ("Einsatzort", _("Name und Anschrift der Einrichtung")),
            ("Tätigkeit", _("wie im Formular, oder „passt zu keiner“ mit einer „Frage an das Jugendamt“")),
            ("Zeiten", _("Di 15:00–16:30; alle zwei Wochen Do 17–18 Uhr; 5.12.2026 10–12; leer: auf Abruf")),
            ("Plätze", _("wie viele Menschen; leer: 1")),
            ("Mindestalter", _("16 bis 18; leer: 16")),
            ("Erster Tag", _("leer: heute")),
            ("Letzter Tag", _("leer: ohne festes Ende")),
            ("Gültig bis", _("leer: der Tag von oben")),
            (
                "Außerdem",
                _(
                    "Angebot, Art des Ortes, Fähigkeiten, Sprachen, Alter der Kinder, Erwachsene Person"
                    " dabei, Vor jedem Termin erinnern, Nicht an Feiertagen, Nicht in den Schulferien"
                ),
            ),
        ),
    ),
)


def kinds_for(user: "Someone") -> list[Kind]:
    """Return what `user` may bring in."""
    return [kind for kind in KINDS if kind.is_for(user)]


def kind_of(name: str) -> Kind:
    """Return the kind of an import."""
    return next(kind for kind in KINDS if kind.kind == name)
