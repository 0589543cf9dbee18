"""What may not be torn apart at the end of a line."""

import re

import pytest
from django.template.loader import render_to_string

from foundation.templatetags.ui import before_stop, whole_days
from tests.processes import ROOT

TORN = re.compile(r"(?:§|Abs\.|Nr\.) (?=\d)")
TEXTS = [
    *(ROOT / "templates").rglob("*.html"),
    *(ROOT / "programs/forms").rglob("*.py"),
    ROOT / "programs/domain/refusals.py",
    ROOT / "donations/receipts/wording/refusals.py",
]


def test_a_paragraph_of_a_law_stays_with_its_number() -> None:
    assert TORN.search("nach § 72a Abs.\u00a05")
    assert not TORN.search("nach §\u00a072a Abs.\u00a05")
    said = [text for path in TEXTS for text in texts(path.read_text(encoding="utf-8"), path.suffix)]
    assert len([text for text in said if "§" in text]) >= 18
    assert [text for text in said if TORN.search(text)] == []


def texts(source: str, kind: str) -> list[str]:
    """The whole of a template; of Python what stands in quotation marks, without docstrings and comments."""
    return source.splitlines() if kind == ".html" else re.findall(r'(?<!")"(?!")([^"\n]+)"(?!")', source)


@pytest.mark.parametrize("href", ["", "/meins/"])
def test_the_word_for_mail_stays_on_one_line_of_a_button(href: str) -> None:
    button = render_to_string("components/button.html", {"label": "Per E-Mail <jetzt>", "href": href})
    assert ">Per E-\u2060Mail &lt;jetzt&gt;<" in button


def test_words_with_a_hyphen_stay_on_one_line_of_a_button_in_a_mail() -> None:
    button = render_to_string("emails/_button.html", {"label": "QR-Code für Ihre Banking-App", "url": "/"})
    assert ">QR-\u2060Code für Ihre Banking-\u2060App<" in button


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Verein Lesen e. V.", "Verein Lesen e.\u00a0V"),
        ("Verein Lesen e.V.", "Verein Lesen e.V"),
        ("Stadt Düren", "Stadt Düren"),
    ],
)
def test_the_kind_of_a_body_stays_with_its_name_at_the_end_of_a_sentence(name: str, shown: str) -> None:
    assert before_stop(name) == shown


def test_a_time_range_stays_on_one_line_of_a_list_in_a_mail() -> None:
    change = {"text": "Dienstag, 5. Januar 2027, 15:30–17 Uhr – fällt aus"}
    context = {"volunteer": {"first_name": "Maria"}, "title": "Vorlesen", "changes": [change]}
    body = render_to_string("emails/dates_changed/body.html", context)
    assert "<li>Dienstag, 5. Januar 2027, 15:30–\u206017 Uhr – fällt aus</li>" in body


RANGE = re.compile(r"\{% time_range (?:(?! as )[^%])+ %\}")
WHOLE = re.compile(r"""class="(?:[^"]* )?(?:nowrap|visually-hidden)">(?:(?!</span>).)*$""")


def test_a_time_range_stays_on_one_line_of_a_page() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    ranges = [
        (path.name, source[: found.start()][-300:])
        for path in pages
        for source in path.read_text(encoding="utf-8").splitlines()
        for found in RANGE.finditer(source)
    ]
    assert len(ranges) > 20
    assert [path for path, before in ranges if not WHOLE.search(before)] == []


def test_the_times_of_a_task_stay_on_one_line_of_every_page() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    shown = [each for path in pages for each in re.findall(r"times_text[^ ]* }}", path.read_text("utf-8"))]
    assert len(shown) > 12
    assert set(shown) == {"times_text|whole_days }}"}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("freitags 7–8:30 Uhr", 'freitags <span class="nowrap">7–8:30 Uhr</span>'),
        (
            "montags 8–9 Uhr, am 5. Dezember 2026 10:15–12 Uhr (nicht an Feiertagen)",
            'montags <span class="nowrap">8–9 Uhr</span>, am <span class="nowrap">5. Dezember 2026</span> '
            '<span class="nowrap">10:15–12 Uhr</span> (nicht an Feiertagen)',
        ),
        ("<b>9–10 Uhr", '&lt;b&gt;<span class="nowrap">9–10 Uhr</span>'),
        ("Zeiten nach Absprache", "Zeiten nach Absprache"),
    ],
)
def test_both_ends_of_a_weekly_time_stay_together(said: str, shown: str) -> None:
    assert whole_days(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("1. Dezember 2026", '<span class="nowrap">1. Dezember 2026</span>'),
        (
            "Dienstag, 3. März 2027, 15:30–17 Uhr: 1 von 2 kommen",
            'Dienstag, <span class="nowrap">3. März 2027</span>, <span class="nowrap">15:30–17 Uhr</span>: '
            "1 von 2 kommen",
        ),
        ("<i>3. März 2027", '&lt;i&gt;<span class="nowrap">3. März 2027</span>'),
        ("3. März 2027, 9:05", '<span class="nowrap">3. März 2027, 9:05</span>'),
        ("am 3. März, 10:51 Uhr.", 'am <span class="nowrap">3. März, 10:51 Uhr</span>.'),
        (
            "Di, 6. Juli, 9–10 Uhr",
            'Di, <span class="nowrap">6. Juli</span>, <span class="nowrap">9–10 Uhr</span>',
        ),
        ("Nr. 3 Kochen 2027", "Nr. 3 Kochen 2027"),
        ("3. Maibaum", "3. Maibaum"),
    ],
)
def test_day_month_and_year_stay_together(said: str, shown: str) -> None:
    assert whole_days(said) == shown


