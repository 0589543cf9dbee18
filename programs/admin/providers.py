from django.contrib import admin

from programs.models import Membership, Provider


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
