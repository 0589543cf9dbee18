from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from donations.domain.references import codes_in
from donations.models.donation import Donation
from donations.models.ledger import LedgerAccount
from donations.models.payment import Refund
from donations.models.proposal import Proposal
from donations.models.transit import StripeTransit
from foundation.clock import day_and_time
from foundation.lists.searching import Folded
from foundation.units import Cents
from programs.models import Provider


class TransferReference(models.Model):
    """A Verwendungszweck-Code: the creditor reference (ISO 11649) that leads a transfer to its donation."""

    donation = models.OneToOneField(Donation, models.PROTECT, related_name="transfer_reference")
    reference = models.CharField(_("Referenz"), max_length=25, unique=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Verwendungszweck-Code")
        verbose_name_plural = _("Verwendungszweck-Codes")

    def __str__(self) -> str:
        return self.reference


class StatementImport(models.Model):
    """A Kontoauszug that was taken over: which lines it brought, and what a human should look at."""

    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="statement_imports", verbose_name=_("Träger")
    )
    digest = models.CharField(_("Prüfsumme"), max_length=64)
    imported_at = models.DateTimeField(_("eingelesen"))
    imported_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("eingelesen von")
    )
    lines = models.PositiveIntegerField(_("Kontobewegungen"), default=0)
    new_lines = models.PositiveIntegerField(_("davon neu"), default=0)
    merged_lines = models.PositiveIntegerField(_("davon von Hand erfasst"), default=0)
    flags = models.JSONField(_("Auffälligkeiten"), default=list)
    periods = models.JSONField(_("Zeiträume"), default=list, db_default=[])

    class Meta:
        verbose_name = _("Kontoauszug")
        verbose_name_plural = _("Kontoauszüge")
        ordering = ["-imported_at", "-id"]

    def __str__(self) -> str:
        return f"{self.provider} {day_and_time(self.imported_at)}"

    @property
    def lacks_balances(self) -> bool:
        """Whether it tells lines without the balance before them, so that nobody can compare their days."""
        return any(period["opening_cents"] is None for period in self.periods)