DAY = re.compile(r'\|(?:date:"[^"]*j\. F[^"]*"|date_long\b)')
UNSEEN = re.compile(r"""visually-hidden">(?:(?!</span>|</caption>).)*$|blocktranslate asvar what [^%]*$""")
"""Before a day that only those hear who listen."""


def test_no_day_of_a_page_is_torn() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    days = [
        (path.name, line[found.end() :][:20])
        for path in pages
        for line in path.read_text("utf-8").splitlines()
        for found in DAY.finditer(line)
        if not UNSEEN.search(line[: found.start()])
    ]
    assert len(days) > 100
    assert [day for day in days if not day[1].startswith("|whole_days")] == []


CELL = re.compile(r"<td\b[^>]*>(.*?)</td>", re.DOTALL)
EITHER_OR = re.compile(r"\{% (?:if|elif|else|endif)\b[^%]*%\}")
ONE_THING = re.compile(
    r"""\s*(?:\{\{ [^}]*\|date:"[^"]*"\|whole_days[^}]*\}\}|<(\w+)\b[^>]*>.*</\1>"""
    r"""|\{% include [^%]*%\}|–)?\s*""",
    re.DOTALL,
)


PART = re.compile(r"""\{% include "([^"]+)"[^%]*%\}""")


def what_it_says(part: re.Match[str]) -> str:
    """Words where an included template of ours tells of a day, else its tag."""
    path = ROOT / "templates" / part[1]
    said = path.read_text("utf-8") if path.exists() else ""
    return "words with whole_days" if "whole_days" in said else part[0]


def test_a_day_and_what_stands_beside_it_are_one_thing_in_a_cell() -> None:
    """On a phone a cell pushes apart what it holds: its label from the rest, and a day from its words."""
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    said = [PART.sub(what_it_says, path.read_text("utf-8")) for path in pages]
    cells = [cell for page in said for cell in CELL.findall(page) if "whole_days" in cell]
    assert len(cells) > 15
    in_parts = [cell for cell in cells if not ONE_THING.fullmatch(cell)]
    assert [cell for cell in in_parts if not all(map(ONE_THING.fullmatch, EITHER_OR.split(cell)))] == []


def test_no_day_of_a_row_of_today_is_torn() -> None:
    rows = (ROOT / "templates/dashboard/today/_rows.html").read_text("utf-8")
    assert "{{ row.who|whole_days }}" in rows
    assert "{{ row.what|whole_days }}" in rows


def test_no_day_of_a_lead_is_torn() -> None:
    lead = "letzte 12 Monate, gezählt bis 30. November 2026"
    header = render_to_string("components/page_header.html", {"title": "Bericht", "lead": lead})
    shown = 'letzte 12 Monate, gezählt bis <span class="nowrap">30. November 2026</span>'
    assert f'<p class="lead">{shown}</p>' in header


def test_no_day_of_a_title_or_of_the_way_to_a_page_is_torn() -> None:
    title, crumbs = "Zeitzusage vom 3. März 2026", [("Koordination", "/koordination/"), ("3. März 2026", "")]
    header = render_to_string("components/page_header.html", {"title": title, "breadcrumbs": crumbs})
    assert '<h1>Zeitzusage vom <span class="nowrap">3. März 2026</span></h1>' in header
    assert '<span aria-current="page"><span class="nowrap">3. März 2026</span></span>' in header


def test_no_day_of_a_step_is_torn() -> None:
    step = {"title": "Frage", "text": "Bis 9. März 2026 fragen wir.", "lines": ["Endet am: 1. Mai 2026"]}
    shown = render_to_string("components/timeline.html", {"items": [step]})
    assert '<span>Bis <span class="nowrap">9. März 2026</span> fragen wir.</span>' in shown
    assert '<span>Endet am: <span class="nowrap">1. Mai 2026</span></span>' in shown
