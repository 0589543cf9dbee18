"""What a provider's program sends and gets of its own tasks."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers

from programs.domain.activities import Site
from programs.domain.choices import AgeBand, Field, Language, Skill
from programs.domain.closures import ClosureReason
from programs.domain.rhythms import Repeat
from programs.models import Closure, Opportunity, Shift
from wirbrauchensie.api.serializers import RoleSerializer, SlotSerializer

_CLOCK = r"^([01][0-9]|2[0-3]):(00|15|30|45)$"


_JSON_TYPES: dict[type[serializers.Field], tuple[type, ...]] = {
    serializers.CharField: (str, type(None)),
    serializers.ChoiceField: (str, type(None)),
    serializers.BooleanField: (bool, type(None)),
    serializers.IntegerField: (int, float, type(None)),
}


class Said(serializers.Serializer[Any]):
    """What a program says: the names that are described, each in its type of JSON.

    The framework alone reads "3" as 3 and 1 as true, and leaves out what it does not know: a misspelt end of
    a task would go unnoticed.
    """

    def to_internal_value(self, data: Any) -> Any:
        wrong = {name: [reason] for name, reason in self._wrong(data)} if isinstance(data, dict) else {}
        if wrong:
            raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)

    def _wrong(self, data: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for name, value in data.items():
            field = self.fields.get(name)
            if field is None:
                yield name, "There is no such name."
            for kind, types in _JSON_TYPES.items():
                if isinstance(field, kind) and type(value) not in types:
                    yield name, "This is of another type."


class SaidSchema(OpenApiSerializerExtension):
    """Tells that no other names are taken."""

    target_class = "wirbrauchensie.api.v1.own.serializers.Said"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        told = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**told, "additionalProperties": False}


class TimesSerializer(Said):
    """From when to when; local clock, quarters of an hour."""

    from_ = serializers.RegexField(_CLOCK)
    to = serializers.RegexField(_CLOCK)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        return {"from" if name == "from_" else name: field for name, field in fields.items()}


class WeeklySerializer(TimesSerializer):
    """A time that repeats; local clock, quarters of an hour; 0 is Monday."""

    repeat = serializers.ChoiceField(choices=Repeat.choices, default=Repeat.WEEKLY.value)
    weekday = serializers.IntegerField(min_value=0, max_value=6)


class SingleDateSerializer(TimesSerializer):
    """A single date; local clock, quarters of an hour."""

    on = serializers.DateField()


def _some(choices: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.ChoiceField(choices=choices), default=list, max_length=30)


class TaskSerializer(Said):
    """All that is said of a task. Without `weekly` and `dates` it is on call."""

    title = serializers.CharField(max_length=120)
    task = serializers.CharField(max_length=3000)
    field = serializers.ChoiceField(choices=Field.choices)
    program = serializers.SlugField(required=False, allow_blank=True, default="")
    district = serializers.SlugField(max_length=80)
    site = serializers.CharField(max_length=200)
    site_kind = serializers.ChoiceField(choices=["", *Site.values], default="")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True, default=None)
    age_bands = _some(AgeBand.choices)
    activity = serializers.SlugField(max_length=80)
    places = serializers.IntegerField(min_value=1, max_value=500)
    minimum_age = serializers.IntegerField(min_value=16, max_value=18, default=16)
    skills = _some(Skill.choices)
    languages = _some(Language.choices)
    staff_is_there = serializers.BooleanField(default=False)
    reminds_each = serializers.BooleanField(default=False)
    weekly = WeeklySerializer(many=True, default=list, max_length=20)  # type: ignore[call-arg]
    dates = SingleDateSerializer(many=True, default=list, max_length=100)  # type: ignore[call-arg]
    without = serializers.ListField(child=serializers.DateField(), default=list, max_length=30)
    skips_public_holidays = serializers.BooleanField(default=False)
    skips_school_holidays = serializers.BooleanField(default=False)


class ActivitySerializer(serializers.Serializer[Any]):
    """What the youth office calls a kind of task; `slug` is what a task names."""

    slug = serializers.CharField()
    name = serializers.CharField(source="current.name")


class OwnTaskSerializer(serializers.ModelSerializer[Opportunity]):
    """A task as it stands; a `draft` becomes public when two people have read it."""

    district = serializers.CharField(source="district.slug", read_only=True)
    roles = RoleSerializer(many=True, read_only=True)
    slots = SlotSerializer(source="weekly_shares", many=True, read_only=True)

    class Meta:
        model = Opportunity
        fields = (
            "id",
            "slug",
            "status",
            "title",
            "task",
            "field",
            "district",
            "site",
            "site_kind",
            "starts_on",
            "ends_on",
            "age_bands",
            "roles",
            "slots",
        )


class OwnDateSerializer(serializers.ModelSerializer[Shift]):
    """A coming date of a task, half open."""

    class Meta:
        model = Shift
        fields = ("id", "starts_at", "ends_at", "is_cancelled")


class ClosureInSerializer(Said):
    """Days on which the dates of a task fall out, both included; `until_on` null: until further notice.

    With `date`, the id of a coming date on that one day, other dates of the day take place.
    """

    from_on = serializers.DateField()
    until_on = serializers.DateField(allow_null=True)
    date = serializers.IntegerField(min_value=1, allow_null=True, default=None)
    reason = serializers.ChoiceField(choices=ClosureReason.choices)


class ClosureSerializer(serializers.ModelSerializer[Closure]):
    """Days on which the dates of a task fall out; with `date` that one alone."""

    date = serializers.IntegerField(source="only_id", read_only=True, allow_null=True)

    class Meta:
        model = Closure
        fields = ("id", "from_on", "until_on", "date", "reason")


class RevivedSerializer(serializers.Serializer[Any]):
    """How many coming dates take place again."""

    dates = serializers.IntegerField(min_value=0)
