from donations.receipts.models.contribution import Contribution
from donations.receipts.models.issuer import Issuer, RegisterCheck, TemplateApproval
from donations.receipts.models.payer import PayerNote
from donations.receipts.models.receipt import Receipt, ReceiptCounter, ReceiptFile, ReceiptItem
from donations.receipts.models.wish import WishRefusal

__all__ = [
    "Contribution",
    "Issuer",
    "PayerNote",
    "Receipt",
    "ReceiptCounter",
    "ReceiptFile",
    "ReceiptItem",
    "RegisterCheck",
    "TemplateApproval",
    "WishRefusal",
]
