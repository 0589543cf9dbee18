"""What the documents promise is there."""

import re
from pathlib import Path

import pytest

from foundation.sweeps import all_sweeps

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "platform" / "wirbrauchensie" / "settings.py"


ASVS = """
2.1.1-3 2.2.1-3 2.3.1-4 2.4.1-1
3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2
4.1.1-3 4.2.1-1 4.3.1-2 4.4.1-4
5.1.1-1 5.2.1-3 5.3.1-2 5.4.1-3
6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4
8.1.1-2 8.2.1-3 8.3.1-1 8.4.1-1
11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1-1 11.6.1-1
13.1.1-1 13.2.1-5 13.3.1-2 13.4.1-5
16.1.1-1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3
"""
"""What levels 1 and 2 of these chapters of OWASP ASVS 5.0.0 ask for, from first to last of each section."""


def numbers(text: str, between: str) -> set[str]:
    """Return the requirements that are named in `text`, those within "first, `between`, last" too."""
    found = set(re.findall(r"\b\d+\.\d+\.\d+\b", text))
    for section, first, last in re.findall(rf"\b(\d+\.\d+)\.(\d+){between}(\d+)\b", text):
        found |= {f"{section}.{number}" for number in range(int(first), int(last) + 1)}
    return found


def test_every_requirement_of_these_chapters_is_named_as_met_or_not() -> None:
    asked = numbers(ASVS, "-")
    named = numbers((ROOT / "docs" / "security.md").read_text(), r" to (?:\d+\.){2}")
    assert len(asked) == 134
    assert sorted(asked - named) == []


def test_every_setting_is_explained() -> None:
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS.read_text()))
    explained = (ROOT / "docs" / "operations.md").read_text()
    assert len(names) > 30
    assert sorted(name for name in names if f"`{name}`" not in explained) == []


@pytest.mark.parametrize(
    "document", ["README.md", "docs/operations.md", "docs/design.md", "docs/another-city.md"]
)
def test_links_and_pictures_lead_somewhere(document: str) -> None:
    page = ROOT / document
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    missing = [
        target
        for target in targets
        if not target.startswith(("http:", "https:")) and not (page.parent / target).exists()
    ]
    assert missing == []


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "docs/security.md",
        "docs/operations.md",
        "docs/scale.md",
        "docs/design.md",
        "docs/testing.md",
    ],
)
def test_every_file_that_is_named_as_a_proof_is_there(document: str) -> None:
    named = set(
        re.findall(
            r"`((?:platform|base|programs|figures|volunteers|donations|workshop|templates|frontend"
            r"|benchmarks|deploy|tests|docs)/[\w/.-]+)`",
            (ROOT / document).read_text(),
        )
    )
    assert len(named) >= 2
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_every_rule_that_protects_children_has_its_file_and_its_test() -> None:
    rules = (ROOT / "docs" / "rules.md").read_text()
    files = set(re.findall(r"`((?:base|programs|volunteers|donations|docs|tests)/[\w/.-]+)(?:`|::)", rules))
    tests = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", rules))
    assert len(tests) >= 30
    assert sorted(path for path in files if not (ROOT / path).exists()) == []
    gone = [name for path, name in tests if f"def {name}(" not in (ROOT / path).read_text()]
    assert sorted(gone) == []


def test_every_line_broken_by_hand_names_its_file_and_the_test_that_died() -> None:
    testing = (ROOT / "docs" / "testing.md").read_text()
    section = testing.partition("\n## Lines broken by hand\n")[2].partition("\n## ")[0]
    rows = [row for row in section.splitlines() if row.startswith("| ")][1:]
    assert len(rows) == 18
    named = [re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row) for row in rows]
    assert [row for row, found in zip(rows, named, strict=True) if not found] == []
    gone = [
        name for found in named for path, name in found if f"def {name}(" not in (ROOT / path).read_text()
    ]
    assert gone == []


def test_what_ends_the_life_of_rows_is_a_job_that_runs() -> None:
    life = (ROOT / "docs" / "operations.md").read_text().partition("\n## How long rows live\n")[2]
    named = set(re.findall(r"\| `(\w+\.\w+)` \|$", life.partition("\n## ")[0], flags=re.M))
    plan = {each.name for each in all_sweeps()}
    assert named - plan == set()
    assert {name for name in plan if re.search("purge|delete|empty", name)} - named == set()


def test_every_sentence_leads_to_its_files() -> None:
    design = (ROOT / "docs" / "design.md").read_text()
    table = design.partition("\n| When … | see |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = table.splitlines()
    assert len(rows) >= 100
    read = [re.fullmatch(r"\| ([^|`]+) \| (`[\w/.-]+`(?:, `[\w/.-]+`)*) \|", row) for row in rows]
    assert [row for row, found in zip(rows, read, strict=True) if found is None] == []
    sentences = [found[1] for found in read if found]
    assert sorted(each for each in set(sentences) if sentences.count(each) > 1) == []
    files = [name for found in read if found for name in re.findall(r"`([^`]+)`", found[2])]
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_each_change_is_told_once_and_to_its_end() -> None:
    log = (ROOT / "CHANGELOG.md").read_text()
    changes = re.findall(r"^- .*(?:\n  .*)*", log, flags=re.M)
    assert len(changes) > 300
    assert [change for change in changes if not re.search(r"[.:]$", change)] == []
    torn = r"[.]\n  [a-z]"
    assert [change for change in changes if re.search(torn, change)] == []
    begun = [change[:60] for change in changes]
    assert sorted({words for words in begun if begun.count(words) > 1}) == []


def test_each_decision_has_a_number_of_its_own_and_says_it_in_its_title() -> None:
    said = {}
    for decision in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        title = re.match(r"# (\d+)\. \S", decision.read_text())
        said[decision.name] = title and int(title[1])
    assert len(said) >= 17
    assert {name: number for name, number in said.items() if number != int(name[:4])} == {}
    assert len(set(said.values())) == len(said)


def test_code_points_to_decisions_that_exist() -> None:
    pointers = {
        (str(module.relative_to(ROOT)), number)
        for house in ("base", "platform", "programs", "figures", "volunteers", "donations", "workshop")
        for module in (ROOT / house).rglob("*.py")
        for number in re.findall(r"docs/decisions/(\d{4})", module.read_text())
    }
    assert len(pointers) >= 2
    numbers = {decision.name[:4] for decision in (ROOT / "docs" / "decisions").glob("*.md")}
    assert {(module, number) for module, number in pointers if number not in numbers} == set()
