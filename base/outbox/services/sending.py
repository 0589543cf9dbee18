"""Sending what is due, one message at a time on one connection.

A message is claimed (queued → sending) and committed before the mail leaves, recorded after. A worker killed
in between leaves exactly that one row in `sending`; `give_up_on_lost` marks it `unknown` for a human, because
sending it again might send it twice.
"""

import smtplib
import ssl
from datetime import datetime, timedelta
from email.utils import make_msgid

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database
from django.db.models import QuerySet

from foundation.clock import utc_now
from outbox.models import Message

BATCH = 500
MAX_ATTEMPTS = 12
LOST_AFTER = timedelta(minutes=5)
_FIRST_DELAY_SECONDS = 10
_LONGEST_DELAY_SECONDS = 1800
# These came back before the server took the message, so that sending it again cannot double it.
_NOT_TAKEN = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    ConnectionRefusedError,
    ssl.SSLError,
)

_CLAIM = """
UPDATE outbox_message
SET status = 'sending', claimed_at = %(now)s, claimed_by = %(worker)s, attempts = attempts + 1
WHERE id = (
    SELECT id FROM outbox_message WHERE status IN ('queued', 'failed') AND due_at <= %(due)s
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""

log = structlog.get_logger(__name__)


def send_due(now: datetime, *, worker: str) -> int:
    """Send up to BATCH due messages and return how many left. `worker` names this process in the rows."""
    sent = 0
    channel: BaseEmailBackend = get_connection()
    try:
        for _turn in range(BATCH):
            message = _claim(now, worker)
            if message is None:
                break
            sent += _send(message, channel)
    finally:
        channel.close()
    return sent


def _claim(now: datetime, worker: str) -> Message | None:
    with database.cursor() as cursor:
        cursor.execute(_CLAIM, {"due": now, "now": utc_now(), "worker": worker})
        row = cursor.fetchone()
    return Message.objects.get(pk=row[0]) if row else None


def _send(message: Message, channel: BaseEmailBackend) -> bool:
    mail = EmailMultiAlternatives(
        message.subject,
        message.body_text,
        to=[message.to_email],
        connection=channel,
        headers={"Message-ID": make_msgid(idstring=str(message.pk)), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(message.body_html, "text/html")
    if message.attachment_name:
        mail.attach(message.attachment_name, message.attachment_body, message.attachment_type)
    try:
        mail.send()
    except _NOT_TAKEN as error:
        channel.close()
        _fail(message, error)
        return False
    except (smtplib.SMTPException, OSError) as error:
        channel.close()
        _mark_unknown(message, error)
        return False
    _of_this_claim(message).update(status=Message.Status.SENT, sent_at=utc_now(), error="")
    return True


def _of_this_claim(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(
        pk=message.pk,
        claimed_by=message.claimed_by,
        claimed_at=message.claimed_at,
        status__in=[Message.Status.SENDING, Message.Status.UNKNOWN],
    )


def _fail(message: Message, error: Exception) -> None:
    """Plan the next try with a growing distance, or give up after MAX_ATTEMPTS or a final refusal."""
    is_final = message.attempts >= MAX_ATTEMPTS or _is_refused_for_good(error)
    delay = min(_FIRST_DELAY_SECONDS * 2 ** (message.attempts - 1), _LONGEST_DELAY_SECONDS)
    _of_this_claim(message).update(
        status=Message.Status.DEAD if is_final else Message.Status.FAILED,
        due_at=utc_now() + timedelta(seconds=delay),
        error=repr(error)[:300],
    )
    log.warning("mail_failed", message=message.pk, final=is_final, error=type(error).__name__)


def _is_refused_for_good(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 550 for code, _text in error.recipients.values())
    return False


def _mark_unknown(message: Message, error: Exception) -> None:
    _of_this_claim(message).update(status=Message.Status.UNKNOWN, error=repr(error)[:300])
    log.error("mail_unknown", message=message.pk, error=type(error).__name__)


def give_up_on_lost(now: datetime) -> int:
    """Mark messages whose worker died while sending them as `unknown`; return how many."""
    lost = Message.objects.filter(status=Message.Status.SENDING, claimed_at__lt=now - LOST_AFTER).update(
        status=Message.Status.UNKNOWN, error="worker died while sending"
    )
    if lost:
        log.error("mail_lost_in_flight", count=lost)
    return lost


def send_again(message: Message, now: datetime) -> bool:
    """Queue an unknown, dead or failed message once more: a human's decision. False if it moved meanwhile."""
    return bool(
        Message.objects.filter(
            pk=message.pk,
            status__in=[Message.Status.UNKNOWN, Message.Status.DEAD, Message.Status.FAILED],
        ).update(status=Message.Status.QUEUED, due_at=now, error="")
    )


def settle_as_sent(message: Message, now: datetime) -> bool:
    """Record that an unknown message did arrive: a human's knowledge."""
    return bool(
        Message.objects.filter(pk=message.pk, status=Message.Status.UNKNOWN).update(
            status=Message.Status.SENT, sent_at=now
        )
    )
