"""What a person is asked about each thing a task needs, in a sentence of its own."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.domain.choices import Language, Skill

SKILL_QUESTIONS: dict[Skill, str | Promise] = {
    Skill.READING: gettext_lazy("Können Sie vorlesen?"),
    Skill.HOMEWORK: gettext_lazy("Können Sie Kindern bei den Hausaufgaben helfen?"),
    Skill.MATHS: gettext_lazy("Können Sie beim Rechnen und in Mathematik helfen?"),
    Skill.MUSIC: gettext_lazy("Können Sie mit anderen Musik machen?"),
    Skill.CRAFTS: gettext_lazy("Können Sie werken und basteln?"),
    Skill.COOKING: gettext_lazy("Können Sie kochen oder etwas zu essen vorbereiten?"),
    Skill.SWIMMING: gettext_lazy("Können Sie sicher schwimmen und im Notfall jemanden retten?"),
    Skill.TRAINER: gettext_lazy("Können Sie eine Sportgruppe anleiten?"),
    Skill.GARDEN: gettext_lazy("Können Sie gärtnern?"),
    Skill.DRIVING: gettext_lazy("Können und dürfen Sie Auto fahren?"),
    Skill.COMPUTER: gettext_lazy("Können Sie gut mit Computern umgehen?"),
    Skill.FIRST_AID: gettext_lazy("Können Sie Erste Hilfe leisten?"),
}


def language_question(language: Language) -> str:
    """Return "Sprechen Sie Türkisch?"."""
    return _("Sprechen Sie %(language)s?") % {"language": language.label}
