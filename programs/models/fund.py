from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.lists.searching import searched
from foundation.plausible_amounts import an_amount
from programs.domain.choices import Field
from programs.models.district import District
from programs.models.loaded import LoadedRow
from programs.models.program import Program
from programs.models.provider import Provider


class Fund(LoadedRow):
    """A Spendenzweck: an earmark with target, unit, fallback purpose and balance.

    `received_cents` (gross, less refunds; below nothing where more went back than came) and `balance_cents`
    (not yet paid out) are moved only by the ledger, each by a conditional UPDATE; a CHECK makes an overdrawn
    fund impossible.
    """

    name = models.CharField(_("Name"), max_length=120, unique=True)
    slug = models.SlugField(_("Kürzel"), max_length=80, unique=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="funds", verbose_name=_("Träger"))
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, related_name="funds", verbose_name=_("Angebot")
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="funds", verbose_name=_("Stadtteil")
    )
    field = models.CharField(_("Handlungsfeld"), max_length=12, choices=Field.choices, blank=True)
    is_general = models.BooleanField(_("wo es am nötigsten ist"), default=False)
    purpose = models.TextField(_("Wofür"))
    fallback_purpose = models.TextField(_("Wenn mehr zusammenkommt oder der Bedarf entfällt"))
    text_version = models.PositiveSmallIntegerField(_("Fassung der Texte"), default=1, editable=False)
    target_cents = models.PositiveBigIntegerField(
        _("Ziel in Cent"), null=True, blank=True, validators=[an_amount]
    )
    unit_cents = models.PositiveIntegerField(
        _("Einheit in Cent"), null=True, blank=True, validators=[an_amount]
    )
    unit_label = models.CharField(_("Einheit, z. B. „ein Ranzen“"), max_length=80, blank=True)
    has_example_figures = models.BooleanField(
        _("Ziel und Einheit sind Beispielwerte"),
        default=False,
        help_text=_("Wird neben den Beträgen gezeigt, bis der Träger sie bestätigt hat."),
    )
    received_cents = models.BigIntegerField(_("eingegangen, in Cent"), default=0, editable=False)
    balance_cents = models.BigIntegerField(_("Guthaben in Cent"), default=0, editable=False)
    gift_count = models.PositiveIntegerField(_("Zahl der Spenden"), default=0, editable=False)
    is_open = models.BooleanField(_("nimmt Spenden an"), default=True)
    is_shown = models.BooleanField(
        _("Seite ist öffentlich"),
        default=True,
        db_default=True,
        help_text=_("Auch ein Zweck, der keine Spenden mehr annimmt, behält sonst seine Seite."),
    )

    class Meta:
        verbose_name = _("Spendenzweck")
        verbose_name_plural = _("Spendenzwecke")
        ordering = ["-is_general", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(balance_cents__gte=0), name="fund_never_overdrawn"),
            models.CheckConstraint(
                condition=Q(is_shown=True) | Q(is_open=False), name="fund_hidden_takes_nothing"
            ),
            models.CheckConstraint(condition=~Q(fallback_purpose=""), name="fund_names_its_fallback"),
            models.UniqueConstraint(
                fields=["is_general"], condition=Q(is_general=True), name="fund_one_general"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FundUpdate(models.Model):
    """News for givers: what became of the money."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="updates", verbose_name=_("Spendenzweck"))
    title = models.CharField(_("Überschrift"), max_length=120)
    text = models.TextField(_("Text"))
    published_on = models.DateField(_("veröffentlicht am"))
    is_shown = models.BooleanField(_("ist öffentlich"), default=False)

    class Meta:
        verbose_name = _("Neuigkeit")
        verbose_name_plural = _("Neuigkeiten")
        ordering = ["-published_on", "-id"]
        indexes = [searched("title", name="news_by_title")]

    def __str__(self) -> str:
        return self.title
