"""Roles by invitation: where one stands, and why one is not sent or not accepted."""

from foundation.choices import TextChoices
from foundation.choices import noop as _
from foundation.moves import Moves


class InvitationStatus(TextChoices):
    """Where an invitation stands; one whose time is over stays open and can be sent anew."""

    OPEN = "open", _("offen")
    ACCEPTED = "accepted", _("angenommen")
    WITHDRAWN = "withdrawn", _("zurückgenommen")


INVITATION_MOVES: Moves = {"open": {"accepted", "withdrawn"}, "accepted": set(), "withdrawn": set()}


class InvitationRefusal(TextChoices):
    """Reasons for which nobody is invited."""

    OWN_ADDRESS = "own_address", _("Eine Rolle für Sie selbst gibt Ihnen jemand anderes.")
    HAS_ROLE = "has_role", _("Diese Person hat die Rolle dort schon.")
    IS_OPEN = (
        "is_open",
        _("Diese Person ist schon eingeladen. Sie können die Einladung unten noch einmal senden."),
    )
    ACCOUNT_CLOSED = (
        "account_closed",
        _("Das Konto mit dieser Adresse ist gesperrt. Bitte sprechen Sie mit dem Betrieb."),
    )
