"""The administration of cities, providers, directory, tasks and funds."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import City, District, Fund, Opportunity, Program, Provider
from programs.signals import need_changed
from tests.factories import make_district, make_fund, make_opportunity, make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    return client


def values_of(client: Client, address: str) -> dict[str, Any]:
    """Return what the form at `address` would send if nobody changed anything."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    return {
        bound.html_name: value
        for form in forms
        for bound in form
        if (value := bound.value()) is not None and value is not False
    }


@pytest.mark.parametrize("model", [City, District, Provider, Program, Opportunity, Fund])
def test_lists_and_forms_open(admin: Client, city: None, model: type[Model]) -> None:
    make_opportunity()
    address = f"/verwaltung/programs/{model._meta.model_name}/"
    assert admin.get(f"{address}?q=a").status_code == 200
    row = model._default_manager.first()
    assert row is not None
    assert admin.get(f"{address}{row.pk}/change/").status_code == 200


def test_a_citizen_has_no_business_here(client: Client) -> None:
    assert client.get("/verwaltung/programs/fund/").status_code == 302


def test_counters_of_a_fund_are_never_written_here(admin: Client) -> None:
    fund = make_fund(received_cents=5_000, balance_cents=4_000, gift_count=2)
    address = f"/verwaltung/programs/fund/{fund.pk}/change/"
    said = {
        **values_of(admin, address),
        "field": "education",
        "received_cents": "1",
        "balance_cents": "1",
    }
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert admin.post(address, said).status_code == 302
    updates = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "programs_fund"')]
    assert len(updates) == 1
    assert '_cents" =' not in updates[0]
    fund.refresh_from_db()
    assert (fund.field, fund.received_cents, fund.balance_cents, fund.gift_count) == (
        "education",
        5_000,
        4_000,
        2,
    )
    assert fund.text_version == 1


def test_a_purpose_that_was_given_to_stays_with_its_provider(admin: Client) -> None:
    fund, other = make_fund(), make_provider("Anderer Träger")
    address = f"/verwaltung/programs/fund/{fund.pk}/change/"
    said = {**values_of(admin, address), "provider": str(other.pk)}
    assert admin.post(address, said).status_code == 302
    fund.refresh_from_db()
    assert fund.provider == other
    Fund.objects.filter(pk=fund.pk).update(received_cents=2500, balance_cents=2500, gift_count=1)
    assert admin.post(address, {**said, "provider": str(make_provider("Dritter").pk)}).status_code == 302
    fund.refresh_from_db()
    assert fund.provider == other


def test_texts_and_status_of_a_task_are_not_written_here(admin: Client) -> None:
    opportunity = make_opportunity("Vorlesen", places=3, places_taken=2, status="in_review")
    address = f"/verwaltung/programs/opportunity/{opportunity.pk}/change/"
    said = {**values_of(admin, address), "latitude": "50.9"}
    forged = {"title": "Anders", "status": "published", "places_taken": "0", "clearance_required": ""}
    assert admin.post(address, {**said, **forged}).status_code == 302
    opportunity.refresh_from_db()
    assert (opportunity.latitude, opportunity.title, opportunity.status, opportunity.places_taken) == (
        50.9,
        "Vorlesen",
        "in_review",
        2,
    )


def test_states_move_by_the_services(admin: Client) -> None:
    published, draft = make_opportunity(), make_opportunity(status="draft")
    response = admin.post(
        "/verwaltung/programs/opportunity/",
        {"action": "pause", "_selected_action": [published.pk, draft.pk]},
        follow=True,
    )
    assert "1 Engagementangebot geändert." in response.content.decode()
    assert "Inzwischen hat sich der Stand geändert" in response.content.decode()
    for row, status in ((published, "paused"), (draft, "draft")):
        row.refresh_from_db()
        assert row.status == status


def test_nobody_releases_here_without_reading(admin: Client) -> None:
    actions = admin.get("/verwaltung/programs/opportunity/").context["action_form"].fields["action"].choices
    assert not [name for name, _label in actions if name in ("release", "delete_selected")]


def test_another_need_weight_is_told_to_the_matcher(admin: Client) -> None:
    heard: list[list[int]] = []

    def listen(opportunity_ids: list[int], **kwargs: Any) -> None:
        heard.append(opportunity_ids)

    need_changed.connect(listen)
    district = make_district()
    address = f"/verwaltung/programs/district/{district.pk}/change/"
    said = values_of(admin, address)
    admin.post(address, {**said, "geometry": "{}", "note": "nur eine Notiz"})
    admin.post(address, {**said, "need_weight": "150"})
    need_changed.disconnect(listen)
    assert heard == [[]]


def test_an_account_at_stripe_belongs_to_one_body(admin: Client, settings: Any) -> None:
    settings.STRIPE_FURTHER_ACCOUNTS = {"verein": None}
    city = make_provider("Stadt Düren", slug="stadt", kind="city", stripe_account="default")
    other = make_provider("Caritas", slug="caritas")
    address = f"/verwaltung/programs/provider/{other.pk}/change/"
    said = {**values_of(admin, address), "stripe_account": "default"}
    refused = admin.post(address, said)
    assert "gehört schon einem anderen Träger" in refused.content.decode()
    assert list(Provider.objects.exclude(stripe_account="")) == [city]
    with pytest.raises(IntegrityError, match="provider_stripe_account_once"), transaction.atomic():
        Provider.objects.filter(pk=other.pk).update(stripe_account="default")

    refused = admin.post(address, {**said, "stripe_account": "erfunden"})
    assert (refused.status_code, Provider.objects.get(pk=other.pk).stripe_account) == (200, "")
    assert admin.post(address, {**said, "stripe_account": "verein"}).status_code == 302
    assert Provider.objects.get(pk=other.pk).stripe_account == "verein"


@pytest.mark.parametrize(
    ("field", "refused", "taken"),
    [
        ("target_cents", [0, 10**13 + 1, 9 * 10**18], 10**13),
        ("unit_cents", [0, 10**13 + 1], 2**31 - 1),
    ],
)
def test_what_a_purpose_wants_is_an_amount_that_can_be(
    admin: Client, field: str, refused: list[int], taken: int
) -> None:
    fund = make_fund(target_cents=500_000, unit_cents=2500, unit_label="ein Ranzen")
    address = f"/verwaltung/programs/fund/{fund.pk}/change/"
    said = values_of(admin, address)
    before = getattr(fund, field)
    for cents in refused:
        page = admin.post(address, {**said, field: cents})
        told = "mindestens 1 Cent und höchstens 100 Milliarden Euro" in page.content.decode()
        fund.refresh_from_db()
        assert (page.status_code, told, getattr(fund, field)) == (200, True, before)
    assert admin.post(address, {**said, field: taken}).status_code == 302
    fund.refresh_from_db()
    assert getattr(fund, field) == taken
