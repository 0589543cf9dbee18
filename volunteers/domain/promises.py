"""What is promised to people who give time, and until when."""

from datetime import timedelta

ANSWER_WITHIN = 5  # working days: an open pledge gets a question or a word within a week
CONFIRM_LINK_FOR = timedelta(days=4)  # after that it sends a new one, until the row is deleted
CONFIRM_WITHIN = timedelta(days=7)  # RULES §4: what was never confirmed is deleted after 7 days
LONGEST_PAUSE = timedelta(days=365)
MOST_ABSENCES = 20
