"""What the tests of gifts share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from programs.models import Fund, Provider
from tests.donations.stripe_process import FURTHER, SECRET_KEY, WEBHOOK_SECRET, StripeProcess
from tests.factories import make_fund, make_provider


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
        stripe_account="default",
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


@pytest.fixture(scope="session")
def stripe_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeProcess]:
    """One double for the whole run; tests use payments of their own."""
    folder: Path = tmp_path_factory.mktemp("stripe")
    process = StripeProcess(folder, "http://127.0.0.1:9/stripe/webhook/")
    yield process
    process.stop()


@pytest.fixture
def stripe(stripe_process: StripeProcess, settings: Any) -> StripeProcess:
    """The product talks to the double."""
    configure(settings, stripe_process.url)
    return stripe_process


@pytest.fixture
def parish(db: None, stripe: StripeProcess, settings: Any) -> Fund:
    """A purpose of another legal body, which has an account of its own at Stripe."""
    settings.STRIPE_FURTHER_ACCOUNTS = dict(FURTHER)
    church = make_provider(
        "Gemeinde", slug="gemeinde", kind=Provider.Kind.CHURCH, stripe_account="gemeinde",
        iban="DE89370400440532013000", account_holder_name="Gemeinde",
    )  # fmt: skip
    return make_fund("Mittagstisch", slug="mittagstisch", provider=church)


def configure(settings: Any, api_base: str) -> None:
    settings.STRIPE_API_BASE = api_base
    settings.STRIPE_SECRET_KEY = SECRET_KEY
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    settings.STRIPE_LIVEMODE = False
    settings.STRIPE_METHODS = ["card", "sepa_debit", "paypal"]
