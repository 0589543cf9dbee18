"""A citizen with a browser who fills in a form once and sends it until it is taken."""

import html
import http.client
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

from tests.donations.visits import details_address
from tests.volunteers.pledging import wishes_query

FIELD = re.compile(r'name="([^"]+)" value="([^"]*)"')


@dataclass
class Citizen:
    """One person, one network address, one form that is open in the browser."""

    port: int
    email: str
    network: str
    path: str
    answers: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    location: str = ""

    def open(self) -> "Citizen":
        status, page = self._ask("GET")
        assert status == 200, (status, page[-500:])
        on_page = {name: html.unescape(value) for name, value in FIELD.findall(page)}
        for name in ("csrfmiddlewaretoken", "visit", "text_version"):
            if name in on_page:
                self.answers[name] = on_page[name]
        return self

    def send(self) -> tuple[int, str]:
        """Send the form as it is; the same form whenever it is sent again."""
        status, page = self._ask("POST", urlencode(self.answers))
        self.statuses.append(status)
        return status, page

    def _ask(self, method: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "X-Forwarded-For": self.network,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request(method, self.path, body, headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            self.location = answer.headers.get("Location", "")
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def pledger(port: int, name: str, number: int) -> Citizen:
    """Somebody who gives time."""
    email = f"zeit-{name}@example.org"
    answers = {
        "submission": str(uuid4()),
        "first_name": "Maria",
        "email": email,
        "is_adult": "adult",
    }
    path = f"/zeit/zusagen/wer/?{urlencode(wishes_query(), doseq=True)}"
    return Citizen(port, email, f"198.51.100.{number}", path, answers)


def giver(port: int, name: str, number: int, method: str) -> Citizen:
    """Somebody who gives 25 €."""
    email = f"{method}-{name}@example.org"
    answers = {"method": method, "email": email, "name": "", "street": "", "postcode": "", "town": ""}
    return Citizen(port, email, f"203.0.113.{number}", details_address(), answers)
