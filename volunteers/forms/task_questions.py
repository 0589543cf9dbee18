"""What the task somebody picked needs, put as a question each: Yes, not yet, No."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.domain.choices import Language, Skill
from programs.models import Role
from programs.wording.questions import SKILL_QUESTIONS, language_question

YES, LEARN, NO = "yes", "learn", "no"
_SKILL, _LANGUAGE = "can_", "speaks_"
_SKILL_ANSWERS = [(YES, _("Ja")), (LEARN, _("Noch nicht, ich möchte es lernen")), (NO, _("Nein"))]
_LANGUAGE_ANSWERS = [(YES, _("Ja")), (NO, _("Nein"))]
QUESTION_NAMES = [_SKILL + word for word in Skill.values] + [_LANGUAGE + word for word in Language.values]


def questions_of(role: Role | None, *, required: bool = True) -> dict[str, forms.ChoiceField]:
    """Return a field per skill and language that `role` needs, by name; none without a role."""
    if role is None:
        return {}
    some = _("Eine dieser Sprachen genügt.") if len(role.languages) > 1 else ""
    return {
        **{
            _SKILL + each: _question(SKILL_QUESTIONS[each], _SKILL_ANSWERS, required)
            for each in Skill
            if each in role.skills
        },
        **{
            _LANGUAGE + each: _question(language_question(each), _LANGUAGE_ANSWERS, required, some)
            for each in Language
            if each in role.languages
        },
    }


def _question(label: Any, answers: list[Any], required: bool, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=answers,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte antworten Sie: %(question)s") % {"question": label}},
    )


def skills_answered(answers: Mapping[str, Any], answer: str) -> list[str]:
    """Return the skills whose question was answered so."""
    return [word for word in Skill.values if answers.get(_SKILL + word) == answer]


def languages_spoken(answers: Mapping[str, Any]) -> list[str]:
    """Return the languages whose question was answered with yes."""
    return [word for word in Language.values if answers.get(_LANGUAGE + word) == YES]


def answers_so_far(
    role: Role, *, skills: list[str], learning: list[str], lacking: list[str], languages: list[str]
) -> dict[str, str]:
    """Return the answers that these words amount to; a skill never asked about has none."""
    said = {**dict.fromkeys(lacking, NO), **dict.fromkeys(learning, LEARN), **dict.fromkeys(skills, YES)}
    answers = {_SKILL + word: said[word] for word in role.skills if word in said}
    return answers | {_LANGUAGE + word: YES if word in languages else NO for word in role.languages}


class QuestionsForm(forms.Form):
    """The questions of one role; without a role, or one that needs nothing, it asks nothing and is valid."""

    def __init__(self, *args: Any, role: Role | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.update(questions_of(role))
