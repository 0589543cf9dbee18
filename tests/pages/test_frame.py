"""The frame around every page is drawn once and right for everybody; pages travel compressed."""

import gzip
import re

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_opportunity

pytestmark = pytest.mark.django_db
CURRENT = re.compile(r'<a class="nav-link" href="([^"]+)" aria-current="page">')


def menu_of(client: Client, path: str) -> tuple[list[str], bool, bool]:
    """Return the marked entries of both menus, whether staff's entry is there, and whether signing out is."""
    page = client.get(path).content.decode()
    return CURRENT.findall(page), 'href="/koordination/"' in page, ">Abmelden<" in page


def test_each_section_marks_its_own_entry_whoever_was_there_before(client: Client) -> None:
    for path in ("/zeit/", "/hilfe/", "/zeit/", "/wo-wir-stehen/", "/hilfe/"):
        assert menu_of(client, path)[0] == [path, path]


def test_below_a_section_its_entry_stays_marked(client: Client) -> None:
    assert menu_of(client, make_opportunity("Vorlesen").get_absolute_url())[0] == ["/zeit/", "/zeit/"]


@pytest.mark.parametrize("path", ["/", "/impressum/", "/zeitlos/", "/zeitlos/zeit/"])
def test_elsewhere_no_entry_is_marked(client: Client, path: str) -> None:
    assert menu_of(client, path)[0] == []


def test_who_signs_in_sees_the_way_out_and_nobody_else_does(client: Client) -> None:
    assert menu_of(client, "/zeit/") == (["/zeit/", "/zeit/"], False, False)
    client.force_login(User.objects.create_user("anna@example.org", "lange-genug-fuer-alle-7"))
    assert menu_of(client, "/zeit/") == (["/zeit/", "/zeit/"], True, True)
    assert menu_of(Client(), "/zeit/") == (["/zeit/", "/zeit/"], False, False)


def test_a_page_travels_compressed_to_who_can_read_that(client: Client) -> None:
    plain = client.get("/zeit/")
    packed = client.get("/zeit/", headers={"accept-encoding": "br, gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) * 3 < len(plain.content)


def test_two_copies_of_a_page_differ_in_length_so_that_none_tells_what_is_in_it(client: Client) -> None:
    """Else who can make a browser ask again and again reads a secret letter by letter (BREACH)."""
    lengths = {len(client.get("/zeit/", headers={"accept-encoding": "gzip"}).content) for _turn in range(12)}
    assert len(lengths) > 1
