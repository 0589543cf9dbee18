"""What other parts of this app may listen to."""

from django.dispatch import Signal

pledge_changed = Signal()
"""A pledge was confirmed, changed, paused, resumed or left. Sent inside the transaction of the change with
`sender=TimePledge, pledge=<TimePledge>, now=<datetime>`; a listener that fails undoes the change."""
