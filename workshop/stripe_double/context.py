"""One act at one moment: the objects it reads and writes and the events it tells of."""

from dataclasses import dataclass

from workshop.stripe_double import deliveries
from workshop.stripe_double.config import Config
from workshop.stripe_double.errors import no_such
from workshop.stripe_double.ids import new_id
from workshop.stripe_double.objects.event import new_event
from workshop.stripe_double.store import Json, Store

NOUNS = {
    "checkout.session": "checkout.session",
    "payment_intent": "payment_intent",
    "charge": "charge",
    "balance_transaction": "balance transaction",
    "refund": "refund",
    "dispute": "dispute",
    "customer": "customer",
    "subscription": "subscription",
    "invoice": "invoice",
    "invoice_payment": "invoice payment",
    "payment_method": "PaymentMethod",
    "mandate": "mandate",
    "setup_intent": "setupintent",
    "payout": "payout",
    "event": "event",
}


@dataclass(frozen=True)
class Context:
    """``now`` is in whole seconds; acts run inside one transaction of the store."""

    store: Store
    config: Config
    now: int
    request_id: str | None = None
    idempotency_key: str | None = None

    def get(self, kind: str, object_id: str, *, param: str = "id", status: int = 404) -> Json:
        """Return the object or refuse as Stripe does for an unknown id."""
        found = self.store.find(object_id, kind)
        if found is None:
            raise no_such(NOUNS[kind], object_id, param=param, status=status)
        return found

    def find_one(self, kind: str, path: str, value: str) -> Json | None:
        found = self.store.select(kind, equal={path: value}, limit=1)
        return found[0] if found else None

    def emit(self, name: str, body: Json, before: Json | None = None) -> None:
        """Store an event with the object as it is now, and queue its delivery."""
        request = {"id": self.request_id, "idempotency_key": self.idempotency_key}
        event = new_event(new_id("evt"), name, body, created=self.now, request=request, before=before)
        self.store.insert(event)
        deliveries.queue(self.store, event["id"], self.now)

    def create(self, body: Json, event: str | None = None) -> None:
        self.store.insert(body)
        if event:
            self.emit(event, body)

    def save(self, body: Json, *events: str) -> None:
        """Store the changed object, then tell of it; ``*.updated`` events say what was before."""
        before = self.store.find(body["id"])
        self.store.save(body)
        for name in events:
            self.emit(name, body, before if name.endswith(".updated") else None)
