import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy
from pytest_django.asserts import assertHTMLEqual, assertInHTML, assertTemplateNotUsed, assertTemplateUsed

from foundation.rendering import Choice
from tests.processes import ROOT


class ContactForm(forms.Form):
    name = forms.CharField(label="Vorname", help_text="So sprechen wir Sie an.")
    email = forms.EmailField(label="E-Mail-Adresse")
    city = forms.ChoiceField(label="Stadtteil", required=False, choices=[("", "Egal"), ("n", "Nord")])
    way = forms.ChoiceField(
        label="Zahlungsart",
        widget=forms.RadioSelect,
        choices=[("card", "Karte"), ("bank", Choice("Überweisung", hint="mit QR-Code", icon="bank"))],
    )
    consent = forms.BooleanField(label="Gelesen")
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        if self.cleaned_data.get("name") == "Nein":
            raise forms.ValidationError("So geht das nicht.")


def test_a_field_names_its_control_and_its_hint():
    html = ContactForm()["name"].as_field_group()
    assertInHTML('<label class="kern-label" for="id_name">Vorname</label>', html)
    assert 'id="id_name_helptext">So sprechen wir Sie an.</div>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'class="kern-form-input__input"' in html


def test_only_voluntary_fields_are_marked():
    form = ContactForm()
    assert "(freiwillig)" in form["city"].as_field_group()
    assert "(freiwillig)" not in form["name"].as_field_group()


def test_a_box_that_nobody_has_to_tick_says_nothing_about_that():
    class Activity(forms.Form):
        certificate = forms.BooleanField(label="Führungszeugnis nötig", required=False)

    html = Activity()["certificate"].as_field_group()
    assertInHTML('<label class="kern-label" for="id_certificate">Führungszeugnis nötig</label>', html)


def test_an_e_mail_field_may_be_filled_by_the_browser():
    assert 'autocomplete="email"' in ContactForm()["email"].as_field_group()


def test_an_error_stands_at_its_field_and_is_tied_to_it():
    html = ContactForm({"email": "foo"})["email"].as_field_group()
    assert 'id="id_email_error"' in html
    assert 'aria-describedby="id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="foo"' in html


def test_radios_become_tiles_with_a_second_line():
    html = ContactForm({"way": "bank"})["way"].as_field_group()
    assert html.count('type="radio"') == 2
    assert re.search(r'value="bank"[^>]* checked', html)
    assert not re.search(r'value="card"[^>]* checked', html)
    assert '<span class="choice__hint">mit QR-Code</span>' in html
    assertInHTML("<legend>Zahlungsart</legend>", html)


def test_days_and_times_in_labels_hints_and_errors_stay_on_one_line():
    day, times = "3. März 2027", "15–16:30 Uhr"
    whole = [f'<span class="nowrap">{each}</span>' for each in (day, times)]

    class When(forms.Form):
        name = forms.CharField(label=f"Was am {day}?", help_text=f"Bis {times} <bitte>")
        is_read = forms.BooleanField(label=f"Gelesen am {day}", error_messages={"required": f"Bis {day}."})
        date = forms.ChoiceField(
            label=f"Wann am {day}?",
            widget=forms.RadioSelect,
            choices=[("1", times), ("2", Choice("Später", hint=f"Ab {day}"))],
        )

    form = When({})
    said = {name: form[name].as_field_group() for name in form.fields}
    assertInHTML(f'<label class="kern-label" for="id_name">Was am {whole[0]}?</label>', said["name"])
    assert f'id="id_name_helptext">Bis {whole[1]} &lt;bitte&gt;</div>' in said["name"]
    assertInHTML(f'<label class="kern-label" for="id_is_read">Gelesen am {whole[0]}</label>', said["is_read"])
    assert f"</span> Bis {whole[0]}.</span></p>" in said["is_read"]
    assert f"<legend>Wann am {whole[0]}?" in said["date"]
    assert f'<span class="choice__label">{whole[1]}</span>' in said["date"]
    assert f'<span class="choice__hint">Ab {whole[0]}</span>' in said["date"]
    summary = render_to_string("components/error_summary.html", {"form": form})
    assert f'<a href="#id_is_read">Bis {whole[0]}.</a>' in summary


def test_the_summary_leads_to_every_field_and_takes_the_focus():
    form = ContactForm({"email": "foo"})
    html = render_to_string("components/error_summary.html", {"form": form})
    assert 'tabindex="-1" autofocus' in html
    assert '<a href="#id_name">Noch offen: Vorname</a>' in html
    assert '<a href="#id_way_0">Noch offen: Zahlungsart</a>' in html
    assert '<a href="#id_consent">Noch offen: Gelesen</a>' in html
    assert 'href="#id_email">' in html
    assert "#id_token" not in html


def test_the_summary_tells_what_belongs_to_no_field():
    form = ContactForm({"name": "Nein"})
    assert "<li>So geht das nicht.</li>" in render_to_string("components/error_summary.html", {"form": form})


def test_there_is_no_summary_without_errors():
    assert render_to_string("components/error_summary.html", {"form": ContactForm()}).strip() == ""


def test_a_whole_form_starts_with_its_summary_and_hides_what_is_hidden():
    html = str(ContactForm({}))
    assert html.index("error-summary") < html.index('id="id_name"')
    assert '<input type="hidden" name="token"' in html


def test_what_people_typed_is_escaped():
    html = str(ContactForm({"name": '"><script>alert(1)</script>'}))
    assert "<script>" not in html


