"""What operators see of those who give time: to read, and to decide through the services. No clearances."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from foundation.clock import utc_now
from programs.access import actor_of
from volunteers.domain.cancel_reasons import CancelReason
from volunteers.models import Assignment, HoursEntry, MatchRun, Offer, Placement, TimePledge, Volunteer
from volunteers.services.answers import withdraw_offer
from volunteers.services.placement_endings import stop_placement
from volunteers.services.placements import confirm_placement


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False


@admin.register(Volunteer)
class VolunteerAdmin(ReadOnlyAdmin):
    list_display = ("id", "first_name", "confirmed_at", "last_asked_at", "is_demo")
    list_filter = ("is_demo",)
    search_fields = ("first_name", "last_name", "mailbox__email")
    fields = ("first_name", "last_name", "email", "phone", "is_adult", "created_at", "confirmed_at")


@admin.register(TimePledge)
class TimePledgeAdmin(ReadOnlyAdmin):
    list_display = ("id", "volunteer", "status", "confirmed_at", "answer_due_at", "escalated_at")
    list_filter = ("status",)
    list_select_related = ("volunteer",)
    date_hierarchy = "created_at"


@admin.register(MatchRun)
class MatchRunAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "volunteers", "opportunities", "edges", "proposed", "reached", "error")

    @admin.display(description=gettext_lazy("vom Möglichen"))
    def reached(self, run: MatchRun) -> str:
        return f"{run.percent_of_bound:.3f} %".replace(".", ",")


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    list_display = ("id", "opportunity", "status", "sent_at", "expires_at", "answered_at")
    list_filter = ("status", "decline_reason")
    list_select_related = ("opportunity",)
    raw_id_fields = ("pledge", "opportunity", "run")
    actions = ("withdraw",)

    @admin.action(description=gettext_lazy("Anfrage zurücknehmen"))
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Offer]) -> None:
        now, actor = utc_now(), actor_of(request.user)
        rows = chosen.select_related("pledge").order_by("opportunity_id")
        done = sum(withdraw_offer(row, actor=actor, reason="by an operator", now=now) for row in rows)
        told = ngettext(
            "%(count)d Anfrage zurückgenommen.",
            "%(count)d Anfragen zurückgenommen.",
            done,
        )
        messages.success(request, told % {"count": done})


@admin.register(Placement)
class PlacementAdmin(ReadOnlyAdmin):
    list_display = ("id", "volunteer", "opportunity", "status", "from_on", "until_on")
    list_filter = ("status",)
    list_select_related = ("volunteer", "opportunity")
    actions = ("confirm", "stop")

    @admin.action(description=gettext_lazy("Bestätigen"))
    def confirm(self, request: HttpRequest, chosen: QuerySet[Placement]) -> None:
        now, actor = utc_now(), actor_of(request.user)
        done = sum(confirm_placement(row, actor=actor, now=now) for row in chosen)
        told = ngettext(
            "%(count)d Einsatz bestätigt.",
            "%(count)d Einsätze bestätigt.",
            done,
        )
        messages.success(request, told % {"count": done})

    @admin.action(description=gettext_lazy("Beenden oder absagen"))
    def stop(self, request: HttpRequest, chosen: QuerySet[Placement]) -> None:
        now, actor = utc_now(), actor_of(request.user)
        done = sum(
            stop_placement(row, reason=CancelReason.NOT_NEEDED, actor=actor, now=now)
            for row in chosen.order_by("opportunity_id")
        )
        told = ngettext(
            "%(count)d Einsatz beendet.",
            "%(count)d Einsätze beendet.",
            done,
        )
        messages.success(request, told % {"count": done})


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ("id", "volunteer", "shift", "status", "reminded_at")
    list_filter = ("status",)
    list_select_related = ("volunteer", "shift__opportunity")


@admin.register(HoursEntry)
class HoursEntryAdmin(ReadOnlyAdmin):
    list_display = ("worked_on", "minutes", "heads", "volunteer", "opportunity")
    list_select_related = ("volunteer", "opportunity")
    date_hierarchy = "worked_on"
