"""The catalogue of mails from public pages to the city's office."""

from outbox.domain.catalogue import Mail

CONTACT_MESSAGE = Mail("contact_message", "contact:*")
