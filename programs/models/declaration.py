from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.domain.activities import VersionStatus
from programs.domain.declarations import DeclarationKind
from programs.domain.texts import Block, blocks


class Declaration(models.Model):
    """One version of an Erklärung that people sign: a text of the youth office.

    One that came with the data has no `released_at`: the office has not confirmed it. `writers` are the
    accounts that changed a word of it; the database refuses one of them as `released_by`. What was signed is
    never deleted, so that a signature tells to the letter what it is for.
    """

    kind = models.CharField(max_length=20, choices=DeclarationKind.choices, editable=False)
    number = models.PositiveIntegerField(editable=False)
    text = models.TextField(_("Text"), max_length=6000)
    source = models.CharField(_("Quelle und Jahr"), max_length=400)
    status = models.CharField(max_length=12, choices=VersionStatus.choices, default=VersionStatus.DRAFT.value)
    status_changed_at = models.DateTimeField(editable=False)
    writers = ArrayField(models.BigIntegerField(), default=list, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    released_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("Fassung einer Erklärung")
        verbose_name_plural = _("Fassungen von Erklärungen")
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="declaration_number_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(status="draft"), name="declaration_one_draft"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(status="in_force"), name="declaration_one_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(status="draft") | Q(released_at__isnull=True),
                name="declaration_draft_not_released",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.number})"

    @property
    def is_confirmed(self) -> bool:
        """Whether two people of the youth office decided it; what came with the data is not."""
        return self.released_at is not None

    @property
    def text_blocks(self) -> list[Block]:
        """The text, taken apart into paragraphs and lists."""
        return blocks(self.text)
