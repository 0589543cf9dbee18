"""This app's part of "Meine Seite", its word on which gifts are receipted, and what was given in kind."""

from citizens.services.parts import register
from donations.receipts.selectors.contributions import confirmed_cents
from donations.receipts.selectors.gifts import answer
from donations.receipts.services.citizen_part import PART
from donations.receipts.services.readiness import are_issued_for
from donations.selectors import giving_in_kind, receipting

register(PART)
receipting.register("receipts", are_issued_for, answer())
giving_in_kind.register("contributions", confirmed_cents)
