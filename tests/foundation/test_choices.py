"""Fixed words of the rules, and who translates them."""

from collections.abc import Iterator

import pytest
from django import forms
from django.template import Context, Template
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from foundation.choices import IntegerChoices, TextChoices, noop, translate_with
from programs.domain.choices import Field, Weekday
from programs.models import Opportunity


class Colour(TextChoices):
    RED = "red", noop("Rot")
    BLUE = "blue", noop("Blau")


class Step(IntegerChoices):
    FIRST = 1, noop("Erster Schritt")
    SECOND = 2, noop("Zweiter Schritt")


@pytest.fixture
def shouting() -> Iterator[None]:
    translate_with(now=str.upper, later=str.upper)
    yield
    translate_with(now=gettext, later=gettext_lazy)


def test_a_word_is_its_value_and_knows_its_name() -> None:
    assert Colour("red") is Colour.RED
    assert Colour.RED == "red"
    assert f"{Colour.RED}" == "red"
    assert Colour.RED.label == "Rot"
    assert Step(2) == 2
    assert Step.SECOND.label == "Zweiter Schritt"


def test_a_list_gives_what_models_and_forms_ask_for() -> None:
    assert Colour.choices == [("red", "Rot"), ("blue", "Blau")]
    assert Colour.labels == ["Rot", "Blau"]
    assert Colour.values == ["red", "blue"]
    assert Step.choices == [(1, "Erster Schritt"), (2, "Zweiter Schritt")]
    assert Step.values == [1, 2]


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(ValueError, match="green"):
        Colour("green")
    assert not forms.ChoiceField(choices=Colour.choices).valid_value("green")


def test_names_are_translated_when_they_are_read(shouting: None) -> None:
    assert Colour.RED.label == "ROT"
    assert Step.labels == ["ERSTER SCHRITT", "ZWEITER SCHRITT"]


def test_models_were_made_with_names_that_wait_for_the_language_of_the_reader() -> None:
    kept = dict(Opportunity._meta.get_field("field").choices)
    assert all(isinstance(name, Promise) for name in kept.values())
    assert str(kept["education"]) == "Bildung"


def test_a_template_shows_a_list_without_calling_it() -> None:
    page = Template(
        "{% for word in fields %}{{ word }}={{ word.label }} {% endfor %}{{ fields.SPORT.label }}"
    )
    shown = page.render(Context({"fields": Field}))
    assert shown == "education=Bildung culture=Kultur leisure=Freizeit health=Gesundheit sport=Sport Sport"
    assert Template("{{ days.MONDAY.label }}").render(Context({"days": Weekday})) == "Montag"
