from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from citizens.domain import address_changes
from outbox.domain.paper import is_on_paper


class Mailbox(models.Model):
    """A Postfach: the address as it will be sent, and what its owner wants to get there.

    Not the same as a person: two may share one. A row is made when somebody types the address; only
    `confirmed_at` says that its owner has acted. Who has no address gets letters: then `postal_address` is
    what stands on the envelope, name included, and `email` a mark (`outbox.domain.paper`). Raising
    `link_version` makes every link of it void, a number in `kind_versions` those of one purpose. `took_over`
    are the keys of mailboxes that went up in it.
    """

    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    postal_address = models.TextField(
        _("Anschrift, für Briefe statt E-Mails"), blank=True, db_default="", default="", max_length=300
    )
    language = models.CharField(_("Sprache"), max_length=8, default="de")
    unwanted = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("abbestellt")
    )
    link_version = models.PositiveIntegerField(_("Version der Links"), default=1, editable=False)
    kind_versions = models.JSONField(_("Versionen der Links je Art"), default=dict, editable=False)
    took_over = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], editable=False, verbose_name=_("übernommen")
    )
    created_at = models.DateTimeField(_("angelegt"), editable=False)
    confirmed_at = models.DateTimeField(_("bestätigt"), null=True, editable=False)
    bounced_at = models.DateTimeField(_("nicht erreichbar seit"), null=True, editable=False)
    reached_again_at = models.DateTimeField(_("wieder erreichbar seit"), null=True, editable=False)
    erased_at = models.DateTimeField(_("gelöscht"), null=True, editable=False)

    class Meta:
        verbose_name = _("Postfach")
        verbose_name_plural = _("Postfächer")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="mailbox_email_is_lower"),
            models.CheckConstraint(condition=Q(link_version__gte=1), name="mailbox_link_version_counts"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(email__endswith="@erased.invalid", unwanted=[]),
                name="mailbox_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(email__endswith="@brief.invalid") & ~Q(postal_address="")
                | ~Q(email__endswith="@brief.invalid") & Q(postal_address=""),
                name="mailbox_on_paper_has_postal_address",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_on_paper(self) -> bool:
        """Whether its owner gets letters instead of mails."""
        return bool(self.postal_address)

    @property
    def shown_address(self) -> str:
        """Where its owner is written to, in words."""
        if self.is_on_paper:
            return str(_("per Brief: %(address)s") % {"address": ", ".join(self.postal_address.splitlines())})
        return self.email

    def version_of(self, purpose: str) -> int:
        """The version that links of `purpose` must carry: it only ever grows."""
        return self.link_version + int(self.kind_versions.get(purpose, 0))


class AddressChange(models.Model):
    """The owner of a mailbox wants to be written to elsewhere: asked → moved → settled, or ended before.

    It moves by the yes of both addresses; the old one's silence counts as its yes after a while.
    The addresses stand here only while something hangs on them; the history never knows them. Of somebody who
    got letters `from_postal_address` keeps the envelope from the move on.
    """

    class Status(models.TextChoices):
        ASKED = address_changes.ASKED, _("wartet auf das Ja der Adressen")
        MOVED = address_changes.MOVED, _("umgezogen, noch zurückzunehmen")
        SETTLED = address_changes.SETTLED, _("umgezogen")
        STOPPED = address_changes.STOPPED, _("angehalten")
        TAKEN_BACK = address_changes.TAKEN_BACK, _("zurückgenommen")
        REFUSED = address_changes.REFUSED, _("abgelehnt, Adresse vergeben")
        LAPSED = address_changes.LAPSED, _("nie bestätigt")

    OPEN = (Status.ASKED, Status.MOVED)

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="address_changes")
    from_email = models.EmailField(_("alte Adresse"), blank=True)
    from_postal_address = models.TextField(
        _("alte Anschrift"), blank=True, db_default="", default="", max_length=300
    )
    to_email = models.EmailField(_("neue Adresse"), blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ASKED)
    status_changed_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    new_confirmed_at = models.DateTimeField(_("von der neuen Adresse bestätigt"), null=True)
    old_confirmed_at = models.DateTimeField(_("von der alten Adresse bestätigt"), null=True)

    class Meta:
        verbose_name = _("Änderung der Adresse")
        verbose_name_plural = _("Änderungen der Adresse")
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox"], condition=Q(status="asked"), name="address_change_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "moved"]) & ~Q(from_email="") & ~Q(to_email="")
                | ~Q(status__in=["asked", "moved"]) & Q(from_email="", to_email="", from_postal_address=""),
                name="address_change_over_is_empty",
            ),
            models.CheckConstraint(
                condition=~Q(status="moved") | Q(new_confirmed_at__isnull=False),
                name="address_change_moved_by_new",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_moved(self) -> bool:
        """Whether the new address is written to since."""
        return self.status == self.Status.MOVED and self.mailbox.email == self.to_email

    @property
    def is_from_paper(self) -> bool:
        """Whether the old address is written to by letters."""
        return is_on_paper(self.from_email)

    def envelope_words(self) -> list[str]:
        """Return the lines of the old envelope that name somebody."""
        return self.from_postal_address.splitlines()[:-1]

    @property
    def awaits_old(self) -> bool:
        """Whether the old address can still say yes."""
        return self.status == self.Status.ASKED and self.old_confirmed_at is None

    def and_later_open(self) -> models.QuerySet["AddressChange"]:
        """Return this change and those asked after it that can still be ended, oldest first."""
        later = AddressChange.objects.filter(mailbox_id=self.mailbox_id, pk__gte=self.pk)
        return later.filter(status__in=self.OPEN).order_by("pk")


class LinkRequest(models.Model):
    """Somebody asked for the link to "Meine Seite".

    Whether the address is known is looked up later by a sweep, so that the answer takes the same time for
    known and unknown ones. The row goes as soon as it is answered.
    """

    email = models.EmailField(_("E-Mail-Adresse"))
    requested_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Bitte um den Link")
        verbose_name_plural = _("Bitten um den Link")

    def __str__(self) -> str:
        return str(self.pk)
