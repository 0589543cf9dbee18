from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation.clock import utc_now
from programs.domain.school_holidays import NAMES
from programs.models import SchoolHoliday
from programs.services.school_holidays import school_holidays_changed


class SchoolHolidayForm(forms.ModelForm[SchoolHoliday]):
    """Days typed freely, the name chosen: beside the names in use, what the row is called already."""

    name = forms.ChoiceField(label=_("Name"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict.fromkeys([*NAMES, *filter(None, [self.instance.name])])
        self.fields["name"].choices = [(each, each) for each in names]  # type: ignore[attr-defined]


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(admin.ModelAdmin[SchoolHoliday]):
    """School holidays of the Land; coming dates of tasks that leave them out follow within minutes."""

    form = SchoolHolidayForm
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
