"""Each legal body has its own account at Stripe: what is paid to one never comes to another's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from donations.domain.accounts import SHARED
from donations.domain.facts import TransitFacts
from donations.gateways.errors import KeyRefused
from donations.models import (
    Donation,
    LedgerAccount,
    LedgerEntry,
    Payment,
    RecurringDonation,
    Refund,
    StripeCursor,
    StripeEvent,
    StripeTransit,
)
from donations.selectors.ledger import faults
from donations.selectors.row_faults import row_faults
from donations.services.bank.transfers import Credit, record_bank_transfer
from donations.services.books.reconciliation import reconcile
from donations.services.books.transits import record as record_transit
from donations.services.online.events import process_waiting
from donations.services.treasury.proposals import propose_refund, release
from donations.tasks import ask_about_pending, catch_up, send_refunds
from foundation import sweeps
from foundation.clock import local_day, utc_now
from foundation.units import Cents
from programs.models import Fund, Membership, Provider
from tests.donations.canned_stripe import event, intent, speaking
from tests.donations.conftest import configure
from tests.donations.deliveries import deliver_all, post_body, post_event, secret_of
from tests.donations.gifts import make_donation
from tests.donations.stripe_process import FURTHER, SECRET_KEY, StripeProcess, signed
from tests.donations.visits import details_address, filled, give, newest, text
from tests.factories import make_fund, make_provider, make_user
from wirbrauchensie.dashboard.night_watch import watched
from wirbrauchensie.stripe_accounts import StripeAccount

HERE = {"zweck": "mittagstisch"}
REVOKED = StripeAccount("sk_test_revoked", "whsec_gemeinde", "", ("card", "sepa_debit"))


@pytest.fixture
def double(tmp_path: Path, settings: Any, parish: Fund) -> Iterator[StripeProcess]:
    """A double of its own: nobody else's payments are on these accounts."""
    process = StripeProcess(tmp_path, "http://127.0.0.1:9/stripe/webhook/")
    configure(settings, process.url)
    yield process
    process.stop()


def paid(stripe: StripeProcess, what: dict[str, str] | None = None, **answers: str) -> Donation:
    """A gift paid on the hosted page, of which nothing was told yet."""
    assert stripe.pay(give(Client(), what=what, **answers)["Location"])[0] == 303
    return newest()


def held() -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for entry in LedgerEntry.objects.filter(account__kind="stripe").select_related("account__provider"):
        key = (entry.account.provider.slug, entry.account.external_reference)
        found[key] = found.get(key, 0) + entry.amount_cents
    return found


def in_order() -> None:
    assert [*faults(), *row_faults()] == []


def differences() -> list[tuple[str, str, Any, Any]]:
    return [(each["where"], each["what"], each["says"], each["books"]) for each in reconcile(utc_now())]


def test_what_is_given_to_a_body_comes_to_its_account(
    fund: Fund, parish: Fund, stripe: StripeProcess
) -> None:
    theirs = paid(stripe, HERE)
    ours = paid(stripe)
    assert str(theirs.checkout_session_id).startswith("gemeinde/cs_test_")
    assert str(ours.checkout_session_id).startswith("cs_test_")
    for account, gift, other in (("gemeinde", theirs, ours), ("default", ours, theirs)):
        names = [each["id"] for each in stripe.at(account).get("checkout/sessions?limit=100")["data"]]
        assert str(gift.checkout_session_id).rpartition("/")[2] in names
        assert str(other.checkout_session_id).rpartition("/")[2] not in names
        deliver_all(stripe.at(account), str(gift.public_id))
    assert held() == {("stadt-dueren", ""): 2437, ("gemeinde", "gemeinde"): 2437}
    assert Payment.objects.get(donation=theirs).external_id.startswith("gemeinde/pi_")
    assert set(Donation.objects.values_list("status", flat=True)) == {"received"}
    in_order()