class BankTransaction(models.Model):
    """A Kontobewegung, once by its fingerprint; `amount_cents` is signed, what left is negative.

    `statement_key` is what a statement knows it by, null as long as only a human has typed it; what a
    statement brought has it as its fingerprint; `form` is that of this statement, camt or mt940, empty where
    no statement brought it or nobody asked yet. Few indexes: lines come by the hundred thousand. With
    `booked_at` it stands in the books: `allocated_cents` of it on gifts, or all as a refund, a payout (where
    it came in: one that came back), money from Stripe, counted cash (`cash_cents`) or fees (`fee`, by which
    two people said that the bank takes them or gives them back, or that the body bears them with money of its
    own), the rest as unclear. By `found_by` two people said of one that left without a code which refund or
    payout it is, or, with `sent_cents`, which several (the parts of that proposal).
    With `cancelled_at` it was typed by mistake or stood there twice, and what was booked for it is undone.
    `valued_on` is the day of its Wertstellung, null where no statement told it; no day of a gift or of the
    books follows from it. `refs` are what payer and bank call it (EndToEndId, InstrId, TxId, MndtId; EREF,
    KREF, MREF, CRED). `account` is our own on which it is booked. Of the account at the other side only the
    country is kept, as its IBAN tells it.
    """

    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="bank_transactions", db_index=False, verbose_name=_("Träger")
    )
    account = models.ForeignKey(
        LedgerAccount, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("Konto")
    )
    fingerprint = models.CharField(_("Fingerabdruck"), max_length=64)
    booked_on = models.DateField(_("gebucht am"))
    amount_cents = models.BigIntegerField(_("Betrag in Cent"))
    counterparty_name = models.CharField(_("Name"), max_length=140, blank=True)
    counterparty_country = models.CharField(
        _("Land des Kontos"), max_length=2, blank=True, default="", db_default=""
    )
    remittance = models.CharField(_("Verwendungszweck"), max_length=500, blank=True)
    valued_on = models.DateField(_("Wertstellung"), null=True)
    refs = models.CharField(_("Referenzen"), max_length=500, blank=True, default="", db_default="")
    allocated_cents = models.BigIntegerField(_("davon Spenden zugeordnet, in Cent"), default=0, db_default=0)
    cash_cents = models.BigIntegerField(_("davon gezähltes Bargeld, in Cent"), default=0, db_default=0)
    refund = models.ForeignKey(
        Refund,
        models.PROTECT,
        null=True,
        related_name="bank_transactions",
        db_index=False,
        verbose_name=_("Erstattung"),
    )
    payout = models.ForeignKey(
        Proposal,
        models.PROTECT,
        null=True,
        related_name="bank_transactions",
        db_index=False,
        verbose_name=_("Auszahlung"),
    )
    transit = models.ForeignKey(
        StripeTransit,
        models.PROTECT,
        null=True,
        related_name="bank_transactions",
        db_index=False,
        verbose_name=_("Auszahlung von Stripe"),
    )
    fee = models.ForeignKey(
        Proposal,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("Gebühr der Bank"),
    )
    found_by = models.ForeignKey(
        Proposal,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("von Hand zugeordnet"),
    )
    sent_cents = models.BigIntegerField(_("davon mehrere Freigaben, in Cent"), null=True)
    return_reason = models.CharField(_("Rückgabegrund"), max_length=35, blank=True)
    statement = models.ForeignKey(
        StatementImport, models.PROTECT, null=True, related_name="rows", verbose_name=_("Kontoauszug")
    )
    statement_key = models.CharField(_("Schlüssel im Auszug"), max_length=64, null=True)
    form = models.CharField(_("Form des Auszugs"), max_length=5, blank=True, default="", db_default="")
    booked_at = models.DateTimeField(_("verbucht"), null=True)
    cancelled_at = models.DateTimeField(_("storniert"), null=True)
    recorded_at = models.DateTimeField(_("erfasst"))
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("erfasst von")
    )

    class Meta:
        verbose_name = _("Kontobewegung")
        verbose_name_plural = _("Kontobewegungen")
        ordering = ["-booked_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["fingerprint"], name="bank_line_once"),
            models.UniqueConstraint(
                fields=["statement_key"],
                condition=~models.Q(statement_key=models.F("fingerprint")),
                name="bank_line_merged_once",
            ),
            models.UniqueConstraint(
                fields=["refund"],
                condition=models.Q(refund__isnull=False, amount_cents__lt=0),
                name="bank_line_one_refund",
            ),
            models.UniqueConstraint(
                fields=["refund"],
                condition=models.Q(refund__isnull=False, amount_cents__gt=0),
                name="bank_line_one_refund_back",
            ),
            models.UniqueConstraint(
                fields=["payout"],
                condition=models.Q(payout__isnull=False, amount_cents__lt=0),
                name="bank_line_one_payout",
            ),
            models.UniqueConstraint(
                fields=["payout"],
                condition=models.Q(payout__isnull=False, amount_cents__gt=0),
                name="bank_line_one_payout_back",
            ),
            models.CheckConstraint(condition=~models.Q(amount_cents=0), name="bank_line_moves_something"),
            models.CheckConstraint(
                condition=models.Q(allocated_cents=0, refund=None)
                | models.Q(allocated_cents=0, payout=None)
                | models.Q(refund=None, payout=None),
                name="bank_line_means_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at=None)
                | models.Q(allocated_cents=0, refund=None, payout=None, statement_key=None),
                name="bank_line_cancelled_means_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(transit=None)
                | models.Q(allocated_cents=0, refund=None, payout=None, cancelled_at=None),
                name="bank_line_of_transit_means_nothing_else",
            ),
            models.CheckConstraint(
                condition=models.Q(cash_cents=0)
                | models.Q(
                    cash_cents=models.F("amount_cents"),
                    amount_cents__gt=0,
                    allocated_cents=0,
                    refund=None,
                    payout=None,
                    transit=None,
                    cancelled_at=None,
                ),
                name="bank_line_of_cash_means_nothing_else",
            ),
            models.CheckConstraint(
                condition=models.Q(fee=None)
                | models.Q(
                    booked_at__isnull=False,
                    allocated_cents=0,
                    cash_cents=0,
                    refund=None,
                    payout=None,
                    transit=None,
                    cancelled_at=None,
                ),
                name="bank_line_of_fee_means_nothing_else",
            ),
            models.CheckConstraint(
                condition=models.Q(found_by=None)
                | models.Q(amount_cents__lt=0)
                & (
                    models.Q(refund__isnull=False)
                    | models.Q(payout__isnull=False)
                    | models.Q(sent_cents__isnull=False)
                ),
                name="bank_line_found_is_something",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_cents=None)
                | models.Q(
                    amount_cents=-models.F("sent_cents"),
                    found_by__isnull=False,
                    booked_at__isnull=False,
                    refund=None,
                    payout=None,
                    transit=None,
                    fee=None,
                    cancelled_at=None,
                ),
                name="bank_line_of_several_means_nothing_else",
            ),
            models.CheckConstraint(
                condition=models.Q(allocated_cents=0)
                | models.Q(allocated_cents__gt=0, allocated_cents__lte=models.F("amount_cents")),
                name="bank_line_allocated_within",
            ),
        ]
        indexes = [
            models.Index(
                fields=["transit"], name="bank_line_of_transit", condition=models.Q(transit__isnull=False)
            ),
            models.Index(fields=["provider", "booked_on", "amount_cents"], name="bank_line_twins"),
            models.Index(Upper("counterparty_name"), name="bank_line_of_payer"),
            GinIndex(OpClass(Folded("counterparty_name"), "gin_trgm_ops"), name="bank_line_by_name"),
            GinIndex(OpClass(Folded("remittance"), "gin_trgm_ops"), name="bank_line_by_text"),
            models.Index(fields=["id"], name="bank_line_to_book", condition=models.Q(booked_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on}: {self.amount_cents} Cent"

    @property
    def codes(self) -> list[str]:
        """Our codes that it carries, in the text of the transfer or in any reference."""
        return codes_in(self.remittance, self.refs)

    @property
    def state_text(self) -> str:
        """What became of it, in words."""
        if self.cancelled_at is not None:
            return str(_("storniert"))
        if self.refund_id or self.payout_id:
            if self.amount_cents > 0:
                return str(
                    _("Erstattung zurückgekommen") if self.refund_id else _("Auszahlung zurückgekommen")
                )
            return str(_("Erstattung") if self.refund_id else _("Auszahlung"))
        if self.sent_cents:
            return str(_("mehrere Auszahlungen oder Erstattungen"))
        if self.cash_cents:
            return str(_("Bareinzahlung"))
        if self.fee is not None:
            is_back = self.fee.kind == "bank_fee" and self.amount_cents > 0
            return str(_("Gebühr der Bank zurück") if is_back else self.fee.get_kind_display())
        if self.amount_cents < 0 and self.transit_id:
            return str(_("Abgang"))
        return str(_("offen") if self.open_cents or self.is_open_debit else _("zugeordnet"))

    @property
    def is_correctable(self) -> bool:
        """Whether two people may say what it should have been, as far as the row tells."""
        is_found = self.found_by_id is not None
        is_told = self.transit_id or (not is_found and (self.refund_id or self.payout_id))
        return self.cancelled_at is None and not is_told

    @property
    def is_open_debit(self) -> bool:
        """Whether money left with it and nobody knows what for."""
        is_given = self.refund_id or self.payout_id or self.transit_id or self.fee_id or self.sent_cents
        return self.amount_cents < 0 and self.cancelled_at is None and not is_given

    @property
    def size_cents(self) -> Cents:
        """How much it moves, whichever way."""
        return Cents(abs(self.amount_cents))

    @property
    def open_cents(self) -> Cents:
        """What came with it and belongs to no gift yet."""
        is_given = self.refund_id or self.payout_id or self.transit_id or self.fee_id
        if self.cancelled_at is not None or is_given:
            return Cents(0)
        return Cents(max(0, self.amount_cents - self.allocated_cents - self.cash_cents))


class StatementKey(models.Model):
    """A further key of a Kontobewegung, by which another form of the statement knows it.

    With `batch_cents` it is the key of the whole batch that the line is the first item of.
    """

    line = models.ForeignKey(
        BankTransaction, models.CASCADE, related_name="statement_keys", verbose_name=_("Kontobewegung")
    )
    key = models.CharField(_("Schlüssel im Auszug"), max_length=64, unique=True)
    form = models.CharField(_("Form des Auszugs"), max_length=5)
    batch_cents = models.BigIntegerField(_("Betrag der Sammelbuchung in Cent"), null=True)

    class Meta:
        verbose_name = _("weiterer Schlüssel einer Kontobewegung")
        verbose_name_plural = _("weitere Schlüssel von Kontobewegungen")

    def __str__(self) -> str:
        return f"{self.line}: {self.form}"
