"""Whatever changes a row of money notes its gift or bank line, to be compared with the books by day too."""

from django.db import migrations, models

# Argument: where in the row the gift is named, or the line.
_NOTE = """
CREATE FUNCTION donations_note_gift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO donations_changedmoney (gift_id) VALUES (OLD.donation_id);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.donation_id <> OLD.donation_id THEN
        INSERT INTO donations_changedmoney (gift_id) VALUES (NEW.donation_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION donations_note_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO donations_changedmoney (gift_id, line_id) VALUES (OLD.donation_id, OLD.line_id);
    END IF;
    IF TG_OP = 'INSERT'
        OR TG_OP = 'UPDATE' AND (NEW.donation_id <> OLD.donation_id OR NEW.line_id <> OLD.line_id) THEN
        INSERT INTO donations_changedmoney (gift_id, line_id) VALUES (NEW.donation_id, NEW.line_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION donations_note_own_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'gift' THEN
        INSERT INTO donations_changedmoney (gift_id) VALUES (NEW.id);
    ELSE
        INSERT INTO donations_changedmoney (line_id) VALUES (NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_noted AFTER INSERT OR UPDATE OR DELETE ON donations_payment
    FOR EACH ROW EXECUTE FUNCTION donations_note_gift();
CREATE TRIGGER refund_noted AFTER INSERT OR UPDATE OR DELETE ON donations_refund
    FOR EACH ROW EXECUTE FUNCTION donations_note_gift();
CREATE TRIGGER dispute_noted AFTER INSERT OR UPDATE OR DELETE ON donations_dispute
    FOR EACH ROW EXECUTE FUNCTION donations_note_gift();
CREATE TRIGGER allocation_noted AFTER INSERT OR UPDATE OR DELETE ON donations_allocation
    FOR EACH ROW EXECUTE FUNCTION donations_note_allocation();
CREATE TRIGGER booking_noted AFTER INSERT ON donations_ledgertransaction
    FOR EACH ROW WHEN (NEW.donation_id IS NOT NULL) EXECUTE FUNCTION donations_note_gift();
CREATE TRIGGER gift_noted AFTER UPDATE OF amount_cents, refunded_cents, lost_cents, status, fund_id,
        acceptance, acceptance_by_id ON donations_donation
    FOR EACH ROW EXECUTE FUNCTION donations_note_own_id('gift');
CREATE TRIGGER line_noted AFTER UPDATE OF allocated_cents ON donations_banktransaction
    FOR EACH ROW WHEN (NEW.allocated_cents <> OLD.allocated_cents)
    EXECUTE FUNCTION donations_note_own_id('line');
"""
_FORGET = """
DROP TRIGGER line_noted ON donations_banktransaction;
DROP TRIGGER gift_noted ON donations_donation;
DROP TRIGGER booking_noted ON donations_ledgertransaction;
DROP TRIGGER allocation_noted ON donations_allocation;
DROP TRIGGER dispute_noted ON donations_dispute;
DROP TRIGGER refund_noted ON donations_refund;
DROP TRIGGER payment_noted ON donations_payment;
DROP FUNCTION donations_note_own_id();
DROP FUNCTION donations_note_allocation();
DROP FUNCTION donations_note_gift();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('donations', '0028_failed_debits'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangedMoney',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gift_id', models.BigIntegerField(null=True)),
                ('line_id', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'zu vergleichende Änderung',
                'verbose_name_plural': 'zu vergleichende Änderungen',
            },
        ),
        migrations.RunSQL(_NOTE, _FORGET),
    ]
