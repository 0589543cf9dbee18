"""A mail server that is down is asked again with growing distance, by one worker at a time."""

from datetime import datetime, timedelta

import structlog
from django.db.models import F

from outbox.models import Outage

_FIRST_DELAY = timedelta(seconds=10)
_LONGEST_DELAY = timedelta(minutes=2)
_ONE_TRY = timedelta(
    minutes=1
)  # while one worker asks, which may take several timeouts, the others stay away
_THE_ROW = 1

log = structlog.get_logger(__name__)


def is_on() -> bool:
    """Tell whether the mail server was down when last asked."""
    return Outage.objects.exists()


def may_try(now: datetime) -> bool:
    """Tell whether to ask the mail server at `now`. During an outage it is True for one caller at once."""
    if not is_on():
        return True
    return bool(Outage.objects.filter(next_try_at__lte=now).update(next_try_at=now + _ONE_TRY))


def record(error: Exception, now: datetime) -> None:
    """Note that the mail server failed at `now` and plan when to ask it again."""
    outage, _created = Outage.objects.get_or_create(
        pk=_THE_ROW, defaults={"since": now, "next_try_at": now, "tries": 0}
    )
    delay = min(_FIRST_DELAY * 2 ** min(outage.tries, 10), _LONGEST_DELAY)
    Outage.objects.filter(pk=_THE_ROW).update(
        tries=F("tries") + 1, next_try_at=now + delay, error=repr(error)[:300]
    )
    log.error("mail_server_down", error=type(error).__name__, tries=outage.tries + 1)


def end() -> None:
    """Note that the mail server has taken a mail again."""
    if Outage.objects.filter(pk=_THE_ROW).delete()[0]:
        log.warning("mail_server_back")
