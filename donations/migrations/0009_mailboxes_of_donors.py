"""One mailbox per address; givers whose addresses are two spellings of one mailbox become one, with all gifts."""

from django.db import migrations

from citizens.domain.addresses import as_sent

CHUNK = 2000


def make_mailboxes(apps, schema_editor):
    Mailbox = apps.get_model("citizens", "Mailbox")
    Donor = apps.get_model("donations", "Donor")
    donors = list(Donor.objects.order_by("pk"))
    new = [Mailbox(email=as_sent(donor.email), created_at=donor.created_at) for donor in donors]
    Mailbox.objects.bulk_create(new, batch_size=CHUNK, ignore_conflicts=True)
    ids = dict(Mailbox.objects.values_list("email", "pk"))
    first, kept = {}, []
    for donor in donors:
        donor.mailbox_id = ids[as_sent(donor.email)]
        known = first.setdefault(donor.mailbox_id, donor)
        if known is donor:
            kept.append(donor)
        else:
            _join(apps, donor, known)
    Donor.objects.bulk_update(kept, ["mailbox"], batch_size=CHUNK)


def _join(apps, donor, known):
    for noun in ("Donation", "RecurringDonation"):
        apps.get_model("donations", noun).objects.filter(donor_id=donor.pk).update(donor_id=known.pk)
    donor.delete()


def move_requests(apps, schema_editor):
    """Who asked for the link in this moment gets it from the one table."""
    old = apps.get_model("donations", "GiftLinkRequest")
    new = apps.get_model("citizens", "LinkRequest")
    rows = old.objects.order_by("pk").values_list("email", "requested_at")
    new.objects.bulk_create(new(email=as_sent(email), requested_at=moment) for email, moment in rows)


class Migration(migrations.Migration):
    dependencies = [("donations", "0008_donor_mailbox")]

    operations = [
        migrations.RunPython(make_mailboxes, elidable=False),
        migrations.RunPython(move_requests, elidable=False),
    ]
