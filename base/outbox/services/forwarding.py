"""What has not left yet goes on to where its mailbox is now, with links that open."""

from collections.abc import Callable, Collection
from typing import Any

from foundation.sweeps import nudge
from outbox.domain.catalogue import Mail
from outbox.domain.paper import is_on_paper
from outbox.models import WAITING, Message
from outbox.services.queue import SEND_DUE

_STAYING = [*WAITING, Message.Status.TO_PRINT]
_GIVEN_UP = [Message.Status.DEAD, Message.Status.UNKNOWN]  # a human may send it once more


def forward(
    mailbox_id: int,
    *,
    to_id: int,
    to_email: str,
    renew: Callable[[str], str | None],
    written_anew: Collection[Mail] = (),
) -> int:
    """Address to `to_email` what was written for `mailbox_id` and has not left; return how many still go.

    `renew` gives a text with links that open, or None where its mail is written anew, as are all of
    `written_anew`: then this one stays.
    What a worker has reserved is given free, for it holds the text of before. One being sent this moment
    leaves as it is. To somebody without an address what would have been mailed waits to be printed.
    """
    mails = Message.objects.filter(written_for=mailbox_id, status__in=[*_STAYING, *_GIVEN_UP])
    templates, goes_on = {mail.template for mail in written_anew}, 0
    for message in mails.exclude(to_email="").order_by("pk").select_for_update():
        texts = {column: renew(getattr(message, column)) for column in ("body_text", "body_html")}
        if None in texts.values() or message.template in templates:
            _update(message, status=Message.Status.SUPPRESSED)
            continue
        if message.status == Message.Status.DEAD and message.to_email != to_email:
            texts["error"] = f"another address: {message.error}"[:300]  # no refusal of the one of now
        if is_on_paper(to_email) and message.status in WAITING:
            texts["status"] = Message.Status.TO_PRINT
        way_out = renew(message.unsubscribe_url)
        _update(message, **texts, unsubscribe_url=way_out, to_email=to_email, written_for=to_id)
        goes_on += message.status in _STAYING
    if goes_on:
        nudge(SEND_DUE)
    return goes_on


def _update(message: Message, **values: Any) -> None:
    Message.objects.filter(pk=message.pk).update(reserved_until=None, **values)