def test_what_stripe_sends_before_anything_was_booked_there_is_the_bodys_whose_account_it_is(
    fund: Fund, parish: Fund
) -> None:
    """As money that was at its account before it came to us."""
    at = utc_now()
    said = TransitFacts("gemeinde/po_1", Cents(700), at, local_day(at) + timedelta(days=2))
    row = record_transit(said, at)
    assert row is not None
    assert (row.provider, held()) == (parish.provider, {("gemeinde", "gemeinde"): -700})
    assert record_transit(replace(said, external_id="verein/po_1"), at) is None
    in_order()


def test_the_same_names_at_two_accounts_are_two_things(fund: Fund, parish: Fund, settings: Any) -> None:
    gifts = {"default": make_donation(fund), "gemeinde": make_donation(parish, amount_cents=700)}
    keys = {"default": SECRET_KEY, "gemeinde": FURTHER["gemeinde"].secret_key}
    said = {
        f"{keys[account]} payment_intents/pi_canned": intent(str(gift.public_id), amount=gift.amount_cents)
        for account, gift in gifts.items()
    }
    with speaking(said) as address:
        configure(settings, address)
        for account in ("gemeinde", "default", "gemeinde"):
            assert post_event(event(), account=account).status_code == 200
        assert process_waiting(utc_now()) == 2
    assert sorted(StripeEvent.objects.values_list("event_id", "subject_id")) == [
        ("evt_canned_1", "pi_canned"),
        ("gemeinde/evt_canned_1", "gemeinde/pi_canned"),
    ]
    rows = Payment.objects.values_list("external_id", "donation", "amount_cents")
    assert sorted(rows) == [
        ("gemeinde/pi_canned", gifts["gemeinde"].pk, 700),
        ("pi_canned", gifts["default"].pk, 2500),
    ]
    assert held() == {("stadt-dueren", ""): 2437, ("gemeinde", "gemeinde"): 637}
    in_order()


@pytest.mark.parametrize(
    ("address", "secret", "account", "status", "stored"),
    [
        ("gemeinde", "gemeinde", None, 200, "gemeinde/evt_canned_1"),
        ("gemeinde", "default", None, 400, ""),
        ("default", "gemeinde", None, 400, ""),
        ("gemeinde", "gemeinde", "acct_caritas", 400, ""),
        ("default", "default", "acct_caritas", 400, ""),
        ("caritas", "caritas", "acct_caritas", 200, "caritas/evt_canned_1"),
        ("caritas", "caritas", None, 400, ""),
        ("caritas", "caritas", "acct_of_nobody_here", 200, ""),
        ("caritas", "default", "acct_caritas", 400, ""),
        ("sportbund", "sportbund", "acct_sportbund", 200, "sportbund/evt_canned_1"),
        ("caritas", "caritas", "acct_sportbund", 200, "sportbund/evt_canned_1"),
        ("caritas", "caritas", ["acct_caritas"], 200, ""),
        ("unbekannt", "default", None, 404, ""),
    ],
)
def test_an_event_of_one_account_is_none_of_another(
    parish: Fund, settings: Any, address: str, secret: str, account: Any, status: int, stored: str
) -> None:
    """Connect tells each of our addresses for it of all accounts; keys of one's own tell of one's own."""
    settings.STRIPE_FURTHER_ACCOUNTS["sportbund"] = StripeAccount(
        SECRET_KEY, "whsec_demo", "acct_sportbund", ()
    )
    said = event() | ({"account": account} if account else {})
    body = str(said).replace("'", '"').replace("False", "false").encode()
    assert post_body(body, signed(body, secret=secret_of(secret)), address).status_code == status
    assert list(StripeEvent.objects.values_list("event_id", flat=True)) == ([stored] if stored else [])


def test_an_account_that_our_key_speaks_for_is_a_body_s_own(
    parish: Fund, fund: Fund, stripe: StripeProcess
) -> None:
    Provider.objects.filter(pk=parish.provider_id).update(stripe_account="caritas")
    gift = paid(stripe, HERE)
    assert str(gift.checkout_session_id).startswith("caritas/")
    assert deliver_all(stripe.at("caritas"), str(gift.public_id))
    assert stripe.events(about=str(gift.public_id)) == []
    assert held() == {("gemeinde", "caritas"): 2437}
    in_order()


