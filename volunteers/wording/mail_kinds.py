"""Mails to those who give time that can be declined."""

from django.utils.translation import gettext_lazy as _

from citizens.domain.mail_kinds import MailKind

DATE_REMINDERS = MailKind("termine", _("Erinnerung vor Ihrem ersten Termin"))
STILL_LOOKING = MailKind("zwischenstand", _("Zwischenstand, wenn die Suche länger dauert"))
