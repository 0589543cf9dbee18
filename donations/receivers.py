"""This app's part of "Meine Seite"."""

from citizens.services.parts import register
from donations.services.citizen_part import PART

register(PART)
