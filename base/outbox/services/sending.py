"""Sending what is due, chunk after chunk on one connection, by any number of workers side by side.

The connection comes first, the claim after it. A mail's fate is decided by what the server answered; only
when the final dot of DATA has left and no answer came is it `unknown`, which a human settles, because sending
it again might send it twice.
"""

import time
from datetime import datetime, timedelta
from email.utils import make_msgid

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME

from foundation.clock import utc_now
from outbox.domain.verdicts import MAX_ATTEMPTS, Verdict, blames_server, is_line_broken, judge
from outbox.models import Message
from outbox.services import claims, outages

LOST_AFTER = timedelta(minutes=5)  # longer than the slowest conversation about one mail
SECONDS_AT_MOST = 240  # well below the time limit of a task, so that it never cuts a conversation
FAILURES_IN_A_ROW = 3

log = structlog.get_logger(__name__)


def send_due(now: datetime, *, worker: str) -> int:
    """Send what is due and return how many left. `worker` names this process in the rows."""
    claims.free_reservations_of_the_dead()
    if not claims.is_any_due(now, at=utc_now()) or not outages.may_try(now):
        return 0
    turn = _Turn(get_connection(), now, worker)
    try:
        with claims.presence(worker):
            turn.connect()
            return turn.run()
    finally:
        turn.hang_up()


class _Turn:
    """One worker on one connection, until nothing is due, its time is over or the server is down."""

    def __init__(self, channel: BaseEmailBackend, now: datetime, worker: str) -> None:
        self.channel = channel
        self.now = now
        self.worker = worker
        self.sent = 0
        self.sent_on_this_line = 0
        self.failures_left = 1 if outages.is_on() else FAILURES_IN_A_ROW
        self.ends_at = time.monotonic() + SECONDS_AT_MOST

    def connect(self) -> bool:
        self.sent_on_this_line = 0
        try:
            self.channel.open()
        except (OSError, UnicodeError) as error:  # a host name may be one that IDNA cannot write
            self.failures_left = 0
            outages.record(error, self.now)
            return False
        return True

    def hang_up(self) -> None:
        try:
            self.channel.close()
        except OSError as error:
            log.info("mail_server_left_without_goodbye", error=type(error).__name__)

    def run(self) -> int:
        while self._goes_on() and (chunk := self._reserve()):
            try:
                self._send_chunk(chunk)
            finally:
                claims.release(chunk)
        return self.sent

    def _reserve(self) -> list[Message]:
        return claims.reserve(self.now, worker=self.worker, at=utc_now())

    def _goes_on(self) -> bool:
        return self.failures_left > 0 and time.monotonic() < self.ends_at

    def _send_chunk(self, chunk: list[Message]) -> None:
        """Send one after the other; that one has left and that the next begins is one commit."""
        left: Message | None = None
        try:
            for message in chunk:
                if not self._goes_on():
                    return
                has_begun = claims.begin(message, utc_now(), left=left)
                left = None
                left = message if has_begun and self._send(message) else None
        finally:
            if left:
                claims.record_sent(left, utc_now())

    def _send(self, message: Message) -> bool:
        error = self._try(message)
        if error and is_line_broken(error) and self.sent_on_this_line and not self._may_have_left():
            error = self._try(message) if self._reconnect() else error
        if error:
            self._settle(message, error)
            return False
        if not self.sent:
            outages.end()
        self.sent += 1
        self.sent_on_this_line += 1
        self.failures_left = FAILURES_IN_A_ROW
        return True

    def _try(self, message: Message) -> Exception | None:
        try:
            self.channel.send_messages([composed(message)])
        except SoftTimeLimitExceeded as error:
            self._record(message, TimeoutError(str(error)))
            raise
        except Exception as error:  # whatever is wrong with this mail must not hold up the others
            return error
        return None

    def _may_have_left(self) -> bool:
        return bool(getattr(self.channel, "may_have_left", True))

    def _settle(self, message: Message, error: Exception) -> None:
        """Record what became of the mail, and mend the line for the next one."""
        self._record(message, error)
        if blames_server(error):
            self._count_failure(error)
        is_unsure = is_line_broken(error) or not isinstance(error, OSError)
        if self.failures_left > 0 and (is_unsure or getattr(self.channel, "is_cut", False)):
            self._reconnect()

    def _record(self, message: Message, error: Exception) -> None:
        verdict = judge(error, handed_over=self._may_have_left())
        if verdict is Verdict.UNKNOWN:
            claims.record_unknown(message, error)
            log.error("mail_unknown", message=message.pk, error=type(error).__name__)
        else:
            is_final = verdict is Verdict.NEVER or message.attempts >= MAX_ATTEMPTS
            claims.record_failed(message, error, utc_now(), is_final=is_final)
            log.warning("mail_failed", message=message.pk, final=is_final, error=type(error).__name__)

    def _count_failure(self, error: Exception) -> None:
        self.failures_left -= 1
        if not self.failures_left:
            outages.record(error, self.now)

    def _reconnect(self) -> bool:
        if hasattr(self.channel, "abandon"):
            self.channel.abandon()
        else:
            self.hang_up()
        return self.connect()


def composed(message: Message) -> EmailMultiAlternatives:
    """Return the mail as it goes to the server."""
    mail = EmailMultiAlternatives(
        message.subject,
        message.body_text,
        to=[message.to_email],
        headers={
            "Message-ID": make_msgid(idstring=str(message.pk), domain=str(DNS_NAME)),
            "Auto-Submitted": "auto-generated",
            **_ways_out(message),
        },
    )
    mail.attach_alternative(message.body_html, "text/html")
    if message.attachment_name:
        mail.attach(message.attachment_name, message.attachment_body.encode(), message.attachment_type)
    return mail


def _ways_out(message: Message) -> dict[str, str]:
    """What lets a mail program offer "unsubscribe" by one click (RFC 2369, RFC 8058)."""
    if not message.unsubscribe_url:
        return {}
    return {
        "List-Unsubscribe": f"<{message.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def give_up_on_lost(now: datetime) -> int:
    """Mark messages whose worker died while sending them as `unknown`; return how many."""
    lost = Message.objects.filter(status=Message.Status.SENDING, claimed_at__lt=now - LOST_AFTER).update(
        status=Message.Status.UNKNOWN, reserved_until=None, error="worker died while sending"
    )
    if lost:
        log.error("mail_lost_in_flight", count=lost)
    return lost


def send_again(message: Message, now: datetime) -> bool:
    """Queue an unknown, dead or failed message once more: a human's decision.

    False if it moved meanwhile or was emptied.
    """
    return bool(
        Message.objects.filter(
            pk=message.pk,
            status__in=[Message.Status.UNKNOWN, Message.Status.DEAD, Message.Status.FAILED],
        )
        .exclude(to_email="")
        .update(status=Message.Status.QUEUED, due_at=now, attempts=0, error="")
    )


def settle_as_sent(message: Message, now: datetime) -> bool:
    """Record that an unknown message did arrive: a human's knowledge."""
    return bool(
        Message.objects.filter(pk=message.pk, status=Message.Status.UNKNOWN).update(
            status=Message.Status.SENT, sent_at=now
        )
    )


def refused_for_good(*, since: datetime) -> list[tuple[str, datetime]]:
    """Return address and moment of every mail that the server of its address refused for good since then."""
    refused = Message.objects.filter(
        status=Message.Status.DEAD, error__startswith="SMTPRecipientsRefused", claimed_at__gte=since
    ).exclude(to_email="")
    return [(email, moment) for email, moment in refused.values_list("to_email", "claimed_at") if moment]
