"""Who did something, as the history names them: a kind, and what is known beyond it."""

from dataclasses import dataclass

from django.db.models import TextChoices


class ActorKind(TextChoices):
    """Everybody who can cause an event."""

    USER = "user"
    CITIZEN = "citizen"
    SYSTEM = "system"
    STRIPE = "stripe"


@dataclass(frozen=True)
class Actor:
    """One hand: staff carry their account's id and the role they acted in.

    `role` of a citizen is what they came as (volunteer, donor), of the system the job that ran. Names and
    addresses are never part of it, so that an erased person needs no visit here.
    """

    kind: ActorKind
    user_id: int | None = None
    role: str = ""

    def __post_init__(self) -> None:
        if (self.kind == ActorKind.USER) != (self.user_id is not None):
            raise ValueError("exactly a user has an account")


def staff(user_id: int, role: str) -> Actor:
    """Return a person with an account who acted in `role`."""
    return Actor(ActorKind.USER, user_id, role)


def citizen(role: str) -> Actor:
    """Return somebody without account, as a `volunteer` or a `donor`."""
    return Actor(ActorKind.CITIZEN, role=role)


def system(job: str) -> Actor:
    """Return the platform itself at `job`, mostly the name of a sweep."""
    return Actor(ActorKind.SYSTEM, role=job)


STRIPE = Actor(ActorKind.STRIPE)
"""The payment service, whose event was the cause."""
