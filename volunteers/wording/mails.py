"""The catalogue of mails about time: to those who give it, and to those who coordinate."""

from django.utils.translation import gettext_lazy as _

from outbox.domain.catalogue import Mail, MailKind

DATE_REMINDERS = MailKind("termine", _("Erinnerungen vor Ihren Terminen"))
STILL_LOOKING = MailKind("zwischenstand", _("Zwischenstand, wenn die Suche länger dauert"))
MESSAGES = MailKind("nachrichten", _("Nachrichten des Trägers an alle, die bei einer Aufgabe mitmachen"))

PLEDGE_CONFIRM = Mail("pledge_confirm", "pledge.confirm:*")
PLEDGE_CONFIRMED = Mail("pledge_confirmed", "pledge.confirmed:*", as_letter=True)
PLEDGE_RESUMED = Mail("pledge_resumed", "pledge.resumed:*", as_letter=True)
PLEDGE_STILL_LOOKING = Mail(
    "pledge_still_looking", "pledge.still_looking:*", optional=STILL_LOOKING, as_letter=True
)
PLEDGE_WITHDRAWN = Mail("pledge_withdrawn", "pledge.withdrawn:*", as_letter=True)
OFFER = Mail("offer", "offer.sent:*", as_letter=True)
OFFER_WITHDRAWN = Mail("offer_withdrawn", "offer.withdrawn:*", as_letter=True)
PLACEMENT_AWAITING_CLEARANCE = Mail(
    "placement_awaiting_clearance", "placement.awaiting_clearance:*", as_letter=True
)
PLACEMENT_CONFIRMED = Mail("placement_confirmed", "placement.confirmed:*", as_letter=True)
PLACEMENT_RESUMED = Mail("placement_resumed", "placement.resumed:*", as_letter=True)
PLACEMENT_WAITS_AGAIN = Mail("placement_waits_again", "placement.waits_again:*", as_letter=True)
CLEARANCE_DUE_SOON = Mail("clearance_due_soon", "clearance.due_soon:*", as_letter=True)
SELF_COMMITMENT_ENDS = Mail("self_commitment_ends", "self_commitment.ends:*", as_letter=True)
GUARDIAN_ASKED = Mail("guardian_asked", "guardian.asked:*", as_letter=True)
CONSENT_SURE = Mail("consent_sure", "consent.sure:*")
CONSENT_WITHDRAWN = Mail("consent_withdrawn", "consent.withdrawn:*", as_letter=True)
PLACEMENT_SILENT = Mail("placement_silent", "placement.silent:*", as_letter=True)
PLACEMENT_RESTS = Mail("placement_rests", "placement.rests:*", as_letter=True)
PLACEMENT_RESTS_NO_MORE = Mail("placement_rests_no_more", "placement.rests_no_more:*", as_letter=True)
PLACEMENT_GOES_ON = Mail("placement_goes_on", "placement.goes_on:*", as_letter=True)
PLACEMENT_CANCELLED = Mail("placement_cancelled", "placement.cancelled:*", as_letter=True)
PLACEMENT_ENDED = Mail("placement_ended", "placement.ended:*", as_letter=True)
PLACEMENT_CHANGED = Mail("placement_changed", "placement.changed:*", as_letter=True)
DATES_CHANGED = Mail("dates_changed", "dates.changed:*", as_letter=True)
TASK_MESSAGE = Mail("task_message", "message.task:*", optional=MESSAGES, as_letter=True)
DATE_MESSAGE = Mail("date_message", "message.date:*", as_letter=True)
STAND_IN = Mail("stand_in", "stand_in.asked:*", as_letter=True)
STAND_IN_CONFIRMED = Mail("stand_in_confirmed", "stand_in.confirmed:*", as_letter=True)
STAND_IN_OVER = Mail("stand_in_over", "stand_in.over:*", as_letter=True)
SHIFT_REMINDER = Mail("shift_reminder", "shift.reminder:*", optional=DATE_REMINDERS, as_letter=True)

PLEDGE_ESCALATED = Mail("pledge_escalated", "pledge.escalated:*")
PLACEMENT_TO_CONFIRM = Mail("placement_to_confirm", "placement.to_confirm:*")
PLACEMENT_OVERDUE = Mail("placement_overdue", "placement.overdue:*")
CONSENT_WITHDRAWN_TOLD = Mail("consent_withdrawn_told", "consent.withdrawn_told:*")
CONSENT_BACK_TOLD = Mail("consent_back_told", "consent.back_told:*")
PLACEMENT_HEADS = Mail("placement_heads", "placement.heads:*")
PLACEMENT_LEFT = Mail("placement_left", "placement.left:*")
DATES_RELEASED = Mail("dates_released", "dates.released:*")
STAND_IN_FOUND = Mail("stand_in_found", "stand_in.found:*")
STAND_IN_MISSING = Mail("stand_in_missing", "stand_in.missing:*")
ASSIGNMENT_BACK = Mail("assignment_back", "assignment.back:*")
ASSIGNMENT_EXCUSED = Mail("assignment_excused", "assignment.excused:*")
CLEARANCE_NEEDED_AGAIN = Mail("clearance_needed_again", "clearance.needed_again:*")
