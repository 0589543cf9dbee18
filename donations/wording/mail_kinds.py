"""Mails to givers that can be declined."""

from django.utils.translation import gettext_lazy as _

from citizens.domain.mail_kinds import MailKind

TRANSFER_REMINDERS = MailKind("ueberweisung", _("Erinnerung an eine zugesagte Überweisung"))
