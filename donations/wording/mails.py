"""The catalogue of mails about money."""

from django.utils.translation import gettext_lazy as _

from outbox.domain.catalogue import Mail, MailKind

TRANSFER_REMINDERS = MailKind("ueberweisung", _("Erinnerung an eine zugesagte Überweisung"))

GIFT_THANKS = Mail("gift_thanks", "gift.thanks:*", as_letter=True)
TRANSFER_DATA = Mail("transfer_data", "gift.transfer_data:*", as_letter=True)
TRANSFER_REMINDER = Mail("transfer_reminder", "gift.reminder:*", optional=TRANSFER_REMINDERS, as_letter=True)
GIFT_FAILED = Mail("gift_failed", "gift.failed:*", as_letter=True)
GIFT_RETURNED = Mail("gift_returned", "gift.returned:*", as_letter=True)
GIFT_ACCEPTED = Mail("gift_accepted", "gift.accepted:*", as_letter=True)
GIFT_NOT_ACCEPTED = Mail("gift_not_accepted", "gift.not_accepted:*", as_letter=True)
GIFT_REALLOCATED = Mail("gift_reallocated", "gift.reallocated:*", as_letter=True)
GIFT_CORRECTED = Mail("gift_corrected", "gift.corrected:*", as_letter=True)
REFUND_DONE = Mail("refund_done", "gift.refund:*", as_letter=True)
REFUND_FAILED = Mail("refund_failed", "gift.refund_failed:*", as_letter=True)
MONTHLY_FAILED = Mail("monthly_failed", "monthly.failed:*", as_letter=True)
MONTHLY_CHANGED = Mail("monthly_changed", "monthly.changed:*", as_letter=True)
MONTHLY_CARD = Mail("monthly_card", "monthly.card:*", as_letter=True)
MONTHLY_ENDED = Mail("monthly_ended", "monthly.ended:*", as_letter=True)
