"""What tells of one child gets through no form, and what was typed stands in the form again."""

from datetime import date, datetime
from typing import Any

import pytest
from django.contrib import admin as administration
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from donations.models import BankTransaction
from foundation.free_texts import FreeText
from outbox.models import Message
from programs.models import City, District, Fund, HelpTelephone, Membership, Opportunity, Program, Provider
from tests.factories import make_coordinator, make_opportunity, make_provider, make_user
from tests.volunteers.pledging import send_pledge
from volunteers.models import TimePledge, Volunteer

pytestmark = pytest.mark.django_db
CANARY = "Emre (8) hat ADHS"
MODELS: list[type[Model]] = [City, District, Provider, Program, Fund, HelpTelephone]


def values_of(client: Client, address: str) -> dict[str, Any]:
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


@pytest.mark.parametrize("model", MODELS)
def test_no_field_of_the_administration_lets_a_child_in(city: None, model: type[Model]) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    row = model._default_manager.first()
    assert row is not None
    address = f"/verwaltung/programs/{model._meta.model_name}/{row.pk}/change/"
    before = model._default_manager.filter(pk=row.pk).values().get()
    values = values_of(client, address)
    guarded = [
        field.name
        for field in model._meta.local_fields
        if any(isinstance(each, FreeText) for each in field.validators) and field.name in values
    ]
    assert guarded
    for name in guarded:
        typed = f'["{CANARY}"]' if name in ("figures", "unconfirmed") else CANARY
        page = client.post(address, {**values, name: typed})
        assert page.status_code == 200, name
        longest = model._meta.get_field(name).max_length or len(CANARY)  # type: ignore[union-attr]
        why = "kein Kind und keine Familie" if len(CANARY) <= longest else f"höchstens {longest} Zeichen"
        why = "IBAN" if name == "iban" else why
        assert why in page.content.decode(), name
        assert CANARY in page.content.decode().replace("&quot;", '"'), name
    assert model._default_manager.filter(pk=row.pk).values().get() == before
    assert administration.site.is_registered(model)


def test_news_of_a_fund_let_no_child_in(city: None) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    fund = Fund.objects.first()
    assert fund is not None
    address = f"/verwaltung/programs/fund/{fund.pk}/change/"
    news = {
        "updates-TOTAL_FORMS": "1",
        "updates-0-title": "Danke",
        "updates-0-text": CANARY,
        "updates-0-published_on": "2026-11-01",
    }
    assert client.post(address, {**values_of(client, address), **news}).status_code == 200
    assert fund.updates.count() == 0
    sent = client.post(
        address, {**values_of(client, address), **news, "updates-0-text": "Zehn Ranzen gekauft."}
    )
    assert sent.status_code == 302
    assert fund.updates.get().text == "Zehn Ranzen gekauft."


@pytest.mark.parametrize("field", ["title", "task", "site"])
def test_a_task_that_betrays_a_child_is_not_even_a_draft(client: Client, field: str) -> None:
    own = make_opportunity("Vorlesen", provider=make_provider("Lesefreunde e.V."), status="draft")
    client.force_login(make_coordinator(own.provider))
    address = reverse("coordination_opportunity_edit", args=[own.pk])
    answers = {
        name: value
        for name, value in client.get(address).context["form"].initial.items()
        if isinstance(value, (str, int)) and value is not True
    }
    page = client.post(address, {**answers, field: CANARY})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "„Emre (8)“" in page.content.decode()
    assert page.context["form"][field].value() == CANARY
    own.refresh_from_db()
    assert CANARY not in (own.title, own.task, own.site)
    assert Opportunity.objects.count() == 1


def test_a_message_to_the_office_is_not_sent_with_a_child_in_it(client: Client, city: None) -> None:
    page = client.post("/kontakt/", {"topic": "frage", "text": CANARY, "reply_to": ""})
    assert page.status_code == 422
    assert CANARY in page.content.decode()
    assert Message.objects.count() == 0


@pytest.mark.parametrize("field", ["note", "first_name"])
def test_a_pledge_is_not_stored_with_a_child_in_it(client: Client, field: str) -> None:
    page = send_pledge(client, **{field: "Mein Sohn Emre (8)"})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert (Volunteer.objects.count(), TimePledge.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_what_the_bank_brought_is_masked_where_it_is_shown(client: Client, now: datetime) -> None:
    town = make_provider("Stadt")
    line = BankTransaction.objects.create(
        provider=town,
        fingerprint="f" * 64,
        booked_on=date(2026, 3, 2),
        amount_cents=2_500,
        counterparty_name="Erika Beispiel",
        remittance="Spende für Emre (8), danke",
        recorded_at=now,
    )
    client.force_login(make_user(Membership.Role.TREASURER, town))
    for address in ("/koordination/spenden/", f"/koordination/spenden/eingang/{line.pk}/"):
        shown = client.get(address).content.decode()
        assert "Erika Beispiel" in shown
        assert "Emre" not in shown
        assert "Spende für ▒▒▒▒▒▒▒▒, danke" in shown
    client.force_login(User.objects.create_superuser("verwaltung@example.org"))
    for address in ("", f"{line.pk}/change/"):
        shown = client.get(f"/verwaltung/donations/banktransaction/{address}").content.decode()
        assert "Erika Beispiel" in shown
        assert "Emre" not in shown
    line.refresh_from_db()
    assert line.remittance == "Spende für Emre (8), danke"
