"""How long what one has just done can be taken back, where nothing has left the house."""

from datetime import timedelta

UNDO_WITHIN = timedelta(minutes=10)
