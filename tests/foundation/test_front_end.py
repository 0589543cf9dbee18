"""What the browser loads: nothing inline, nothing from elsewhere, and not much of it."""

import gzip
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[2]
PAGES = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
DRAWINGS = list((ROOT / "static").rglob("*.svg"))
STYLES = list((ROOT / "static").rglob("*.css"))
SPRITE = (ROOT / "static/img/icons.svg").read_text()

INLINE = re.compile(
    r"\sstyle\s*=|<style\b|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)
ELSEWHERE = re.compile(
    r"<(?:img|script|link|iframe|source|video|audio|embed|object|use|image)\b[^>]*"
    r"\b(?:src|srcset|href|data)\s*=\s*[\"'](?:https?:)?//",
    re.IGNORECASE,
)
ICON_ASKED = re.compile(
    r"""\{% icon "([\w-]+)" %\}|\bicon="([\w-]+)"|\{% nav_item "\w+" \w+ "([\w-]+)" %\}"""
)


def compressed(*names: str) -> int:
    return sum(len(gzip.compress((ROOT / "static" / name).read_bytes(), 9)) for name in names)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES + DRAWINGS, ids=name_of)
def test_nothing_is_written_inline(path):
    assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize("path", PAGES + DRAWINGS, ids=name_of)
def test_nothing_is_loaded_from_elsewhere(path):
    assert ELSEWHERE.findall(path.read_text()) == []


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_styles_load_only_our_own_fonts(path):
    css = path.read_text()
    loaded = set(re.findall(r"url\([\"']?([^\"')]{1,30})", css))
    assert {url for url in loaded if not url.startswith("data:")} == {
        "../fonts/fira-sans-400.woff2",
        "../fonts/fira-sans-600.woff2",
    }
    assert "@import" not in css


def test_the_style_sheet_says_what_was_changed_in_kern_and_where_the_source_is():
    banner = (ROOT / "static/css/app.css").read_text().split("*/", 1)[0]
    assert "KERN was changed on 20" in banner
    assert "EUPL-1.2" in banner
    assert "https://gitlab.opencode.de/kern-ux/kern-ux-plain" in banner


def test_the_style_sheet_stays_small():
    assert compressed("css/app.css") <= 16 * 1024


def test_the_fonts_stay_small():
    assert sum(path.stat().st_size for path in (ROOT / "static/fonts").iterdir()) <= 45 * 1024


def test_a_first_view_with_the_hero_leaves_room_for_the_page_itself():
    fonts = sum(path.stat().st_size for path in (ROOT / "static/fonts").iterdir())
    assert fonts + compressed("css/app.css", "img/icons.svg", "img/hero.svg", "img/favicon.svg") <= 64 * 1024


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_icon_asked_for_is_in_the_sprite(path):
    asked = {name for match in ICON_ASKED.findall(path.read_text()) for name in match if name}
    assert {name for name in asked if f'id="{name}"' not in SPRITE} <= {"education", "culture", "leisure"}


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_the_plainest_error_pages_need_nothing_but_themselves(name):
    html = render_to_string(name)
    assert '<html lang="de">' in html
    assert html.count("<h1>") == 1


def test_every_vendored_part_has_its_licence():
    licences = {path.name for path in (ROOT / "LICENSES").iterdir()}
    assert {"EUPL-1.2.txt", "OFL-1.1-FiraSans.txt", "ISC-Lucide.txt", "MPL-2.0-axe-core.txt"} <= licences


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "frontend/package-lock.json").read_text()
