from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import ngettext

from foundation.clock import utc_now
from programs.models import SchoolHoliday
from programs.services.school_holidays import school_holidays_changed


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(admin.ModelAdmin[SchoolHoliday]):
    """School holidays of the Land; coming dates of tasks that leave them out follow within minutes."""

    list_display = ("name", "first_on", "last_on")
    date_hierarchy = "first_on"

    @transaction.atomic
    def save_model(
        self, request: HttpRequest, obj: SchoolHoliday, form: ModelForm[SchoolHoliday], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        _follow(request)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: SchoolHoliday) -> None:
        super().delete_model(request, obj)
        _follow(request)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SchoolHoliday]) -> None:
        super().delete_queryset(request, queryset)
        _follow(request)


def _follow(request: HttpRequest) -> None:
    tasks = school_holidays_changed(utc_now())
    if tasks:
        told = ngettext(
            "Die Termine von %(count)d Engagementangebot folgen in den nächsten Minuten.",
            "Die Termine von %(count)d Engagementangeboten folgen in den nächsten Minuten.",
            tasks,
        )
        messages.info(request, told % {"count": tasks})
