from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.domain.activities import VersionStatus
from programs.domain.published import Published
from programs.models.provider import Provider


class TextDraft(models.Model):
    """Words of a published row that one person wrote and nobody else has released; the row keeps the old.

    `texts` are the columns that differ from the row `row_id` of the kind `about`, all of its words where the
    row is new; what is released or thrown away leaves none here. `writers` are the accounts that wrote any of
    them; the database refuses one of them as `released_by`. Without `provider` it is the youth office's.
    """

    about = models.CharField(_("Was"), max_length=12, choices=Published.choices)
    row_id = models.PositiveBigIntegerField()
    provider = models.ForeignKey(Provider, models.CASCADE, null=True, related_name="+")
    is_new = models.BooleanField(_("noch nie veröffentlicht"), default=False)
    texts = models.JSONField(_("Texte"), default=dict)
    status = models.CharField(max_length=12, choices=VersionStatus.choices, default=VersionStatus.DRAFT.value)
    status_changed_at = models.DateTimeField(editable=False)
    writers = ArrayField(models.BigIntegerField(), default=list, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    released_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("Textentwurf")
        verbose_name_plural = _("Textentwürfe")
        ordering = ["status_changed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["about", "row_id"], condition=Q(status="draft"), name="text_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", released_at__isnull=True) | (~Q(status="draft") & Q(texts={})),
                name="text_waits_or_leaves_no_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.row_id}"

    @property
    def waits(self) -> bool:
        """Whether a second person has to read it."""
        return self.status == VersionStatus.DRAFT
