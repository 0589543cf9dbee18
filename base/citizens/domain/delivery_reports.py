"""What a mail server reports after it had taken a mail: whom it could not reach (RFC 3464)."""

import re
from collections import defaultdict
from email import message_from_bytes
from email.message import Message
from email.policy import default

REPORT = "message/delivery-status"
_PERMANENT = re.compile(r"\s*5\.\d{1,3}\.\d{1,3}")
_ADDRESS = re.compile(r"\s*rfc822\s*;\s*<?([^\s<>;]+@[^\s<>;]+)>?\s*")


def not_reached(raw: bytes) -> list[str]:
    """Return the addresses that a report says cannot be reached for good, in lower case; [] if it is none.

    Delays, deliveries and refusals for the moment are no reason to stop writing.
    """
    parts = [part for part in message_from_bytes(raw, policy=default).walk() if _is_report(part)]
    blocks = [block for part in parts for block in part.get_payload() if isinstance(block, Message)]
    return sorted({address for block in blocks if (address := _failed(block))})


def _is_report(part: Message) -> bool:
    return part.get_content_type() == REPORT and isinstance(part.get_payload(), list)


def _failed(block: Message) -> str:
    """Return the recipient of one block of a report if the mail failed there for good."""
    told = defaultdict(str, {name.lower(): str(value).lower() for name, value in block.items()})
    is_final = told["action"].strip() == "failed" and _PERMANENT.match(told["status"])
    found = _ADDRESS.fullmatch(told["original-recipient"] or told["final-recipient"])
    return found[1] if is_final and found else ""
