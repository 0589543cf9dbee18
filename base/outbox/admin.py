from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from foundation.clock import utc_now
from outbox.models import Message, Suppression
from outbox.services import sending


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin[Message]):
    """Read-only but for what only a human may decide."""

    list_display = ("template", "status", "queued_at", "sent_at", "attempts")
    list_filter = ("status", "template")
    search_fields = ("key",)
    date_hierarchy = "queued_at"
    fields = readonly_fields = (
        "key",
        "template",
        "status",
        "queued_at",
        "due_at",
        "attempts",
        "claimed_at",
        "sent_at",
        "error",
    )
    actions = ("queue_again", "settle")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Noch einmal senden (kann doppelt ankommen)"))
    def queue_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        done = sum(sending.send_again(message, utc_now()) for message in chosen)
        told = ngettext(
            "%(count)d Nachricht wird noch einmal gesendet.",
            "%(count)d Nachrichten werden noch einmal gesendet.",
            done,
        )
        messages.success(request, told % {"count": done})

    @admin.action(description=gettext_lazy("Ist angekommen"))
    def settle(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        done = sum(sending.settle_as_sent(message, utc_now()) for message in chosen)
        told = ngettext(
            "%(count)d Nachricht gilt als gesendet.",
            "%(count)d Nachrichten gelten als gesendet.",
            done,
        )
        messages.success(request, told % {"count": done})


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin[Suppression]):
    """Addresses that get no mail."""

    list_display = ("reason", "created_at")
    search_fields = ("email",)
