"""The catalogue of mails to staff about what waits for them."""

from outbox.domain.catalogue import Mail

MORNING = Mail("today_morning", "today.morning:*")
