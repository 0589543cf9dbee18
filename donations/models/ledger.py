from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from donations.domain.accounts import ACCOUNTS, PURPOSE_ACCOUNTS, SHARED, Account
from donations.domain.ledger import KINDS, Kind
from donations.models.donation import Donation
from foundation.clock import day_and_time
from programs.models import Fund, Provider

_KIND_WORDS: dict[Kind, str | Promise] = {
    "unclear": _("ungeklärte Kontobewegung"),
    "gift": _("Spende"),
    "gift_part": _("weiterer Teil einer Spende"),
    "fee": _("Gebühr"),
    "refund": _("Erstattung"),
    "refund_back": _("Erstattung misslungen"),
    "dispute": _("Rückbuchung"),
    "dispute_won": _("Rückbuchung gewonnen"),
    "dispute_lost": _("Rückbuchung verloren"),
    "dispute_reversed": _("verlorene Rückbuchung zurückgekommen"),
    "payout": _("Auszahlung"),
    "payout_sent": _("Auszahlung überwiesen"),
    "shortfall": _("Fehlbetrag"),
    "correction": _("Berichtigung"),
    "reallocation": _("Umwidmung"),
    "moved": _("auf das richtige Bankkonto"),
    "transit": _("von Stripe unterwegs zur Bank"),
    "arrival": _("von Stripe auf dem Konto"),
    "transit_back": _("zurück bei Stripe"),
    "collection": _("Spendenbox gezählt"),
    "deposit": _("Bargeld eingezahlt"),
    "fee_cover": _("Gebühren aus eigenem Geld getragen"),
}
_ACCOUNT_WORDS: dict[Account, str | Promise] = {
    "stripe": _("Guthaben bei Stripe"),
    "bank": _("Bankkonto"),
    "cash": _("Kasse"),
    "in_transit": _("unterwegs zur Bank"),
    "unclear": _("ungeklärte Kontobewegungen"),
    "fees": _("Gebühren"),
    "fee_cover": _("aus eigenen Mitteln getragene Gebühren"),
    "disputed": _("bestrittene Beträge"),
    "fund": _("Spendenzweck"),
    "reserved": _("freigegeben, noch nicht überwiesen"),
    "shortfall": _("Fehlbetrag"),
}
_KIND_CHOICES = [(each, _KIND_WORDS[each]) for each in KINDS]
_ACCOUNT_CHOICES = [(each, _ACCOUNT_WORDS[each]) for each in ACCOUNTS]


class LedgerAccount(models.Model):
    """A Konto of one legal body: what it holds, or what it owes to one of its purposes.

    `external_reference` is what the world calls it: the IBAN of a bank account, the name of an account at
    Stripe (empty for the first). An account at Stripe is of one body. Lines of a bank account are known by
    its body alone where they were read before bodies could have several (`is_known_by_body`).
    """

    kind = models.CharField(_("Art"), max_length=10, choices=_ACCOUNT_CHOICES)
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="ledger_accounts", verbose_name=_("Träger"), db_index=False
    )
    fund = models.ForeignKey(
        Fund, models.PROTECT, null=True, related_name="ledger_accounts", verbose_name=_("Spendenzweck")
    )
    external_reference = models.CharField(_("Kennung"), max_length=80, blank=True)
    is_known_by_body = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
        ordering = ["provider", "kind", "fund", "external_reference"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ACCOUNTS), name="account_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=PURPOSE_ACCOUNTS, fund__isnull=False)
                | (~Q(kind__in=PURPOSE_ACCOUNTS) & Q(fund__isnull=True)),
                name="account_fund_exactly_for_purposes",
            ),
            models.UniqueConstraint(
                fields=["provider", "kind", "fund", "external_reference"],
                nulls_distinct=False,
                name="account_once",
            ),
            models.UniqueConstraint(
                fields=["external_reference"],
                condition=Q(kind="stripe") & ~Q(external_reference=SHARED),
                name="account_at_stripe_of_one_body",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.fund or self.provider}"


class LedgerTransaction(models.Model):
    """A business event in the books, once by its key; its entries sum to zero (deferred trigger).

    A correction names the transaction that it `reverses`, once, and is its mirror to the cent (trigger).
    """

    key = models.CharField(_("Schlüssel"), max_length=160, unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=_KIND_CHOICES)
    donation = models.ForeignKey(
        Donation, models.PROTECT, null=True, related_name="ledger_transactions", verbose_name=_("Spende")
    )
    reverses = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="reversed_by",
        db_index=False,
        verbose_name=_("berichtigt"),
    )
    happened_at = models.DateTimeField(_("Zeitpunkt"))
    recorded_at = models.DateTimeField(_("erfasst"))

    class Meta:
        verbose_name = _("Buchungssatz")
        verbose_name_plural = _("Buchungssätze")
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="ledger_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="correction", reverses__isnull=False)
                | (~Q(kind="correction") & Q(reverses__isnull=True)),
                name="ledger_correction_reverses",
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="ledger_reversed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class LedgerCheckpoint(models.Model):
    """What the entries of a purpose up to a transaction said when all of them were last added up."""

    fund = models.OneToOneField(Fund, models.CASCADE, related_name="ledger_checkpoint")
    up_to = models.BigIntegerField()
    balance_cents = models.BigIntegerField()
    received_cents = models.BigIntegerField()
    gift_count = models.BigIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Zwischensumme")
        verbose_name_plural = _("Zwischensummen")

    def __str__(self) -> str:
        return f"{self.fund}: {day_and_time(self.taken_at)}"


class LedgerEntry(models.Model):
    """A Buchung: one side of a transaction; append-only (trigger refuses UPDATE and DELETE).

    Debits are positive, credits negative. Money held is positive on its account, what is owed to a purpose
    is negative on the purpose's. All entries of a transaction are of one legal body (deferred trigger).
    """

    transaction = models.ForeignKey(
        LedgerTransaction, models.PROTECT, related_name="entries", verbose_name=_("Buchungssatz")
    )
    account = models.ForeignKey(
        LedgerAccount, models.PROTECT, related_name="entries", verbose_name=_("Konto")
    )
    amount_cents = models.BigIntegerField(_("Betrag in Cent"))

    class Meta:
        verbose_name = _("Buchung")
        verbose_name_plural = _("Buchungen")
        constraints = [models.CheckConstraint(condition=~Q(amount_cents=0), name="entry_moves_something")]

    def __str__(self) -> str:
        return f"{self.account}: {self.amount_cents}"


class ChangedMoney(models.Model):
    """A gift or bank line of which a row was changed since it was last compared with the books (trigger).

    Whoever changes it, by whatever way; only ever added to, so that nobody waits for another.
    """

    gift_id = models.BigIntegerField(null=True)
    line_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("zu vergleichende Änderung")
        verbose_name_plural = _("zu vergleichende Änderungen")

    def __str__(self) -> str:
        return f"gift {self.gift_id}, line {self.line_id}"
