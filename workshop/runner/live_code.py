"""From a fault in the text to living functions: the statement it stands in, and the code it changes."""

import ast
import gc
import inspect
from types import CodeType, FunctionType

Functions = dict[tuple[str, str, int], list[FunctionType]]


def statement(text: str, line: int) -> range:
    """Return the lines of the innermost statement around this line, without the statements inside it."""
    around = [node for node in statements(ast.parse(text)) if line in lines_of(node)]
    if not around:
        return range(line, line + 1)
    innermost = max(around, key=lambda node: (node.lineno, node.col_offset))
    inside = [lines_of(node) for node in statements(innermost) if node is not innermost]
    first = max([innermost.lineno, *(each.stop for each in inside if each.stop <= line)])
    stop = min([lines_of(innermost).stop, *(each.start for each in inside if each.start > line)])
    return range(first, stop)


def statements(tree: ast.AST) -> list[ast.stmt]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def lines_of(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def changed_function(before: str, after: str, file: str) -> tuple[CodeType, CodeType] | None:
    """Return the outermost function that differs, sound and faulty; None when more than it differs."""
    return differing(compile(before, file, "exec"), compile(after, file, "exec"))


def differing(sound: CodeType, faulty: CodeType) -> tuple[CodeType, CodeType] | None:
    if sound.co_flags & inspect.CO_OPTIMIZED:
        return sound, faulty
    if outline(sound) != outline(faulty):
        return None
    pairs = [pair for pair in zip(inner(sound), inner(faulty), strict=True) if pair[0] != pair[1]]
    return differing(*pairs[0]) if len(pairs) == 1 else None


def inner(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def outline(code: CodeType) -> CodeType:
    """The code without what is inside its functions and classes, and without columns."""
    constants = tuple(None if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_consts=constants, co_linetable=b"")


def living() -> Functions:
    """Return every function there is, by the place of its code."""
    gc.unfreeze()  # the collector does not tell of what was taken out of its sight
    found: Functions = {}
    for each in gc.get_objects():
        if type(each) is FunctionType:
            found.setdefault(place_of(each.__code__), []).append(each)
    return found


def place_of(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def exchange(functions: Functions, sound: CodeType, faulty: CodeType) -> bool:
    """Give every living function with the sound code the faulty one; tell whether there was any.

    What a function has made already, as a decorator makes its guards, lives with code of its own.
    """
    found = False
    for old, new in within(sound, faulty):
        same = [each for each in functions.get(place_of(old), []) if each.__code__ == old]
        if same and len(old.co_freevars) != len(new.co_freevars):
            return False
        for each in same:
            each.__code__ = new
        found = found or bool(same)
    return found


def within(sound: CodeType, faulty: CodeType) -> list[tuple[CodeType, CodeType]]:
    """Return both codes and, pair by pair, those of the functions inside."""
    inside = zip(inner(sound), inner(faulty), strict=False)
    return [(sound, faulty), *(pair for codes in inside for pair in within(*codes))]
