"""Bringing in a file as a person does it: uploaded, looked at, taken further step by step."""

import html
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from programs.models import DataImport
from tests.words_of_pages import as_read

HERE = "/koordination/einlesen/"
NAMES = {"grenzen": "liste.geojson", "verzeichnis": "liste.json"}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def upload(person: User, kind: str, content: bytes | str, *, name: str = "", **said: Any) -> HttpResponse:
    """Send a file to its form, called as the form expects it unless said otherwise."""
    stored = SimpleUploadedFile(
        name or NAMES.get(kind, "liste.csv"), content.encode() if isinstance(content, str) else content
    )
    return signed_in(person).post(f"{HERE}{kind}/", {"source": "Liste", **said, "file": stored})


def uploaded(person: User, kind: str, content: bytes | str, *, name: str = "", **said: Any) -> DataImport:
    """Send a file that is taken, and return its preview."""
    answer = upload(person, kind, content, name=name, **said)
    assert answer.status_code == 303, text_of(answer)
    return DataImport.objects.latest("pk")


def step(person: User, run: DataImport, name: str) -> HttpResponse:
    """Take a preview one step further."""
    return signed_in(person).post(f"{HERE}{run.pk}/{name}/")


def done(person: User, run: DataImport, name: str) -> DataImport:
    """Take a step that works."""
    answer = step(person, run, name)
    assert answer.status_code == 303, text_of(answer)
    run.refresh_from_db()
    return run


def shown(person: User, run: DataImport) -> str:
    """Return the words on the page of a file."""
    answer = signed_in(person).get(f"{HERE}{run.pk}/")
    assert answer.status_code == 200
    return text_of(answer)


def text_of(answer: HttpResponse) -> str:
    plain = re.sub(r"<[^>]+>", " ", as_read(answer.content.decode()))
    return re.sub(r"\s+", " ", html.unescape(plain))


def faults(run: DataImport) -> list[tuple[int, str, str]]:
    """Return line, column and value of all that is wrong in a preview."""
    return [(row["line"], fault["column"], fault["value"]) for row in run.rows for fault in row["faults"]]


def fates(run: DataImport) -> list[tuple[int, str]]:
    """Return line and fate of each row that was brought in."""
    return list(run.imported.values_list("line", "fate"))