@pytest.mark.parametrize("typed", ["", "n", "<b>", "a&b", 3])
def test_a_list_to_choose_from_is_drawn_like_django_draws_it(typed):
    choices = [
        ("", "Egal"),
        ("n", "Nord & <Süd>"),
        ("Gruppe <1>", [("<b>", "fett"), ("a&b", '"beide"'), (3, "drei")]),
    ]
    field = forms.ChoiceField(choices=choices, required=False, widget=forms.Select(attrs={"data-x": 'a"b'}))
    form = type("Form", (forms.Form,), {"where": field})({"where": typed})
    ours = form["where"].as_widget(attrs={"disabled": True, "hidden": False})
    form.renderer = TemplatesSetting()
    djangos = form["where"].as_widget(attrs={"disabled": True, "hidden": False})
    assertHTMLEqual(ours, djangos)
    assert ours.count("<option") == 5
    assert "<Süd>" not in ours
    assert "Gruppe <1>" not in ours


LABELLED = "components/forms/labelled.html"
DAYS = [("", "Jeder Tag"), ("0", "Montag"), ("1", "Dienstag")]


class DayForm(forms.Form):
    method = "get"

    def __init__(self, data=None, *, auto_id="id_%s", prefix=None, required_attribute=True, **asked):
        super().__init__(data, auto_id=auto_id, prefix=prefix, use_required_attribute=required_attribute)
        self.fields["day"] = forms.ChoiceField(
            **{"label": "Tag", "required": False, "choices": DAYS, **asked}
        )


class SentForm(DayForm):
    method = "post"


class TestAListToChooseFromIsDrawnOnceForAllWhoAreAskedTheSame:
    @pytest.mark.parametrize(
        ("other", "told"),
        [
            (lambda: DayForm({"day": "1"}), '<option value="1" selected>Dienstag</option>'),
            (lambda: DayForm({"day": "9"}), "Tag: Bitte wählen Sie aus, was angeboten wird."),
            (lambda: DayForm({"day": "1", "q": "x"}, required=True), 'id="id_day" required>'),
            (lambda: DayForm(label="Wann?"), '<label class="kern-label" for="id_day">Wann?'),
            (lambda: DayForm(label="<b>"), '<label class="kern-label" for="id_day">&lt;b&gt;'),
            (lambda: DayForm(help_text="Für die Suche."), 'id="id_day_helptext">Für die Suche.</div>'),
            (lambda: DayForm(disabled=True), 'id="id_day" disabled>'),
            (lambda: DayForm(initial=0), '<option value="0" selected>Montag</option>'),
            (lambda: DayForm(auto_id="my_%s"), 'for="my_day"'),
            (lambda: DayForm(prefix="second"), 'name="second-day"'),
            (lambda: DayForm(choices=[("0", "Mo"), ("1", "Di")]), '<option value="0">Mo</option>'),
            (lambda: DayForm(choices=[("Woche", [("0", "Mo")])]), '<optgroup label="Woche">'),
            (lambda: DayForm(choices=lambda: [("0", "heute")]), '<option value="0">heute</option>'),
            (lambda: DayForm(widget=forms.Select({"class": "narrow"})), "kern-form-input__select narrow"),
            (SentForm, "(freiwillig)"),
        ],
    )
    def test_whoever_is_asked_something_else_sees_it(self, other, told):
        plain = DayForm()["day"].as_field_group()
        assert told not in plain
        for _time in range(2):
            assert told in other()["day"].as_field_group()
            assert DayForm()["day"].as_field_group() == plain

    def test_a_form_that_does_not_insist_is_drawn_so(self):
        assert " required>" in DayForm(required=True)["day"].as_field_group()
        lenient = DayForm(required=True, required_attribute=False)
        assert " required>" not in lenient["day"].as_field_group()

    def test_every_language_has_its_own(self):
        german = DayForm(label=gettext_lazy("Yes"))["day"].as_field_group()
        with translation.override("en"):
            english = DayForm(label=gettext_lazy("Yes"))["day"].as_field_group()
        assert ('for="id_day">Ja' in german, 'for="id_day">Yes' in english) == (True, True)
        assert DayForm(label=gettext_lazy("Yes"))["day"].as_field_group() == german

    def test_the_second_needs_no_template(self):
        first = DayForm({"day": "0"})["day"].as_field_group()
        with assertTemplateNotUsed(LABELLED):
            assert DayForm({"day": "0", "q": "x"})["day"].as_field_group() == first

    def test_a_stranger_cannot_fill_the_memory(self):
        """What is not offered is an error, and no error is kept."""
        for _time in range(2):
            with assertTemplateUsed(LABELLED):
                DayForm({"day": "not offered"})["day"].as_field_group()

    def test_a_list_that_is_read_when_it_is_shown_is_always_read(self):
        offered = [("0", "heute")]
        assert "heute" in DayForm(choices=lambda: offered)["day"].as_field_group()
        offered[:] = [("0", "morgen")]
        assert "morgen" in DayForm(choices=lambda: offered)["day"].as_field_group()


def test_no_page_sums_up_the_errors_of_a_form_that_does_so_itself() -> None:
    twice = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        for form in re.findall(r'error_summary\.html" with form=(\w+)', path.read_text())
        if f"{{{{ {form} }}}}" in path.read_text()
    ]
    assert twice == ["cash_count.html"]  # one or the other: a form that is not shown cannot say it


def test_no_page_says_what_is_wrong_above_its_heading() -> None:
    heading, errors = re.compile(r"<h1|page_header\.html"), re.compile(r"error_summary\.html|{{ form }}")
    above, seen = [], 0
    for path in (ROOT / "templates").rglob("*.html"):
        source = path.read_text()
        if (first := heading.search(source)) and (said := errors.search(source)):
            above += [path.name] if said.start() < first.start() else []
            seen += 1
    assert above == []
    assert seen > 30
