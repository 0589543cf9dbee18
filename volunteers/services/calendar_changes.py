"""Counting what changes in the calendars of placements while no date of theirs moves.

Such as days away beyond the dates that are rolled out, or a date that yields from the first. What a calendar
program has is only replaced by what has a higher SEQUENCE (RFC 5545 §3.8.7.4).
"""

from django.db.models import F, QuerySet

from volunteers.models import Placement


def count_change(placements: QuerySet[Placement]) -> None:
    """Let the calendars of these placements have a higher number than before."""
    placements.order_by().update(calendar_changes=F("calendar_changes") + 1)
