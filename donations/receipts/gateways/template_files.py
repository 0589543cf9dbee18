"""The official wording as files beside the code: each a template with version, first day and source.

Files are never edited once something was issued by them: a new wording is a new file with a higher version.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class Template:
    """One official text; `digest` names its content, so that an approval is of these very words.

    `is_read_in_full`: every line of it was seen in a source, none was put together.
    """

    key: str
    version: int
    valid_from: date
    kind: str
    issuer_kind: str
    source: str
    is_read_in_full: bool
    digest: str
    texts: Mapping[str, Any]


@cache
def all_templates() -> tuple[Template, ...]:
    """Return every template in every version, by key, the newest version first."""
    found = [_read(path) for path in FOLDER.glob("*.json")]
    return tuple(sorted(found, key=lambda each: (each.key, -each.version)))


def template_for(kind: str, issuer_kind: str, day: date) -> Template | None:
    """Return the template that holds on `day` for such a receipt of such a body."""
    fitting = [
        each
        for each in all_templates()
        if (each.kind, each.issuer_kind) == (kind, issuer_kind) and each.valid_from <= day
    ]
    return max(fitting, key=lambda each: (each.valid_from, each.version), default=None)


def templates_of(issuer_kind: str, day: date) -> list[Template]:
    """Return what a body of this kind issues by on `day`, one template of each kind."""
    kinds = sorted({each.kind for each in all_templates() if each.issuer_kind == issuer_kind})
    found = [template_for(kind, issuer_kind, day) for kind in kinds]
    return [each for each in found if each is not None]


def _read(path: Path) -> Template:
    body = path.read_bytes()
    texts = json.loads(body)
    return Template(
        key=texts["key"],
        version=texts["version"],
        valid_from=date.fromisoformat(texts["valid_from"]),
        kind=texts["kind"],
        issuer_kind=texts["issuer_kind"],
        source=texts["source"],
        is_read_in_full=texts["is_read_in_full"],
        digest=hashlib.sha256(body).hexdigest(),
        texts=texts,
    )
