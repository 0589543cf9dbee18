import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pytest_django.fixtures import Settings

from accounts.models import User
from programs.models import District


@pytest.mark.django_db
def test_a_real_installation_gets_its_city_and_nobody_invented(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO = False
    call_command("prepare")
    districts = list(District.objects.order_by("pk").values())
    assert districts
    assert User.objects.count() == 0
    call_command("prepare")
    assert list(District.objects.order_by("pk").values()) == districts
    assert User.objects.count() == 0
    assert capsys.readouterr().out.splitlines() == 2 * [
        "Datenbank wird eingerichtet …",
        "Stadt wird geladen …",
    ]


@pytest.mark.django_db
def test_a_demo_also_gets_its_people_once_and_says_their_logins(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO = True
    call_command("prepare")
    people = set(User.objects.values_list("email", flat=True))
    said = capsys.readouterr().out
    assert people
    assert all(email in said for email in people)
    call_command("prepare")
    assert set(User.objects.values_list("email", flat=True)) == people


@pytest.mark.django_db
def test_the_role_of_the_product_gets_its_rights_before_rows_come_in(settings: Settings) -> None:
    settings.DATABASE_PRODUCT_ROLE = "nobody-here"
    with pytest.raises(ImproperlyConfigured, match="the server knows no role 'nobody-here'"):
        call_command("prepare")
    assert District.objects.count() == 0
