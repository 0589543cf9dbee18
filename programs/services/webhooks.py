"""Telling programs of providers what has happened: signed, tried again at growing distance, then parked."""

import base64
import json
import secrets
import time
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import User
from accounts.secrets import decrypt, encrypt, renewed
from foundation.batches import delete_in_batches
from foundation.history import note_access
from programs.access import inviter_actor, staffed_by
from programs.domain.webhooks import PREFIX, DeliveryStatus, Hitch, distance, signature
from programs.gateways.webhooks import Refused, post
from programs.models import Provider, Webhook, WebhookDelivery

KEPT = timedelta(days=30)
LEASE = timedelta(minutes=2)
"""For so long nobody else tries what one worker has taken: SECONDS_AT_MOST and one whole try fit in."""
MOST_AT_ONCE = 100
SECONDS_AT_MOST = 60
"""Then a run begins no other try; the next one does, so that neither lease nor signed moment grow old."""


@transaction.atomic
def make_webhook(provider: Provider, url: str, *, by: User, now: datetime) -> tuple[Webhook, str]:
    """Let `url` be told; the secret is returned here and nowhere else."""
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = Webhook.objects.create(
        provider=provider, url=url, secret=encrypt(secret), created_by=by, created_at=now
    )
    note_access(by, "webhook_made", actor=inviter_actor(by), now=now)
    return webhook, secret


@transaction.atomic
def end_webhook(webhook: Webhook, *, by: User, now: datetime) -> bool:
    """Tell it nothing more. False if it was ended already."""
    ended = Webhook.objects.filter(pk=webhook.pk, ended_at=None).update(ended_at=now)
    if ended:
        note_access(by, "webhook_ended", actor=inviter_actor(by), now=now)
    return bool(ended)


@transaction.atomic
def take_over_webhook(webhook: Webhook, *, by: User, now: datetime) -> bool:
    """Answer for it from now on, so that it is told what has waited. False if it does not rest."""
    if has_keeper(webhook):
        return False
    lives = Webhook.objects.filter(pk=webhook.pk, ended_at=None, created_by=webhook.created_by_id)
    taken = lives.update(created_by=by)
    if taken:
        note_access(by, "webhook_taken_over", actor=inviter_actor(by), now=now)
    return bool(taken)


def has_keeper(webhook: Webhook) -> bool:
    """Tell whether whoever answers for it might make it today; else it rests."""
    keeper = webhook.created_by
    return keeper.is_active and staffed_by(keeper).filter(pk=webhook.provider_id).exists()


def renew_secrets() -> tuple[int, int]:
    """Encrypt the secrets that are still in use anew, under the first key.

    Returns how many were, and how many no key opens.
    """
    done = lost = 0
    for pk, secret in Webhook.objects.filter(ended_at=None).values_list("pk", "secret"):
        try:
            done += Webhook.objects.filter(pk=pk, secret=secret).update(secret=renewed(secret))
        except InvalidToken:
            lost += 1
    return done, lost


def replay(delivery: WebhookDelivery, *, now: datetime) -> bool:
    """Tell it anew, under the same key. False if it waits already or its address rests or is ended."""
    if not has_keeper(delivery.webhook):
        return False
    settled = WebhookDelivery.objects.filter(pk=delivery.pk, webhook__ended_at=None)
    return bool(
        settled.exclude(status=DeliveryStatus.WAITING).update(
            status=DeliveryStatus.WAITING, tries=0, due_at=now, hitch=""
        )
    )


def deliver_due(now: datetime) -> int:
    """Tell what is due; return how many were tried. An address that fails waits for the next time.

    What is due at an address that rests waits until somebody takes it over.
    """
    tried, left_out, ends_at = 0, _resting(now), time.monotonic() + SECONDS_AT_MOST
    while tried < MOST_AT_ONCE and time.monotonic() < ends_at and (delivery := _claimed(left_out, now)):
        tried += 1
        if not _deliver(delivery, now):
            left_out.add(delivery.webhook_id)
    return tried


def purge_deliveries(now: datetime) -> int:
    """Delete what happened long ago, told or not; return how many."""
    return delete_in_batches(WebhookDelivery.objects.filter(created_at__lte=now - KEPT))


def _due(now: datetime) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(
        status=DeliveryStatus.WAITING,
        due_at__lte=now,
        webhook__ended_at=None,
        webhook__provider__is_verified=True,
    )


def _resting(now: datetime) -> set[int]:
    waiting = Webhook.objects.filter(pk__in=_due(now).values("webhook")).select_related("created_by")
    return {webhook.pk for webhook in waiting if not has_keeper(webhook)}


def _claimed(left_out: set[int], now: datetime) -> WebhookDelivery | None:
    """Return one that is due and that nobody else can take now; its `tries` count this one."""
    due = _due(now).exclude(webhook__in=left_out)
    while delivery := due.select_related("webhook").order_by("due_at", "pk").first():
        still = WebhookDelivery.objects.filter(
            pk=delivery.pk, status=DeliveryStatus.WAITING, tries=delivery.tries, due_at=delivery.due_at
        )
        if still.update(tries=F("tries") + 1, due_at=now + LEASE, tried_at=now):
            delivery.tries += 1
            return delivery
    return None


def _deliver(delivery: WebhookDelivery, now: datetime) -> bool:
    told = {"type": delivery.kind, "timestamp": delivery.created_at.isoformat(), "data": delivery.data}
    body, at = json.dumps(told, sort_keys=True), int(now.timestamp())
    try:
        secret = decrypt(delivery.webhook.secret)
        headers = {
            "content-type": "application/json",
            "user-agent": "wirbrauchensie-webhooks",
            "webhook-id": delivery.key,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(secret, delivery.key, at, body),
        }
        answer = post(delivery.webhook.url, body.encode(), headers)
    except InvalidToken:
        return _note(delivery, now, hitch=Hitch.NO_SECRET)
    except Refused as refused:
        return _note(delivery, now, answer=refused.answer, hitch=refused.hitch)
    return _note(delivery, now, answer=answer)


def _note(delivery: WebhookDelivery, now: datetime, *, answer: int | None = None, hitch: str = "") -> bool:
    """Note what came of a try; True if it arrived."""
    wait = distance(delivery.tries) if hitch else None
    status = DeliveryStatus.PARKED if hitch else DeliveryStatus.SENT
    WebhookDelivery.objects.filter(
        pk=delivery.pk, status=DeliveryStatus.WAITING, tries=delivery.tries
    ).update(
        status=DeliveryStatus.WAITING if wait else status,
        due_at=now + wait if wait else None,
        answer=answer,
        hitch=hitch,
    )
    return not hitch
