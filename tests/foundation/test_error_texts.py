"""Whatever is wrong with an answer is said in our own words, with the name of the field."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import EmailValidator, FileExtensionValidator, RegexValidator
from django.template.loader import render_to_string
from django.utils.translation import override

from foundation.error_texts import error_texts

OFFERED = "Feld: Bitte wählen Sie aus, was angeboten wird."
NO_FILE = "Feld: Es kam keine Datei an, oder sie ist leer. Bitte wählen Sie die Datei noch einmal."
UNREAD = "Feld: Das lässt sich nicht lesen. Bitte prüfen Sie, was Sie eingegeben haben."
CHOICES = [("a", "A")]


def said(field: forms.Field, typed: Any, **files: Any) -> list[str]:
    """What is said of this answer."""
    field.label = "Feld"
    made: forms.Form = type("Made", (forms.Form,), {"x": field})({"x": typed}, files)
    return error_texts(made["x"])


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (forms.CharField(), "", "Noch offen: Feld"),
        (forms.BooleanField(), "", "Noch offen: Feld"),
        (forms.ChoiceField(choices=CHOICES), "b", OFFERED),
        (forms.TypedChoiceField(choices=CHOICES), "b", OFFERED),
        (forms.MultipleChoiceField(choices=CHOICES), ["a", "b"], OFFERED),
        (forms.CharField(max_length=3), "vier", "Feld: Bitte höchstens 3 Zeichen; es sind 4."),
        (forms.CharField(max_length=1000), "x" * 1001, "Feld: Bitte höchstens 1.000 Zeichen; es sind 1.001."),
        (forms.CharField(min_length=3), "na", "Feld: Bitte mindestens 3 Zeichen; es sind 2."),
        (forms.CharField(), "a\x00b", "Feld: Ein Zeichen darin lässt sich nicht speichern."),
        (forms.CharField(validators=[RegexValidator("^x$")]), "y", UNREAD),
        (forms.EmailField(), "maria", "Feld: Bitte in dieser Form: name@example.org."),
        (forms.DateField(), "morgen", "Feld: Bitte ein Datum, zum Beispiel 24.12.2026."),
        (forms.DateField(), "31.02.2026", "Feld: Bitte ein Datum, zum Beispiel 24.12.2026."),
        (forms.TimeField(), "halb acht", "Feld: Bitte eine Uhrzeit, zum Beispiel 16:30."),
        (forms.IntegerField(), "1,5", "Feld: Bitte eine ganze Zahl."),
        (forms.IntegerField(max_value=4000), "4001", "Feld: Bitte höchstens 4.000."),
        (forms.IntegerField(min_value=1), "0", "Feld: Bitte mindestens 1."),
        (forms.DecimalField(), "viel", "Feld: Bitte eine Zahl."),
        (forms.FloatField(), "viel", "Feld: Bitte eine Zahl."),
        (forms.DecimalField(max_digits=2), "123", "Feld: Bitte eine Zahl."),
        (
            forms.URLField(assume_scheme="https"),
            "nirgends",
            "Feld: Bitte eine Adresse, die mit https:// beginnt.",
        ),
        (forms.UUIDField(), "x", UNREAD),
    ],
)
def test_django_says_nothing_itself(field: forms.Field, typed: Any, words: str) -> None:
    assert said(field, typed) == [words]
    assert "Feld" in words


def test_of_a_file_it_is_said_that_none_arrived() -> None:
    empty = SimpleUploadedFile("leer.csv", b"")
    assert said(forms.FileField(), "", x=empty) == [NO_FILE]
    assert said(forms.FileField(), "") == ["Noch offen: Feld"]
    long = SimpleUploadedFile("lang.csv", b"x")
    assert said(forms.FileField(max_length=4), "", x=long) == ["Feld: Bitte höchstens 4 Zeichen; es sind 8."]
    other = forms.FileField(validators=[FileExtensionValidator(["xml"])])
    assert said(other, "", x=long) == [NO_FILE]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (forms.CharField(error_messages={"required": "Bitte nennen Sie uns das."}), ""),
        (
            forms.ChoiceField(
                choices=CHOICES, error_messages={"invalid_choice": "Bitte nennen Sie uns das."}
            ),
            "b",
        ),
        (forms.CharField(validators=[RegexValidator("^x$", "Bitte nennen Sie uns das.")]), "y"),
        (forms.CharField(validators=[EmailValidator("Bitte nennen Sie uns das.")]), "y"),
    ],
)
def test_what_a_form_says_itself_is_left_alone(field: forms.Field, typed: str) -> None:
    assert said(field, typed) == ["Bitte nennen Sie uns das."]


def test_every_error_of_a_field_is_said() -> None:
    class Stay(forms.Form):
        until_on = forms.DateField(label="Bis")

        def clean_until_on(self) -> date:
            raise forms.ValidationError(["Das ist zu spät.", "Und ein Feiertag."])

    assert error_texts(Stay({"until_on": "1.1.2027"})["until_on"]) == [
        "Das ist zu spät.",
        "Und ein Feiertag.",
    ]


def test_field_and_summary_say_the_same_and_escape_it() -> None:
    class Mail(forms.Form):
        email = forms.EmailField(label="E-Mail <Adresse>")

    form = Mail({"email": "maria"})
    words = "E-Mail &lt;Adresse&gt;: Bitte in dieser Form: name@example.org."
    assert words in form["email"].as_field_group()
    summary = render_to_string("components/error_summary.html", {"form": form})
    assert f'<a href="#id_email">{words}</a>' in summary


def test_in_english_nothing_of_djangos_is_left_either() -> None:
    with override("en"):
        assert not re.search(
            "valid|required", " ".join(said(forms.EmailField(), "maria") + said(forms.CharField(), ""))
        )
