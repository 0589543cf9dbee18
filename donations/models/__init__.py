from donations.models.acceptance import AcceptanceRule
from donations.models.allocation import Allocation
from donations.models.bank import BankTransaction, StatementImport, StatementKey, TransferReference
from donations.models.cash import CashCount
from donations.models.creditor import CreditorId
from donations.models.donation import Donation, ReceiptAddress
from donations.models.donor import Donor
from donations.models.ledger import (
    ChangedMoney,
    LedgerAccount,
    LedgerCheckpoint,
    LedgerEntry,
    LedgerTransaction,
)
from donations.models.method_limit import MethodLimit
from donations.models.payment import Dispute, Payment, Refund
from donations.models.proposal import Proposal
from donations.models.recurring import Method, RecurringDonation
from donations.models.sent_part import SentPart
from donations.models.stripe_event import StripeCursor, StripeEvent
from donations.models.transit import StripeTransit

__all__ = [
    "AcceptanceRule",
    "Allocation",
    "BankTransaction",
    "CashCount",
    "ChangedMoney",
    "CreditorId",
    "Dispute",
    "Donation",
    "Donor",
    "LedgerAccount",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerTransaction",
    "Method",
    "MethodLimit",
    "Payment",
    "Proposal",
    "ReceiptAddress",
    "RecurringDonation",
    "Refund",
    "SentPart",
    "StatementImport",
    "StatementKey",
    "StripeCursor",
    "StripeEvent",
    "StripeTransit",
    "TransferReference",
]
