"""Typed reading of a decoded form, with Stripe's refusals."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from workshop.stripe_double.errors import invalid, missing_param, unknown_param
from workshop.stripe_double.forms import Form

EMAIL = re.compile(r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190}\.[^@\s.\x00-\x1f]{2,}$")
INTEGER = re.compile(r"^-?[0-9]{1,15}$", re.ASCII)


class Params:
    """One group of parameters; ``prefix`` is its name in messages, such as ``line_items[0]``."""

    def __init__(self, form: Form, prefix: str = "") -> None:
        self.form = form
        self.prefix = prefix

    def name(self, key: str) -> str:
        return f"{self.prefix}[{key}]" if self.prefix else key

    def allow(self, *keys: str) -> None:
        """Refuse every parameter but these."""
        for key in self.form:
            if key not in keys:
                raise unknown_param(self.name(key))

    def text(self, key: str, *, limit: int = 5000) -> str | None:
        value = self.form.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise invalid(f"Invalid string: {self.name(key)}", param=self.name(key))
        if value == "":
            message = f"You passed an empty string for '{self.name(key)}'. Remove it or supply a value."
            raise invalid(message, param=self.name(key), code="parameter_invalid_empty")
        if len(value) > limit:
            message = f"Invalid string: {self.name(key)} must be at most {limit} characters"
            raise invalid(message, param=self.name(key), code="parameter_invalid_string_length")
        return value

    def required_text(self, key: str, *, limit: int = 5000) -> str:
        value = self.text(key, limit=limit)
        if value is None:
            raise missing_param(self.name(key))
        return value

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str | None:
        value = self.text(key)
        if value is None:
            return default
        if value not in allowed:
            message = f"Invalid {self.name(key)}: must be one of {', '.join(sorted(allowed))}"
            raise invalid(message, param=self.name(key))
        return value

    def integer(self, key: str, *, minimum: int = 0, maximum: int = 99_999_999_999) -> int | None:
        value = self.text(key)
        if value is None:
            return None
        if not INTEGER.match(value):
            message = f"Invalid integer: {value}"
            raise invalid(message, param=self.name(key), code="parameter_invalid_integer")
        number = int(value)
        if not minimum <= number <= maximum:
            message = f"{self.name(key)} must be between {minimum} and {maximum}"
            raise invalid(message, param=self.name(key), code="parameter_invalid_integer")
        return number

    def flag(self, key: str) -> bool | None:
        value = self.choice(key, ("true", "false"))
        return None if value is None else value == "true"

    def group(self, key: str) -> "Params | None":
        value = self.form.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise invalid(f"Invalid object: {self.name(key)}", param=self.name(key))
        return Params(value, self.name(key))

    def groups(self, key: str) -> "list[Params]":
        group = self.group(key)
        if group is None:
            return []
        members = [group.group(index) for index in group.indexes()]
        return [member for member in members if member is not None]

    def texts(self, key: str) -> list[str]:
        group = self.group(key)
        return [] if group is None else [group.required_text(index) for index in group.indexes()]

    def indexes(self) -> list[str]:
        if not all(INTEGER.match(index) for index in self.form):
            raise invalid(f"Invalid array: {self.prefix}", param=self.prefix)
        return sorted(self.form, key=int)

    def email(self, key: str) -> str | None:
        value = self.text(key, limit=512)
        if value is not None and not EMAIL.match(value):
            raise invalid(f"Invalid email address: {value}", param=self.name(key), code="email_invalid")
        return value

    def url(self, key: str) -> str | None:
        """An absolute http(s) address without control characters or blanks."""
        value = self.text(key, limit=5000)
        if value is not None and not is_web_address(value):
            raise invalid("Not a valid URL", param=self.name(key), code="url_invalid")
        return value

    def metadata(self, key: str = "metadata") -> dict[str, str]:
        """At most 50 keys of 40 characters with values of 500."""
        group = self.group(key)
        if group is None:
            return {}
        if len(group.form) > 50 or any(len(name) > 40 for name in group.form):
            raise invalid("Metadata takes 50 keys of at most 40 characters", param=group.prefix)
        return {name: group.required_text(name, limit=500) for name in group.form}


def is_web_address(value: str) -> bool:
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
