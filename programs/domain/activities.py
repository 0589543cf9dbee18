"""What the youth office decides about a kind of task (§ 72a Abs. 3 SGB VIII): Art, Intensität und Dauer.

The answers are about the task, never about a person, and stay as the record of the decision.
"""

from collections.abc import Mapping
from enum import StrEnum

from foundation.choices import IntegerChoices, TextChoices
from foundation.choices import noop as _
from foundation.moves import Moves


class Degree(IntegerChoices):
    """How much of it there is."""

    NO = 0, _("nein")
    PARTLY = 1, _("teilweise")
    YES = 2, _("ja")


class Criterion(TextChoices):
    """The questions of the usual grid; the first three letters say whether Art, Intensität or Dauer."""

    TRUST = "art_trust", _("Entsteht ein besonderes Vertrauen?")
    POWER = "art_power", _("Gibt es eine Rangordnung oder Macht, zum Beispiel als Leitung?")
    AGE_GAP = "art_age_gap", _("Ist der Altersabstand groß?")
    VULNERABLE = "art_vulnerable", _("Sind die Kinder sehr jung oder brauchen sie besonderen Schutz?")
    ALONE = "int_alone", _("Ist man mit Kindern allein, ohne Team?")
    CLOSED = "int_closed", _("Ist der Ort von außen nicht einzusehen?")
    BODILY = "int_bodily", _("Gibt es körperliche Nähe oder Umkleiden?")
    ONE_CHILD = "int_one_child", _("Geht es um ein einzelnes Kind statt um eine Gruppe?")
    REGULAR = "dau_regular", _("Ist es regelmäßig oder dauert es lange?")
    SAME_CHILDREN = "dau_same_children", _("Sind es immer dieselben Kinder?")


class Training(TextChoices):
    """Whether a training in child protection is asked for."""

    NONE = "none", _("nicht nötig")
    RECOMMENDED = "recommended", _("empfohlen")
    REQUIRED = "required", _("nötig")


class Site(TextChoices):
    """Kinds of places where measles count (§ 33 Nr. 1–4 IfSG; holiday camps, Nr. 5, do not)."""

    KITA = "kita", _("Kita")
    HORT = "hort", _("Hort")
    CHILDMINDER = "kindertagespflege", _("Kindertagespflege")
    SCHOOL = "schule_ogs", _("Schule, OGS")
    HOME = "heim", _("Heim")


class VersionStatus(TextChoices):
    """Where a version of an activity stands; one is in force, at most one is being written."""

    DRAFT = "draft", _("Entwurf")
    IN_FORCE = "in_force", _("gilt")
    REPLACED = "replaced", _("durch eine neuere ersetzt")
    DISCARDED = "discarded", _("verworfen")


VERSION_MOVES: Moves = {
    "draft": {"in_force", "discarded"},
    "in_force": {"replaced"},
    "replaced": set(),
    "discarded": set(),
}


class QuestionStatus(TextChoices):
    """Where a "passt zu keiner" stands."""

    OPEN = "open", _("wartet auf das Jugendamt")
    ANSWERED = "answered", _("beantwortet")
    WITHDRAWN = "withdrawn", _("zurückgenommen")


QUESTION_MOVES: Moves = {
    "open": {"answered", "withdrawn"},
    "answered": set(),
    "withdrawn": set(),
}


class ActivityRefusal(StrEnum):
    """Why a version does not come into force or is not written."""

    MOVED_MEANWHILE = "moved_meanwhile"
    SAME_PERSON = "same_person"
    CHANGED_SINCE_READ = "changed_since_read"


def contradictions(facts: Mapping[str, object]) -> list[str]:
    """Return the names of facts that cannot stand beside the others.

    Over night a certificate is always needed and two adults are there; without contact nothing of it is.
    """
    overnight, contact = facts["overnight"], facts["contact_with_minors"]
    found = {
        "clearance_required": overnight and not facts["clearance_required"],
        "two_adults": overnight and not facts["two_adults"],
        "contact_with_minors": not contact and any(facts[name] for name in _ONLY_WITH_CONTACT),
    }
    return [name for name, holds in found.items() if holds]


_ONLY_WITH_CONTACT = ("clearance_required", "two_adults", "overnight", "self_commitment", "measles_sites")
