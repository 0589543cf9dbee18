"""Why something is refused: named, and said in plain words."""

from foundation.choices import TextChoices
from foundation.choices import noop as _


class Refusal(TextChoices):
    """Reasons for which an Engagementangebot cannot take the step asked for."""

    MOVED_MEANWHILE = (
        "moved_meanwhile",
        _("Inzwischen hat sich der Stand geändert. Bitte sehen Sie sich das Angebot noch einmal an."),
    )
    TEXT_CHANGED = (
        "text_changed",
        _("Der Text wurde gerade geändert. Bitte lesen Sie ihn noch einmal, bevor Sie ihn freigeben."),
    )
    SAME_PERSON = (
        "same_person",
        _("Vier Augen: Wer seit der letzten Freigabe daran geschrieben hat, gibt ihn nicht selbst frei."),
    )
    IDENTIFIES_SOMEBODY = (
        "identifies_somebody",
        _("Der Text enthält Angaben, an denen ein Kind oder eine Familie erkannt werden kann."),
    )
    HINTS_NOT_READ = (
        "hints_not_read",
        _("Bitte bestätigen Sie, dass Sie die Hinweise zum Text geprüft haben."),
    )
    PROVIDER_NOT_VERIFIED = (
        "provider_not_verified",
        _("Das Jugendamt hat diesen Träger noch nicht geprüft."),
    )
    NO_PROTECTION_CONCEPT = (
        "no_protection_concept",
        _("Beim Träger fehlt das Schutzkonzept (§ 79a SGB VIII, § 11 Landeskinderschutzgesetz NRW)."),
    )
    NO_SAFEGUARDING_CONTACT = (
        "no_safeguarding_contact",
        _("Beim Träger fehlt die Ansprechperson für Kinderschutz."),
    )
    NO_ACTIVITY = (
        "no_activity",
        _("Es fehlt, welche Tätigkeit es ist. Das Jugendamt legt fest, was jede Tätigkeit verlangt."),
    )
    ACTIVITY_ASKED = (
        "activity_asked",
        _("Das Jugendamt ist gefragt, welche Tätigkeit es ist. Bis zur Antwort wird nichts veröffentlicht."),
    )
    YOUNGER_THAN_ACTIVITY = (
        "younger_than_activity",
        _("Das Jugendamt verlangt für diese Tätigkeit ein höheres Mindestalter."),
    )
    NO_DATE = "no_date", _("In dem Zeitraum, der noch bleibt, liegt kein einziger Termin.")
    IS_OVER = "is_over", _("Der Zeitraum ist schon vorbei.")
    FEWER_PLACES_THAN_TAKEN = (
        "fewer_places_than_taken",
        _("Es sind schon mehr Plätze vergeben, als Sie angeben."),
    )
    ROLE_WITHOUT_NAME = (
        "role_without_name",
        _("Wo es mehrere Aufgaben gibt, braucht jede einen Namen, auch die bisherige."),
    )
    ROLE_NAMED_TWICE = "role_named_twice", _("So heißt hier schon eine andere Aufgabe.")
    ROLE_IN_USE = (
        "role_in_use",
        _(
            "An dieser Aufgabe hängen Menschen, Anfragen oder Wünsche, auch frühere. Sie lässt sich nicht"
            " entfernen. Geben Sie so viele Plätze an, wie vergeben sind, dann wird niemand mehr gefragt."
        ),
    )
    LAST_ROLE = "last_role", _("Eine Aufgabe muss bleiben.")
    HAS_ENDED = "has_ended", _("Ein beendetes Angebot kann nicht mehr geändert werden.")
