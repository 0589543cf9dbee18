"""One mailbox per address, for typed drafts too; no row is lost and every link sent so far keeps working."""

from django.db import migrations

from citizens.domain.addresses import as_sent

CHUNK = 2000
OLD_KINDS = ("my_pledges", "offer", "placement_calendar", "placement_letter")


def make_mailboxes(apps, schema_editor):
    """Links carried `Volunteer.link_version`; as an offset per kind they stay what they were."""
    Mailbox = apps.get_model("citizens", "Mailbox")
    Volunteer = apps.get_model("volunteers", "Volunteer")
    rows = Volunteer.objects.order_by("pk").values_list(
        "pk", "email", "created_at", "confirmed_at", "erased_at", "link_version"
    )
    facts, owner = {}, {}
    for pk, email, created_at, confirmed_at, erased_at, version in rows.iterator(CHUNK):
        address = as_sent(email)
        owner[pk] = address
        known = facts.setdefault(address, {"created_at": created_at, "confirmed_at": None, "version": 1})
        known["created_at"] = min(known["created_at"], created_at)
        known["erased_at"] = erased_at
        if confirmed_at:
            known["confirmed_at"] = min(known["confirmed_at"] or confirmed_at, confirmed_at)
            known["version"] = max(known["version"], version)
    _write(Mailbox, facts)
    ids = dict(Mailbox.objects.values_list("email", "pk"))
    people = [Volunteer(pk=pk, mailbox_id=ids[address]) for pk, address in owner.items()]
    Volunteer.objects.bulk_update(people, ["mailbox"], batch_size=CHUNK)


def _write(Mailbox, facts):
    """Donations may have made the row first; then it only learns what this app knows."""
    new = [Mailbox(email=address, created_at=known["created_at"]) for address, known in facts.items()]
    Mailbox.objects.bulk_create(new, batch_size=CHUNK, ignore_conflicts=True)
    changed = []
    for row in Mailbox.objects.filter(email__in=list(facts)).iterator(CHUNK):
        known = facts[row.email]
        row.created_at = min(row.created_at, known["created_at"])
        row.confirmed_at = known["confirmed_at"]
        row.erased_at = known["erased_at"] if row.email.endswith("@erased.invalid") else None
        if known["version"] > 1:
            row.kind_versions = dict.fromkeys(OLD_KINDS, known["version"] - 1)
        changed.append(row)
    fields = ["created_at", "confirmed_at", "erased_at", "kind_versions"]
    Mailbox.objects.bulk_update(changed, fields, batch_size=CHUNK)


def move_requests(apps, schema_editor):
    """Who asked for the link in this moment gets it from the one table."""
    old = apps.get_model("volunteers", "LinkRequest")
    new = apps.get_model("citizens", "LinkRequest")
    rows = old.objects.order_by("pk").values_list("email", "requested_at")
    new.objects.bulk_create(new(email=as_sent(email), requested_at=moment) for email, moment in rows)


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0007_volunteer_mailbox")]

    operations = [
        migrations.RunPython(make_mailboxes, elidable=False),
        migrations.RunPython(move_requests, elidable=False),
    ]
