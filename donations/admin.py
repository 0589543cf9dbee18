"""Gifts in the administration: all about money can be read, nothing changed; acts go through services."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from donations.models import (
    AcceptanceRule,
    Allocation,
    BankTransaction,
    CreditorId,
    Dispute,
    Donation,
    Donor,
    LedgerEntry,
    LedgerTransaction,
    MethodLimit,
    Payment,
    Proposal,
    RecurringDonation,
    Refund,
    SentPart,
    StatementImport,
    StripeEvent,
)
from foundation.clock import local_day, utc_now
from foundation.formats import euro_exact
from foundation.units import Cents
from programs.domain.screening.masking import masked


class ReadOnly:
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """A list and a page per row, without any way to change it."""

    @admin.display(description=gettext_lazy("Betrag"), ordering="amount_cents")
    def amount(self, row: Any) -> str:
        return euro_exact(Cents(row.amount_cents))


class EntryInline(ReadOnly, admin.TabularInline[LedgerEntry, LedgerTransaction]):
    model = LedgerEntry
    extra = 0


class AllocationInline(ReadOnly, admin.TabularInline[Allocation, BankTransaction]):
    model = Allocation
    extra = 0


class SentPartInline(ReadOnly, admin.TabularInline[SentPart, Proposal]):
    model = SentPart
    fk_name = "proposal"
    extra = 0


@admin.register(Donation)
class DonationAdmin(ReadOnlyAdmin):
    list_display = ("pledged_at", "amount", "fund", "method", "status", "acceptance", "donor_name", "donor")
    list_filter = ("status", "acceptance", "method", "fund", "is_demo")
    search_fields = (
        "donor_name",
        "donor__mailbox__email",
        "transfer_reference__reference",
        "payment__external_id",
    )
    list_select_related = ("fund", "donor__mailbox")
    date_hierarchy = "pledged_at"
    exclude = ("checkout_url",)


@admin.register(AcceptanceRule)
class AcceptanceRuleAdmin(admin.ModelAdmin[AcceptanceRule]):
    """From how much on the city accepts gifts; what once was valid stays."""

    list_display = ("provider", "valid_from", "from_cents", "source")
    list_select_related = ("provider",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(MethodLimit)
class MethodLimitAdmin(admin.ModelAdmin[MethodLimit]):
    """How much one payment takes; what once was valid stays."""

    list_display = ("method", "valid_from", "most_cents", "source")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(CreditorId)
class CreditorIdAdmin(admin.ModelAdmin[CreditorId]):
    """Under which number of its own a body has debits collected; what once was valid stays."""

    list_display = ("provider", "valid_from", "creditor_id", "source")
    list_select_related = ("provider",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(RecurringDonation)
class RecurringDonationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "amount", "fund", "method", "status", "donor")
    list_filter = ("status", "method", "is_demo")
    search_fields = ("donor__mailbox__email", "stripe_subscription_id")
    list_select_related = ("fund", "donor__mailbox")


@admin.register(Donor)
class DonorAdmin(ReadOnlyAdmin):
    list_display = ("address", "created_at", "is_demo")
    search_fields = ("mailbox__email",)
    list_select_related = ("mailbox",)

    @admin.display(description=gettext_lazy("E-Mail-Adresse"))
    def address(self, donor: Donor) -> str:
        return donor.email


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "amount", "received_at")
    search_fields = ("external_id",)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "amount", "status", "refunded_at", "failed_at")
    list_filter = ("status",)
    search_fields = ("external_id",)


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "amount", "outcome", "opened_at")
    list_filter = ("outcome",)


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ("proposed_at", "kind", "amount", "fund", "status", "proposed_by", "decided_by")
    list_filter = ("kind", "status", "provider")
    list_select_related = ("fund", "proposed_by", "decided_by")
    inlines = (SentPartInline,)


@admin.register(BankTransaction)
class BankTransactionAdmin(ReadOnlyAdmin):
    list_display = ("booked_on", "amount", "masked_name", "provider", "allocated_cents")
    list_filter = ("provider",)
    search_fields = ("counterparty_name", "remittance")
    exclude = ("counterparty_name", "remittance", "refs")
    readonly_fields = ("masked_name", "masked_remittance", "masked_refs")
    list_select_related = ("provider",)
    inlines = (AllocationInline,)

    @admin.display(description=gettext_lazy("Name"))
    def masked_name(self, line: BankTransaction) -> str:
        return masked(line.counterparty_name, today=local_day(utc_now()))

    @admin.display(description=gettext_lazy("Verwendungszweck"))
    def masked_remittance(self, line: BankTransaction) -> str:
        return masked(line.remittance, today=local_day(utc_now()))

    @admin.display(description=gettext_lazy("Referenzen"))
    def masked_refs(self, line: BankTransaction) -> str:
        return masked(line.refs, today=local_day(utc_now()))


@admin.register(StatementImport)
class StatementImportAdmin(ReadOnlyAdmin):
    list_display = ("imported_at", "provider", "lines", "new_lines", "merged_lines")
    list_filter = ("provider",)


@admin.register(LedgerTransaction)
class LedgerTransactionAdmin(ReadOnlyAdmin):
    list_display = ("happened_at", "kind", "key")
    list_filter = ("kind",)
    search_fields = ("key",)
    inlines = (EntryInline,)


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "kind", "subject_id", "attempts", "processed_at", "error")
    list_filter = ("noun", ("processed_at", admin.EmptyFieldListFilter))
    search_fields = ("event_id", "subject_id")
