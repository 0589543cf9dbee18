"""What the tests of gifts share."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from programs.models import Fund, Provider
from tests.factories import make_fund, make_provider


@pytest.fixture
def ledger_emptied(transactional_db: None) -> Iterator[None]:
    """For tests that really commit: empty the append-only tables before the flush at the end."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM donations_ledgerentry")
        cursor.execute("DELETE FROM donations_ledgertransaction")
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def town(db: None) -> Provider:
    """The city as a recipient: online payments and a (fictitious) account."""
    return make_provider(
        "Stadt Düren",
        slug="stadt-dueren",
        kind=Provider.Kind.CITY,
        issuer_kind=Provider.IssuerKind.PUBLIC_LAW,
        account_holder_name="Stadt Düren",
        iban="DE02120300000000202051",
        takes_online_payments=True,
    )


@pytest.fixture
def fund(town: Provider) -> Fund:
    """The general purpose."""
    return make_fund(
        "Kinderfonds",
        slug="kinderfonds",
        provider=town,
        is_general=True,
        purpose="Wir geben das Geld dorthin, wo es Kindern in Düren am meisten fehlt.",
        fallback_purpose="Kommt mehr zusammen, hilft es anderen Angeboten gegen Kinderarmut in Düren.",
    )


@pytest.fixture
def browser() -> Client:
    """A visitor without an account."""
    return Client()
