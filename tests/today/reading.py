"""Reading "Heute" as a person sees it."""

import re
from dataclasses import dataclass

from django.test import Client

from accounts.models import User

HERE = "/koordination/"
_NUMBER = re.compile(
    r' href="/koordination/\?art=([a-z]+)">.*?<span class="kern-badge[^>]*>([\d.]+)</span>', re.DOTALL
)
_ROW = re.compile(r'<li class="panel stack--small" id="([a-z-]+-[\w-]+)"')


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, address: str = HERE) -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(user: User) -> dict[str, int]:
    """Return the numbers on the first page by the word of their kind."""
    return {kind: int(number.replace(".", "")) for kind, number in _NUMBER.findall(page(user))}


def rows(html: str) -> list[str]:
    """Return the keys of the rows on a page, from top to bottom."""
    return _ROW.findall(html)


@dataclass(frozen=True)
class Listed:
    """What the list behind a number says of itself, and what stands on all its pages."""

    said: int
    keys: list[str]


def listed(user: User, kind: str) -> Listed:
    keys: list[str] = []
    said, number = 0, 1
    while True:
        html = page(user, f"{HERE}?art={kind}&page={number}")
        counted = re.search(r'role="status"><strong>([\d.]+)', html)
        said = int(counted[1].replace(".", "")) if counted else 0
        keys += rows(html)
        if 'rel="next"' not in html:
            return Listed(said, keys)
        number += 1


def check(user: User, kind: str, expected: list[int]) -> None:
    """The number, the list behind it and the rule are the same, in the same order."""
    keys = [f"{kind}-{pk}" for pk in expected]
    assert numbers(user).get(kind, 0) == len(keys)
    assert listed(user, kind) == Listed(len(keys), keys)
    assert [key for key in rows(page(user)) if key.startswith(f"{kind}-")] == keys[:20]
