"""What the apps above may listen to."""

from django.dispatch import Signal

need_changing = Signal()
"""Sent inside the transaction of a change before it locks the rows `opportunity_ids`, so that whoever needs
locks that come first can take them."""

need_changed = Signal()
"""Sent inside the transaction of a change that bears on matching or on who may come; `now` is the moment,
`opportunity_ids` the rows it is about (empty: any of them may be)."""

task_changed = Signal()
"""Sent inside the transaction in which a task (`opportunity`, locked) got another place, other times or
another period; `now` is the moment, `place`, `times` and `period` are the texts of what it was before."""

dates_changed = Signal()
"""Sent inside the transaction in which dates were moved, shortened, cancelled or taken up again; `now` is the
moment, `changes` a list of `programs.domain.changed_dates.ChangedDate` with what each was before."""

stripe_account_chosen = Signal()
"""Sent before a body gets the `account` at Stripe; `provider_id` is the body, None for a new one. Whoever
knows that the account is another's answers True."""
