"""A file, and what has to be said of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import local_day, utc_now
from foundation.file_endings import Endings, check_ending
from foundation.free_texts import FreeText
from foundation.tables.reading import ENDINGS, is_text, read_table
from foundation.tables.table import BYTES_MAX, FileRefused
from programs.domain.imports import ImportKind, ReadRow
from programs.forms.fields import DayField
from programs.forms.imports.borders import read_borders
from programs.forms.imports.cells import safe_name
from programs.forms.imports.directory import read_services
from programs.forms.imports.figures import FIRST_YEAR, read_figures
from programs.forms.imports.tasks import LONGEST, read_tasks
from programs.models import Provider
from programs.services.imports.running import Upload


class UploadForm(forms.Form):
    """Part of the form of every kind; `rows` holds what the valid form read."""

    kind: ClassVar[ImportKind]
    endings: ClassVar[Endings] = ENDINGS
    rows: list[ReadRow]

    file = forms.FileField(
        label=gettext_lazy("Datei"),
        help_text=gettext_lazy(
            "XLSX oder CSV, bis 5 MB und 2.000 Zeilen. Die erste Zeile nennt die Spalten."
        ),
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie eine Datei."),
            "empty": gettext_lazy("Diese Datei ist leer."),
        },
    )
    source = forms.CharField(
        label=gettext_lazy("Woher stammen die Angaben?"),
        max_length=200,
        validators=[FreeText("programs.DataImport.source")],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    all_or_nothing = forms.BooleanField(
        label=gettext_lazy("Nur einlesen, wenn jede Zeile stimmt"),
        required=False,
        help_text=gettext_lazy("Sonst werden die richtigen Zeilen eingelesen und die anderen genannt."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, providers: Sequence[Provider] = ()) -> None:
        super().__init__(data, files)
        self.providers = {str(each.pk): each for each in providers}
        self.fields["file"].widget.attrs["accept"] = ",".join(self.endings)

    def clean_file(self) -> UploadedFile:
        """Refuse what is called otherwise or is too large before it is read."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > BYTES_MAX:
            raise ValidationError(_("Diese Datei ist größer als 5 MB. Bitte teilen Sie sie auf."))
        check_ending(upload, self.endings)
        return upload

    def clean(self) -> None:
        """Read the rows as soon as all else is right."""
        super().clean()
        if self.errors:
            return
        try:
            self.rows = list(self.read(self.cleaned_data["file"].read()))
        except FileRefused as refused:
            self.add_error("file", str(refused))

    def read(self, content: bytes) -> Sequence[ReadRow]:
        """Return the rows of the file. Raises FileRefused."""
        raise NotImplementedError

    def upload(self) -> Upload:
        """Return what the valid form says beside the rows."""
        said = self.cleaned_data
        return Upload(
            kind=self.kind,
            source=said["source"],
            file_name=safe_name(said["file"].name or ""),
            all_or_nothing=said["all_or_nothing"],
        )


class FiguresForm(UploadForm):
    """Figures of districts."""

    kind = ImportKind.FIGURES
    year = forms.IntegerField(
        label=gettext_lazy("Jahr der Zahlen"),
        required=False,
        min_value=FIRST_YEAR,
        help_text=gettext_lazy("Gilt für Zeilen ohne eigenes Jahr."),
    )
    field_order = ("file", "source", "year", "all_or_nothing")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].validators.append(FreeText("programs.DistrictFigure.source"))
        self.fields["source"].help_text = _(
            "Steht als Quelle bei jeder Zahl, zum Beispiel „Melderegister der Stadt, 31.12.2025“. Eine Zeile"
            " kann eine eigene Quelle nennen."
        )

    def clean_year(self) -> int | None:
        """Refuse years that have not been."""
        year: int | None = self.cleaned_data["year"]
        if year is not None and year > local_day(utc_now()).year:
            raise ValidationError(_("Dieses Jahr ist noch nicht da."))
        return year

    def read(self, content: bytes) -> Sequence[ReadRow]:
        """Return the figures. Raises FileRefused."""
        said = self.cleaned_data
        return read_figures(
            read_table(content),
            year=said["year"],
            source=said["source"],
            this_year=local_day(utc_now()).year,
        )


