"""A form sent twice is one act. Corrected and sent again it is another: people go back to their answers."""

from uuid import UUID, uuid5


def act_of(form: UUID, *typed: object) -> UUID:
    """Return the id of this act, the same for the same form with the same answers (as `repr` tells them)."""
    return uuid5(form, repr(typed))
