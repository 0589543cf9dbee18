"""The two background rounds: delivering webhooks, and acting when a timer is due."""

import threading
import time
from collections.abc import Callable

from workshop.stripe_double import deliveries, timers, webhook
from workshop.stripe_double.config import Config
from workshop.stripe_double.context import Context
from workshop.stripe_double.errors import ApiError
from workshop.stripe_double.flows import billing, checkout, payments, settlement
from workshop.stripe_double.store import Store

LONGEST_SLEEP_SECONDS = 60.0
PATIENCE_SECONDS = 2.0


class Round(threading.Thread):
    """Do one thing after the other while there is something due; sleep otherwise, until woken."""

    def __init__(
        self, name: str, step: Callable[[float], bool], next_due_at: Callable[[], float | None]
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._next_due_at = next_due_at
        self._wake = threading.Event()
        self._stopping = False

    def run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            if not self._step(time.time()):
                due_at = self._next_due_at()
                pause = LONGEST_SLEEP_SECONDS if due_at is None else due_at - time.time()
                self._wake.wait(min(max(pause, 0.01), LONGEST_SLEEP_SECONDS))

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> bool:
        """End after the step in hand. Returns whether it has ended; a silent receiver is not waited for."""
        self._stopping = True
        self._wake.set()
        self.join(PATIENCE_SECONDS)
        return not self.is_alive()


def delivery_round(store: Store, config: Config) -> Round:
    def step(now: float) -> bool:
        delivery = None if deliveries.is_paused(store) else deliveries.next_due(store, now)
        event = store.find(delivery.event_id) if delivery else None
        if delivery is None or event is None:
            return False
        parcel = webhook.pack(event, config.webhook_secret, int(now), connected=config.connected)
        receipt = webhook.post(config.webhook_url, parcel)
        done_at = time.time()
        with store.transaction():
            deliveries.record(
                store, event["id"], "normal", done_at, status=receipt.status, error=receipt.error
            )
            deliveries.settle(store, delivery, done_at, accepted=receipt.accepted)
        return True

    def next_due_at() -> float | None:
        return None if deliveries.is_paused(store) else deliveries.next_due_at(store)

    return Round("deliveries", step, next_due_at)


def timer_round(store: Store, config: Config, after: Callable[[], None]) -> Round:
    def step(now: float) -> bool:
        with store.transaction():
            timer = timers.take_due(store, now)
            if timer is None:
                return False
            act(Context(store, config, int(now)), timer)
        after()
        return True

    return Round("timers", step, lambda: timers.next_due_at(store))


def act(context: Context, timer: timers.Timer) -> None:
    """Do what was set for now; an object that has moved on meanwhile is left as it is."""
    try:
        if timer.name == payments.SETTLE:
            intent = context.get("payment_intent", timer.object_id)
            settlement.settle(context, intent, succeeds=timer.detail["succeeds"])
        elif timer.name == checkout.EXPIRE:
            checkout.expire(context, context.get("checkout.session", timer.object_id))
        elif timer.name == billing.NEXT_PERIOD:
            billing.advance(context, context.get("subscription", timer.object_id), succeeds=True)
    except ApiError:
        return