@pytest.mark.parametrize("monthly", ["einmal", "monatlich"])
def test_a_body_without_an_account_is_given_by_transfer_alone(
    parish: Fund, stripe: StripeProcess, monthly: str
) -> None:
    what = {**HERE, "rhythmus": monthly}
    offered = filled(Client(), details_address(**what))
    Provider.objects.filter(pk=parish.provider_id).update(stripe_account="")
    answer = Client().post(details_address(**what), {**offered, "method": "card"})
    assert answer.status_code == 422
    assert Donation.objects.count() == 0
    page = text(Client().get(details_address(**what)))
    assert all(f'value="{method}"' not in page for method in ("card", "sepa_debit", "paypal"))
    assert ('value="transfer"' in page) is (monthly == "einmal")


def test_each_account_offers_what_it_takes(fund: Fund, parish: Fund, stripe: StripeProcess) -> None:
    assert 'value="paypal"' in text(Client().get(details_address()))
    page = text(Client().get(details_address(**HERE)))
    assert ('value="card"' in page, 'value="paypal"' in page) == (True, False)


def test_events_and_payouts_of_all_accounts_are_fetched(
    fund: Fund, parish: Fund, double: StripeProcess
) -> None:
    paid(double)
    paid(double, HERE)
    assert catch_up(utc_now()) > 0
    assert sorted(StripeCursor.objects.values_list("account", flat=True)) == [
        "caritas",
        "default",
        "gemeinde",
    ]
    process_waiting(utc_now())
    assert set(Donation.objects.values_list("status", flat=True)) == {"received"}
    payout = double.at("gemeinde").lever("payouts", amount=2437)["id"]
    double.lever("payouts", amount=1000)
    catch_up(utc_now())
    assert sorted(StripeTransit.objects.values_list("provider__slug", "amount_cents")) == [
        ("gemeinde", 2437),
        ("stadt-dueren", 1000),
    ]
    assert StripeTransit.objects.filter(external_id=f"gemeinde/{payout}").exists()
    assert held() == {("stadt-dueren", ""): 1437, ("gemeinde", "gemeinde"): 0}
    assert (differences(), catch_up(utc_now())) == ([], 0)
    in_order()


def test_the_night_names_the_account_where_something_differs(
    fund: Fund, parish: Fund, double: StripeProcess
) -> None:
    gift = paid(double, HERE)
    name = str(gift.checkout_session_id).rpartition("/")[2]
    payment = double.at("gemeinde").get(f"checkout/sessions/{name}")["payment_intent"]
    assert differences() == [("stripe gemeinde", f"gift:gemeinde/{payment}", 2437, None)]
    deliver_all(double.at("gemeinde"), str(gift.public_id))
    assert differences() == []


def test_a_revoked_key_is_named_and_stops_nobody_else(
    fund: Fund, parish: Fund, double: StripeProcess, settings: Any
) -> None:
    ours, theirs = paid(double), paid(double, HERE)
    settings.STRIPE_FURTHER_ACCOUNTS = {**FURTHER, "gemeinde": REVOKED}
    now = utc_now() + timedelta(minutes=11)
    with pytest.raises(KeyRefused, match="gemeinde: AuthenticationError"):
        sweeps.run("donations.catch_up", now)
    (job,) = [each for each in watched(now) if each.name == "donations.catch_up"]
    assert "Stripe nimmt den Schlüssel nicht an; Konto: gemeinde. Rufen Sie" in job.advice
    assert set(StripeCursor.objects.values_list("account", flat=True)) == {"default", "caritas"}
    with pytest.raises(KeyRefused, match="gemeinde"):
        ask_about_pending(now)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.status, theirs.status) == ("received", "pledged")
    assert differences() == [
        ("stripe gemeinde", "account", "KeyRefused('gemeinde: AuthenticationError')", None)
    ]
    assert give(Client(), what=HERE).status_code == 503
    assert give(Client()).status_code == 303
    settings.STRIPE_FURTHER_ACCOUNTS = dict(FURTHER)
    assert ask_about_pending(now + timedelta(minutes=20)) > 0
    theirs.refresh_from_db()
    assert theirs.status == "received"


