from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import utc_now
from programs.admin.second_person import SecondPersonAdmin
from programs.models import City, District, DistrictFigure
from programs.signals import need_changed


@admin.register(City)
class CityAdmin(SecondPersonAdmin[City]):
    """The one city; it comes in with `load_city`."""

    list_display = ("name", "state", "official_key", "youth_office_number")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: City | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: City, form: ModelForm[City], change: bool) -> None:
        """A new number does not inherit the confirmation of the old one."""
        if "youth_office_phone" in form.changed_data and (
            "youth_office_phone_checked_on" not in form.changed_data
        ):
            obj.youth_office_phone_checked_on = None
            form.changed_data.append("youth_office_phone_checked_on")
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("Telefon des Jugendamts"))
    def youth_office_number(self, city: City) -> str:
        """Say beside the number that nobody has confirmed it."""
        if city.has_confirmed_youth_office_phone:
            return city.youth_office_phone
        return _("%(number)s (unbestätigt)") % {"number": city.youth_office_phone or "–"}


class FigureInline(admin.TabularInline[DistrictFigure, District]):
    """Numbers, each with year and source; they come in as files alone."""

    model = DistrictFigure
    extra = 0
    fields = ("kind", "value", "year", "source")

    def has_add_permission(self, request: HttpRequest, obj: District | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: District | None = None) -> bool:
        return False


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin[District]):
    """Stadtteile with point, tile and need weight; words, outline and figures come in as files alone."""

    list_display = ("name", "borough", "need_weight")
    search_fields = ("name", "borough")
    readonly_fields = ("name", "slug", "short_name", "borough", "geometry", "geometry_note")
    inlines = (FigureInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: District, form: ModelForm[District], change: bool
    ) -> None:
        """Write only what was changed: a file may have brought another outline since the form was read."""
        obj.save(update_fields=form.changed_data)
        if "need_weight" in form.changed_data:
            need_changed.send(sender=District, now=utc_now(), opportunity_ids=[])
