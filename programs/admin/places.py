from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from foundation.clock import utc_now
from programs.models import City, District, DistrictFigure
from programs.signals import need_changed


@admin.register(City)
class CityAdmin(admin.ModelAdmin[City]):
    """The one city; it comes in with `load_city`."""

    list_display = ("name", "state", "official_key")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: City | None = None) -> bool:
        return False


class FigureInline(admin.TabularInline[DistrictFigure, District]):
    """Numbers, each with year and source."""

    model = DistrictFigure
    extra = 0
    fields = ("kind", "value", "year", "source")


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin[District]):
    """Stadtteile with shape, tile, need weight and figures."""

    list_display = ("name", "borough", "need_weight")
    search_fields = ("name", "borough")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (FigureInline,)

    def save_model(
        self, request: HttpRequest, obj: District, form: ModelForm[District], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and "need_weight" in form.changed_data:
            need_changed.send(sender=District, now=utc_now(), opportunity_ids=[])
