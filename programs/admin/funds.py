from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from programs.models import Fund, FundUpdate
from programs.services.funds import TEXTS


class UpdateInline(admin.StackedInline[FundUpdate, Fund]):
    """News for those who gave."""

    model = FundUpdate
    extra = 0


@admin.register(Fund)
class FundAdmin(admin.ModelAdmin[Fund]):
    """Spendenzwecke; what was received and what is left is moved by the ledger alone."""

    list_display = ("name", "provider", "is_open", "target_cents", "received_cents", "balance_cents")
    list_filter = ("is_open", "field", "has_example_figures")
    search_fields = ("name", "provider__name")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("text_version", "received_cents", "balance_cents", "gift_count")
    list_select_related = ("provider",)
    inlines = (UpdateInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Fund | None = None) -> tuple[str, ...]:
        """Whose a purpose is stays: money given to one body never becomes another's."""
        return (*self.readonly_fields, "provider") if obj and obj.gift_count else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Fund | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Fund, form: ModelForm[Fund], change: bool) -> None:
        """Write only what was changed: the counters may have moved since the form was read."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        columns = list(form.changed_data)
        if set(columns) & set(TEXTS):
            obj.text_version += 1
            columns.append("text_version")
        obj.save(update_fields=columns)
