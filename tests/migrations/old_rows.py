"""Rows such as older versions wrote them, put beside those of the demo of November 2026."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from psycopg import Connection

from tests.processes import ROOT

DUMP = Path(__file__).with_name("november-2026.sql.gz")
FIRST = 900_000  # our people and givers are numbered from here, far above those of the demo
BEFORE = (("volunteers", "0006_hours_by_day"), ("donations", "0007_ask_with_distance_and_checkpoints"))
CONFIRMED = "2026-03-02 09:00+00"
VOLUNTEERS = [  # pk, first name, address, confirmed, erased, version of links
    (FIRST + 1, "Maria", "maria@müller.de", CONFIRMED, None, 3),
    (FIRST + 2, "Tippt", "maria@xn--mller-kva.de", None, None, 1),
    (FIRST + 3, "Jonas", "Jonas@example.org", CONFIRMED, None, 1),
    (FIRST + 4, "", "geloescht-4@erased.invalid", CONFIRMED, CONFIRMED, 2),
    (FIRST + 5, "Nur", "nur-getippt@example.org", None, None, 1),
]
DONORS = [
    (FIRST + 1, "maria@müller.de"),
    (FIRST + 2, "Maria@xn--mller-kva.de"),
    (FIRST + 3, "geberin@example.org"),
]
JOINED_DONORS = {"maria@xn--mller-kva.de", "geberin@example.org"}  # two spellings are one

# Moves such as older versions wrote them, beside those of the demo: object, noun, from, to, actor, reason.
MOVES = [
    (900001, "opportunity", "draft", "in_review", "user:12", ""),
    (900002, "donation", "pledged", "received", "stripe", "2500 Cent zugesagt"),
    (900003, "recurringdonation", "active", "cancelled", "donor", ""),
    (900004, "timepledge", "unconfirmed", "open", "volunteer", ""),
    (900005, "offer", "sent", "expired", "user:oops", ""),
    (900006, "ghost", "", "there", "", ""),
]

# What stood on each account while it was a word on the entry, and whose it was.
OLD_SUMS = """
SELECT entry.account, coalesce(fund.slug, '-'), owner.slug, sum(entry.amount_cents)::text
FROM donations_ledgerentry AS entry
JOIN donations_ledgertransaction AS booked ON booked.id = entry.transaction_id
LEFT JOIN donations_donation AS gift ON gift.id = booked.donation_id
LEFT JOIN programs_fund AS fund ON fund.id = entry.fund_id
LEFT JOIN programs_fund AS purpose ON purpose.id = gift.fund_id
LEFT JOIN donations_banktransaction AS line ON booked.key = 'line:bank:' || left(line.fingerprint, 32)
JOIN programs_provider AS owner ON owner.id = coalesce(purpose.provider_id, line.provider_id)
GROUP BY 1, 2, 3
"""
# Bank lines that belong to no gift: one of the body of the gifts, one of another body.
UNCLEAR_LINES = """
WITH body (place, id) AS (
    (SELECT 1, provider_id FROM programs_fund LIMIT 1) UNION ALL
    (SELECT 2, id FROM programs_provider WHERE id NOT IN (SELECT provider_id FROM programs_fund) LIMIT 1)
), line AS (
    INSERT INTO donations_banktransaction (provider_id, fingerprint, booked_on, amount_cents,
        counterparty_name, remittance, return_reason, recorded_at, booked_at)
    SELECT id, repeat(place::text, 64), '2026-03-02', 100 * place, '', '', '', now(), now() FROM body
    RETURNING amount_cents, fingerprint
), booked AS (
    INSERT INTO donations_ledgertransaction (key, kind, happened_at, recorded_at)
    SELECT 'line:bank:' || left(fingerprint, 32), 'unclear', now(), now() FROM line RETURNING id, key
)
INSERT INTO donations_ledgerentry (transaction_id, account, amount_cents)
SELECT booked.id, side.account, side.sign * line.amount_cents
FROM booked JOIN line ON booked.key = 'line:bank:' || left(line.fingerprint, 32),
    (VALUES ('bank', 1), ('unclear', -1)) AS side (account, sign)
"""


def manage(*arguments: str, env: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def add_people(database: "Connection[Any]") -> None:
    """People and givers of the time when each app kept addresses of its own."""
    database.cursor().executemany(
        "INSERT INTO volunteers_volunteer (id, first_name, last_name, email, phone, is_adult, created_at, confirmed_at,"
        " erased_at, link_version, is_demo) VALUES (%s, %s, '', %s, '', true, now(), %s, %s, %s, false)",
        VOLUNTEERS,
    )
    database.cursor().executemany(
        "INSERT INTO donations_donor (id, email, created_at, is_demo) VALUES (%s, %s, now(), false)", DONORS
    )
    database.execute("INSERT INTO volunteers_linkrequest (email, requested_at) VALUES ('Jonas@Example.org', now())")
    database.execute("INSERT INTO donations_giftlinkrequest (email, requested_at) VALUES ('g@müller.de', now())")
