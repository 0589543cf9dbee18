from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import Mailbox


class Donor(models.Model):
    """A Spender*in: a mailbox to thank, nothing else; null where only the bank tells of a gift.

    Name and postal address belong to the single gift, because anybody can type anybody's e-mail address:
    what one gift says must not change what stands on another.
    """

    mailbox = models.OneToOneField(
        Mailbox, models.PROTECT, null=True, related_name="donor", verbose_name=_("Postfach")
    )
    created_at = models.DateTimeField(_("angelegt"), editable=False)
    is_demo = models.BooleanField(_("Beispieldaten"), default=False, editable=False)

    class Meta:
        verbose_name = _("Spender*in")
        verbose_name_plural = _("Spender*innen")

    def __str__(self) -> str:
        return self.email or str(_("ohne E-Mail-Adresse"))

    @property
    def email(self) -> str:
        """The address of the mailbox, empty without one."""
        return self.mailbox.email if self.mailbox else ""
