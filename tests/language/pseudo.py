"""A language in which every translated word stands in brackets: what stands outside was forgotten."""

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

from django.apps import apps
from django.db import models
from django.test import override_settings
from django.utils import translation
from django.utils.translation import trans_real

from outbox.models import Message

CODE = "xx"
OPEN, CLOSE = "⟦", "⟧"
SILENT = frozenset({"style", "script", "pre"})
SPOKEN = ("aria-label", "alt", "placeholder", "title", "data-label")
TOLD_ELSEWHERE = frozenset({"description", "og:title", "og:description", "og:image:alt"})
"""What search engines and whoever passes an address on show of a page."""

NAMES_AND_UNITS = {"WIR BRAUCHEN SIE", "Wir brauchen", "Sie", "km", "Uhr"}
WORDS_OF_MAILS = frozenset({"body_text", "body_html", "attachment_body"})


class Pseudo(gettext.NullTranslations):
    """Answers each message with itself in brackets."""

    def to_language(self) -> str:
        return CODE

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{CLOSE}" if message else ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)


@contextmanager
def speaking_pseudo(*, to_mailboxes: bool = False) -> Iterator[None]:
    """Let the product speak the pseudo language, as any other that is registered with Django.

    What is written to a mailbox is in its own language, which is German as long as nobody chose another one:
    with `to_mailboxes` that one is pseudo too.
    """
    known: dict[str, object] = trans_real._translations  # type: ignore[attr-defined]
    before = dict(known)
    known[CODE] = Pseudo()
    if to_mailboxes:
        known["de"] = Pseudo()
    try:
        with override_settings(LANGUAGE_CODE=CODE), translation.override(CODE):
            yield
    finally:
        known.clear()
        known.update(before)


class _Outside(HTMLParser):
    """Collects what a page says outside brackets: texts, and attributes that are read aloud or shown.

    What is marked `translate="no"` is a name and stays as it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0
        self.depth = 0
        self.name: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag in self.name or ("translate", "no") in attrs:
            self.name.append(tag)
        for name, value in attrs:
            if name in SPOKEN:
                self.texts.append(outside(value or "", 0)[0])
        said = dict(attrs)
        if tag == "meta" and TOLD_ELSEWHERE & {said.get("name"), said.get("property")}:
            self.texts.append(outside(said.get("content") or "", 0)[0])

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT
        if self.name[-1:] == [tag]:
            self.name.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent and not self.name:
            text, self.depth = outside(data, self.depth)
            self.texts.append(text)


def outside(text: str, depth: int) -> tuple[str, int]:
    """Return what of a text stands outside brackets, given how many are open, and how many are open then."""
    kept = []
    for character in text:
        if character == OPEN:
            depth += 1
            kept.append(" ")
        elif character == CLOSE:
            depth -= 1
        elif not depth:
            kept.append(character)
    return "".join(kept), depth


def unbracketed(html: str) -> list[str]:
    """Return what a page says outside brackets, if it holds a word."""
    parser = _Outside()
    parser.feed(html)
    return [text.strip() for text in parser.texts if re.search(r"[^\W\d_]{2}", text)]


def stored_texts(*, of_mails: bool = True) -> set[str]:
    """Return every text in every row: what people wrote needs no translation.

    Of mails at most the subjects, which pages show; what stands in them we wrote ourselves.
    """
    found: set[str] = set()
    for model in apps.get_models():
        if model is Message and not of_mails:
            continue
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField | models.EmailField)
            and not (model is Message and field.attname in WORDS_OF_MAILS)
        ]
        for row in model._default_manager.values_list(*names) if names else ():
            for value in row:
                found |= set(_strings(value))
    return {text for text in found if text}


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def is_known(text: str, stored: set[str]) -> bool:
    """Whether a text was written by people, or is a name, a unit or an address."""
    words = re.sub(r"\s+", " ", text)
    if words in NAMES_AND_UNITS or any(words in row for row in stored):
        return True
    return not re.search(r"[^\W\d_]{2}", _without(words, stored))


def _without(text: str, stored: set[str]) -> str:
    for row in sorted(stored, key=len, reverse=True):
        if len(row) > 2 and row in text:
            text = text.replace(row, " ")
    for name in NAMES_AND_UNITS:
        text = re.sub(rf"\b{name}\b", " ", text)
    text = re.sub(r"\b[A-Z]{2}\d{2}(?:\s[0-9A-Z]{1,4})+\b", " ", text)  # an IBAN, a reference
    return re.sub(r"\S+@\S+|https?://\S+|\S+\.\S+/\S*", " ", text)