def ordered_back(gift: Donation) -> Refund:
    one, other = (make_user(Membership.Role.TREASURER, gift.fund.provider) for _ in range(2))
    gift.refresh_from_db()
    proposal = propose_refund(gift, Cents(1000), "Widerruf", by=one, now=utc_now())
    assert release(proposal.pk, by=other, now=utc_now())
    return Refund.objects.get(proposal=proposal)


def test_a_refund_goes_back_where_the_gift_was_paid(
    fund: Fund, parish: Fund, stripe: StripeProcess, settings: Any
) -> None:
    """The body has another account by then; while a key is refused, nobody has refused the refund itself."""
    gift, ours = paid(stripe, HERE), paid(stripe)
    deliver_all(stripe.at("gemeinde"), str(gift.public_id))
    deliver_all(stripe, str(ours.public_id))
    Provider.objects.filter(pk=parish.provider_id).update(stripe_account="caritas")
    refund, other = ordered_back(gift), ordered_back(ours)
    settings.STRIPE_FURTHER_ACCOUNTS = {**FURTHER, "gemeinde": REVOKED}
    with pytest.raises(KeyRefused, match="gemeinde"):
        send_refunds(utc_now())
    refund.refresh_from_db()
    other.refresh_from_db()
    assert (refund.status, other.status) == ("pending", "succeeded")
    settings.STRIPE_FURTHER_ACCOUNTS = dict(FURTHER)
    assert send_refunds(utc_now()) == 1
    refund.refresh_from_db()
    (made,) = stripe.at("gemeinde").get("refunds")["data"]
    assert (refund.status, refund.external_id, made["amount"]) == (
        "succeeded",
        f"gemeinde/{made['id']}",
        1000,
    )
    assert held()["gemeinde", "gemeinde"] == 1437
    in_order()


def test_a_dauerspende_stays_at_the_account_where_it_began(
    parish: Fund, stripe: StripeProcess, settings: Any
) -> None:
    first = paid(stripe, {**HERE, "rhythmus": "monatlich"})
    there = stripe.at("gemeinde")
    deliver_all(there, str(first.public_id))
    Provider.objects.filter(pk=parish.provider_id).update(stripe_account="caritas")
    row = RecurringDonation.objects.get()
    subscription = str(row.stripe_subscription_id).removeprefix("gemeinde/")
    there.lever(f"subscriptions/{subscription}/advance", outcome="paid")
    deliver_all(there, subscription)
    second = newest()
    assert (second.recurring, second.status) == (row, "received")
    assert str(second.stripe_invoice_id).startswith("gemeinde/in_")
    assert held() == {("gemeinde", "gemeinde"): 4874}
    assert str(paid(stripe, HERE).checkout_session_id).startswith("caritas/")
    in_order()


def test_a_payment_that_names_the_gift_of_another_body_is_none_of_it(
    fund: Fund, parish: Fund, settings: Any
) -> None:
    """Somebody at the parish's desk at Stripe gave a payment there the name of a gift to the city."""
    gift = make_donation(fund, checkout_session_id="cs_1")
    said = {"payment_intents/pi_canned": intent(str(gift.public_id))}
    with speaking(said) as address:
        configure(settings, address)
        assert post_event(event(), account="gemeinde").status_code == 200
        assert process_waiting(utc_now()) == 1
    gift.refresh_from_db()
    assert (gift.status, Payment.objects.count(), held()) == ("pledged", 0, {})


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    return client


def assign(admin: Client, body: Provider, account: str) -> Any:
    """What the office fills in says at which account the body is paid; returns the answer."""
    address = f"/verwaltung/programs/provider/{body.pk}/change/"
    form = admin.get(address).context["adminform"].form
    said = {each.html_name: each.value() for each in form if each.value() not in (None, False)}
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    return admin.post(address, {**said, **inline, "stripe_account": account})


