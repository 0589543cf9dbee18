"""What somebody typed on the last screen of a road, kept while they go back to an earlier one.

It points to a person, so it never travels in an address: it lies in the session, for half an hour, until the
form is sent or the road is begun anew. For as long the page behind it tells to which address was written.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.forms import Field
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_cache_control

KEPT_FOR = timedelta(minutes=30)
MOST_LETTERS = 5_000
_NAME = "typed_on_{}"
_WRITTEN_TO = "written_to"


def keep(request: HttpRequest, road: str, asked: Mapping[str, Field], now: datetime) -> None:
    """Keep what was posted to these fields, unchecked, without what is hidden; too much of it is not kept."""
    typed = QueryDict(mutable=True)
    for name, field in asked.items():
        if name in request.POST and not field.widget.is_hidden:
            typed.setlist(name, request.POST.getlist(name))
    text = typed.urlencode()
    if len(text) > MOST_LETTERS:
        return
    _note(request, _NAME.format(road), text, now)


def kept(request: HttpRequest, road: str, asked: Mapping[str, Field], now: datetime) -> dict[str, Any]:
    """Return it as initial values of the fields, empty when there is nothing or its time is over."""
    typed = QueryDict(_noted(request, _NAME.format(road), now))
    return {
        name: field.widget.value_from_datadict(typed, {}, name)
        for name, field in asked.items()
        if name in typed
    }


def in_no_cache(response: HttpResponse) -> HttpResponse:
    """Keep a page that shows it again out of every cache, the browser's too."""
    patch_cache_control(response, no_store=True, private=True)
    return response


def forget(request: HttpRequest, road: str) -> None:
    """Let go of it; somebody who has nothing kept gets no session by that."""
    if _NAME.format(road) in request.session:
        del request.session[_NAME.format(road)]


def note_written_to(request: HttpRequest, email: str, now: datetime) -> None:
    """Keep to which address a mail goes, so that whoever mistyped it sees it."""
    _note(request, _WRITTEN_TO, email, now)


def written_to(request: HttpRequest, now: datetime) -> str:
    """Return it, empty when there is none or its time is over."""
    return _noted(request, _WRITTEN_TO, now)


def forget_written_to(request: HttpRequest) -> None:
    """Let go of it, where the next mail goes elsewhere."""
    request.session.pop(_WRITTEN_TO, None)


def _note(request: HttpRequest, name: str, text: str, now: datetime) -> None:
    request.session[name] = [int((now + KEPT_FOR).timestamp()), text]
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_FOR)


def _noted(request: HttpRequest, name: str, now: datetime) -> str:
    ends_at, text = request.session.get(name, (0, ""))
    return str(text) if now.timestamp() < ends_at else ""
