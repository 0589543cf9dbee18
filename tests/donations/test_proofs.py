"""What a giver needs for the tax office (§ 50 EStDV): up to and including 300 euro the statement."""

import pytest

from donations.domain.receipts import proof_for


@pytest.mark.parametrize(
    ("issuer", "cents", "proof"),
    [
        ("jpoer", 1, "statement"),
        ("jpoer", 30_000, "statement"),
        ("jpoer", 30_001, "receipt"),
        ("kstg_5_1_9", 30_000, "statement_and_slip"),
        ("kstg_5_1_9", 30_001, "receipt"),
        ("none", 2_500, "none"),
        ("none", 30_001, "none"),
        ("", 30_001, "none"),
    ],
)
def test_the_proof_depends_on_who_received_and_on_300_euro(issuer: str, cents: int, proof: str) -> None:
    assert proof_for(issuer, cents) == proof
