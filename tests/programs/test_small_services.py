"""What services keep, tell apart and forget: keys, answers, notices, names of districts, what is printed."""

from datetime import datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from outbox.models import Message
from programs.domain.notices import Reported
from programs.models import ApiAnswer, ApiToken, Membership, Notice, Opportunity
from programs.selectors.districts import district_choices, districts_by_any_name
from programs.selectors.notices import shown_target
from programs.services.api_answers import forget_phrases
from programs.services.api_tokens import make_token, token_of
from programs.services.notices import file_notice
from tests.factories import make_coordinator, make_district, make_opportunity, make_provider, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user(Membership.Role.OWNER, make_provider())


@pytest.fixture
def token(owner: User, now: datetime) -> tuple[ApiToken, str]:
    return make_token(owner.memberships.get().provider, "Plan", ["tasks:write"], by=owner, now=now)


def test_the_use_of_a_key_is_written_once_a_minute(token: tuple[ApiToken, str], now: datetime) -> None:
    key, text = token
    for seconds, written in ((0, 0), (1, 0), (60, 0), (61, 61), (62, 61), (200, 200)):
        assert token_of(text, now=now + timedelta(seconds=seconds)) == key
        key.refresh_from_db()
        assert key.last_used_at == now + timedelta(seconds=written)


def test_a_key_is_no_longer_one_whose_maker_has_left_the_house(
    token: tuple[ApiToken, str], owner: User, now: datetime
) -> None:
    key, text = token
    assert [token_of(other, now=now) for other in ("", text[:-1], f"{text} ", text.upper(), "\ud800")] == [
        None
    ] * 5
    home = key.provider
    for provider, role in ((make_provider(), "owner"), (home, "coordinator")):
        owner.memberships.update(provider=provider, role=role)
        assert token_of(text, now=now) is None
    key.refresh_from_db()
    assert key.last_used_at is None
    owner.memberships.update(role="owner")
    assert token_of(text, now=now) == key


def test_an_answer_with_such_words_is_forgotten_however_they_are_written_in_it(
    token: tuple[ApiToken, str], now: datetime
) -> None:
    kept = {
        "gleich": "Ähren lesen",
        "darin": {"task": ["Zum Ähren lesen kommen"]},
        "zitat": 'Er sagt "los"',
        "zeilen": "Erst dies.\nDann das.",
        "anders": "Ähren dreschen",
    }
    for key, body in kept.items():
        ApiAnswer.objects.create(
            token=token[0], key=key, fingerprint="x", at=now, status=201, body={"title": body}
        )
    assert forget_phrases([], "fort") == 0
    assert forget_phrases(["Ähren lesen", 'sagt "los"', "dies.\nDann"], "fort") == 4
    left = dict(ApiAnswer.objects.exclude(body={"detail": "fort"}).values_list("key", "body"))
    assert left == {"anders": {"title": "Ähren dreschen"}}


def test_a_notice_is_another_one_as_soon_as_anything_of_it_is_or_on_the_next_day(now: datetime) -> None:
    tasks = [make_opportunity(), make_opportunity()]

    def filed(at: datetime = now, task: Opportunity = tasks[0], **said: str) -> Notice | None:
        target = shown_target(Reported.TASK, task.pk)
        assert target is not None
        words = {"ground": "wrong", "text": "Falsch.", "email": "ada@example.org", **said}
        client = f"203.0.113.{Notice.objects.count()}"
        return file_notice(target, **words, client=client, now=at)

    first = filed()
    assert first is not None
    assert (first.filed_at, first.status_changed_at, first.status) == (now, now, "open")
    assert filed(now + timedelta(hours=13)) is None  # 23:00 in Düren
    others = [
        filed(now + timedelta(hours=14)),  # midnight
        filed(task=tasks[1]),
        filed(ground="other"),
        filed(text="Ganz falsch."),
        filed(email="bea@example.org"),
        filed(email=""),
    ]
    assert None not in others
    assert filed(email="") is None
    assert Notice.objects.count() == 7
    assert set(Message.objects.values_list("to_email", flat=True)) == {"ada@example.org", "bea@example.org"}


def test_a_district_is_found_by_each_of_its_names_its_own_first() -> None:
    north = make_district("Düren-Nord", slug="nord", short_name="N")
    south = make_district("Süd", slug="sued", short_name="Mitte")
    middle = make_district("Mitte", slug="aeussere-mitte", short_name="")
    found = districts_by_any_name()
    assert {name: each.pk for name, each in found.items()} == {
        "dueren nord": north.pk,
        "n": north.pk,
        "nord": north.pk,
        "sued": south.pk,
        "mitte": middle.pk,
        "aeussere mitte": middle.pk,
    }
    make_district("Nord", slug="ganz-im-norden", short_name="")
    assert districts_by_any_name()["nord"].slug == "ganz-im-norden"
    assert district_choices() == [
        ("nord", "Düren-Nord"),
        ("aeussere-mitte", "Mitte"),
        ("ganz-im-norden", "Nord"),
        ("sued", "Süd"),
    ]


def test_a_poster_that_cannot_be_printed_leads_back_with_the_reason() -> None:
    task = make_opportunity("Vorlesen 🎈")
    client = Client()
    client.force_login(make_coordinator(task.provider))
    answer = client.get(f"/koordination/angebote/{task.pk}/aushang.pdf")
    assert (answer.status_code, answer["Location"]) == (302, f"/koordination/angebote/{task.pk}/")
    told = [str(each) for each in get_messages(answer.wsgi_request)]
    assert told == ["Der Text enthält Zeichen, die sich nicht drucken lassen."]
