from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from foundation.clock import utc_now
from programs.domain.refusals import Refusal
from programs.models import Opportunity, Role, Shift, ShiftSeries
from programs.services import publishing
from programs.signals import need_changed, need_changing

Step = Callable[..., list[Refusal]]


class _ReadOnly:
    """Rows to look at; they are changed on the coordination pages."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class SeriesInline(_ReadOnly, admin.TabularInline[ShiftSeries, Opportunity]):
    model = ShiftSeries
    extra = 0
    fields = ("rhythm_text", "exdates", "sequence")
    readonly_fields = fields


class RoleInline(_ReadOnly, admin.TabularInline[Role, Opportunity]):
    model = Role
    extra = 0
    fields = (
        "name",
        "skills",
        "languages",
        "minimum_age",
        "activity",
        "contact_with_minors",
        "clearance_required",
        "places",
        "places_taken",
        "places_held",
    )
    readonly_fields = fields


class ShiftInline(_ReadOnly, admin.TabularInline[Shift, Opportunity]):
    model = Shift
    extra = 0
    fields = ("starts_at", "ends_at", "is_cancelled")


@admin.register(Opportunity)
class OpportunityAdmin(admin.ModelAdmin[Opportunity]):
    """Texts are written and released on the coordination pages, where a second person reads them.

    Here only the point on the map is set; states move by the services behind the actions.
    """

    list_display = ("title", "provider", "district", "status", "places_taken", "places", "starts_on")
    list_filter = ("status", "field", "district", "is_demo")
    search_fields = ("title", "provider__name")
    list_select_related = ("provider", "district")
    fields = (
        "title",
        "provider",
        "program",
        "status",
        "task",
        "field",
        "district",
        "site",
        "latitude",
        "longitude",
        "age_bands",
        "site_kind",
        "staff_is_there",
        "reminds_each",
        "starts_on",
        "ends_on",
        "created_by",
        "edited_by",
    )
    readonly_fields = tuple(name for name in fields if name not in ("latitude", "longitude"))
    inlines = (RoleInline, SeriesInline, ShiftInline)
    actions = ("send_back", "pause", "resume", "close")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Opportunity | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opportunity]:
        return super().get_queryset(request).prefetch_related("roles")

    @admin.display(description=gettext_lazy("Plätze"))
    def places(self, row: Opportunity) -> int:
        return row.places

    @admin.display(description=gettext_lazy("vergebene Plätze"))
    def places_taken(self, row: Opportunity) -> int:
        return row.places_taken

    def save_model(
        self, request: HttpRequest, obj: Opportunity, form: ModelForm[Opportunity], change: bool
    ) -> None:
        need_changing.send(sender=Opportunity, opportunity_ids=[obj.pk])
        obj.save(update_fields=form.changed_data)
        need_changed.send(sender=Opportunity, now=utc_now(), opportunity_ids=[obj.pk])

    @admin.action(description=gettext_lazy("Zurück in den Entwurf"))
    def send_back(self, request: HttpRequest, chosen: QuerySet[Opportunity]) -> None:
        self._take(publishing.send_back, request, chosen)

    @admin.action(description=gettext_lazy("Pausieren"))
    def pause(self, request: HttpRequest, chosen: QuerySet[Opportunity]) -> None:
        self._take(publishing.pause, request, chosen)

    @admin.action(description=gettext_lazy("Fortsetzen"))
    def resume(self, request: HttpRequest, chosen: QuerySet[Opportunity]) -> None:
        self._take(publishing.resume, request, chosen)

    @admin.action(description=gettext_lazy("Endgültig beenden"))
    def close(self, request: HttpRequest, chosen: QuerySet[Opportunity]) -> None:
        self._take(publishing.close, request, chosen)

    def _take(self, step: Step, request: HttpRequest, chosen: QuerySet[Opportunity]) -> None:
        assert isinstance(request.user, User)
        now, done = utc_now(), 0
        for opportunity in chosen:
            refusals = step(opportunity, by=request.user, now=now)
            done += not refusals
            for refusal in refusals:
                messages.warning(request, f"{opportunity}: {refusal.label}")
        told = ngettext(
            "%(count)d Engagementangebot geändert.",
            "%(count)d Engagementangebote geändert.",
            done,
        )
        messages.success(request, told % {"count": done})
