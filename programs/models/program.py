from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.searching import searched
from programs.domain.choices import Field, Topic
from programs.domain.contacts import ContactPart, contact_parts, is_reachable, without_notes
from programs.domain.german import sort_key
from programs.domain.texts import Block, blocks, latest_year, web_addresses
from programs.models.district import District
from programs.models.loaded import LoadedRow
from programs.models.provider import Provider
from programs.wording.ages import age_range


class Program(LoadedRow):
    """An Angebot: what a provider runs for children and families; listed in the directory."""

    class Confidence(models.TextChoices):
        HIGH = "H", _("amtlich oder mehrfach belegt")
        MEDIUM = "M", _("einfach belegt")
        LOW = "L", _("schwach oder alt belegt")

    name = models.CharField(_("Name"), max_length=160)
    slug = models.SlugField(_("Kürzel"), max_length=80, unique=True)
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="programs", verbose_name=_("Träger")
    )
    operator = models.CharField(_("Betrieben von"), max_length=160, blank=True)
    partners = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, verbose_name=_("Partner")
    )
    fields = ArrayField(
        models.CharField(max_length=12, choices=Field.choices),
        default=list,
        blank=True,
        verbose_name=_("Handlungsfelder"),
    )
    topics = ArrayField(
        models.CharField(max_length=16, choices=Topic.choices),
        default=list,
        blank=True,
        verbose_name=_("Themen"),
    )
    age_from = models.PositiveSmallIntegerField(_("Alter von"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("Alter bis"), null=True, blank=True)
    districts = models.ManyToManyField(
        District, blank=True, related_name="programs", verbose_name=_("Stadtteile")
    )
    is_city_wide = models.BooleanField(_("in der ganzen Stadt"), default=False)
    area_label = models.CharField(_("Gebiet laut Quelle"), max_length=120, blank=True)
    site = models.CharField(_("Ort"), max_length=200, blank=True)
    description = models.TextField(_("Beschreibung"))
    page_text = models.TextField(_("Text der eigenen Seite"), blank=True)
    part_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name=_("gehört zu")
    )
    part_count = models.PositiveSmallIntegerField(
        _("besteht aus so vielen"),
        null=True,
        blank=True,
        help_text=_("Die Seite führt zu denen, die bekannt sind, und sagt, wie viele noch fehlen."),
    )
    is_core_system = models.BooleanField(_("eigene Seite des Jugendamts"), default=False)
    shows_emergency_hint = models.BooleanField(
        _("Hinweis für Notlagen zeigen"), default=False, help_text=_("Polizei 110 und Jugendamt.")
    )
    public_contact = models.CharField(_("Kontakt"), max_length=300, blank=True)
    contact_checked_on = models.DateField(_("Kontakt geprüft am"), null=True, blank=True)
    as_of = models.CharField(_("Stand"), max_length=120, blank=True)
    source = models.CharField(_("Quelle"), max_length=500)
    confidence = models.CharField(_("Verlässlichkeit"), max_length=1, choices=Confidence.choices)
    has_ended = models.BooleanField(_("beendet"), default=False)
    is_listed = models.BooleanField(_("im Verzeichnis zeigen"), default=True)

    class Meta:
        verbose_name = _("Angebot")
        verbose_name_plural = _("Angebote")
        ordering = ["name"]
        indexes = [searched("name", name="program_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("program", args=[self.slug])

    @property
    def ages(self) -> str:
        """Ages in words, "" if the source names none."""
        return age_range(self.age_from, self.age_to)

    @property
    def operated_by(self) -> str:
        """Who runs it, "" if nobody is named."""
        return self.operator or (self.provider.name if self.provider else "")

    @property
    def area(self) -> str:
        """Where it is offered, in words; what the source says if it fits no district."""
        if self.is_city_wide:
            return gettext("im ganzen Stadtgebiet")
        names = sorted((district.name for district in self.districts.all()), key=sort_key)
        return ", ".join(names) or self.area_label

    @property
    def contact_parts(self) -> list[ContactPart]:
        """Its own contact, taken apart."""
        return contact_parts(without_notes(self.public_contact))

    @property
    def provider_contact_parts(self) -> list[ContactPart]:
        """The provider's contact where its own leads nowhere and the provider's does."""
        if is_reachable(self.public_contact) or self.provider is None or not self.provider.is_reachable:
            return []
        return self.provider.contact_parts

    @property
    def is_reachable(self) -> bool:
        """Whether it or its provider names anything to dial, write to or open."""
        return is_reachable(self.public_contact) or bool(self.provider_contact_parts)

    @property
    def topic_labels(self) -> list[str]:
        return [str(Topic(topic).label) for topic in self.topics]

    @property
    def page_blocks(self) -> list[Block]:
        """The own page's text, taken apart into paragraphs and lists."""
        return blocks(self.page_text)

    @property
    def sources(self) -> list[str]:
        """Where one can read on."""
        return web_addresses(self.source)

    @property
    def stated_in(self) -> str:
        """The year of the newest source, "" if none is dated."""
        return latest_year(self.as_of)
