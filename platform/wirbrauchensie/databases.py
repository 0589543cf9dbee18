"""DATABASE_URL into Django's settings: PostgreSQL only, over TCP, with or without TLS, or a Unix socket."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TLS = {"sslmode", "sslrootcert", "sslcert", "sslkey"}
_LIKENESS = 0.4
"""Bogadn for Bogdan is 0.43, Maier for Meier 0.5; of two different short names hardly any reaches it."""
_OPTIONS = {
    "statement_timeout": 5000,
    "lock_timeout": 4000,
    "timezone": "UTC",
    "pg_trgm.word_similarity_threshold": _LIKENESS,
}


def postgresql(database_url: str, *, conn_max_age: int) -> dict[str, Any]:
    """Return the DATABASES entry for `postgresql://user:password@host:port/name` (host may be %2Fsocket).

    `?sslmode=verify-full&sslrootcert=/path` demands TLS, `&sslcert=/path&sslkey=/path` shows a certificate of
    one's own. Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(database_url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:port/name.")
    wishes = dict(parse_qsl(parts.query))
    if not set(wishes) <= _TLS:
        raise ImproperlyConfigured(f"After ? DATABASE_URL may say {', '.join(sorted(_TLS))}, nothing else.")
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    host, _, port = parts.netloc.rpartition("@")[2].partition(":")
    return {
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": unquote(host),
        "PORT": port,
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {**wishes, "options": " ".join(f"-c {name}={value}" for name, value in _OPTIONS.items())},
    }
