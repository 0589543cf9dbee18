"""The favoured purposes as treasurers choose them; on paper they stand in the words of the law."""

from django.utils.translation import gettext_lazy as _

PURPOSE_LABELS = {
    "52-4": _("Jugend- und Altenhilfe (§ 52 Abs. 2 Satz 1 Nr. 4 AO)"),
    "52-5": _("Kunst und Kultur (Nr. 5)"),
    "52-7": _("Erziehung, Volks- und Berufsbildung einschließlich der Studentenhilfe (Nr. 7)"),
    "52-9": _("Wohlfahrtswesen (Nr. 9)"),
    "52-19": _("Schutz von Ehe und Familie (Nr. 19)"),
    "52-21": _("Sport (Nr. 21)"),
    "52-25": _("Bürgerschaftliches Engagement zugunsten steuerbegünstigter Zwecke (Nr. 25)"),
    "53": _("Mildtätige Zwecke (§ 53 AO)"),
}
