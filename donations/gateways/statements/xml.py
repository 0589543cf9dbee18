"""Finding texts in the elements of one namespace."""

from dataclasses import dataclass, field

from lxml import etree

_Steps = dict[str, "_Step"]


@dataclass(slots=True)
class _Step:
    """An element that is looked for (then it has a path), or that stands above one."""

    path: str = ""
    below: _Steps = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What stands below an element at the paths that were looked for; another path is a KeyError."""

    _at: dict[str, list[etree._Element]]

    def text(self, path: str) -> str:
        """Return the text at `path`, without blanks around it; empty if there is none."""
        found = self._at[path]
        return (found[0].text or "").strip() if found else ""

    def first(self, *paths: str) -> str:
        """Return the first text that is there."""
        for path in paths:
            if text := self.text(path):
                return text
        return ""

    def all(self, path: str) -> list[str]:
        """Return every text at `path`, in order."""
        return [text for each in self._at[path] if (text := (each.text or "").strip())]

    def element(self, path: str) -> etree._Element | None:
        """Return the first element at `path`."""
        found = self._at[path]
        return found[0] if found else None


@dataclass
class Reader:
    """Reads elements of `namespace`, which is empty for a document without one."""

    namespace: str
    _paths: dict[str, str] = field(default_factory=dict)
    _steps: dict[tuple[str, ...], _Steps] = field(default_factory=dict)

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

    def below(self, element: etree._Element, paths: tuple[str, ...]) -> Found:
        """Return what stands at any of these paths; one walk finds all."""
        if paths not in self._steps:
            self._steps[paths] = self._tree_of(paths)
        found: dict[str, list[etree._Element]] = {path: [] for path in paths}
        _walk(element, self._steps[paths], found)
        return Found(found)

    def _tree_of(self, paths: tuple[str, ...]) -> _Steps:
        top = _Step()
        for path in paths:
            step = top
            for name in path.split("/"):
                step = step.below.setdefault(self.name(name), _Step())
            step.path = path
        return top.below


def _walk(element: etree._Element, steps: _Steps, found: dict[str, list[etree._Element]]) -> None:
    for child in element:
        step = steps.get(child.tag)
        if step is None:
            continue
        if step.path:
            found[step.path].append(child)
        if step.below:
            _walk(child, step.below, found)
