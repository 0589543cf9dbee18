"""The one form of an e-mail address: as it will be sent."""

import unicodedata

import idna

LONGEST = 320  # RFC 3696 §3 with its erratum: 64 + 1 + 255
_INVISIBLE = "Cf"  # zero-width characters, soft hyphen, marks of direction
_ERASED = "erased.invalid"  # RFC 2606: never resolves


def as_sent(typed: str) -> str:
    """Return `typed` as it will be sent, so that one mailbox is one row whoever types it how.

    Compatibility forms are folded (NFKC), invisible characters and blanks around it go, everything is lower
    case, the domain is written in ASCII (IDNA 2008). What is no address comes back as no address.
    """
    if len(typed) > LONGEST:
        return typed
    folded = unicodedata.normalize("NFKC", typed)
    seen = "".join(each for each in folded if unicodedata.category(each) != _INVISIBLE)
    local, at, domain = seen.strip().lower().rpartition("@")
    return local + at + (_in_ascii(domain.removesuffix(".")) if at else domain)


def is_same_mailbox(one: str, other: str) -> bool:
    """Tell whether both forms lead to one mailbox: what stands after a plus sorts its post, and no more."""
    return _without_tag(one) == _without_tag(other)


def _without_tag(sent: str) -> str:
    local, at, domain = sent.rpartition("@")
    return local.partition("+")[0] + at + domain


def _in_ascii(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain


def erased_address(number: int) -> str:
    """Return what stands where an address was, different for every row."""
    return f"postfach-{number}@{_ERASED}"
