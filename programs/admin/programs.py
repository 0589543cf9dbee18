from django.contrib import admin

from programs.admin.second_person import SecondPersonAdmin
from programs.models import Program


@admin.register(Program)
class ProgramAdmin(SecondPersonAdmin[Program]):
    """Angebote of the directory, with source and the day their contact was checked."""

    list_display = ("name", "operator", "contact_checked_on", "as_of", "is_listed", "has_ended")
    list_filter = ("is_listed", "has_ended", "is_core_system", "confidence", "districts")
    search_fields = ("name", "operator", "description")
    prepopulated_fields = {"slug": ("name",)}
    filter_horizontal = ("districts",)
    list_select_related = ("provider",)
