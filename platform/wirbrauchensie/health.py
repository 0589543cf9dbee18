"""What machines ask: alive, ready, and the figures of the night watch."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from foundation import sweeps
from foundation.clock import utc_now
from foundation.models import SweepRun
from outbox.models import SETTLED, Message
from outbox.services import outages
from wirbrauchensie import metrics_folder

HEARTBEAT_MAX_AGE_SECONDS = 60


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive; asks neither database nor broker."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations, broker and every sweep are well, else 503 with what is not."""
    checks = {"database": _database()}
    if checks["database"] == "ok":
        checks["migrations"] = _migrations()
    if checks.get("migrations") == "ok":
        checks["sweeps"] = _sweeps(utc_now())
    checks["broker"] = _broker()
    healthy = all(answer == "ok" for answer in checks.values())
    return JsonResponse({"ready": healthy, "checks": checks}, status=200 if healthy else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "not reachable"
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} not applied" if missing else "ok"


def _sweeps(now: datetime) -> str:
    newest = SweepRun.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    if newest is None or newest.finished_at is None:
        return "none has run"
    age = int((now - newest.finished_at).total_seconds())
    if age > HEARTBEAT_MAX_AGE_SECONDS:
        return f"newest is {age} s old"
    late = sweeps.late(now)
    return f"late: {', '.join(late)}" if late else "ok"


def _broker() -> str:
    try:
        with sweeps.broker(seconds=1) as broker:
            broker.ensure_connection(max_retries=0)
    except (OperationalError, OSError):
        return "not reachable"
    return "ok"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for this machine only; behind a trusted proxy nothing is local.

    What the web processes counted is added up (`metrics_folder`); the rest is read from the database.
    """
    address = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    if "HTTP_X_FORWARDED_FOR" in request.META or not ip_address(address).is_loopback:
        return HttpResponseNotFound()
    return HttpResponse(generate_latest(_everything()), content_type=CONTENT_TYPE_LATEST)


def _everything() -> CollectorRegistry:
    if not metrics_folder.is_used():
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(NightWatch())
    return registry


class NightWatch(Collector):
    """Age of each sweep and length of the outbox, read from the database when asked."""

    def describe(self) -> list[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = utc_now()
        age = GaugeMetricFamily(
            "sweep_age_seconds",
            "Seconds since the sweep last succeeded, or was first heard of",
            labels=["sweep"],
        )
        for name, since in sweeps.ages(now).items():
            age.add_metric([name], since.total_seconds())
        yield age
        yield GaugeMetricFamily("sweeps_late", "Sweeps that are late", value=len(sweeps.late(now)))
        waiting = GaugeMetricFamily(
            "outbox_messages", "Messages by status that are not settled", labels=["status"]
        )
        unsettled = Message.objects.exclude(status__in=SETTLED).values_list("status")
        count = dict(unsettled.annotate(count=Count("id")).order_by())
        for status in Message.Status.values:
            if status not in SETTLED:
                waiting.add_metric([status], count.get(status, 0))
        yield waiting
        yield GaugeMetricFamily(
            "outbox_mail_server_down",
            "1 while the mail server does not take mails",
            value=int(outages.is_on()),
        )


REGISTRY.register(NightWatch())
