"""What the forms of people take and refuse, at the edges of every rule and in the words people read."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from foundation.times_of_week import WeeklyTime
from foundation.units import MinuteOfDay
from programs.models import Role
from volunteers.forms.carried import as_typed, carried
from volunteers.forms.consents import SignedSheetForm
from volunteers.forms.contacts import AskForm, CallForm, CallsForm, MessageForm, NoteForm
from volunteers.forms.coordination import AttendanceForm, CertificateForm, RefusalForm, RosterFilter, StopForm
from volunteers.forms.envelopes import envelope_line, postcode_field
from volunteers.forms.fields import ANYWHERE, FieldsField, NameField, PhoneField
from volunteers.forms.groups import GroupForm, GroupNameField, HeadsField, HeadsForm
from volunteers.forms.my_pledges import AbsenceForm, DayField, PauseForm
from volunteers.forms.offers import AnswerForm
from volunteers.forms.pledge import ADULT, AgeField, WhoForm
from volunteers.forms.steps import (
    AskingForm,
    ConsentForm,
    GuardianForm,
    GuardianLetterForm,
    MonthField,
    SignForm,
)
from volunteers.forms.taken import PlaceForm, ToldAnswerForm
from volunteers.forms.task_questions import (
    QUESTION_NAMES,
    answers_so_far,
    languages_spoken,
    questions_of,
    skills_answered,
)
from volunteers.forms.wishes import DISTANCES, HOURS, StrengthsForm, hours_for, wishes_from

TODAY = date(2026, 3, 2)


def refusals(field: forms.Field, typed: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    return refused.value.messages


def errors(form: forms.BaseForm) -> dict[str, list[str]]:
    return {name: list(map(str, told)) for name, told in form.errors.items()}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Maria", "Maria"),
        ("  Anna \u00a0 Lena ", "Anna Lena"),
        ("O’Neill", "O’Neill"),
        ("x" * 60, "x" * 60),
    ],
)
def test_a_name_is_kept_with_single_blanks(typed: str, name: str) -> None:
    assert NameField(max_length=60).clean(typed) == name


def test_a_name_that_may_be_left_out_stays_empty() -> None:
    assert NameField(required=False).clean("   ") == ""


@pytest.mark.parametrize("typed", ["Anna 7", "www.boese.de", "Anna\nB", "-", "Anna <b>"])
def test_what_is_no_name_is_told_what_names_are_made_of(typed: str) -> None:
    told = "Bitte schreiben Sie den Namen nur mit Buchstaben, Bindestrich oder Apostroph."
    assert refusals(NameField(max_length=60), typed) == [told]


def test_a_name_too_long_is_told_how_long_it_may_be() -> None:
    told = "Bitte kürzen Sie den Namen auf höchstens 60 Zeichen."
    assert refusals(NameField(max_length=60), "x" * 61) == [told]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("02421 123456", "02421 123456"),
        ("+49 (0) 2421 / 12-34", "+49 (0) 2421 / 12-34"),
        ("02421–12.34", "02421–12.34"),
        ("  02421   1 ", "02421 1"),
        ("12345", "12345"),
        ("1" * 39, "1" * 39),
        ("+" + "1" * 39, "+" + "1" * 39),
        ("", ""),
    ],
)
def test_a_telephone_number_is_kept_as_it_is_typed(typed: str, number: str) -> None:
    assert PhoneField(required=False).clean(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["1234", "( ) 1234 / -", "02421 123456 abends", "0242+1 1234", "٠٢٤٢١٢", "1" * 40, "+", "02421:12"],
)
def test_what_nobody_can_dial_is_asked_for_again(typed: str) -> None:
    told = "Bitte prüfen Sie die Telefonnummer, zum Beispiel 01234 567890."
    assert refusals(PhoneField(required=False), typed) == [told]


def test_a_telephone_number_too_long_is_refused_for_its_length() -> None:
    assert PhoneField().max_length == 40
    assert len(refusals(PhoneField(), "1" * 41)) == 1


@pytest.mark.parametrize(
    ("chosen", "fields"),
    [
        (["education"], ["education"]),
        (["education", "sport"], ["education", "sport"]),
        ([ANYWHERE], []),
        (["education", ANYWHERE], []),
    ],
)
def test_wherever_one_is_needed_stands_for_no_field(chosen: list[str], fields: list[str]) -> None:
    assert FieldsField().clean(chosen) == fields


def test_no_field_at_all_is_asked_for_again() -> None:
    told = "Bitte wählen Sie mindestens ein Feld oder „Wo ich gebraucht werde“."
    assert refusals(FieldsField(), []) == [told]
    assert len(refusals(FieldsField(), ["money"])) == 1


def test_wherever_one_is_needed_stands_first_and_each_field_has_its_picture() -> None:
    offered = [(key, label.icon) for key, label in FieldsField().choices]
    assert offered[0] == (ANYWHERE, "hands")
    assert dict(offered[1:]) == {
        "education": "book",
        "culture": "palette",
        "leisure": "play",
        "health": "health",
        "sport": "sport",
    }


class TestGroups:
    @pytest.mark.parametrize(
        ("typed", "name"),
        [(" Chor  St. Anna ", "Chor St. Anna"), ("1. FC Düren 1899", "1. FC Düren 1899")],
    )
    def test_the_name_is_kept_with_single_blanks(self, typed: str, name: str) -> None:
        assert GroupNameField().clean(typed) == name

    @pytest.mark.parametrize("typed", ["boese.de", "Firma 02421 1234567", "mailto:a"])
    def test_a_name_leads_nowhere(self, typed: str) -> None:
        told = "Bitte schreiben Sie nur den Namen, ohne Internetadresse oder Telefonnummer."
        assert told in refusals(GroupNameField(), typed)

    @pytest.mark.parametrize(
        ("least", "typed", "heads"), [(2, "2", 2), (2, "99", 99), (1, "1", 1), (1, " 7 ", 7)]
    )
    def test_so_many_may_come(self, least: int, typed: str, heads: int) -> None:
        assert HeadsField(least=least).clean(typed) == heads

    @pytest.mark.parametrize(
        ("least", "typed"),
        [(2, "1"), (2, "100"), (2, "-3"), (2, "zwei"), (2, "2.5"), (1, "0"), (1, "100"), (1, "1e1")],
    )
    def test_every_other_number_is_told_which_may_be(self, least: int, typed: str) -> None:
        told = f"Bitte geben Sie eine Zahl von {least} bis 99 an."
        assert refusals(HeadsField(least=least), typed) == [told]

    def test_who_comes_alone_leaves_both_out(self) -> None:
        form = GroupForm({})
        assert form.is_valid()
        assert (form.heads_said(), form.group_open) == (1, False)

    def test_a_group_answers_both(self) -> None:
        form = GroupForm({"group_name": "Chor", "heads": "5"})
        assert form.is_valid()
        assert (form.heads_said(), form.group_open) == (5, True)

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"group_name": "Chor"}, {"heads": ["Bitte geben Sie an, wie viele Menschen kommen."]}),
            ({"heads": "5"}, {"group_name": ["Bitte geben Sie den Namen der Gruppe oder Firma an."]}),
            (
                {"group_name": "Chor", "heads": "1"},
                {"heads": ["Bitte geben Sie eine Zahl von 2 bis 99 an."]},
            ),
        ],
    )
    def test_what_is_missing_of_a_group_is_asked_for_once(
        self, typed: dict[str, str], told: dict[str, list[str]]
    ) -> None:
        form = GroupForm(typed)
        assert errors(form) == told
        assert form.group_open

    def test_a_name_that_leads_somewhere_is_not_asked_for_a_second_time(self) -> None:
        told = errors(GroupForm({"group_name": "boese.de", "heads": "5"}))
        assert list(told) == ["group_name"]
        assert "Bitte geben Sie den Namen der Gruppe oder Firma an." not in told["group_name"]

    @pytest.mark.parametrize(("age", "is_refused"), [("adult", False), ("16-17", True)])
    def test_all_of_a_group_are_of_age(self, age: str, is_refused: bool) -> None:
        form = WhoForm(
            {
                "first_name": "Eva",
                "email": "a@example.org",
                "is_adult": age,
                "group_name": "Chor",
                "heads": "3",
            }
        )
        told = (
            "Eine Gruppe kann nur kommen, wenn alle 18 sind. Wer jünger ist, sagt bitte für sich selbst zu."
        )
        assert errors(form) == ({"is_adult": [told]} if is_refused else {})

    def test_of_a_task_one_of_them_may_come(self) -> None:
        assert HeadsForm({"heads": "1"}).is_valid()
        assert errors(HeadsForm({"heads": "0"})) == {"heads": ["Bitte geben Sie eine Zahl von 1 bis 99 an."]}


class TestDays:
    @pytest.mark.parametrize(
        ("typed", "day"),
        [
            ("2026-03-02", TODAY),
            ("24.12.2026", date(2026, 12, 24)),
            ("24.12.26", date(2026, 12, 24)),
            ("2027-03-02", date(2027, 3, 2)),
        ],
    )
    def test_a_day_of_the_year_to_come_is_taken_as_it_is_typed(self, typed: str, day: date) -> None:
        assert DayField(earliest=TODAY).clean(typed) == day

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("", "Bitte geben Sie einen Tag an."),
            ("morgen", "Bitte geben Sie einen Tag an, zum Beispiel 24.12.2026."),
            ("30.2.2026", "Bitte geben Sie einen Tag an, zum Beispiel 24.12.2026."),
            ("2026-03-01", "Dieser Tag ist schon vorbei."),
            ("2027-03-03", "Bitte wählen Sie einen Tag innerhalb der nächsten zwölf Monate."),
            ("9999-12-31", "Bitte wählen Sie einen Tag innerhalb der nächsten zwölf Monate."),
        ],
    )
    def test_every_other_is_told_why(self, typed: str, told: str) -> None:
        assert refusals(DayField(earliest=TODAY), typed) == [told]

    @pytest.mark.parametrize(
        ("until", "told"),
        [
            ("2026-03-02", ["Dieser Tag ist schon vorbei."]),
            ("2026-03-03", None),
            ("2027-03-03", None),
            ("2027-03-04", ["Bitte wählen Sie einen Tag innerhalb der nächsten zwölf Monate."]),
        ],
    )
    def test_a_pause_ends_tomorrow_at_the_earliest(self, until: str, told: list[str] | None) -> None:
        assert errors(PauseForm({"until": until}, today=TODAY)) == ({"until": told} if told else {})

    @pytest.mark.parametrize(
        ("first", "last", "told"),
        [
            ("2026-03-02", "2026-03-02", {}),
            ("2026-03-02", "2027-03-02", {}),
            ("2026-03-05", "2026-03-04", {"until_on": ["Der letzte Tag liegt vor dem ersten."]}),
            ("2026-03-01", "2026-03-04", {"from_on": ["Dieser Tag ist schon vorbei."]}),
            ("", "2026-03-04", {"from_on": ["Bitte geben Sie einen Tag an."]}),
            (
                "2026-03-05",
                "x",
                {"until_on": ["Bitte geben Sie einen Tag an, zum Beispiel 24.12.2026."]},
            ),
        ],
    )
    def test_an_absence_ends_on_its_first_day_at_the_earliest(
        self, first: str, last: str, told: dict[str, list[str]]
    ) -> None:
        assert errors(AbsenceForm({"from_on": first, "until_on": last}, today=TODAY)) == told

    @pytest.mark.parametrize(
        ("typed", "month"),
        [
            ("2009-05", date(2009, 5, 1)),
            ("05/2009", date(2009, 5, 1)),
            ("5/2009", date(2009, 5, 1)),
            ("5.2009", date(2009, 5, 1)),
        ],
    )
    def test_a_month_is_taken_as_it_is_typed(self, typed: str, month: date) -> None:
        assert MonthField().clean(typed) == month

    @pytest.mark.parametrize("typed", ["", "Mai 2009", "13/2009", "2009", "2009-05-04x"])
    def test_what_is_no_month_is_asked_for_again(self, typed: str) -> None:
        told = "Bitte geben Sie den Monat an, zum Beispiel 05/2009."
        assert refusals(MonthField(), typed) == [told]

    @pytest.mark.parametrize(
        ("typed", "is_taken"), [("12/1989", False), ("01/1990", True), ("12/2100", True), ("01/2101", False)]
    )
    def test_a_month_half_typed_is_none(self, typed: str, is_taken: bool) -> None:
        class Form(AskingForm):
            born_in = MonthField()

        told = {"born_in": ["Bitte geben Sie den Monat an, zum Beispiel 05/2009."]}
        assert errors(Form({"born_in": typed})) == ({} if is_taken else told)


class TestGuardians:
    def test_whom_to_ask_by_mail(self) -> None:
        form = GuardianForm({"email": "Eva@Bücher.EXAMPLE", "born_in": "2009-05"})
        assert form.is_valid()
        assert form.cleaned_data == {"email": "eva@xn--bcher-kva.example", "born_in": date(2009, 5, 1)}

    def test_whom_to_ask_by_letter_as_it_stands_on_the_envelope(self) -> None:
        form = GuardianLetterForm(
            {
                "name": "Eva Beispiel",
                "street": "Weierstraße 7",
                "postcode": "52349",
                "town": "Düren",
                "born_in": "05/2009",
            }
        )
        assert form.is_valid()
        assert form.postal_address() == "Eva Beispiel\nWeierstraße 7\n52349 Düren"

    @pytest.mark.parametrize("left_out", ["name", "street", "postcode", "town", "born_in"])
    def test_a_letter_needs_every_line(self, left_out: str) -> None:
        typed = {
            "name": "Eva Beispiel",
            "street": "Weierstraße 7",
            "postcode": "52349",
            "town": "Düren",
            "born_in": "05/2009",
        }
        assert list(errors(GuardianLetterForm({**typed, left_out: " "}))) == [left_out]

    def test_nothing_is_agreed_to_without_the_tick(self) -> None:
        told = {"agreed": ["Bitte setzen Sie das Häkchen, wenn Sie einverstanden sind."]}
        assert errors(ConsentForm({"version": "1", "name": "Eva Beispiel"})) == told
        assert errors(ConsentForm({"version": "1", "name": "Eva Beispiel", "agreed": "on"})) == {}

    def test_nothing_is_promised_without_the_tick(self) -> None:
        told = {"agreed": ["Bitte setzen Sie das Häkchen, wenn Sie das versprechen."]}
        assert errors(SignForm({"version": "1"})) == told
        assert errors(SignForm({"version": "1", "agreed": "on"})) == {}

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({}, {}),
            ({"signed_on": "2026-03-03"}, {"signed_on": ["Dieser Tag kommt erst noch."]}),
            (
                {"signed_on": "0026-03-01"},
                {"signed_on": ["Bitte nennen Sie einen Tag zwischen 2000 und 2099."]},
            ),
            ({"seen": ""}, {"seen": ["Bitte setzen Sie das Häkchen, wenn das Blatt vorliegt."]}),
        ],
    )
    def test_a_sheet_was_signed_today_at_the_latest_and_lies_there(
        self, changes: dict[str, str], told: dict[str, list[str]]
    ) -> None:
        typed = {"version": "1", "name": "Eva Beispiel", "signed_on": "2026-03-02", "seen": "on"}
        assert errors(SignedSheetForm({**typed, **changes}, today=TODAY)) == told


@pytest.mark.parametrize("typed", ["boese.de", "Haus\nzwei", "<b>"])
def test_a_line_of_an_envelope_leads_nowhere(typed: str) -> None:
    told = "Bitte schreiben Sie nur die Anschrift, ohne Internetadresse."
    assert told in refusals(envelope_line("Straße", 120), typed)


def test_a_line_of_an_envelope_may_be_left_out_unless_it_is_needed() -> None:
    assert envelope_line("Straße", 120).clean("") == postcode_field().clean("") == ""
    assert len(refusals(envelope_line("Straße", 120, required=True), "")) == 1
    assert len(refusals(envelope_line("Straße", 5), "Allee 12")) == 1
    assert len(refusals(postcode_field(required=True), "")) == 1


@pytest.mark.parametrize("typed", ["5234/9", "1", "!!!!!"])
def test_what_is_no_postcode_is_asked_for_again(typed: str) -> None:
    assert refusals(postcode_field(), typed) == ["Bitte prüfen Sie die Postleitzahl, zum Beispiel 12345."]


class TestCalls:
    def form(self, form: type[CallForm] = CallForm, **changes: str) -> CallForm:
        typed = {"outcome": "reached", "after": "7", **changes}
        if form is CallsForm:
            return CallsForm(typed, after=0, today=TODAY)
        return CallForm(typed, key=5, after=0, today=TODAY)

    def test_what_was_noted_is_handed_on(self) -> None:
        form = self.form(next_step="call", again_on="2026-03-09", text="Ruft zurück.")
        assert form.is_valid()
        call = form.call()
        assert (call.outcome, call.next_step, call.again_on) == ("reached", "call", date(2026, 3, 9))
        assert (call.text, call.after) == ("Ruft zurück.", 7)

    def test_the_forms_of_a_page_are_told_apart(self) -> None:
        assert CallForm(key=5, after=3, today=TODAY)["text"].auto_id == "id_5_text"
        assert CallForm(key=5, after=3, today=TODAY)["after"].value() == 3

    @pytest.mark.parametrize(
        ("again_on", "is_taken"),
        [("2026-03-02", False), ("2026-03-03", True), ("2027-03-02", True), ("2027-03-03", False)],
    )
    def test_one_looks_again_within_a_year(self, again_on: str, is_taken: bool) -> None:
        told = {"again_on": ["Bitte nennen Sie einen Tag in den nächsten zwölf Monaten."]}
        assert errors(self.form(again_on=again_on)) == ({} if is_taken else told)

    def test_who_wants_to_wait_says_until_when_and_is_asked_once(self) -> None:
        told = {"again_on": ["Bis wann möchte die Person warten?"]}
        assert errors(self.form(outcome="wants_to_wait")) == told
        assert errors(self.form(outcome="wants_to_wait", again_on="2026-03-09")) == {}
        late = errors(self.form(outcome="wants_to_wait", again_on="2026-03-01"))
        assert late == {"again_on": ["Bitte nennen Sie einen Tag in den nächsten zwölf Monaten."]}

    @pytest.mark.parametrize("outcome", ["reached", "not_reached", "ended"])
    def test_nobody_else_has_to_say_a_day(self, outcome: str) -> None:
        assert errors(self.form(outcome=outcome)) == {}

    @pytest.mark.parametrize(
        ("outcome", "is_taken"),
        [("reached", True), ("not_reached", True), ("wants_to_wait", False), ("ended", False)],
    )
    def test_of_several_calls_only_what_changes_nothing_for_the_people_is_noted(
        self, outcome: str, is_taken: bool
    ) -> None:
        form = self.form(CallsForm, outcome=outcome)
        assert form.is_valid() is is_taken
        assert "next_step" not in form.fields

    def test_of_several_calls_each_says_what_it_knew(self) -> None:
        form = self.form(CallsForm, again_on="2026-03-09", text="Alle im Urlaub.")
        assert isinstance(form, CallsForm)
        assert form.is_valid()
        call = form.call_of(12)
        assert (call.outcome, call.next_step, call.after) == ("reached", "", 12)
        assert (call.again_on, call.text) == (date(2026, 3, 9), "Alle im Urlaub.")

    @pytest.mark.parametrize(("form", "most"), [(NoteForm, 500), (MessageForm, 1500)])
    def test_words_have_an_end(self, form: type[forms.Form], most: int) -> None:
        submission = {"submission": "0b0f8ad4-52c8-4d9f-9f6c-94f1e3a2c001"}
        assert form({"text": "a" * most, **submission}).is_valid()
        assert list(errors(form({"text": "a" * (most + 1), **submission}))) == ["text"]
        assert list(errors(form({"text": " ", **submission}))) == ["text"]

    def test_every_message_is_a_form_of_its_own(self) -> None:
        assert MessageForm()["submission"].value() != MessageForm()["submission"].value()

    @pytest.mark.parametrize("gate", ["time", "distance", "age_group", "skill", "language"])
    def test_a_soft_gate_is_named(self, gate: str) -> None:
        form = AskForm({"role": "3", "in_spite_of": [gate]})
        assert form.is_valid()
        assert form.cleaned_data == {"role": 3, "in_spite_of": [gate]}

    @pytest.mark.parametrize("gate", ["hours", "age", "paused", "no_place_left", "contact_budget"])
    def test_a_hard_one_is_none_to_choose(self, gate: str) -> None:
        assert list(errors(AskForm({"role": "3", "in_spite_of": [gate]}))) == ["in_spite_of"]


class TestCoordination:
    @pytest.mark.parametrize(
        ("tag", "is_taken"),
        [("1999-12-31", False), ("2000-01-01", True), ("2100-01-01", True), ("2100-01-02", False)],
    )
    def test_weeks_are_shown_of_a_hundred_years(self, tag: str, is_taken: bool) -> None:
        assert RosterFilter({"tag": tag}).is_valid() is is_taken

    @pytest.mark.parametrize("reason", ["not_fitting", "not_needed", "not_reached", "on_request"])
    def test_an_end_has_a_reason_of_the_list(self, reason: str) -> None:
        assert StopForm({"reason": reason}).is_valid()

    @pytest.mark.parametrize("reason", ["", "certificate", "NOT_FITTING"])
    def test_and_no_other(self, reason: str) -> None:
        assert list(errors(StopForm({"reason": reason}))) == ["reason"]

    @pytest.mark.parametrize(
        ("outcome", "is_taken"),
        [
            ("attended", True),
            ("excused", True),
            ("missed", True),
            ("confirmed", False),
            ("cancelled", False),
            ("", False),
        ],
    )
    def test_whether_somebody_came(self, outcome: str, is_taken: bool) -> None:
        assert AttendanceForm({"outcome": outcome}).is_valid() is is_taken

    def test_of_a_group_one_at_least_came(self) -> None:
        assert AttendanceForm({"outcome": "attended", "heads": "1"}).is_valid()
        assert list(errors(AttendanceForm({"outcome": "attended", "heads": "0"}))) == ["heads"]

    def test_nobody_has_to_be_asked_no_more(self) -> None:
        form = RefusalForm({})
        assert form.is_valid()
        assert form.cleaned_data == {"ask_no_more": False}

    @pytest.mark.parametrize(("months", "told"), [(1, "1 Monat"), (3, "3 Monate"), (6, "6 Monate")])
    def test_how_old_a_certificate_may_be_is_said(self, settings: Any, months: int, told: str) -> None:
        settings.CLEARANCE_CERTIFICATE_MONTHS = months
        hint = f"Es steht auf dem Zeugnis und darf höchstens {told} zurückliegen."
        assert CertificateForm().fields["certificate_on"].help_text == hint

    def test_a_year_half_typed_is_none_of_a_certificate(self) -> None:
        told = {"certificate_on": ["Bitte nennen Sie einen Tag zwischen 2000 und 2099."]}
        assert errors(CertificateForm({"certificate_on": "0026-02-01"})) == told


class TestAnswers:
    @pytest.mark.parametrize(
        ("typed", "accepts", "reason"),
        [
            ({"answer": "accept"}, True, "other"),
            ({"answer": "decline"}, False, "other"),
            ({"answer": "decline", "reason": "place"}, False, "place"),
        ],
    )
    def test_why_not_is_up_to_the_person(self, typed: dict[str, str], accepts: bool, reason: str) -> None:
        form = AnswerForm(typed)
        assert form.is_valid()
        assert (form.accepts, form.decline_reason, form.heads) == (accepts, reason, None)

    @pytest.mark.parametrize("typed", [{}, {"answer": "vielleicht"}, {"answer": "decline", "reason": "x"}])
    def test_every_other_answer_is_none(self, typed: dict[str, str]) -> None:
        assert not AnswerForm(typed).is_valid()

    @pytest.mark.parametrize("form", [ToldAnswerForm, PlaceForm])
    @pytest.mark.parametrize(
        ("came_by", "is_taken"),
        [("phone", True), ("paper", True), ("in_person", True), ("web", False), ("", False)],
    )
    def test_who_notes_it_for_somebody_says_how_it_came(
        self, form: type[forms.Form], came_by: str, is_taken: bool
    ) -> None:
        assert form({"answer": "accept", "came_by": came_by}).is_valid() is is_taken
        assert form()["came_by"].value() == "phone"

    @pytest.mark.parametrize(("chosen", "is_adult"), [(ADULT, True), ("16-17", False)])
    def test_the_age_is_of_age_or_not(self, chosen: str, is_adult: bool) -> None:
        assert AgeField().clean(chosen) is is_adult

    @pytest.mark.parametrize("chosen", ["", "15", "Adult", "18"])
    def test_no_other_age_is_taken_for_one(self, chosen: str) -> None:
        assert len(refusals(AgeField(), chosen)) == 1


class TestQuestionsOfATask:
    role = Role(skills=["music", "crafts"], languages=["tr", "ar"])

    def test_without_a_role_nothing_is_asked(self) -> None:
        assert questions_of(None) == {}

    def test_each_skill_and_language_is_a_question(self) -> None:
        asked = questions_of(self.role)
        assert set(asked) == {"can_music", "can_crafts", "speaks_tr", "speaks_ar"}
        assert [value for value, _label in asked["can_music"].choices] == ["yes", "learn", "no"]
        assert [value for value, _label in asked["speaks_tr"].choices] == ["yes", "no"]
        assert {field.required for field in asked.values()} == {True}
        assert {field.required for field in questions_of(self.role, required=False).values()} == {False}
        assert set(asked) < set(QUESTION_NAMES)

    def test_of_several_languages_one_is_enough(self) -> None:
        told = "Eine dieser Sprachen genügt."
        assert questions_of(self.role)["speaks_ar"].help_text == told
        assert questions_of(self.role)["can_crafts"].help_text == ""
        assert questions_of(Role(skills=[], languages=["tr"]))["speaks_tr"].help_text == ""

    def test_what_is_not_answered_is_asked_in_its_own_words(self) -> None:
        field = questions_of(self.role)["speaks_tr"]
        assert refusals(field, "") == [f"Bitte antworten Sie: {field.label}"]

    def test_answers_become_words_and_back(self) -> None:
        answers = {"can_music": "yes", "can_crafts": "no", "speaks_tr": "no", "speaks_ar": "yes"}
        assert skills_answered(answers, "yes") == ["music"]
        assert skills_answered(answers, "learn") == []
        assert skills_answered(answers, "no") == ["crafts"]
        assert languages_spoken(answers) == ["ar"]
        said = answers_so_far(self.role, skills=["music"], learning=[], lacking=["crafts"], languages=["ar"])
        assert said == answers

    def test_a_skill_never_asked_about_has_no_answer_and_a_yes_goes_before_a_no(self) -> None:
        said = answers_so_far(
            self.role, skills=["music"], learning=["music", "trainer"], lacking=["music"], languages=[]
        )
        assert said == {"can_music": "yes", "speaks_tr": "no", "speaks_ar": "no"}
        learns = answers_so_far(
            self.role, skills=[], learning=["crafts"], lacking=["crafts"], languages=["tr"]
        )
        assert learns == {"can_crafts": "learn", "speaks_tr": "yes", "speaks_ar": "no"}

    def test_what_is_a_question_is_not_offered_a_second_time(self) -> None:
        form = StrengthsForm(role=self.role)
        offered = {
            name: {key for key, _label in form.fields[name].choices}  # type: ignore[attr-defined]
            for name in ("skills", "languages")
        }
        assert not offered["skills"] & {"music", "crafts"}
        assert not offered["languages"] & {"tr", "ar"}
        whole = StrengthsForm()
        assert {key for key, _label in whole.fields["skills"].choices} > {"music", "crafts"}  # type: ignore[attr-defined]


class TestWishes:
    answers: dict[str, Any] = {
        "times": [WeeklyTime(1, MinuteOfDay(900), MinuteOfDay(1080))],
        "fields_wanted": ["sport"],
        "districts": [],
        "home_district": None,
        "max_distance_km": 10,
        "hours_per_week": 3,
        "placements_wanted": "",
        "skills": ["cooking"],
        "languages": ["en"],
        "age_bands": ["6-9"],
        "note": "Gern draußen.",
    }

    def test_one_task_at_a_time_unless_more_are_wished(self) -> None:
        assert wishes_from(self.answers).placements_wanted == 1
        assert wishes_from({**self.answers, "placements_wanted": "3"}).placements_wanted == 3

    def test_answers_to_the_questions_of_a_task_stand_beside_the_others(self) -> None:
        wishes = wishes_from(
            {
                **self.answers,
                "can_music": "yes",
                "can_crafts": "learn",
                "can_trainer": "no",
                "speaks_tr": "yes",
            }
        )
        assert (wishes.skills, wishes.learning_skills) == (["cooking", "music"], ["crafts"])
        assert (wishes.lacking_skills, wishes.languages) == (["trainer"], ["en", "tr"])
        assert (wishes.max_distance_km, wishes.hours_per_week) == (10, 3)
        assert (wishes.fields, wishes.age_bands, wishes.note) == (["sport"], ["6-9"], "Gern draußen.")

    @pytest.mark.parametrize(
        ("minutes", "hours"),
        [(0, 1), (1, 1), (60, 1), (61, 2), (240, 4), (241, 6), (360, 6), (481, 12), (2400, 40), (9999, 40)],
    )
    def test_hours_are_proposed_that_hold_the_task(self, minutes: int, hours: int) -> None:
        assert hours_for(minutes) == hours  # type: ignore[arg-type]

    def test_what_is_offered_to_choose(self) -> None:
        assert [(number, str(label)) for number, label in DISTANCES] == [
            (2, "2 km"),
            (5, "5 km"),
            (10, "10 km"),
            (50, "in der ganzen Stadt"),
        ]
        told = [(number, str(label).replace("\u00a0", " ")) for number, label in HOURS]
        assert told[:2] == [(1, "1 Stunde"), (2, "2 Stunden")]
        assert [number for number, _label in told] == [1, 2, 3, 4, 6, 8, 12, 20, 40]


class TestCarried:
    query = QueryDict("times=1-morning&times=2-evening&times_1_from=15:00&note=&skills=music&other=x&hours=2")

    def test_only_what_was_asked_and_answered_travels_on(self) -> None:
        assert carried(self.query, ["skills", "note"]) == [("skills", "music")]
        assert carried(self.query, ["hours"], ["skills"]) == [("hours", "2"), ("skills", "music")]

    def test_typed_times_travel_with_the_ticked_ones(self) -> None:
        assert carried(self.query, ["times"]) == [
            ("times", "1-morning"),
            ("times", "2-evening"),
            ("times_1_from", "15:00"),
        ]

    def test_answers_are_shown_as_they_were_typed(self) -> None:
        asked = {
            "note": forms.CharField(),
            "hours": forms.IntegerField(),
            "town": forms.CharField(),
            "skills": forms.MultipleChoiceField(choices=[("music", "Musik")]),
        }
        assert as_typed(asked, self.query) == {"note": "", "hours": "2", "skills": ["music"]}
