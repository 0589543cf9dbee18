"""The first version of the open interface, over what is public anyway."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from django.db.models import Model, Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from donations.selectors.funds import telling_whether_they_take_gifts
from foundation.clock import local_day, utc_now
from programs.domain.choices import Field, Topic
from programs.models import District, Fund, Opportunity, Program, Provider, Shift
from programs.selectors.directory import independent_providers, listed_programs
from programs.selectors.opportunities import seeking_opportunities
from programs.selectors.visibility import public_funds, public_opportunities
from wirbrauchensie.api.serializers import DistrictSerializer, FundSerializer, OpportunitySerializer
from wirbrauchensie.api.v1.open_data import OpenView
from wirbrauchensie.api.v1.serializers import (
    DateSerializer,
    ParticipationSerializer,
    ProgrammeSerializer,
    ProviderSerializer,
    QuestionSerializer,
)
from wirbrauchensie.dashboard.filters import Choice
from wirbrauchensie.dashboard.selectors import Line, public_report

Cells = dict[str, Any]
Row = TypeVar("Row", bound=Model)


def _by_slug(rows: Callable[[], QuerySet[Any]], **more: Any) -> filters.ModelChoiceFilter:
    """Return a filter by the slug of public rows; what is not public is refused like what is not there."""
    return filters.ModelChoiceFilter(to_field_name="slug", queryset=lambda _request: rows(), **more)


def _providers() -> QuerySet[Provider]:
    return Provider.objects.filter(stop_reasons="")


class TaskFilter(filters.FilterSet):
    """By field, district and provider."""

    field = filters.ChoiceFilter(choices=Field.choices)
    district = _by_slug(District.objects.all)
    provider = _by_slug(_providers)

    class Meta:
        model = Opportunity
        fields = ("field", "district", "provider")


class DateFilter(filters.FilterSet):
    """By task, and by first and last local day."""

    task = _by_slug(public_opportunities, field_name="opportunity")
    district = _by_slug(District.objects.all, field_name="opportunity__district")
    first_on = filters.DateFilter(field_name="starts_at", lookup_expr="date__gte")
    last_on = filters.DateFilter(field_name="starts_at", lookup_expr="date__lte")

    class Meta:
        model = Shift
        fields = ("task", "district")


class ProgrammeFilter(filters.FilterSet):
    """By topic and district; what is for the whole city is in every district."""

    topic = filters.ChoiceFilter(field_name="topics", choices=Topic.choices, method="of_topic")
    district = _by_slug(District.objects.all, method="of_district")
    provider = _by_slug(_providers)

    class Meta:
        model = Program
        fields = ("provider",)

    def of_topic(self, rows: QuerySet[Program], name: str, value: str) -> QuerySet[Program]:
        return rows.filter(topics__contains=[value])

    def of_district(self, rows: QuerySet[Program], name: str, value: District) -> QuerySet[Program]:
        there = Program.districts.through.objects.filter(district=value)
        return rows.filter(Q(is_city_wide=True) | Q(pk__in=there.values("program_id")))


class BySlug(OpenView, viewsets.ReadOnlyModelViewSet[Row]):
    """Rows in pages, and each by its slug."""

    lookup_field = "slug"
    lookup_value_regex = "[^/]+"


class TaskViewSet(BySlug[Opportunity]):
    """Tasks that look for people now, the latest first."""

    serializer_class = OpportunitySerializer
    filterset_class = TaskFilter
    queryset = Opportunity.objects.none()

    def get_queryset(self) -> QuerySet[Opportunity]:
        return seeking_opportunities(local_day(utc_now()))


class DateViewSet(OpenView, mixins.ListModelMixin, viewsets.GenericViewSet[Shift]):
    """Coming dates of public tasks, the soonest first."""

    serializer_class = DateSerializer
    filterset_class = DateFilter
    queryset = Shift.objects.none()

    def get_queryset(self) -> QuerySet[Shift]:
        coming = Shift.objects.filter(starts_at__gt=utc_now(), is_cancelled=False)
        public = coming.filter(opportunity__in=public_opportunities())
        return public.select_related("opportunity__district").order_by("starts_at", "pk")


class ProgrammeViewSet(BySlug[Program]):
    """What children and families find in the city, by name."""

    serializer_class = ProgrammeSerializer
    filterset_class = ProgrammeFilter
    queryset = Program.objects.none()

    def get_queryset(self) -> QuerySet[Program]:
        listed = listed_programs().select_related("provider").prefetch_related("districts")
        return listed.defer("page_text").order_by("name", "pk")


class ProviderViewSet(BySlug[Provider]):
    """Independent providers, by name."""

    serializer_class = ProviderSerializer
    filter_backends = ()
    queryset = Provider.objects.none()

    def get_queryset(self) -> QuerySet[Provider]:
        return independent_providers().order_by("name", "pk")


class PurposeViewSet(BySlug[Fund]):
    """Open purposes, the general one first; one whose published amount is its target takes no gifts."""

    serializer_class = FundSerializer
    filter_backends = ()
    queryset = Fund.objects.none()

    def get_queryset(self) -> QuerySet[Fund]:
        return telling_whether_they_take_gifts(public_funds()).select_related("provider")


class DistrictViewSet(BySlug[District]):
    """Districts with outline and published figures."""

    serializer_class = DistrictSerializer
    filter_backends = ()
    queryset = District.objects.prefetch_related("figures")


class NotThereView(OpenView):
    """Every other address below this version: refused in the shape of all refusals."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        super().initial(request, *args, **kwargs)
        raise NotFound


class ParticipationView(OpenView):
    """Help beside need by district, as it is published: as of last night, small numbers held back."""

    @extend_schema(
        operation_id="api_v1_participation",
        parameters=[QuestionSerializer],
        responses=ParticipationSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = QuestionSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        period = asked.validated_data["period"]
        report = public_report(Choice(period))
        told = {
            "period": period,
            "counted_on": report.counted_on,
            "districts": [_measures(line) for line in report.lines],
        }
        return Response(ParticipationSerializer(told).data)


def _measures(line: Line) -> Cells:
    return {
        "district": line.district.slug if line.district else None,
        "free_places": line.cells["needs"].shown,
        "people_pledged": line.cells["pledged"].shown,
        "people_placed": line.cells["placed"].shown,
        "hours": line.cells["hours"].shown,
        "gift_cents": line.cells["gifts"].shown,
    }