def test_an_account_that_was_used_never_becomes_another_bodys(
    admin: Client, fund: Fund, parish: Fund, stripe: StripeProcess
) -> None:
    give(Client(), what=HERE)
    Provider.objects.filter(pk=parish.provider_id).update(stripe_account="")
    other = make_provider("Verein", slug="verein", iban="DE02500105170137075030")
    refused = assign(admin, other, "gemeinde")
    assert "liefen schon Spenden an einen anderen Träger" in refused.content.decode()
    with pytest.raises(IntegrityError, match="belongs to another body"), transaction.atomic():
        Provider.objects.filter(pk=other.pk).update(stripe_account="gemeinde")
    assert Provider.objects.get(pk=other.pk).stripe_account == ""
    assert assign(admin, other, "caritas").status_code == 302
    assert assign(admin, parish.provider, "gemeinde").status_code == 302
    assert Provider.objects.get(pk=parish.provider_id).stripe_account == "gemeinde"


def test_the_first_account_is_free_although_another_body_was_given_by_transfer(
    admin: Client, fund: Fund, parish: Fund
) -> None:
    """Its books have a bank and purposes, and nothing at Stripe."""
    Provider.objects.update(stripe_account="")
    credit = Credit(utc_now().date(), Cents(2500), "Ada Beispiel", "Spende")
    record_bank_transfer(parish.provider, credit, recorded_by=None, now=utc_now())
    assert LedgerAccount.objects.filter(provider=parish.provider, kind="unclear").exists()
    assert assign(admin, fund.provider, "default").status_code == 302
    assert Provider.objects.get(pk=fund.provider_id).stripe_account == "default"


def test_a_purpose_with_a_dauerspende_never_becomes_another_bodys(
    admin: Client, fund: Fund, parish: Fund, stripe: StripeProcess
) -> None:
    paid(stripe, {**HERE, "rhythmus": "monatlich"})
    assert parish.gift_count == 0
    with pytest.raises(IntegrityError, match="stays with its body"), transaction.atomic():
        Fund.objects.filter(pk=parish.pk).update(provider=fund.provider)
    form = admin.get(f"/verwaltung/programs/fund/{parish.pk}/change/").context["adminform"].form
    assert "provider" not in form.fields
    spare = make_fund("Neu", provider=parish.provider)
    Fund.objects.filter(pk=spare.pk).update(provider=fund.provider)
    assert Fund.objects.get(pk=spare.pk).provider == fund.provider


@pytest.mark.parametrize(
    ("used", "has_it", "owner", "keeps"),
    [
        (["stadt"], "stadt", "stadt", "default"),
        (["stadt"], "verein", "stadt", ""),
        (["stadt", "verein"], "stadt", "stadt", "default"),
        (["stadt", "verein"], "", "verein", ""),
        ([], "stadt", None, "default"),
    ],
)
@pytest.mark.django_db
def test_whose_the_first_account_was_follows_from_what_was_booked(
    used: list[str], has_it: str, owner: str | None, keeps: str
) -> None:
    """Rows as they stood before accounts had owners: every body that was booked at all had one at Stripe."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX account_at_stripe_of_one_body")
        cursor.execute("DROP TRIGGER stripe_account_stays ON programs_provider")
    bodies = {name: make_provider(name, slug=name) for name in ("stadt", "verein", "unbeteiligt")}
    accounts = {
        name: LedgerAccount.objects.create(kind="stripe", provider=body) for name, body in bodies.items()
    }
    for number, name in enumerate(used):
        at = utc_now() + timedelta(days=number)
        make_donation(make_fund(provider=bodies[name]), checkout_session_id=f"cs_{name}", pledged_at=at)
    Provider.objects.filter(slug=has_it).update(stripe_account="default")
    with connection.cursor() as cursor:
        cursor.execute(import_module("donations.migrations.0027_stripe_accounts_of_bodies").OWNED)
    left = {each.provider.slug: each.external_reference for each in LedgerAccount.objects.all()}
    assert left == {name: "" if name == owner else SHARED for name in used}
    assert set(LedgerAccount.objects.values_list("pk", flat=True)) == {accounts[name].pk for name in used}
    if has_it:
        assert Provider.objects.get(slug=has_it).stripe_account == keeps
