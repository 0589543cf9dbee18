"""The catalogue of mails about receipts."""

from outbox.domain.catalogue import Mail

RECEIPT_ISSUED = Mail("receipt_issued", "receipt.issued:*", as_letter=True)
RECEIPT_WITHDRAWN = Mail("receipt_withdrawn", "receipt.withdrawn:*", as_letter=True)
RECEIPT_REFUSED = Mail("receipt_refused", "receipt.refused:*", as_letter=True)
