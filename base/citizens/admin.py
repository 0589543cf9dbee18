from django.contrib import admin
from django.http import HttpRequest

from citizens.models import Mailbox


@admin.register(Mailbox)
class MailboxAdmin(admin.ModelAdmin[Mailbox]):
    """Addresses, to look up; only their owners and services change them."""

    list_display = ("id", "created_at", "confirmed_at", "bounced_at", "erased_at")
    search_fields = ("email",)
    fields = readonly_fields = (
        "email",
        "language",
        "unwanted",
        "created_at",
        "confirmed_at",
        "bounced_at",
        "reached_again_at",
        "erased_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Mailbox | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Mailbox | None = None) -> bool:
        return False
