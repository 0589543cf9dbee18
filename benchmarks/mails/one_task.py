"""The baseline: one task per mail, each on a connection of its own by Django's own backend."""

from celery import Celery
from django.core.mail import get_connection

from foundation.clock import utc_now
from outbox.models import Message
from outbox.services.sending import composed

app = Celery("baseline")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.task(name="benchmarks.send_one")
def send_one(*, message_id: int) -> None:
    """Send one mail and record it."""
    message = Message.objects.get(pk=message_id)
    mail = composed(message)
    mail.connection = get_connection("django.core.mail.backends.smtp.EmailBackend")
    mail.send()
    Message.objects.filter(pk=message_id).update(status=Message.Status.SENT, sent_at=utc_now())
