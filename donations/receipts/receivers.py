"""This app's part of "Meine Seite", and its word on which gifts are receipted."""

from citizens.services.parts import register
from donations.receipts.services.citizen_part import PART
from donations.receipts.services.readiness import are_issued_for
from donations.selectors import receipting

register(PART)
receipting.register("receipts", are_issued_for)
