"""The edges of what may be typed: the last day, age and letter taken, and the first that is refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django import forms

from programs.domain.screening.findings import Finding, Kind
from programs.forms.absences import AwayForm
from programs.forms.closures import ClosureForm
from programs.forms.concept import ConceptReviewedForm
from programs.forms.fields import DaysField
from programs.forms.hsds import ServicesAsked
from programs.forms.invitation import NewAccountForm
from programs.forms.need import RoleForm
from programs.forms.notice import DecisionForm, NoticeForm
from programs.forms.release import ReleaseForm
from programs.forms.webhook import WebhookForm
from programs.models import Opportunity, Provider, Role, Shift
from tests.factories import make_activity, make_opportunity, make_role, role_of

TODAY = date(2026, 3, 2)
OVER = "Dieser Tag ist schon vorbei."
BACKWARDS = "Der letzte Tag liegt vor dem ersten."
CENTURY = "Bitte nennen Sie einen Tag zwischen 2000 und 2099."


def errors(form: forms.BaseForm) -> dict[str, list[str]]:
    return {name: list(told) for name, told in form.errors.items()}


class TestBeingAway:
    @pytest.mark.parametrize(
        ("first", "last", "told"),
        [
            ("2026-03-02", "2026-03-02", {}),
            # who has been away since long says when they come back
            ("2025-01-01", "2026-03-02", {}),
            ("2026-03-02", "2027-03-03", {}),
            ("2026-03-01", "2026-03-01", {"until_on": "twelve"}),
            ("2026-03-02", "2027-03-04", {"until_on": "twelve"}),
            ("2026-03-03", "2026-03-02", {"until_on": BACKWARDS}),
            # backwards is said before that it is over
            ("2026-03-01", "2026-02-28", {"until_on": BACKWARDS}),
            ("2100-01-01", "2026-03-05", {"from_on": CENTURY}),
        ],
    )
    def test_ends_between_today_and_in_a_year(self, first: str, last: str, told: dict[str, str]) -> None:
        twelve = "Bitte nennen Sie einen Tag in den nächsten zwölf Monaten."
        said = {name: [twelve if why == "twelve" else why] for name, why in told.items()}
        assert errors(AwayForm({"from_on": first, "until_on": last}, today=TODAY)) == said

    def test_needs_both_days(self) -> None:
        needed = ["Dieses Feld ist zwingend erforderlich."]
        assert errors(AwayForm({}, today=TODAY)) == {"from_on": needed, "until_on": needed}


class TestAConcept:
    @pytest.mark.parametrize(
        ("day", "is_taken"),
        [("2026-03-02", False), ("2026-03-03", True), ("2031-03-02", True), ("2031-03-03", False)],
    )
    def test_is_looked_at_again_after_today_and_within_five_years(self, day: str, is_taken: bool) -> None:
        form = ConceptReviewedForm({"review_on": day, "before": "2026-03-01"}, today=TODAY)
        told = {"review_on": ["Bitte nennen Sie einen Tag in den nächsten fünf Jahren."]}
        assert errors(form) == ({} if is_taken else told)

    def test_five_years_after_a_leap_day_are_its_last_of_february(self) -> None:
        for day, is_taken in (("2033-02-28", True), ("2033-03-01", False)):
            form = ConceptReviewedForm({"review_on": day, "before": "2026-03-01"}, today=date(2028, 2, 29))
            assert form.is_valid() is is_taken

    def test_says_which_day_is_missing_and_which_page_was_old(self) -> None:
        assert errors(ConceptReviewedForm({"review_on": ""}, today=TODAY)) == {
            "review_on": ["Bitte geben Sie den nächsten Tag ein."],
            "before": ["Dieses Feld ist zwingend erforderlich."],
        }


def at(hour: int, minutes: int = 60, day: int = 9) -> Shift:
    begin = datetime(2026, 3, day, hour, tzinfo=UTC)
    return Shift(pk=hour, starts_at=begin, ends_at=begin + timedelta(minutes=minutes))


class TestCancellingDates:
    def closing(self, *dates: Shift, **said: Any) -> ClosureForm:
        return ClosureForm({"reason": "illness", **said}, today=TODAY, dates=dates)

    @pytest.mark.parametrize(
        ("said", "days"),
        [
            ({"from_on": "2026-03-02"}, (date(2026, 3, 2), date(2026, 3, 2))),
            ({"from_on": "2026-03-02", "until_on": "2026-03-09"}, (date(2026, 3, 2), date(2026, 3, 9))),
            ({"from_on": "2026-03-02", "for_now": "on"}, (date(2026, 3, 2), None)),
            # until further notice counts, whatever day stands beside it
            ({"from_on": "2026-03-02", "until_on": "2026-03-01", "for_now": "on"}, (date(2026, 3, 2), None)),
        ],
    )
    def test_one_day_a_range_or_until_further_notice(
        self, said: dict[str, str], days: tuple[date, date | None]
    ) -> None:
        form = self.closing(**said)
        assert errors(form) == {}
        assert (form.cleaned_data["from_on"], form.cleaned_data["until_on"]) == days

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"from_on": "2026-03-01"}, {"from_on": [OVER]}),
            ({"from_on": "2026-03-01", "for_now": "on"}, {"from_on": [OVER]}),
            ({"from_on": "2026-03-09", "until_on": "2026-03-08"}, {"until_on": [BACKWARDS]}),
            (
                {"from_on": "2026-03-01", "until_on": "2026-02-28"},
                {"from_on": [OVER], "until_on": [BACKWARDS]},
            ),
            ({"from_on": ""}, {"from_on": ["Bitte geben Sie den ersten Tag an."]}),
            ({"from_on": "2026-03-09", "reason": ""}, {"reason": ["Bitte nennen Sie den Grund."]}),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field(
        self, said: dict[str, str], told: dict[str, list[str]]
    ) -> None:
        assert errors(self.closing(**said)) == told

    def test_which_of_a_day_is_asked_where_there_are_several(self) -> None:
        asked = self.closing(at(8), at(10, 90), at(9, day=10), from_on="2026-03-09")
        assert asked.fields["dates"].choices == [(8, "9–10 Uhr"), (10, "11–12:30 Uhr")]
        assert errors(asked) == {
            "dates": ["An diesem Tag gibt es mehrere Termine. Bitte wählen Sie aus, welche ausfallen."]
        }
        form = self.closing(at(8), at(10), from_on="09.03.2026", until_on="2026-03-09", dates=["10"])
        assert errors(form) == {}
        assert form.cleaned_data["dates"] == [10]
        foreign = self.closing(at(8), at(10), from_on="2026-03-09", dates=["9"])
        assert list(foreign.errors) == ["dates"]

    @pytest.mark.parametrize(
        "said",
        [
            {"from_on": "2026-03-09", "until_on": "2026-03-10"},
            {"from_on": "2026-03-09", "for_now": "on"},
            {"from_on": "2026-03-10"},
            {"from_on": "gestern"},
            {"from_on": ""},
        ],
    )
    def test_else_all_dates_are_meant_and_none_is_asked_for(self, said: dict[str, str]) -> None:
        assert "dates" not in self.closing(at(8), at(10), **said).fields

    def test_a_night_belongs_to_the_day_on_which_it_begins_here(self) -> None:
        late = [at(22, day=8), at(23, day=8)]
        # 23:00 UTC on 8 March is midnight of the 9th in Düren.
        assert "dates" not in self.closing(*late, from_on="2026-03-08").fields
        both = self.closing(*late, at(8), from_on="2026-03-09")
        assert [key for key, _label in both.fields["dates"].choices] == [23, 8]


class TestSeveralDays:
    @pytest.mark.parametrize(
        ("typed", "days"),
        [
            ("", []),
            (" , ;\n", []),
            ("24.12.2026", [date(2026, 12, 24)]),
            ("31.12.2026;24.12.2026,  24.12.2026", [date(2026, 12, 24), date(2026, 12, 31)]),
            ("1.1.2000 31.12.2099", [date(2000, 1, 1), date(2099, 12, 31)]),
        ],
    )
    def test_are_read_in_order_and_once(self, typed: str, days: list[date]) -> None:
        assert DaysField(required=False).clean(typed) == days

    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ("24.12.2026 morgen", "„morgen“ ist kein Tag. Bitte so: 24.12.2026."),
            ("29.2.2027", "„29.2.2027“ ist kein Tag. Bitte so: 24.12.2026."),
            ("24.12.", "„24.12.“ ist kein Tag. Bitte so: 24.12.2026."),
            ("2026-12-24", "„2026-12-24“ ist kein Tag. Bitte so: 24.12.2026."),
            ("1.1.1.2026", "„1.1.1.2026“ ist kein Tag. Bitte so: 24.12.2026."),
            ("31.12.1999", CENTURY),
            ("1.1.2100", CENTURY),
        ],
    )
    def test_that_are_none_are_named(self, typed: str, why: str) -> None:
        with pytest.raises(forms.ValidationError) as refused:
            DaysField(required=False).clean(typed)
        assert refused.value.messages == [why]

    def test_are_shown_as_somebody_types_them(self) -> None:
        field = DaysField(required=False)
        assert field.prepare_value([date(2026, 12, 5), date(2027, 1, 1)]) == "05.12.2026, 01.01.2027"
        assert [field.prepare_value(value) for value in ("irgendwas", None, [])] == ["irgendwas", None, ""]

    def test_are_at_most_four_hundred_letters(self) -> None:
        most = ", ".join(["24.12.2026"] * 33)
        assert len(DaysField(required=False).clean(f"{most}    ")) == 1
        with pytest.raises(forms.ValidationError):
            DaysField(required=False).clean(f"{most}, 24.12.2026")


class TestReleasing:
    """Each place in which something was found is answered alone."""

    FOUND = (Finding("task", Kind.PERSON, "Frau Weber"), Finding("title", Kind.UNKNOWN, "Zoriana"))

    @pytest.mark.parametrize(
        ("answered", "is_read"),
        [
            ([], False),
            (["Frau Weber"], False),
            (["Frau Weber", "Zoriana"], True),
            (["Frau Weber", "Zoriana", "Emil"], False),
            (["on"], False),
        ],
    )
    def test_reads_every_hint(self, answered: list[str], is_read: bool) -> None:
        form = ReleaseForm({"text_read": "abc", "hints_read": answered}, findings=self.FOUND)
        form.full_clean()
        assert form.every_hint_was_read is is_read

    def test_without_findings_asks_nothing(self) -> None:
        form = ReleaseForm({"text_read": "abc", "hints_read": ["Emil"]}, findings=[])
        assert form.is_valid()
        assert (list(form.fields), form.every_hint_was_read) == (["text_read"], True)


class TestReporting:
    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"ground": ""}, {"ground": ["Bitte wählen Sie, was nicht stimmt."]}),
            ({"text": ""}, {"text": ["Dieses Feld ist zwingend erforderlich."]}),
            ({"email": "kein@"}, {"email": ["Bitte geben Sie eine gültige E-Mail-Adresse an."]}),
            ({"email": ""}, {}),
            ({"text": "x" * 2000}, {}),
            (
                {"text": "x" * 2001},
                {
                    "text": [
                        "Bitte sicherstellen, dass der Wert aus höchstens 2000 Zeichen besteht. (Er besteht"
                        " aus 2001 Zeichen.)"
                    ]
                },
            ),
        ],
    )
    def test_needs_a_ground_and_words_but_no_address(
        self, said: dict[str, str], told: dict[str, list[str]]
    ) -> None:
        usual = {"ground": "wrong", "text": "Die Uhrzeit stimmt nicht.", "email": "ida@example.org"}
        assert errors(NoticeForm({**usual, **said})) == told

    def test_is_decided_for_one_of_two_outcomes_with_reasons(self) -> None:
        assert errors(DecisionForm({"reasons": " "})) == {
            "outcome": ["Bitte entscheiden Sie."],
            "reasons": ["Dieses Feld ist zwingend erforderlich."],
        }
        taken = {
            outcome: DecisionForm({"outcome": outcome, "reasons": "Die Angabe war richtig."}).is_valid()
            for outcome in ("open", "stays", "taken_out", "withdrawn")
        }
        assert taken == {"open": False, "stays": True, "taken_out": True, "withdrawn": False}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, (None, None, "", None, "")),
        ({"page": "1", "per_page": "100"}, (1, 100, "", None, "")),
        ({"page": "10000", "per_page": "1", "full": "true"}, (10000, 1, "", None, True)),
        ({"full": "false", "search": "x" * 80}, (None, None, "x" * 80, None, False)),
        (
            {"organization_id": "0a1b2c3d-0000-4000-8000-000000000001"},
            (None, None, "", UUID("0a1b2c3d-0000-4000-8000-000000000001"), ""),
        ),
        ({"page": "0"}, ["page"]),
        ({"page": "10001"}, ["page"]),
        ({"per_page": "0"}, ["per_page"]),
        ({"per_page": "101"}, ["per_page"]),
        ({"page": "zwei"}, ["page"]),
        ({"search": "x" * 81}, ["search"]),
        ({"organization_id": "1"}, ["organization_id"]),
        ({"full": "ja"}, ["full"]),
    ],
)
def test_what_a_program_asks_for_makes_sense_or_is_refused(asked: dict[str, str], found: Any) -> None:
    form = ServicesAsked(asked)
    names = ("page", "per_page", "search", "organization_id", "full")
    told = tuple(form.cleaned_data[name] for name in names) if form.is_valid() else list(form.errors)
    assert told == found


class TestANewAccount:
    LONG = "vier warme Wölfe wandern"

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({}, {}),
            ({"name": "Ida 2"}, {"name": ["Bitte schreiben Sie Ihren Namen nur mit Buchstaben."]}),
            (
                {"password2": "vier warme Wölfe wandern "},
                {"password2": ["Die beiden Passwörter sind verschieden."]},
            ),
            ({"password2": ""}, {"password2": ["Dieses Feld ist zwingend erforderlich."]}),
        ],
    )
    def test_has_a_name_of_letters_and_a_password_twice(
        self, said: dict[str, str], told: dict[str, list[str]]
    ) -> None:
        usual = {"name": "Ida Beispiel", "password1": self.LONG, "password2": self.LONG}
        assert errors(NewAccountForm({**usual, **said}, email="ida@example.org")) == told

    @pytest.mark.parametrize("password", ["elf Zeichen", "password1234", "ida@example.org", "Ida Beispiel"])
    def test_has_no_password_that_is_short_common_or_ones_own_name(self, password: str) -> None:
        said = {"name": "Ida Beispiel", "password1": password, "password2": password}
        assert list(NewAccountForm(said, email="ida@example.org").errors) == ["password1"]

    def test_keeps_the_blanks_of_a_password(self) -> None:
        password = f" {self.LONG} "
        form = NewAccountForm(
            {"name": "Ida Beispiel", "password1": password, "password2": password}, email="ida@example.org"
        )
        assert form.is_valid()
        assert form.cleaned_data["password1"] == password


@pytest.mark.django_db
class TestARole:
    @pytest.fixture
    def task(self) -> Opportunity:
        return make_opportunity(places=3, activity=make_activity(minimum_age=17), minimum_age=17)

    def sent(self, task: Opportunity, role: Role | None = None, **said: Any) -> RoleForm:
        activity = role_of(task).activity
        assert activity is not None
        usual = {
            "name": "Aufbauen",
            "name_of_first": "Vorlesen",
            "places": "2",
            "minimum_age": "17",
            "activity": str(activity.pk),
        }
        return RoleForm({**usual, **said}, opportunity=task, role=role)

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"places": "0"}, {}),
            ({"places": "500"}, {}),
            ({"places": "501"}, {"places": ["Dieser Wert muss kleiner oder gleich 500 sein."]}),
            ({"places": "-1"}, {"places": ["Dieser Wert muss größer oder gleich 0 sein."]}),
            ({"minimum_age": "18"}, {}),
            (
                {"minimum_age": "16"},
                {"minimum_age": ["Für diese Tätigkeit verlangt das Jugendamt mindestens 17 Jahre."]},
            ),
            ({"minimum_age": "19"}, {"minimum_age": ["Dieser Wert muss kleiner oder gleich 18 sein."]}),
            ({"minimum_age": "15"}, {"minimum_age": ["Dieser Wert muss größer oder gleich 16 sein."]}),
            ({"name": ""}, {"name": ["Dieses Feld ist zwingend erforderlich."]}),
            ({"name_of_first": ""}, {"name_of_first": ["Dieses Feld ist zwingend erforderlich."]}),
            (
                {"skills": ["zaubern"]},
                {"skills": ["Bitte eine gültige Auswahl treffen. zaubern ist keine gültige Auswahl."]},
            ),
        ],
    )
    def test_is_asked_within_limits(
        self, task: Opportunity, said: dict[str, Any], told: dict[str, list[str]]
    ) -> None:
        assert errors(self.sent(task, **said)) == told

    def test_has_as_many_places_as_people_have_or_are_asked_for(self, task: Opportunity) -> None:
        role = role_of(task)
        Role.objects.filter(pk=role.pk).update(places_taken=1, places_held=1)
        role.refresh_from_db()
        assert errors(self.sent(task, role, places="2")) == {}
        assert errors(self.sent(task, role, places="1")) == {"places": ["Es sind schon 2 Plätze vergeben."]}

    def test_is_named_where_there_are_several(self, task: Opportunity) -> None:
        only = role_of(task)
        assert not RoleForm(opportunity=task, role=only).fields.keys() & {"name", "name_of_first"}
        assert {"name", "name_of_first"} <= RoleForm(opportunity=task).fields.keys()
        Role.objects.filter(pk=only.pk).update(name="Vorlesen")
        second = make_role(task, "Aufbauen")
        task = Opportunity.objects.get(pk=task.pk)
        assert RoleForm(opportunity=task).fields.keys() & {"name", "name_of_first"} == {"name"}
        shown = RoleForm(opportunity=task, role=second)
        assert (shown["name"].value(), shown["places"].value()) == ("Aufbauen", 1)

    def test_offers_an_activity_with_what_it_asks_for(self, task: Opportunity) -> None:
        make_activity("Fahren", clearance_required=False, minimum_age=16, explanation="Mit dem Bus.")
        make_activity("Nachtwache", two_adults=True, minimum_age=18, explanation="Im Zelt.")
        asked = [choice.hint for _key, choice in RoleForm(opportunity=task).activity_choices()]
        assert asked == [
            "Mit Kindern. (Führungszeugnis nötig, ab 17 Jahren)",
            "Mit dem Bus. (ohne Führungszeugnis)",
            "Im Zelt. (Führungszeugnis nötig, zwei Erwachsene, ab 18 Jahren)",
        ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("https://dienstplan.example/meldungen?haus=1", True),
        ("https://dienstplan.example:443/", True),
        ("https://" + "a" * 480 + ".example/x", True),
        ("https://" + "a" * 485 + ".example/x", False),
        ("http://dienstplan.example/", False),
        ("https://wer:geheim@dienstplan.example/", False),
        ("https://dienstplan.example:8443/", False),
        ("https://dienstplan.example:99999/", False),
        ("https:///ohne", False),
        ("https://dienstplan.example/#stelle", False),
        ("https://dienstplan.example/mit leer", False),
        ("https://dienstplän.example/", False),
    ],
)
def test_a_program_is_told_at_a_plain_address(url: str, is_taken: bool) -> None:
    form = WebhookForm({"url": url}, providers=Provider.objects.all())
    form.full_clean()
    assert ("url" not in form.errors) is is_taken
