"""Object ids in Stripe's manner: a prefix that names the kind, then random letters and digits."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
LENGTHS = {"cs_test": 58, "cus": 14, "sub": 24, "evt": 24, "req": 14}


def new_id(prefix: str) -> str:
    length = LENGTHS.get(prefix, 24)
    return f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(length))
