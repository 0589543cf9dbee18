"""The QR code of a transfer: EPC069-12, version 002, which every German banking app reads."""

import io
import re

import segno

from foundation.units import Cents

VERSION_MAX = 13
PAYLOAD_MAX_BYTES = 331
_CHARITY = "CHAR"


class NotEncodable(ValueError):
    """The data of this transfer does not fit the standard."""


def payload(*, holder_name: str, iban: str, amount_cents: Cents, reference: str) -> str:
    """Return the lines of the code: no BIC (optional in 002), purpose CHAR, a structured reference, no text.

    Raises NotEncodable for a name over 70 characters, an impossible IBAN, or an amount outside
    0.01-999999999.99 euro.
    """
    account = re.sub(r"\s", "", iban).upper()
    name = " ".join(holder_name.split())
    if not 1 <= len(name) <= 70:
        raise NotEncodable("the name needs 1 to 70 characters")
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", account, re.ASCII):
        raise NotEncodable("the IBAN is not one")
    if not 1 <= amount_cents <= 99_999_999_999:
        raise NotEncodable("the amount is out of range")
    euro, cents = divmod(amount_cents, 100)
    amount = f"EUR{euro}.{cents:02d}"
    lines = ["BCD", "002", "1", "SCT", "", name, account, amount, _CHARITY, reference]
    text = "\n".join(lines)
    if len(text.encode()) > PAYLOAD_MAX_BYTES:
        raise NotEncodable("the code is too long")
    return text


def svg(text: str) -> str:
    """Return the code as an SVG document, dark on white in both themes so that every camera reads it.

    Error correction M and at most version 13, as the standard asks. Raises NotEncodable.
    """
    code = segno.make_qr(text, error="m", boost_error=False, encoding="utf-8", eci=False)
    if int(code.version) > VERSION_MAX:
        raise NotEncodable("the code is too large")
    out = io.BytesIO()
    code.save(out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True)
    return out.getvalue().decode().strip()
