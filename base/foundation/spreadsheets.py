"""Tables that a spreadsheet opens without running anything that somebody typed."""

from dataclasses import dataclass

from foundation.units import Cents

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(value: object) -> str:
    """Return `value` as text that no spreadsheet takes for a formula: an apostrophe before its first sign."""
    text = str(value)
    is_formula = text.lstrip(" \u00a0").startswith(_BEGINS_FORMULA) or text.startswith(_BEGINS_FORMULA)
    return f"'{text}" if is_formula else text


@dataclass(frozen=True)
class Euros:
    """An amount that a spreadsheet adds up: a number, or text where a file knows nothing else."""

    cents: Cents

    def __str__(self) -> str:
        """Return it as German spreadsheets read a number: "-1500,00 €"."""
        whole, rest = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{whole},{rest:02d} €"
