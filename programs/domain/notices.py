"""Notices about what is published here, and how they are decided (Art. 16, 17 DSA)."""

from foundation.choices import TextChoices
from foundation.choices import noop as _
from foundation.moves import Moves


class Reported(TextChoices):
    """What a notice can be about."""

    TASK = "task", _("Engagementangebot")
    PROGRAM = "program", _("Angebot")
    PURPOSE = "purpose", _("Spendenzweck")
    NEWS = "news", _("Neuigkeit zu einem Spendenzweck")
    PROVIDER = "provider", _("Träger")


class NoticeGround(TextChoices):
    """Why somebody reports it."""

    CHILD = "child", _("Ein Kind, eine Familie oder sonst jemand ist zu erkennen")
    UNLAWFUL = "unlawful", _("Der Inhalt ist verboten oder verletzt Rechte")
    DEGRADING = "degrading", _("Der Inhalt setzt Menschen herab oder macht ihnen Angst")
    WRONG = "wrong", _("Angaben stimmen nicht oder führen in die Irre")
    OTHER = "other", _("Etwas anderes")


class NoticeStatus(TextChoices):
    """Where a notice stands; both decisions are final, objections are new notices."""

    OPEN = "open", _("offen")
    STAYS = "stays", _("Der Inhalt bleibt")
    TAKEN_OUT = "taken_out", _("Der Inhalt ist nicht mehr öffentlich")


DECISIONS = (NoticeStatus.STAYS, NoticeStatus.TAKEN_OUT)
NOTICE_MOVES: Moves = {"open": {"stays", "taken_out"}, "stays": set(), "taken_out": set()}
