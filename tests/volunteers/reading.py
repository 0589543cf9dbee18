"""Pages as a person meets them: what stands there, and forms sent as they are filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from django.test import Client

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}


class _Tree(HTMLParser):
    """Builds elements; what is left open is closed with its parent."""

    def __init__(self) -> None:
        super().__init__()
        self._builder, self._open = TreeBuilder(), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attrs})
        self._open.append(tag)
        if tag in VOID:
            self.handle_endtag(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open:
            last = self._open.pop()
            self._builder.end(last)
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open:
            self._builder.data(data)

    def read(self, source: str) -> Element:
        self.feed(source)
        return self._builder.close()


@dataclass(frozen=True)
class Shown:
    """An answer of the product: where it is, its status and what it holds."""

    address: str
    status: int
    source: str

    @cached_property
    def main(self) -> Element:
        """The middle of the page."""
        main = _Tree().read(self.source).find(".//main")
        assert main is not None, self.source
        return main

    @cached_property
    def text(self) -> str:
        """What can be read in the middle, with single blanks."""
        return words(self.main)

    def links(self, label: str) -> list[str]:
        """Return the addresses of all links that begin with these words."""
        return [str(a.get("href")) for a in self.main.iter("a") if words(a).startswith(label)]

    def buttons(self, label: str) -> list[Element]:
        """Return the buttons that begin with these words."""
        return [each for each in self.main.iter("button") if words(each).startswith(label)]

    def link(self, label: str) -> str:
        """Return the address of the one link that begins with these words."""
        (found,) = self.links(label)
        return found

    def questions(self) -> list[str]:
        """Return the names of the questions about the task, in their order."""
        names = [str(each.get("name")) for each in self.main.iterfind(".//input[@type='radio']")]
        return list(dict.fromkeys(name for name in names if name.startswith(("can_", "speaks_"))))

    def chosen(self) -> dict[str, list[str]]:
        """Return everything that the first form with a button holds as it stands, by name."""
        values: dict[str, list[str]] = {}
        for name, value in _filled_in(self.form):
            values.setdefault(name, []).append(value)
        return values

    @property
    def form(self) -> Element:
        """The first form in the middle of the page that has a button."""
        return next(each for each in self.main.iter("form") if each.find(".//button") is not None)


def words(element: Element) -> str:
    """Return the text of an element with single blanks."""
    return " ".join("".join(element.itertext()).split())


def _filled_in(form: Element) -> Iterator[tuple[str, str]]:
    for control in form.iter():
        name, kind = control.get("name"), control.get("type", "text")
        if not name or control.tag == "button":
            continue
        if control.tag == "select":
            options = control.findall(".//option")
            chosen = [each for each in options if each.get("selected") is not None] or options[:1]
            yield from ((name, each.get("value", "")) for each in chosen)
        elif control.tag == "textarea":
            yield name, (control.text or "").removeprefix("\n")  # as browsers read it
        elif kind not in ("radio", "checkbox") or control.get("checked") is not None:
            yield name, control.get("value", "")


class Visitor:
    """Somebody with a browser and an address of their own, who follows links and sends forms."""

    def __init__(self, address: str = "198.51.100.1") -> None:
        self._client = Client(REMOTE_ADDR=address)

    def open(self, address: str, **query: Any) -> Shown:
        """Follow an address to the page it ends at."""
        response = self._client.get(address.split("#")[0], query or None, follow=True)
        return _shown(response)

    def send(self, page: Shown, **answers: Any) -> Shown:
        """Send the form in the middle of the page as it is filled, with `answers` over it."""
        values = {**page.chosen(), **answers}
        target = page.form.get("action") or page.address
        ask = self._client.post if page.form.get("method") == "post" else self._client.get
        return _shown(ask(target, values, follow=True))

    def press(self, page: Shown, label: str, **answers: Any) -> Shown:
        """Press the first button that begins with these words; the form goes where the button says."""
        button = page.buttons(label)[0]
        values = {**page.chosen(), **answers}
        if name := button.get("name"):
            values[name] = button.get("value", "")
        target = button.get("formaction") or page.form.get("action") or page.address
        ask = self._client.post if page.form.get("method") == "post" else self._client.get
        return _shown(ask(target.split("#")[0], values, follow=True))


def _shown(response: Any) -> Shown:
    path, query = response.request["PATH_INFO"], response.request.get("QUERY_STRING", "")
    return Shown(f"{path}?{query}" if query else path, response.status_code, response.content.decode())
