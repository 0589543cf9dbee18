"""The addresses from before there were versions: they answer as ever and name their successors.

`Deprecation` (RFC 9745) tells since when; nobody is led elsewhere: a machine may lose its way.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django_filters import rest_framework as filters
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from donations.selectors.funds import telling_whether_they_take_gifts
from foundation.clock import local_day, utc_now
from programs.domain.choices import Field
from programs.models import District, Fund, Opportunity
from programs.selectors.opportunities import seeking_opportunities
from programs.selectors.visibility import public_funds
from wirbrauchensie.api.serializers import DistrictSerializer, FundSerializer, OpportunitySerializer
from wirbrauchensie.api.v1.open_data import PerNetwork

MOVED_AT = datetime(2026, 11, 28, tzinfo=UTC)


class Moved(APIView):
    """Tells with every answer that there is a newer address; who reads here reads there no more often."""

    successor = ""
    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = (PerNetwork,)
    lookup_field = "slug"

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Deprecation"] = f"@{MOVED_AT.timestamp():.0f}"
        answer["Link"] = f'<{reverse(self.successor)}>; rel="successor-version"'
        return answer


class OpportunityFilter(filters.FilterSet):
    """By field and district; an unknown value is a 400."""

    field = filters.ChoiceFilter(choices=Field.choices)
    district = filters.ModelChoiceFilter(to_field_name="slug", queryset=District.objects.all())

    class Meta:
        model = Opportunity
        fields = ("field", "district")


class OpportunityViewSet(Moved, viewsets.ReadOnlyModelViewSet[Opportunity]):
    """Published opportunities with free places."""

    successor = "api-v1-task-list"
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilter
    queryset = Opportunity.objects.none()

    def get_queryset(self) -> QuerySet[Opportunity]:
        return seeking_opportunities(local_day(utc_now()))


class FundViewSet(Moved, viewsets.ReadOnlyModelViewSet[Fund]):
    """Open purposes; one whose published amount has reached its target takes no more gifts."""

    successor = "api-v1-purpose-list"
    serializer_class = FundSerializer
    filter_backends = ()
    queryset = Fund.objects.none()

    def get_queryset(self) -> QuerySet[Fund]:
        return telling_whether_they_take_gifts(public_funds()).select_related("provider")


class DistrictViewSet(Moved, viewsets.ReadOnlyModelViewSet[District]):
    """Districts with outline and published figures."""

    successor = "api-v1-district-list"
    serializer_class: type[serializers.ModelSerializer[District]] = DistrictSerializer
    filter_backends = ()
    queryset = District.objects.prefetch_related("figures")
