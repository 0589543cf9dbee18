"""How much a request may bring, by its address: whatever is larger is refused before a byte of it is read.

Django bounds what it keeps in memory, but writes a file of any size into the temporary folder as soon as
somebody asks for the form, which the look for its secret does before any view has a say.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from donations.forms import statements
from foundation.tables import table
from wirbrauchensie.errors import too_large

WITH_FILES = {
    "coordination_import_new": table.BYTES_MAX,
    "coordination_statement_new": statements.BYTES_MAX,
}
"""What the forms with larger files take, in bytes; they are for people who have signed in."""


class BodyLimit:
    """Answers 413 to a body that is larger than its address takes.

    A form takes a quarter more than it says, so that who errs by a little is told so in the form's own words.
    A body that tells no length counts as empty (WSGI), so none is read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Stand before the look for the form's secret."""
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        return too_large(request) if length > most_bytes(request) else None


def most_bytes(request: HttpRequest) -> int:
    """Return how large the body of this request may be."""
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    name = request.resolver_match.url_name if request.resolver_match else None
    if name in WITH_FILES and request.user.is_authenticated:
        return WITH_FILES[name] * 5 // 4
    return most
