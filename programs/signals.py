"""What the apps above may listen to."""

from django.dispatch import Signal

need_changed = Signal()
"""Sent after a change that bears on matching; `now` is the moment, `opportunity_ids` the rows it is about
(empty: any of them may be)."""
