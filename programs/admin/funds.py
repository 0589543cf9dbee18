from django.contrib import admin
from django.http import HttpRequest

from programs.admin.second_person import SecondPersonAdmin, WaitingFormSet
from programs.models import Fund, FundUpdate


class UpdateInline(admin.StackedInline[FundUpdate, Fund]):
    """News for those who gave."""

    model = FundUpdate
    formset = WaitingFormSet
    extra = 0
    readonly_fields = ("is_shown",)


@admin.register(Fund)
class FundAdmin(SecondPersonAdmin[Fund]):
    """Spendenzwecke; what was received and what is left is moved by the ledger alone."""

    list_display = ("name", "provider", "is_open", "target_cents", "received_cents", "balance_cents")
    list_filter = ("is_open", "field", "has_example_figures")
    search_fields = ("name", "provider__name")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("text_version", "received_cents", "balance_cents", "gift_count")
    list_select_related = ("provider",)
    inlines = (UpdateInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Fund | None = None) -> tuple[str, ...]:
        """Whose a purpose is stays once anything was promised: no money of one body becomes another's."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "provider") if obj and (obj.gift_count or obj.donations.exists()) else fields

    def has_delete_permission(self, request: HttpRequest, obj: Fund | None = None) -> bool:
        return False
