from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.domain.collections import asks_for_permit
from programs.domain.contacts import telephone_address
from programs.domain.texts import Block, blocks
from programs.models.loaded import LoadedRow
from programs.models.telephone import IS_NUMBER


class City(LoadedRow):
    """The city this installation serves; one row, everything about it can be edited."""

    name = models.CharField(_("Name"), max_length=80)
    state = models.CharField(_("Land"), max_length=80)
    official_key = models.CharField(_("Amtlicher Gemeindeschlüssel"), max_length=12)
    postal_address = models.CharField(_("Anschrift"), max_length=200)
    represented_by = models.CharField(_("Vertreten durch"), max_length=120)
    contact_email = models.EmailField(_("E-Mail"), blank=True)
    contact_phone = models.CharField(_("Telefon"), max_length=40, blank=True, validators=[IS_NUMBER])
    youth_office_phone = models.CharField(
        _("Telefon des Jugendamts"),
        max_length=40,
        blank=True,
        validators=[IS_NUMBER],
        help_text=_(
            "Die Nummer für den Fall, dass ein Kind in Gefahr ist; eine Nummer des Amts, keine private."
        ),
    )
    youth_office_phone_source = models.CharField(
        _("Quelle und Stand dieser Nummer"), max_length=300, blank=True
    )
    youth_office_phone_checked_on = models.DateField(
        _("Nummer des Jugendamts bestätigt am"),
        null=True,
        blank=True,
        help_text=_("Ohne diesen Tag gilt die Nummer als unbestätigt, und der Echtbetrieb beginnt nicht."),
    )
    call = models.CharField(_("Aufruf"), max_length=200)
    call_source = models.CharField(_("Quelle des Aufrufs"), max_length=300)
    appeal = models.CharField(_("Wen die Stadt ruft"), max_length=200, blank=True, default="", db_default="")
    appeal_text = models.TextField(_("Worum es geht"), blank=True, default="", db_default="")
    appeal_program = models.SlugField(
        _("Angebot, das den Aufruf erklärt (Kurzname)"), max_length=80, blank=True, default="", db_default=""
    )
    help_intro = models.TextField(_("Einleitung zu »Hilfe finden«"), blank=True, default="", db_default="")
    map_attribution = models.TextField(_("Quellen der Karte"), blank=True)
    map_is_schematic = models.BooleanField(_("Karte ist schematisch, nicht amtlich"), default=True)
    sign_language_url = models.URLField(
        _("Video in Deutscher Gebärdensprache"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Adresse der Seite, auf der das Video steht; jede Seite führt dann dorthin (BITVNRW)."),
    )
    figures = models.JSONField(_("Zahlen mit Jahr und Quelle"), default=list, blank=True)
    unconfirmed = models.JSONField(_("Noch nicht bestätigt"), default=list, blank=True)

    class Meta:
        verbose_name = _("Stadt")
        verbose_name_plural = _("Stadt")

    def __str__(self) -> str:
        return self.name

    @property
    def youth_office_address(self) -> str:
        """The tel: address of the youth office, "" while no number is known."""
        return telephone_address(self.youth_office_phone)

    @property
    def appeal_blocks(self) -> list[Block]:
        """The text of the appeal, taken apart into paragraphs and lists."""
        return blocks(self.appeal_text)

    @property
    def help_intro_blocks(self) -> list[Block]:
        """The introduction for families, taken apart likewise."""
        return blocks(self.help_intro)

    @property
    def has_confirmed_youth_office_phone(self) -> bool:
        """Whether somebody has tried the youth office's number."""
        return bool(self.youth_office_address and self.youth_office_phone_checked_on)

    @property
    def points_to_confirm(self) -> list[str]:
        """What the city has still to decide or confirm, the youth office's number first."""
        first = [] if self.has_confirmed_youth_office_phone else [gettext("Telefonnummer des Jugendamts")]
        if self.asks_for_collection_permit:
            first.append(
                gettext("Erlaubnis für Haus- und Straßensammlungen nach dem Sammlungsgesetz des Landes")
            )
        return first + list(self.unconfirmed)

    @property
    def asks_for_collection_permit(self) -> bool:
        """Whether collecting money in streets and houses needs a permit in its Land."""
        return asks_for_permit(self.state)
