"""Finding texts in the elements of one namespace."""

from dataclasses import dataclass, field

from lxml import etree


@dataclass
class Reader:
    """Reads elements of `namespace`, which is empty for a document without one."""

    namespace: str
    _paths: dict[str, str] = field(default_factory=dict)

    def name(self, path: str) -> str:
        """Return `path` with every step in the namespace."""
        known = self._paths.get(path)
        if known is None:
            steps = path.split("/")
            known = "/".join(f"{{{self.namespace}}}{step}" for step in steps) if self.namespace else path
            self._paths[path] = known
        return known

    def text(self, element: etree._Element, path: str) -> str:
        """Return the text at `path`, without blanks around it; empty if there is none."""
        return (element.findtext(self.name(path)) or "").strip()

    def first(self, element: etree._Element, *paths: str) -> str:
        """Return the first text that is there."""
        return next((found for path in paths if (found := self.text(element, path))), "")

    def all(self, element: etree._Element, path: str) -> list[str]:
        """Return every text at `path`, in order."""
        return [text for each in element.findall(self.name(path)) if (text := (each.text or "").strip())]

    def find(self, element: etree._Element, path: str) -> etree._Element | None:
        """Return the first element at `path`."""
        return element.find(self.name(path))
