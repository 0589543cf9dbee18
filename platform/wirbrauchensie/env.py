"""Typed access to environment variables that refuses nonsense with one clear sentence.

Every text may stand in a file instead, named by the variable with `_FILE` behind its name: secrets then are
in no environment that somebody prints.
"""

import os
import re
from pathlib import Path
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
LONG_ENOUGH = 50
"""So many characters of a secret have more than 128 random bits, even if all of them are figures."""


def _written(name: str) -> str:
    """Return what the variable, or the file that NAME_FILE names, holds; "" if it is not set.

    Raises ImproperlyConfigured if both say something or the file cannot be read.
    """
    value, path = (os.environ.get(each, "").strip() for each in (name, f"{name}_FILE"))
    if not path:
        return value
    try:
        in_file = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path!r} cannot be read ({error}).") from error
    if value and in_file:
        raise ImproperlyConfigured(f"{name} and {name}_FILE must not both be set.")
    return value or in_file


def text(name: str, default: str | None = None) -> str:
    """Return the variable's text. Raises ImproperlyConfigured if it is missing and has no default."""
    value = _written(name) or default
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set.")
    return value


def existing_file(name: str) -> str:
    """Return the path of a file, "" if none is named. Raises ImproperlyConfigured if it is not there."""
    path = os.environ.get(name, "").strip()
    if path and not Path(path).is_file():
        raise ImproperlyConfigured(f"{name}: there is no file {path!r}.")
    return path


def flag(name: str, default: bool) -> bool:
    """Return a boolean written as on/off, 1/0, true/false or yes/no."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in _TRUE | _FALSE:
        return value in _TRUE
    raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}.")


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    """Return an integer within [least, most]."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not re.fullmatch(r"-?\d{1,9}", value, re.ASCII) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    """Return the comma-separated parts, without blanks."""
    return [part.strip() for part in (_written(name) or default).split(",") if part.strip()]


def url(name: str, default: str | None, schemes: tuple[str, ...]) -> str:
    """Return an address whose scheme is one of `schemes`, without a trailing slash."""
    value = text(name, default)
    if not re.match(rf"(?:{'|'.join(re.escape(each) for each in schemes)})://", value):
        raise ImproperlyConfigured(f"{name} must begin with one of {', '.join(schemes)}, not {value!r}.")
    return value.rstrip("/")


def folder(name: str) -> Path | None:
    """Return an existing or creatable folder, or None if the variable is not set."""
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    path = Path(value).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: the folder {value!r} cannot be made ({error}).") from error
    return path


def must_be_of_ones_own(name: str, *secrets: str) -> None:
    """Raises ImproperlyConfigured if one of these secrets can be guessed or is that of the demo."""
    if any("demo" in secret or len(secret) < LONG_ENOUGH for secret in secrets):
        raise ImproperlyConfigured(
            f"{name} must be a secret of your own with at least {LONG_ENOUGH} characters."
        )


def with_password(address: str, name: str) -> str:
    """Return the address of a server with the password from `name` or its file, if there is one.

    Raises ImproperlyConfigured if the address holds one already.
    """
    password = _written(name)
    if not password:
        return address
    scheme, _, rest = address.partition("://")
    login, at, host = rest.rpartition("@")
    if ":" in login:
        raise ImproperlyConfigured(f"{name} is set, but the address holds a password already.")
    return f"{scheme}://{login if at else ''}:{quote(password, safe='')}@{host}"
