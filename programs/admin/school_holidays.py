from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from foundation.clock import utc_now
from programs.models import SchoolHoliday
from programs.services.shifts import follow_school_holidays


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(admin.ModelAdmin[SchoolHoliday]):
    """School holidays of the Land; coming dates of tasks that leave them out follow at once."""

    list_display = ("name", "first_on", "last_on")
    date_hierarchy = "first_on"

    def save_model(
        self, request: HttpRequest, obj: SchoolHoliday, form: ModelForm[SchoolHoliday], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        follow_school_holidays(utc_now())

    def delete_model(self, request: HttpRequest, obj: SchoolHoliday) -> None:
        super().delete_model(request, obj)
        follow_school_holidays(utc_now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SchoolHoliday]) -> None:
        super().delete_queryset(request, queryset)
        follow_school_holidays(utc_now())
