"""The question for the one answer that would open many more tasks."""

from django.utils.translation import gettext as _

from programs.domain.choices import Language, Skill


def question(word: str, task_count: int) -> str:
    """Return what is asked, and why; `word` is a skill or a language."""
    if word in Skill.values:
        asked = _("Können Sie das: „%(skill)s“?") % {"skill": Skill(word).label}
    else:
        asked = _("Sprechen Sie %(language)s?") % {"language": Language(word).label}
    why = _("Mit dieser Antwort kämen %(count)d Aufgaben mehr für Sie infrage.") % {"count": task_count}
    return f"{asked} {why}"
