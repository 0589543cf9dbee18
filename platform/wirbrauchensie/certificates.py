"""How long the certificates last by which this process, the database and the broker know each other."""

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from django.conf import settings

TIME_TO_RENEW = timedelta(days=30)


class CertificateEnds(Exception):
    """Soon one side refuses the other, and nothing works any more."""


def look_at_all(now: datetime) -> int:
    """Return how many files of certificates are used. Raises CertificateEnds if one ends within 30 days."""
    used = ends()
    for path, end in sorted(used.items()):
        if end - now < TIME_TO_RENEW:
            raise CertificateEnds(f"{path} ends on {end:%Y-%m-%d}")
    return len(used)


def ends() -> dict[Path, datetime]:
    """Return when the own certificates end, and of each file of authorities the last one."""
    options = settings.DATABASES["default"]["OPTIONS"]
    words = dict(parse_qsl(urlsplit(settings.REDIS_URL).query))
    own = _paths(options.get("sslcert"), words.get("ssl_certfile"))
    authorities = _paths(options.get("sslrootcert"), words.get("ssl_ca_certs"))
    return {path: max(_ends(path)) for path in authorities} | {path: _ends(path)[0] for path in own}


def _paths(*named: str | None) -> set[Path]:
    """Return what is a file: libpq also takes the word "system"."""
    return {Path(each) for each in named if each and each.startswith("/")}


def _ends(path: Path) -> list[datetime]:
    return [each.not_valid_after_utc for each in x509.load_pem_x509_certificates(path.read_bytes())]
