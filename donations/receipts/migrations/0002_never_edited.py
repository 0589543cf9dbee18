"""A receipt is never edited, and deleted only when nobody has to keep it any more (RULES §2.7, §2.8)."""

from django.db import migrations

_GUARD = """
CREATE FUNCTION receipts_receipt_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'status_changed_at', 'withdrawn_at', 'withdrawn_for', 'was_given_out',
        'tax_office_told_at', 'tax_office_told_by_id', 'restricted_at', 'replaces_id'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.year >= extract(year FROM now() AT TIME ZONE 'Europe/Berlin') - 10 THEN
            RAISE EXCEPTION 'receipt % has to be kept', OLD.number USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'receipt % is never edited', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.status = 'withdrawn' AND NEW.status <> 'withdrawn' THEN
        RAISE EXCEPTION 'receipt % was withdrawn', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.replaces_id IS DISTINCT FROM OLD.replaces_id AND NEW.replaces_id IS NOT NULL THEN
        RAISE EXCEPTION 'receipt % is never edited', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipts_receipt_guard BEFORE UPDATE OR DELETE ON receipts_receipt
    FOR EACH ROW EXECUTE FUNCTION receipts_receipt_guard();

CREATE FUNCTION receipts_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept integer;
BEGIN
    SELECT year INTO kept FROM receipts_receipt WHERE id = OLD.receipt_id;
    IF TG_OP = 'DELETE' THEN
        IF kept >= extract(year FROM now() AT TIME ZONE 'Europe/Berlin') - 10 THEN
            RAISE EXCEPTION 'what belongs to a receipt has to be kept' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF to_jsonb(NEW) - 'withdrawn_at' IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_at'
        OR to_jsonb(OLD) ->> 'withdrawn_at' IS NOT NULL THEN
        RAISE EXCEPTION 'what belongs to a receipt is never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION receipts_issuer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'status_changed_at', 'confirmed_by_id', 'confirmed_at', 'proposed_by_id'];
BEGIN
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'what a body has said about itself is never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipts_issuer_guard BEFORE UPDATE ON receipts_issuer
    FOR EACH ROW EXECUTE FUNCTION receipts_issuer_guard();
CREATE TRIGGER receipts_item_guard BEFORE UPDATE OR DELETE ON receipts_receiptitem
    FOR EACH ROW EXECUTE FUNCTION receipts_part_guard();
CREATE TRIGGER receipts_file_guard BEFORE UPDATE OR DELETE ON receipts_receiptfile
    FOR EACH ROW EXECUTE FUNCTION receipts_part_guard();
"""
_UNGUARD = """
DROP TRIGGER receipts_file_guard ON receipts_receiptfile;
DROP TRIGGER receipts_item_guard ON receipts_receiptitem;
DROP TRIGGER receipts_receipt_guard ON receipts_receipt;
DROP TRIGGER receipts_issuer_guard ON receipts_issuer;
DROP FUNCTION receipts_issuer_guard();
DROP FUNCTION receipts_part_guard();
DROP FUNCTION receipts_receipt_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial")]

    operations = [migrations.RunSQL(_GUARD, _UNGUARD)]
