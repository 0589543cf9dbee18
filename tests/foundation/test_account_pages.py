"""The pages of the accounts wear the same clothes as all others."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup"])
def test_entrances_stand_in_the_frame_of_the_product(client, name):
    html = client.get(reverse(name)).content.decode()
    assert html.count("<h1") == 1
    assert 'class="site-header"' in html
    assert "Zum Inhalt springen" in html


def test_login_controls_are_labelled_and_known_to_password_managers(client):
    html = client.get(reverse("account_login")).content.decode()
    assert 'for="id_login"' in html
    assert 'autocomplete="email"' in html
    assert 'autocomplete="current-password"' in html


def test_a_refused_login_keeps_the_address_and_shows_the_summary(client):
    html = client.post(
        reverse("account_login"), {"login": "wer@example.org", "password": "geheim-4711"}
    ).content.decode()
    assert 'value="wer@example.org"' in html
    assert 'id="error-summary"' in html
    assert "geheim-4711" not in html


def test_leaving_asks_first(client, django_user_model):
    client.force_login(django_user_model.objects.create_user(email="amt@example.org", password="x" * 20))
    html = client.get(reverse("account_logout")).content.decode()
    assert "Möchten Sie sich abmelden?" in html
    assert 'method="post"' in html
