"""Tables that a spreadsheet opens without running anything that somebody typed."""

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(value: object) -> str:
    """Return `value` as text that no spreadsheet takes for a formula: an apostrophe before its first sign."""
    text = str(value)
    is_formula = text.lstrip(" \u00a0").startswith(_BEGINS_FORMULA) or text.startswith(_BEGINS_FORMULA)
    return f"'{text}" if is_formula else text
