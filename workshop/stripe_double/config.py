"""What the operator of the double chooses."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Config:
    """Settings of one account; ``public_url`` is where browsers reach the payment page.

    ``connected`` is the account's id if the key of another one speaks for it.
    """

    data_dir: Path
    webhook_url: str
    webhook_secret: str
    secret_key: str
    public_url: str
    sepa_delay_seconds: float
    connected: str = ""
