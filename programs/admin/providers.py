from django.contrib import admin
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest

from foundation.clock import utc_now
from programs.models import Membership, Provider
from programs.services.providers import tell_of_verification


class MembershipInline(admin.TabularInline[Membership, Provider]):
    """Who acts for the provider, and as what."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin[Provider]):
    """Träger: verification, protection of children, account, people."""

    list_display = ("name", "kind", "is_verified", "protection_concept_on", "takes_online_payments")
    list_filter = ("kind", "is_verified", "takes_online_payments")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)

    @transaction.atomic
    def save_model(
        self, request: HttpRequest, obj: Provider, form: ModelForm[Provider], change: bool
    ) -> None:
        if obj.is_verified:
            obj.stop_reasons = ""
        super().save_model(request, obj, form, change)
        if change and "is_verified" in form.changed_data:
            tell_of_verification(obj, now=utc_now())
