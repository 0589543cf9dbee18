"""`manage.py screen [--policy published|kept] FILE…`: what the screening says of texts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from foundation.clock import local_day, utc_now
from programs.domain.screening import Policy, screen, verdict
from programs.domain.screening.local import words_of
from programs.gateways.city_files import read_city
from programs.selectors.city_words import city_words


class Command(BaseCommand):
    help = "Prüft Texte darauf, ob an ihnen ein Kind zu erkennen ist; gibt je Datei eine Zeile JSON aus."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="Textdateien in UTF-8")
        parser.add_argument(
            "--policy",
            choices=[Policy.PUBLISHED.value, Policy.KEPT.value],
            default=Policy.PUBLISHED.value,
            help="published: öffentlicher Text; kept: Text, der nur aufbewahrt wird",
        )

    def handle(self, *, files: list[Path], policy: str, **options: Any) -> None:
        today, local = local_day(utc_now()), _local_words()
        for path in files:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(_("%(file)s ist nicht zu lesen.") % {"file": path}) from error
            findings = screen({"text": text}, today=today, local=local)
            if policy == Policy.KEPT:
                findings = [finding for finding in findings if finding.is_hard]
            answer = {
                "file": str(path),
                "verdict": verdict(findings, Policy(policy)).value,
                "findings": [{"kind": each.kind.value, "excerpt": each.excerpt} for each in findings],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _local_words() -> frozenset[str]:
    """Return the words of the city's files and, where a database answers, of its rows."""
    folder = read_city(settings.CITY, with_demo_values=False)
    rows = [folder.city, *folder.districts.values(), *folder.providers.values(), *folder.programs.values()]
    named = ("name", "borough", "address", "postal_address", "operator", "site", "area_label")
    words = words_of(str(row[key]) for row in rows for key in named if row.get(key))
    try:
        return words | city_words()
    except DatabaseError:
        return words
