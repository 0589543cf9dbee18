"""A public, read-only API over what is public anyway."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny

from donations.selectors.funds import with_published_cents
from foundation.clock import local_day, utc_now
from programs.domain.choices import Field
from programs.models import District, Fund, Opportunity
from programs.selectors.opportunities import seeking_opportunities
from programs.selectors.visibility import public_funds
from wirbrauchensie.api.serializers import DistrictSerializer, FundSerializer, OpportunitySerializer


class OpportunityFilter(filters.FilterSet):
    """By field and district; an unknown value is a 400."""

    field = filters.ChoiceFilter(choices=Field.choices)
    district = filters.ModelChoiceFilter(to_field_name="slug", queryset=District.objects.all())

    class Meta:
        model = Opportunity
        fields = ("field", "district")


class OpportunityViewSet(viewsets.ReadOnlyModelViewSet[Opportunity]):
    """Published opportunities with free places."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilter
    lookup_field = "slug"
    queryset = Opportunity.objects.none()

    def get_queryset(self) -> QuerySet[Opportunity]:
        return seeking_opportunities(local_day(utc_now()))


class FundViewSet(viewsets.ReadOnlyModelViewSet[Fund]):
    """Purposes that take gifts."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    serializer_class = FundSerializer
    lookup_field = "slug"
    filter_backends = ()
    queryset = Fund.objects.none()

    def get_queryset(self) -> QuerySet[Fund]:
        return with_published_cents(public_funds()).select_related("provider")


class DistrictViewSet(viewsets.ReadOnlyModelViewSet[District]):
    """Districts with outline and published figures."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    serializer_class: type[serializers.ModelSerializer[District]] = DistrictSerializer
    lookup_field = "slug"
    filter_backends = ()
    queryset = District.objects.prefetch_related("figures")
