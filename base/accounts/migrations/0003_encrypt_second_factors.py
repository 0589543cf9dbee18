"""Encrypt the secrets of second factors that were stored in the clear."""

from django.db import migrations

from accounts.secrets import decrypt, encrypt


def _each(apps, change):
    for row in apps.get_model("mfa", "Authenticator").objects.all():
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = change(row.data[name])
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [change(code) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


def encrypt_all(apps, schema_editor):
    _each(apps, encrypt)


def decrypt_all(apps, schema_editor):
    _each(apps, decrypt)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_followed_rights"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(encrypt_all, decrypt_all)]
