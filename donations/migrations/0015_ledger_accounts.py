"""Entries stand on accounts with owners. No sum changes: each entry moves to the account its word meant."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

ACCOUNTS = [
    "stripe", "bank", "cash", "in_transit", "unclear", "fees", "fee_cover", "disputed", "fund", "reserved",
    "shortfall",
]  # fmt: skip
PURPOSE_ACCOUNTS = ["fund", "reserved", "shortfall"]

# Whose an entry is: its purpose's provider, else that of its gift's purpose, else that of its bank line; what
# none of these knows (no installation has such) is the youth office's, or the first provider's.
OWNED = """
CREATE TEMPORARY TABLE owned ON COMMIT DROP AS
SELECT entry.id, entry.word, entry.fund_id,
    coalesce(purpose.provider_id, gift_purpose.provider_id, line.provider_id, anybody.id) AS provider_id
FROM donations_ledgerentry AS entry
JOIN donations_ledgertransaction AS booked ON booked.id = entry.transaction_id
LEFT JOIN programs_fund AS purpose ON purpose.id = entry.fund_id
LEFT JOIN donations_donation AS gift ON gift.id = booked.donation_id
LEFT JOIN programs_fund AS gift_purpose ON gift_purpose.id = gift.fund_id
LEFT JOIN donations_banktransaction AS line ON booked.key = 'line:bank:' || left(line.fingerprint, 32)
LEFT JOIN LATERAL (SELECT id FROM programs_provider ORDER BY is_youth_office DESC, id LIMIT 1) AS anybody ON true;

INSERT INTO donations_ledgeraccount (kind, provider_id, fund_id, external_reference)
SELECT DISTINCT owned.word, owned.provider_id, owned.fund_id,
    CASE WHEN owned.word = 'bank' THEN upper(regexp_replace(provider.iban, '\\s', '', 'g')) ELSE '' END
FROM owned JOIN programs_provider AS provider ON provider.id = owned.provider_id;

ALTER TABLE donations_ledgerentry DISABLE TRIGGER ledger_append_only;
UPDATE donations_ledgerentry AS entry SET account_id = account.id
FROM owned JOIN donations_ledgeraccount AS account ON account.kind = owned.word
    AND account.provider_id = owned.provider_id AND account.fund_id IS NOT DISTINCT FROM owned.fund_id
WHERE owned.id = entry.id;
ALTER TABLE donations_ledgerentry ENABLE TRIGGER ledger_append_only;
"""
WORDS_AGAIN = """
ALTER TABLE donations_ledgerentry DISABLE TRIGGER ledger_append_only;
UPDATE donations_ledgerentry AS entry SET word = account.kind, fund_id = account.fund_id
FROM donations_ledgeraccount AS account WHERE account.id = entry.account_id;
ALTER TABLE donations_ledgerentry ENABLE TRIGGER ledger_append_only;
"""

# One transaction, one legal body: money of one never stands against money of another.
OF_ONE_BODY = """
CREATE OR REPLACE FUNCTION donations_ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    total numeric;
    sides bigint;
    bodies bigint;
BEGIN
    IF TG_TABLE_NAME = 'donations_ledgertransaction' THEN
        changed := NEW.id;
    ELSE
        changed := NEW.transaction_id;
    END IF;
    SELECT coalesce(sum(entry.amount_cents), 0), count(*), count(DISTINCT account.provider_id)
        INTO total, sides, bodies
        FROM donations_ledgerentry AS entry
        JOIN donations_ledgeraccount AS account ON account.id = entry.account_id
        WHERE entry.transaction_id = changed;
    IF total <> 0 OR sides < 2 THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced: % sides, sum %', changed, sides, total
            USING ERRCODE = 'check_violation';
    END IF;
    IF bodies > 1 THEN
        RAISE EXCEPTION 'ledger transaction % is of % legal bodies', changed, bodies
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

-- Whose an account is never changes: its entries would change hands with it.
CREATE TRIGGER account_stays BEFORE UPDATE OR DELETE ON donations_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION donations_ledger_append_only();
"""
OF_ANY_BODY = """
DROP TRIGGER account_stays ON donations_ledgeraccount;
CREATE OR REPLACE FUNCTION donations_ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    total numeric;
    sides bigint;
BEGIN
    IF TG_TABLE_NAME = 'donations_ledgertransaction' THEN
        changed := NEW.id;
    ELSE
        changed := NEW.transaction_id;
    END IF;
    SELECT coalesce(sum(amount_cents), 0), count(*) INTO total, sides
        FROM donations_ledgerentry WHERE transaction_id = changed;
    IF total <> 0 OR sides < 2 THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced: % sides, sum %', changed, sides, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donations", "0014_stripe_cursor"),
        ("programs", "0007_stop_reasons"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stripe", "Guthaben bei Stripe"),
                            ("bank", "Bankkonto"),
                            ("cash", "Kasse"),
                            ("in_transit", "unterwegs zur Bank"),
                            ("unclear", "ungeklärte Kontobewegungen"),
                            ("fees", "Gebühren"),
                            ("fee_cover", "aus eigenen Mitteln getragene Gebühren"),
                            ("disputed", "bestrittene Beträge"),
                            ("fund", "Spendenzweck"),
                            ("reserved", "freigegeben, noch nicht überwiesen"),
                            ("shortfall", "Fehlbetrag"),
                        ],
                        max_length=10,
                        verbose_name="Art",
                    ),
                ),
                ("external_reference", models.CharField(blank=True, max_length=80, verbose_name="Kennung")),
                (
                    "fund",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_accounts",
                        to="programs.fund",
                        verbose_name="Spendenzweck",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_accounts",
                        to="programs.provider",
                        verbose_name="Träger",
                    ),
                ),
            ],
            options={
                "verbose_name": "Konto",
                "verbose_name_plural": "Konten",
                "ordering": ["provider", "kind", "fund", "external_reference"],
                "constraints": [
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
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="ledgerentry", name="entry_account_known"),
        migrations.RemoveConstraint(model_name="ledgerentry", name="entry_fund_exactly_on_fund_account"),
        migrations.RenameField(model_name="ledgerentry", old_name="account", new_name="word"),
        migrations.AlterField(
            model_name="ledgerentry", name="word", field=models.CharField(max_length=10, null=True)
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="donations.ledgeraccount",
                verbose_name="Konto",
            ),
        ),
        migrations.RunSQL(OWNED, WORDS_AGAIN),
        migrations.AlterField(
            model_name="ledgerentry",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="donations.ledgeraccount",
                verbose_name="Konto",
            ),
        ),
        migrations.RemoveField(model_name="ledgerentry", name="word"),
        migrations.RemoveField(model_name="ledgerentry", name="fund"),
        migrations.RunSQL(OF_ONE_BODY, OF_ANY_BODY),
    ]
