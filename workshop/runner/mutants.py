"""Small faults put into code, one at a time: mutmut's kinds of faults, wherever code decides something.

Left alone: type annotations, decorators, imports, docstrings, sentences for people (the argument of a gettext
function, the message of an exception), hints that change how many queries are made but not what is found,
`__all__`, which the linter compares with the names of the module, and capitals in a pattern `(?i:…)`.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_assignment

WORDS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
NO_DECISION = {*WORDS, "TypeVar", "cast", "len", "isinstance"}
QUERY_HINTS = {"select_related", "prefetch_related", "only", "defer", "iterator"}


@dataclass(frozen=True)
class Mutant:
    """A module with one fault: where it is, the line before and after, and the whole text with the fault."""

    path: Path
    line: int
    change: str
    text: str


@dataclass(frozen=True)
class Place:
    """Where a fault can be put, before the text is made."""

    path: Path
    line: int
    module: cst.Module
    node: cst.CSTNode
    instead: cst.CSTNode


def places(paths: Iterable[Path], root: Path) -> list[Place]:
    """Return every place in these files (relative to `root`), in their order."""
    return [place for path in sorted(paths) for place in places_in(path, (root / path).read_text("utf-8"))]


def places_in(path: Path, text: str) -> Iterator[Place]:
    wrapper = MetadataWrapper(cst.parse_module(text))
    finder = Finder()
    wrapper.visit(finder)
    for line, node, instead in finder.found:
        yield Place(path, line, wrapper.module, node, instead)


def mutant_at(place: Place) -> Mutant | None:
    """Return the faulty module; None when the fault would be no Python or no difference."""
    before = place.module.code
    after = place.module.deep_replace(place.node, place.instead)
    text = after.code if isinstance(after, cst.Module) else before
    try:
        compile(text, str(place.path), "exec")
    except SyntaxError:
        return None
    return Mutant(place.path, place.line, change(before, text), text) if text != before else None


def change(before: str, after: str) -> str:
    """Return the lines that differ, in one line: "- old + new"."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return " ".join(f"{line[0]} {line[1:].strip()}" for line in list(lines)[3:] if line[0] in "+-")


class Finder(cst.CSTVisitor):
    """Collects line, node and its faulty replacement."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, cst.CSTNode, cst.CSTNode]] = []
        self.functions = self.caseless = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        if is_left_alone(node):
            return False
        if isinstance(node, cst.Call) and called(node) in QUERY_HINTS:
            node.func.visit(self)
            return False
        self.functions += isinstance(node, cst.FunctionDef)
        self.caseless += is_caseless(node)
        self.note(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self.functions -= isinstance(original_node, cst.FunctionDef)
        self.caseless -= is_caseless(original_node)

    def note(self, node: cst.CSTNode) -> None:
        position = self.get_metadata(PositionProvider, node, None)
        if position is None:
            return
        for kind, operator in mutation_operators:
            # Outside of functions `name = None` only breaks the import, which any test would notice.
            if isinstance(node, kind) and (self.functions or operator is not operator_assignment):
                self.found += [
                    (position.start.line, node, instead)
                    for instead in operator(node)
                    if not (self.caseless and is_same_but_for_capitals(node, instead))
                ]


def is_left_alone(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
        return True
    if isinstance(node, cst.Subscript):
        return isinstance(node.value, cst.Name) and node.value.value == "Literal"
    if isinstance(node, cst.Assign):
        return isinstance(target := node.targets[0].target, cst.Name) and target.value == "__all__"
    if isinstance(node, cst.Raise):
        return only_tells(node)
    if isinstance(node, cst.If):
        return isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in NO_DECISION


def is_caseless(node: cst.CSTNode) -> bool:
    """Whether it is a pattern of several pieces that is one `(?i:…)` from its first sign to its last."""
    pattern = node.evaluated_value if isinstance(node, cst.ConcatenatedString) else None
    if not isinstance(pattern, str) or not pattern.startswith("(?i:"):
        return False
    depth, closed = 0, []
    for place, sign in enumerate(re.sub(r"\\.|\[[^\]]*\]", lambda match: "_" * len(match[0]), pattern)):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        closed += [place] if depth == 0 else []
    return closed == [len(pattern) - 1]


def is_same_but_for_capitals(node: cst.CSTNode, instead: cst.CSTNode) -> bool:
    """Whether two pieces of such a pattern find the same; where capitals count again, they may not."""
    if not (isinstance(node, cst.SimpleString) and isinstance(instead, cst.SimpleString)):
        return False
    return node.value.lower() == instead.value.lower() and "(?-i" not in node.value


def only_tells(node: cst.Raise) -> bool:
    """Whether all that is said of the error is a sentence; a single word may be a reason that others read."""
    if not isinstance(node.exc, cst.Call) or not node.exc.args:
        return False
    return all(is_sentence(argument.value) for argument in node.exc.args)


def is_sentence(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.SimpleString):
        return " " in node.value
    return isinstance(node, cst.FormattedString) and any(
        isinstance(part, cst.FormattedStringText) and " " in part.value for part in node.parts
    )


def called(node: cst.Call) -> str:
    """Return the name of the method that is called, empty for anything else."""
    return node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
