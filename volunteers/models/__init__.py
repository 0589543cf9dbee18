from volunteers.models.accepted_gap import AcceptedGap
from volunteers.models.assignment import Assignment, DateNotice
from volunteers.models.clearance import Clearance
from volunteers.models.contact import CallTakenBack, Contact
from volunteers.models.gate import GuardianConsent, MeaslesProof, SelfCommitment
from volunteers.models.match_run import MatchRecord, MatchRequest, MatchRun
from volunteers.models.need_change import NeedChange
from volunteers.models.offer import Offer
from volunteers.models.person_merge import PersonMerge
from volunteers.models.placement import HoursEntry, Placement
from volunteers.models.stand_in import StandInQuestion, StandInSearch
from volunteers.models.task_notice import TaskNotice
from volunteers.models.time_pledge import Availability, AvailabilityException, TimePledge
from volunteers.models.volunteer import Volunteer
from volunteers.models.wave import Wave
from volunteers.models.weighting import Weighting

__all__ = [
    "AcceptedGap",
    "Assignment",
    "Availability",
    "AvailabilityException",
    "CallTakenBack",
    "Clearance",
    "Contact",
    "DateNotice",
    "GuardianConsent",
    "HoursEntry",
    "MatchRecord",
    "MatchRequest",
    "MatchRun",
    "MeaslesProof",
    "NeedChange",
    "Offer",
    "PersonMerge",
    "Placement",
    "SelfCommitment",
    "StandInQuestion",
    "StandInSearch",
    "TaskNotice",
    "TimePledge",
    "Volunteer",
    "Wave",
    "Weighting",
]
