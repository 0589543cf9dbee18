"""Whether the collected static files are still those of this checkout."""

import hashlib
from pathlib import Path

from workshop.runner.installation import RUN_LOCK
from workshop.runner.place import ROOT


def fingerprint() -> str:
    """Changes whenever a static file of ours or a locked part changes."""
    folders = [ROOT / "static", *ROOT.glob("*/static"), *ROOT.glob("*/*/static")]
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    lines = [f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in found]
    return hashlib.sha256("\n".join([RUN_LOCK.read_text(encoding="utf-8"), *lines]).encode()).hexdigest()


def are_collected(record: Path) -> bool:
    collected = (ROOT / "staticfiles").is_dir() and record.exists()
    return collected and record.read_text(encoding="utf-8") == fingerprint()
