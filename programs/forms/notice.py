"""Reporting a published text, and deciding about it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.free_texts import FreeText
from programs.domain.notices import DECISIONS, NoticeGround, NoticeStatus


class NoticeForm(forms.Form):
    """What is wrong with it; an address only if an answer is wanted (Art. 16 Abs. 2 DSA)."""

    ground = forms.ChoiceField(
        label=_("Was stimmt nicht?"),
        choices=NoticeGround.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, was nicht stimmt.")},
    )
    text = forms.CharField(
        label=_("Bitte erklären Sie es kurz"),
        max_length=2000,
        validators=[FreeText("programs.Notice.text")],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Nennen Sie die Stelle. Bitte wiederholen Sie keine Namen und nichts über ein Kind."),
    )
    email = forms.EmailField(
        label=_("Ihre E-Mail-Adresse, wenn Sie eine Antwort möchten"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Der Träger erfährt nicht, wer gemeldet hat."),
    )


class DecisionForm(forms.Form):
    """The youth office's decision, with the reasons that both sides read (Art. 17 Abs. 3 DSA)."""

    outcome = forms.ChoiceField(
        label=_("Ihre Entscheidung"),
        choices=[choice for choice in NoticeStatus.choices if choice[0] in DECISIONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte entscheiden Sie.")},
    )
    reasons = forms.CharField(
        label=_("Ihre Gründe"),
        max_length=2000,
        validators=[FreeText("programs.Notice.reasons")],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Der Sachverhalt, und das Gesetz oder die Regel, auf die Sie sich stützen. Der Träger und wer"
            " gemeldet hat, bekommen diesen Text im Wortlaut."
        ),
    )
