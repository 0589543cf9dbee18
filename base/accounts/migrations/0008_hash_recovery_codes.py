"""Keep the codes on paper as hashes; those that somebody has written down go on working."""

import hmac

from cryptography.fernet import InvalidToken
from django.db import migrations

from accounts.secrets import decrypt
from accounts.services.recovery_codes import hashed


def hash_all(apps, schema_editor):
    rows = apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes")
    for row in rows.exclude(data__has_key="hashes"):
        try:
            left = _unused(row.data)
        except InvalidToken:
            left = []
        row.data = hashed(left)
        row.save(update_fields=["data"])


def _unused(data):
    """Return the codes that are left, which the library makes of a seed."""
    if "migrated_codes" in data:
        return [decrypt(code) for code in data["migrated_codes"]]
    chain, codes = hmac.new(decrypt(data["seed"]).encode("ascii"), digestmod="sha1"), []
    for number in range(10):
        chain.update(f"{number:3},".encode())
        codes.append(f"{int.from_bytes(chain.digest()[:4], 'big') % 10**8:08}")
    return [code for number, code in enumerate(codes) if not data["used_mask"] & 1 << number]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_no_index_twice"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(hash_all, migrations.RunPython.noop)]
