"""The baseline: one task per mail, each with a connection of its own."""

from celery import Celery

from foundation.clock import utc_now
from outbox.models import Message
from outbox.services.sending import composed

app = Celery("baseline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_default_queue = "baseline"


@app.task(name="benchmarks.send_one")
def send_one(*, message_id: int) -> None:
    """Send one mail and record it."""
    message = Message.objects.get(pk=message_id)
    composed(message).send()
    Message.objects.filter(pk=message_id).update(status=Message.Status.SENT, sent_at=utc_now())
