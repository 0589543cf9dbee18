"""What is told of dates, programmes, providers and participation; nothing of any person."""

from typing import Any

from rest_framework import serializers

from programs.models import District, Program, Provider, Shift
from wirbrauchensie.dashboard.filters import PERIODS


class DateSerializer(serializers.ModelSerializer[Shift]):
    """A date of a public task, half open [starts_at, ends_at), in UTC or with offset."""

    id = serializers.IntegerField(read_only=True)
    task = serializers.CharField(source="opportunity.slug", read_only=True)
    title = serializers.CharField(source="opportunity.title", read_only=True)
    site = serializers.CharField(source="opportunity.site", read_only=True)
    district = serializers.CharField(source="opportunity.district.slug", read_only=True)

    class Meta:
        model = Shift
        fields = ("id", "task", "title", "starts_at", "ends_at", "site", "district")


class ProgrammeSerializer(serializers.ModelSerializer[Program]):
    """An offer for children and families; `stated_in` is the year of the newest of its sources."""

    provider = serializers.CharField(source="provider.slug", read_only=True, allow_null=True, default=None)
    operated_by = serializers.CharField(read_only=True)
    districts: serializers.SlugRelatedField[District] = serializers.SlugRelatedField(
        slug_field="slug", many=True, read_only=True
    )
    stated_in = serializers.CharField(read_only=True)
    sources = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Program
        fields = (
            "slug",
            "name",
            "provider",
            "operated_by",
            "description",
            "fields",
            "topics",
            "age_from",
            "age_to",
            "is_city_wide",
            "districts",
            "site",
            "stated_in",
            "sources",
        )


class ProviderSerializer(serializers.ModelSerializer[Provider]):
    """An independent provider of the city's list."""

    sources = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Provider
        fields = ("slug", "name", "kind", "is_verified", "address", "sources")


class QuestionSerializer(serializers.Serializer[Any]):
    """Which period is asked for."""

    period = serializers.ChoiceField(choices=list(PERIODS), default="365", help_text="Days, or all (alle).")


class MeasuresSerializer(serializers.Serializer[Any]):
    """What came in a district in the period; null is too small to be told. `district` null: in none."""

    district = serializers.CharField(allow_null=True)
    free_places = serializers.IntegerField(allow_null=True)
    people_pledged = serializers.IntegerField(allow_null=True)
    people_placed = serializers.IntegerField(allow_null=True)
    hours = serializers.IntegerField(allow_null=True)
    gift_cents = serializers.IntegerField(allow_null=True)


class ParticipationSerializer(serializers.Serializer[Any]):
    """The published figures as of the end of `counted_on`; null before the first night."""

    period = serializers.CharField()
    counted_on = serializers.DateField(allow_null=True)
    districts = MeasuresSerializer(many=True)
