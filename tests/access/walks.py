"""What one kind of visitor gets to see at every address."""

from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.http import HttpResponse
from django.urls import reverse

from tests.access.doors import DOORS, doors_for
from tests.access.people import Who
from tests.access.scene import Scene
from tests.access.writes import recorded_writes
from tests.kept import taken_back


@dataclass(frozen=True)
class Seen:
    """An answer: its status, the tables written to, its headers, the cookies it sets, its body."""

    status: int
    writes: list[str]
    headers: dict[str, str]
    cookies: SimpleCookie
    body: str

    @property
    def text(self) -> str:
        """Headers and body, all that left the house."""
        return "\n".join([" ".join(f"{name}: {value}" for name, value in self.headers.items()), self.body])


def address_of(name: str, scene: Scene, who: Who) -> str:
    door = DOORS[name]
    return reverse(name, args=door.args(scene, who), query=door.query(scene))


def seen_in(answer: HttpResponse, writes: list[str]) -> Seen:
    body = answer.getvalue().decode(errors="replace")
    return Seen(answer.status_code, writes, dict(answer.items()), answer.cookies, body)


def text_of(answer: HttpResponse) -> str:
    return seen_in(answer, []).text


def walk(who: Who, scene: Scene) -> dict[str, Seen]:
    """Open every address that is worth trying for `who`, in one visit; by the name of the address."""
    client, found = scene.client(who), {}
    with taken_back():
        for name in doors_for(who):
            with recorded_writes() as writes:
                answer = client.get(address_of(name, scene, who))
            found[name] = seen_in(answer, writes)
    return found
