"""What is stored about the owner of a mailbox, for them to read and take along (Art. 15, 20 DSGVO)."""

from datetime import datetime
from typing import Any

from citizens.models import Mailbox
from citizens.services.parts import all_parts
from outbox.services.queue import written_to


def everything_about(mailbox: Mailbox, now: datetime) -> dict[str, Any]:
    """Return all that is stored, one entry per app, in German words; moments are ISO 8601, money is cents."""
    data: dict[str, Any] = {
        "stand": now,
        "postfach": {
            "email": "" if mailbox.is_on_paper else mailbox.email,
            "anschrift": mailbox.postal_address,
            "sprache": mailbox.language,
            "abbestellt": mailbox.unwanted,
            "angelegt": mailbox.created_at,
            "bestaetigt": mailbox.confirmed_at,
            "nicht_erreichbar_seit": mailbox.bounced_at,
            "wieder_erreichbar_seit": mailbox.reached_again_at,
        },
    }
    data["adressaenderungen"] = [
        {
            "von": "" if change.is_from_paper else change.from_email,
            "von_anschrift": change.from_postal_address,
            "nach": change.to_email,
            "stand": change.get_status_display(),
            "gewuenscht": change.asked_at,
            "neue_adresse_bestaetigt": change.new_confirmed_at,
            "alte_adresse_bestaetigt": change.old_confirmed_at,
        }
        for change in mailbox.address_changes.order_by("pk")
    ]
    for part in all_parts():
        data[part.name] = dict(part.data(mailbox))
    data["nachrichten"] = [
        {"betreff": subject, "geschrieben": queued_at, "gesendet": sent_at}
        for subject, queued_at, sent_at in written_to(mailbox.email)
    ]
    return data
