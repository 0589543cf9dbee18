"""How a task looks to everybody while it is still being written, and what its text gives away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from programs.domain.choices import Field
from programs.domain.screening import Finding, screen
from programs.domain.texts import Block, blocks
from programs.forms.opportunity import OpportunityForm
from programs.selectors.city_words import city_words
from programs.selectors.districts import district_choices
from programs.wording.rhythms import times_in_words

LONGEST = 3000


@dataclass(frozen=True)
class Preview:
    """What is known so far, "" for what is not; `findings` of title, task and place."""

    title: str
    field: str
    blocks: Sequence[Block]
    times: str
    site: str
    district: str
    findings: Sequence[Finding]


def preview_of(form: OpportunityForm, today: date) -> Preview:
    """Return what the form says so far, as far as it makes sense."""
    form.is_valid()
    typed = {name: str(form.data.get(name, ""))[:LONGEST] for name in ("title", "task", "site")}
    said = form.cleaned_data
    rhythms = getattr(form, "rhythms", [])
    districts = {str(key): str(label) for key, label in district_choices()}
    fields = {str(key): str(label) for key, label in Field.choices}
    return Preview(
        title=typed["title"],
        field=fields.get(str(said.get("field", "")), ""),
        blocks=blocks(typed["task"]) if typed["task"].strip() else [],
        times=times_in_words(rhythms) if rhythms or said.get("on_call") else "",
        site=typed["site"],
        district=districts.get(str(said.get("district", "")), ""),
        findings=screen(typed, today=today, institution_parts=frozenset({"site"}), local=city_words()),
    )
