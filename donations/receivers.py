"""This app's part of "Meine Seite", of the figures, and of who may have an account at Stripe."""

from typing import Any

from django.dispatch import receiver

from citizens.services.parts import register
from donations.selectors import figures
from donations.services.books.accounts import account_is_of_another
from donations.services.citizen_part import PART
from figures.domain.measures import Measure
from figures.services import sources
from programs.signals import stripe_account_chosen


@receiver(stripe_account_chosen)
def is_of_another_body(sender: object, *, provider_id: int | None, account: str, **_more: Any) -> bool:
    return account_is_of_another(provider_id, account)


register(PART)
sources.register(Measure.GIFTS, figures.gifts)