class BordersForm(UploadForm):
    """Borders of districts."""

    kind = ImportKind.BORDERS
    endings = {".geojson": is_text, ".json": is_text}
    field_order = ("file", "source", "all_or_nothing")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].validators.append(FreeText("programs.District.geometry_note"))
        self.fields["source"].help_text = _(
            "Steht als Herkunft bei jedem Umriss, zum Beispiel „Katasteramt, 1.7.2026“."
        )
        self.fields["file"].help_text = _(
            "GeoJSON in Grad (WGS 84), bis 5 MB: je Stadtteil eine Fläche, deren „name“ oder „id“ ihn nennt."
        )

    def read(self, content: bytes) -> Sequence[ReadRow]:
        """Return the outlines. Raises FileRefused."""
        return read_borders(content, source=self.cleaned_data["source"])


class ServicesForm(UploadForm):
    """Angebote of another directory."""

    kind = ImportKind.SERVICES
    endings = {".json": is_text}
    field_order = ("file", "source", "all_or_nothing")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].validators.append(FreeText("programs.Program.source"))
        self.fields["source"].help_text = _(
            "Steht als Quelle bei jedem Angebot. Kommt dieselbe Datei noch einmal, entsteht nichts doppelt."
        )
        self.fields["file"].help_text = _(
            "JSON nach HSDS 3, bis 5 MB und 500 Angebote: eine Liste, eine Seite von /services oder ein"
            " Angebot."
        )

    def read(self, content: bytes) -> Sequence[ReadRow]:
        """Return the services. Raises FileRefused."""
        return read_services(content, kind=self.kind, source=self.cleaned_data["source"])


class TasksForm(UploadForm):
    """Tasks of one provider."""

    kind = ImportKind.TASKS
    provider = forms.ChoiceField(label=gettext_lazy("Träger"))
    valid_until = DayField(
        label=gettext_lazy("Die Angaben gelten bis"),
        help_text=gettext_lazy(
            "Danach endet jedes Angebot von selbst, wenn niemand es verlängert. Eine Zeile kann einen eigenen"
            " Tag nennen."
        ),
    )
    field_order = ("file", "provider", "source", "valid_until", "all_or_nothing")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["provider"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, each.name) for key, each in self.providers.items()]
        self.fields["file"].help_text = _(
            "XLSX oder CSV, bis 5 MB und 200 Aufgaben. Die erste Zeile nennt die Spalten."
        )
        self.fields["source"].help_text = _(
            "Zum Beispiel „Liste der OGS Nord“. Kommt dieselbe Liste noch einmal, entsteht nichts doppelt."
        )
        self.initial["valid_until"] = local_day(utc_now()) + relativedelta(months=6)

    def clean_valid_until(self) -> date:
        """Refuse days that are over or far away."""
        day: date = self.cleaned_data["valid_until"]
        today = local_day(utc_now())
        if not today <= day <= today + LONGEST:
            raise ValidationError(_("Der Tag muss ab heute und in den nächsten zwei Jahren liegen."))
        return day

    def read(self, content: bytes) -> Sequence[ReadRow]:
        """Return the tasks. Raises FileRefused."""
        said = self.cleaned_data
        return read_tasks(
            read_table(content),
            kind=self.kind,
            provider=self.providers[said["provider"]],
            source=said["source"],
            valid_until=said["valid_until"],
            today=local_day(utc_now()),
        )

    def upload(self) -> Upload:
        """Return what the valid form says beside the rows."""
        said = self.cleaned_data
        provider = self.providers[said["provider"]]
        return replace(super().upload(), provider=provider, valid_until=said["valid_until"])
