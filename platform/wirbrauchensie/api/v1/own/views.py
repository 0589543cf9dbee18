"""What a provider's program does with the provider's own tasks and dates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from foundation.clock import local_day, utc_now
from programs.domain.refusals import Refusal
from programs.domain.tokens import Scope
from programs.forms.closures import ClosureForm
from programs.models import Closure, Opportunity, Role, Shift
from programs.selectors.activities import offered_activities
from programs.selectors.opportunities import coming_dates_of
from programs.services.api_answers import Answer
from programs.services.closures import close_dates, close_days, open_again
from programs.services.opportunities import change_opportunity, create_opportunity
from wirbrauchensie.api.pagination import ExactPages
from wirbrauchensie.api.v1.docs import SETTINGS, OpenAPI
from wirbrauchensie.api.v1.own.guard import IDEMPOTENCY_KEY, Conflict, OwnView, key_of
from wirbrauchensie.api.v1.own.reading import raise_reasons_of, task_form
from wirbrauchensie.api.v1.own.serializers import (
    ActivitySerializer,
    ClosureInSerializer,
    ClosureSerializer,
    OwnDateSerializer,
    OwnTaskSerializer,
    RevivedSerializer,
    TaskSerializer,
)

_READING = {"GET": Scope.TASKS_READ, "HEAD": Scope.TASKS_READ, "OPTIONS": Scope.TASKS_READ}
_SETTINGS = SETTINGS | {
    "DESCRIPTION": "What a provider's program does with the provider's own tasks and dates."
}


class Description(OpenAPI):
    """The description of the addresses that ask for a key."""

    urlconf = "wirbrauchensie.api.v1.own.described"
    custom_settings = _SETTINGS


def _tasks(request: Request) -> QuerySet[Opportunity]:
    roles = Role.objects.select_related("activity__current")
    own = Opportunity.objects.filter(provider=key_of(request).provider)
    return own.select_related("district", "provider").prefetch_related(
        Prefetch("roles", roles), "slots", "series"
    )


def _task(request: Request, pk: int) -> Opportunity:
    found = _tasks(request).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise NotFound
    return found


def _said(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    said = kind(data=request.data)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


def _refuse(refusals: Sequence[Refusal]) -> None:
    if refusals:
        raise Conflict(" ".join(str(each.label) for each in refusals))


def _refuse_other_days(task: Opportunity, key: int, days: dict[str, Any], now: datetime) -> None:
    """Refuse a date that is none to come of the task, or not on the one day that was named."""
    date = coming_dates_of(task, now).filter(pk=key).first() if key < 2**63 else None
    if date is None or not local_day(date.starts_at) == days["from_on"] == days["until_on"]:
        raise serializers.ValidationError({"date": ["No such date on that day."]})


class OwnList(OwnView, GenericAPIView[Any]):
    """A list in pages."""

    pagination_class = ExactPages
    filter_backends = ()

    def pages(self, rows: QuerySet[Any], kind: type[serializers.BaseSerializer[Any]]) -> Response:
        return self.get_paginated_response(kind(self.paginate_queryset(rows), many=True).data)


class TasksView(OwnList):
    """Own tasks, drafts among them; a new one is a draft that two people release."""

    serializer_class = OwnTaskSerializer
    queryset = Opportunity.objects.none()
    scopes: ClassVar = {**_READING, "POST": Scope.TASKS_WRITE}

    @extend_schema(operation_id="own_tasks", responses=OwnTaskSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.pages(_tasks(request).order_by("-pk"), OwnTaskSerializer)

    @extend_schema(
        operation_id="own_task_write",
        parameters=[IDEMPOTENCY_KEY],
        request=TaskSerializer,
        responses={201: OwnTaskSerializer},
    )
    def post(self, request: Request) -> Response:
        def write(author: User) -> Answer:
            provider = key_of(request).provider
            form = task_form(_said(TaskSerializer, request), provider)
            made = create_opportunity(provider, form.described(), author=author, now=utc_now())
            return Answer(201, OwnTaskSerializer(_task(request, made.pk)).data)

        return self.once(request, write)


class ActivitiesView(OwnView):
    """The activities that a task can name, by the youth office."""

    scopes: ClassVar = _READING

    @extend_schema(operation_id="own_activities", responses=ActivitySerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(ActivitySerializer(offered_activities(), many=True).data)


class TaskView(OwnView):
    """One own task; what was released and is changed has to be released again."""

    scopes: ClassVar = {**_READING, "PUT": Scope.TASKS_WRITE}

    @extend_schema(operation_id="own_task", responses=OwnTaskSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(OwnTaskSerializer(_task(request, pk)).data)

    @extend_schema(
        operation_id="own_task_change",
        parameters=[IDEMPOTENCY_KEY],
        request=TaskSerializer,
        responses=OwnTaskSerializer,
    )
    def put(self, request: Request, pk: int) -> Response:
        def change(author: User) -> Answer:
            found = _task(request, pk)
            form = task_form(_said(TaskSerializer, request), key_of(request).provider, found)
            _refuse(change_opportunity(found, form.described(), editor=author, now=utc_now()))
            return Answer(200, OwnTaskSerializer(_task(request, pk)).data)

        return self.once(request, change)


class DatesView(OwnList):
    """The coming dates of an own task, the soonest first."""

    serializer_class = OwnDateSerializer
    queryset = Shift.objects.none()
    scopes: ClassVar = _READING

    @extend_schema(operation_id="own_dates", responses=OwnDateSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        coming = _task(request, pk).shifts.filter(starts_at__gt=utc_now()).order_by("starts_at", "pk")
        return self.pages(coming, OwnDateSerializer)


class ClosuresView(OwnList):
    """Days on which the dates of an own task fall out; who is expected hears of it at once."""

    serializer_class = ClosureSerializer
    queryset = Closure.objects.none()
    scopes: ClassVar = {**_READING, "POST": Scope.DATES_WRITE}

    @extend_schema(operation_id="own_closures", responses=ClosureSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        return self.pages(_task(request, pk).closures.all(), ClosureSerializer)

    @extend_schema(
        operation_id="own_closure_write",
        parameters=[IDEMPOTENCY_KEY],
        request=ClosureInSerializer,
        responses={201: ClosureSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        def close(_author: User) -> Answer:
            now, found = utc_now(), _task(request, pk)
            said = _said(ClosureInSerializer, request)
            form = ClosureForm({**said, "for_now": said["until_on"] is None}, today=local_day(now))
            raise_reasons_of(form)
            days = form.cleaned_data
            if said["date"] is not None:
                _refuse_other_days(found, said["date"], days, now)
                (closure,) = close_dates(found, [said["date"]], reason=days["reason"], now=now)
            else:
                closure = close_days(
                    found, from_on=days["from_on"], until_on=days["until_on"], reason=days["reason"], now=now
                )
            return Answer(201, ClosureSerializer(closure).data)

        return self.once(request, close)


class ClosureView(OwnView):
    """One of them; taken back, its coming dates take place again and who was expected hears of it."""

    scopes: ClassVar = {"DELETE": Scope.DATES_WRITE}

    @extend_schema(
        operation_id="own_closure_end", parameters=[IDEMPOTENCY_KEY], responses={200: RevivedSerializer}
    )
    def delete(self, request: Request, pk: int, closure: int) -> Response:
        def end(_author: User) -> Answer:
            closures = _task(request, pk).closures.select_related("opportunity")
            found = closures.filter(pk=closure).first() if closure < 2**63 else None
            if found is None:
                raise NotFound
            return Answer(200, {"dates": open_again(found, now=utc_now())})

        return self.once(request, end)
