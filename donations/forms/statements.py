"""A statement of the bank, as a file."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.domain.statement_files import ENDINGS
from foundation.file_endings import check_ending
from programs.models import Provider

BYTES_MAX = 32 * 1024 * 1024


class StatementForm(forms.Form):
    """Which account, and the file of the bank."""

    provider = forms.ModelChoiceField(
        label=gettext_lazy("Konto von"), queryset=Provider.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Kontoauszug"),
        help_text=gettext_lazy("Eine Datei Ihrer Bank: camt.053 (XML) oder MT940, auch als ZIP, bis 32 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie eine Datei."),
            "empty": gettext_lazy("Diese Datei ist leer."),
        },
    )

    def __init__(self, *args: Any, providers: QuerySet[Provider], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = providers.exclude(iban="")  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > BYTES_MAX:
            raise forms.ValidationError(_("Diese Datei ist zu groß. Bitte teilen Sie den Zeitraum auf."))
        check_ending(upload, ENDINGS)
        return upload
