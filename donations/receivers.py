"""This app's part of "Meine Seite", and of the figures."""

from citizens.services.parts import register
from donations.selectors import figures
from donations.services.citizen_part import PART
from figures.domain.measures import Measure
from figures.services import sources

register(PART)
sources.register(Measure.GIFTS, figures.gifts)
