"""A treasurer says which counted cash a line of the bank is."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from donations.models import BankTransaction
from donations.services.bank.lines import held_of, identity_of, moment_of
from donations.services.books import deposits


def pay_in(line_id: int, chosen: Sequence[int], *, now: datetime) -> BankTransaction:
    """Book an open line as the cash of the `chosen` counts. Raises NotTheSum, changing nothing."""
    with transaction.atomic():
        line = BankTransaction.objects.select_for_update(of=("self",)).get(pk=line_id)
        deposits.pay_in(line, chosen, identity_of(line), moment_of(line), held_of(line), now)
    return line
