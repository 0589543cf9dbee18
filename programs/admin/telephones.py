from django.contrib import admin

from programs.admin.second_person import SecondPersonAdmin
from programs.models import HelpTelephone


@admin.register(HelpTelephone)
class HelpTelephoneAdmin(SecondPersonAdmin[HelpTelephone]):
    """Telephones of the page "Wenn ein Kind in Gefahr ist", with source and the day they were checked."""

    list_display = ("name", "number", "audience", "as_of", "contact_checked_on", "is_listed")
    list_filter = ("audience", "is_listed")
    search_fields = ("name", "number")
