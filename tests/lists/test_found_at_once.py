"""New rows are in the index that a search reads, and it finds what reading every row would find."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import CharField, FloatField, Func, Model, Q, Value
from django.db.models.lookups import Contains, GreaterThanOrEqual
from hypothesis import given
from hypothesis import strategies as st

from citizens.services.mailboxes import mailbox_for
from donations.models import Donation
from foundation.clock import utc_now
from foundation.lists.searching import Folded, Word
from programs.models import FundUpdate, Opportunity, Program
from tests.donations.gifts import make_donation
from tests.factories import make_fund, make_news, make_opportunity, make_program
from tests.profiles import one_in
from tests.volunteers.pledging import make_group, make_pledge
from volunteers.models import Volunteer
from volunteers.models.volunteer import WHOLE_NAME

pytestmark = pytest.mark.django_db
LIKENESS = 0.4
SYLLABLES = ("bei", "spiel", "spil", "mül", "ler", "mei", "er", "weiß", "weis", "yıl", "diz", "ann", "a")
NAMES = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).map(lambda some: "".join(some).title())


def write_each() -> None:
    make_pledge(utc_now())
    make_group(utc_now(), 5)
    fund = make_fund()
    make_news(fund)
    make_donation(fund, donor_name="Gisela Geberin")
    make_opportunity()
    make_program()


@pytest.mark.parametrize(
    ("model", "index"),
    [
        (Volunteer, "volunteer_by_name"),
        (Volunteer, "volunteer_by_first_name"),
        (Volunteer, "volunteer_by_group"),
        (Opportunity, "opportunity_by_title"),
        (Opportunity, "opportunity_by_site"),
        (FundUpdate, "news_by_title"),
        (Program, "program_by_name"),
        (Donation, "donation_by_name"),
    ],
)
def test_no_new_row_waits_beside_its_index(model: type[Model], index: str) -> None:
    write_each()
    assert model._default_manager.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list(%s)", [index])
        assert cursor.fetchone() == (0,), "pages that had waited"


def alike(word: str, text: Any) -> Q:
    typed = Folded(Value(word, output_field=CharField()))
    likeness = Func(typed, text, function="word_similarity", output_field=FloatField())
    return Q(GreaterThanOrEqual(likeness, LIKENESS)) | Q(Contains(text, typed))


@one_in(3)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8), NAMES.filter(lambda name: len(name) >= 4))
def test_the_index_finds_whom_reading_every_name_finds(names: list[tuple[str, str]], typed: str) -> None:
    now = utc_now()
    mailbox = mailbox_for("alle@example.org", now)
    rows = Volunteer.objects.bulk_create(
        Volunteer(first_name=first, last_name=last, created_at=now, mailbox=mailbox) for first, last in names
    )
    people = Volunteer.objects.filter(pk__in=[each.pk for each in rows])
    expected = set(people.filter(alike(typed, Folded(WHOLE_NAME))).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    found = Volunteer.objects.filter(Word(typed, is_lenient=True).within(WHOLE_NAME)).order_by()
    assert "volunteer_by_name" in found.explain()
    assert set(found.values_list("pk", flat=True)) & {each.pk for each in rows} == expected
