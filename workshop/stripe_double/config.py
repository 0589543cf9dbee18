"""What the operator of the double chooses."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Config:
    """Settings of one process; ``public_url`` is where browsers reach the payment page."""

    data_dir: Path
    webhook_url: str
    webhook_secret: str
    secret_key: str
    public_url: str
    sepa_delay_seconds: float
