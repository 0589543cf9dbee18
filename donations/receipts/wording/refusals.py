"""Why a receipt is not issued, and what a body lacks, in sentences for treasurers."""

from django.utils.translation import gettext_lazy as _

from donations.receipts.domain.contributions import Fault
from donations.receipts.domain.eligibility import Refusal
from donations.receipts.domain.issuers import Lack

REFUSALS = {
    Refusal.NOT_WISHED: _("Hier wünscht niemand eine Bestätigung."),
    Refusal.ANSWERED: _("Dieser Wunsch war schon beantwortet."),
    Refusal.ANONYMOUS: _("Ohne Namen gibt es keine Bestätigung."),
    Refusal.NO_ADDRESS: _("Die Anschrift fehlt."),
    Refusal.NOT_RECEIVED: _("Das Geld ist noch nicht da."),
    Refusal.NOT_ACCEPTED: _("Die Spende ist noch nicht angenommen."),
    Refusal.DISPUTED: _("Die Zahlung ist bestritten."),
    Refusal.INQUIRED: _(
        "Die Bank fragt nach dieser Zahlung. Bis das geklärt ist, warten wir: Das Geld kann noch zurückgehen."
    ),
    Refusal.NOTHING_LEFT: _("Die Spende wurde zurückgezahlt oder zurückgebucht."),
    Refusal.DEBIT_TOO_YOUNG: _(
        "Eine Lastschrift lässt sich acht Wochen lang zurückgeben; so lange warten wir."
    ),
    Refusal.NO_PURPOSE: _("Diesem Spendenzweck ist kein begünstigter Zweck zugeordnet."),
    Refusal.RECIPIENT_NOT_READY: _("Der Bescheid des Trägers, an den es weitergeht, zählt nicht."),
    Refusal.RECEIPTED: _("Für diese Spende gibt es schon eine gültige Bestätigung."),
    Refusal.ISSUER_NOT_READY: _("Die Angaben zum Aussteller sind noch nicht vollständig bestätigt."),
    Refusal.NOT_TOGETHER: _("Diese Spenden gehören nicht auf eine Bestätigung."),
    Refusal.NOT_CONFIRMED: _("Eine zweite Person hat sie noch nicht bestätigt."),
    Refusal.PAYER_UNCLEAR: _("Die Bank nennt einen anderen Namen. Bitte sagen Sie, wer gegeben hat."),
    Refusal.PAID_BY_ANOTHER: _(
        "Jemand anderes hat gezahlt, und absetzen darf nur, wer gezahlt hat. Möchte diese Person die "
        "Bestätigung, tragen Sie bitte deren Namen und Anschrift ein."
    ),
    Refusal.NOT_TRUE: _(
        "Was darauf steht, stimmt nicht mehr. Bitte geben Sie sie nicht heraus: Sie wird in wenigen Minuten "
        "zurückgenommen."
    ),
    Refusal.NOT_DISPLAYABLE: _("Name oder Anschrift haben Zeichen, die sich nicht drucken lassen."),
}

LACKS = {
    Lack.NAME: _("Die Bezeichnung fehlt."),
    Lack.ADDRESS: _("Die Anschrift ist unvollständig."),
    Lack.SIGNATORY: _("Es ist niemand genannt, der unterschreibt."),
    Lack.PURPOSES: _("Kein begünstigter Zweck ist gewählt."),
    Lack.TAX_OFFICE: _("Das Finanzamt fehlt."),
    Lack.NOTICE: _("Angaben zum Bescheid fehlen."),
    Lack.NOTICE_TOO_OLD: _("Der Bescheid ist zu alt (§ 63 Abs. 5 AO: fünf Jahre, nach § 60a AO drei)."),
    Lack.NOTICE_IN_FUTURE: _("Das Datum des Bescheids liegt in der Zukunft."),
    Lack.HAD_EXEMPTION: _(
        "Nach einem Freistellungsbescheid genügt die Feststellung nach § 60a AO nicht mehr."
    ),
    Lack.SIGNATURE: _("Für die maschinelle Erstellung fehlt das Bild der Unterschrift."),
}

FAULTS = {
    Fault.IN_FUTURE: _("Der Tag der Zuwendung liegt in der Zukunft."),
    Fault.NO_VALUE: _("Der Wert muss größer sein als die Umsatzsteuer darin."),
    Fault.NO_BASIS: _("Wie der Wert ermittelt wurde, fehlt."),
    Fault.NO_DETAILS: _("Alter, Zustand und Kaufpreis gehören auf die Bestätigung."),
    Fault.NO_ORIGIN: _("Die Herkunft fehlt."),
    Fault.TAX_NOT_OF_BUSINESS: _("Umsatzsteuer gibt es nur bei Sachen aus einem Betrieb."),
    Fault.NO_CLAIM: _("Woraus und seit wann der Anspruch besteht, oder der Tag des Aufwands fehlt."),
    Fault.CLAIM_AFTER_EXPENSE: _("Der Anspruch muss vor dem Aufwand eingeräumt worden sein."),
    Fault.WAIVED_BEFORE_EXPENSE: _("Verzichten lässt sich erst nach dem Aufwand."),
    Fault.MATTER_NOT_ASKED: _(
        "Bei großen Zuwendungen an die Stadt fehlt, ob zwischen ihr und der Spender*in eine Angelegenheit "
        "läuft. Ist es nicht zu erfahren, wählen Sie bitte: Nicht bekannt."
    ),
    Fault.NOT_ACCEPTED: _("Diese Zuwendung muss die Stadt annehmen: Tag und Stelle fehlen."),
}
