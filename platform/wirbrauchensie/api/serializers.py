"""What the public API tells: needs, purposes, districts – never a person."""

from rest_framework import serializers

from programs.domain.rhythms import Share
from programs.models import District, DistrictFigure, Fund, Opportunity, Role


class SlotSerializer(serializers.Serializer[Share]):
    """A time of the week that dates take; minutes since local midnight, half open, Monday is 0.

    `in_four_weeks` is 4 for every week, 2 for every second, 1 for once a month or single dates.
    """

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    start_minute = serializers.IntegerField(min_value=0, max_value=1440)
    end_minute = serializers.IntegerField(min_value=0, max_value=1440)
    in_four_weeks = serializers.IntegerField(min_value=1, max_value=4)


class RoleSerializer(serializers.ModelSerializer[Role]):
    """What one role of an opportunity needs; the only one has no name."""

    class Meta:
        model = Role
        fields = ("name", "places", "skills", "languages", "minimum_age", "clearance_required")


class OpportunitySerializer(serializers.ModelSerializer[Opportunity]):
    """A published opportunity that has places free; how many are taken tells of few people.

    What is needed stands in its `roles`; beside them stands what one of them or another needs.
    """

    district: serializers.SlugRelatedField[District] = serializers.SlugRelatedField(
        slug_field="slug", read_only=True
    )
    provider = serializers.CharField(source="provider.name", read_only=True)
    slots = SlotSerializer(source="weekly_shares", many=True, read_only=True)
    times = serializers.CharField(source="times_text", read_only=True)
    roles = RoleSerializer(many=True, read_only=True)
    skills = serializers.SerializerMethodField()
    languages = serializers.SerializerMethodField()
    minimum_age = serializers.SerializerMethodField(help_text="The lowest of its roles.")
    clearance_required = serializers.BooleanField(read_only=True)
    places = serializers.IntegerField(read_only=True)
    valid_until = serializers.DateField(
        source="expires_on",
        read_only=True,
        allow_null=True,
        help_text="Of a task taken over from a list of its provider: the last day on which it holds.",
    )

    class Meta:
        model = Opportunity
        fields = (
            "slug",
            "title",
            "task",
            "field",
            "district",
            "site",
            "provider",
            "skills",
            "languages",
            "age_bands",
            "minimum_age",
            "clearance_required",
            "places",
            "roles",
            "starts_on",
            "ends_on",
            "valid_until",
            "slots",
            "times",
        )

    def get_skills(self, row: Opportunity) -> list[str]:
        return sorted({each for role in row.roles.all() for each in role.skills})

    def get_languages(self, row: Opportunity) -> list[str]:
        return sorted({each for role in row.roles.all() for each in role.languages})

    def get_minimum_age(self, row: Opportunity) -> int:
        return min(role.minimum_age for role in row.roles.all())


class FundSerializer(serializers.ModelSerializer[Fund]):
    """A purpose of gifts; amounts in cents of euro.

    `received_cents` is as of last night, rounded down to 500, null while too few people gave. `is_open` tells
    whether one can give: up to the night in which `received_cents` reaches the target.
    """

    provider = serializers.CharField(source="provider.name", read_only=True)
    received_cents = serializers.IntegerField(source="published_cents", read_only=True, allow_null=True)
    is_open = serializers.BooleanField(source="takes_gifts", read_only=True)

    class Meta:
        model = Fund
        fields = (
            "slug",
            "name",
            "purpose",
            "fallback_purpose",
            "provider",
            "field",
            "target_cents",
            "received_cents",
            "unit_cents",
            "unit_label",
            "is_open",
        )


class FigureSerializer(serializers.ModelSerializer[DistrictFigure]):
    """A published figure with its year and source."""

    class Meta:
        model = DistrictFigure
        fields = ("kind", "value", "year", "source")


class DistrictSerializer(serializers.ModelSerializer[District]):
    """A district with its outline as GeoJSON; `geometry_note` says how official that is."""

    figures = FigureSerializer(many=True, read_only=True)

    class Meta:
        model = District
        fields = ("slug", "name", "borough", "latitude", "longitude", "geometry", "geometry_note", "figures")
