"""A pledge by telephone or from paper in 90 seconds, a new task in three minutes, at a human pace."""

from typing import Any

import pytest

from foundation.clock import utc_now
from programs.models import Opportunity
from tests.factories import make_coordinator, make_district, make_provider, make_youth_office
from tests.lists.rows import client_of
from tests.pace import SECONDS_A_FIELD, SECONDS_A_KEY, seconds_for
from tests.programs.test_coordination import answers as answers_of_a_task
from tests.volunteers.pledging import taken_answers
from volunteers.models import TimePledge

pytestmark = pytest.mark.django_db
TAKE, NEW = "/koordination/zusagen/aufnehmen/", "/koordination/angebote/neu/"
TASK_TEXT = (
    "Sie lesen mittwochs einer Gruppe von sechs Kindern vor und sprechen mit ihnen über das Gelesene. "
    "Eine Erzieherin ist immer dabei. Bücher sind da, Sie dürfen auch eigene mitbringen. "
    "Beim ersten Mal zeigen wir Ihnen das Haus."
)


@pytest.mark.parametrize("came_by", ["phone", "paper"])
def test_a_pledge_is_taken_within_ninety_seconds(came_by: str) -> None:
    """Paper asks for all of it: letters go to whoever has no address, so their street is typed, too."""
    client = client_of(make_coordinator(make_youth_office()))
    said = taken_answers(came_by=came_by, times=["1-afternoon", "2-afternoon"], languages=["tr"])
    seconds = seconds_for(client.get(TAKE).content.decode(), said)
    assert 30 < seconds <= 90
    assert client.post(TAKE, said).status_code == 303
    assert TimePledge.objects.get().status == "open"


def test_a_task_is_written_looked_at_and_saved_within_three_minutes() -> None:
    house = make_provider("Haus")
    client = client_of(make_coordinator(house))
    answers = answers_of_a_task(
        task=TASK_TEXT, provider=house.pk, district=make_district().slug, starts_on=f"{utc_now():%Y}-12-31"
    )
    said: dict[str, Any] = {name: value for name, value in answers.items() if value}
    seconds = seconds_for(client.get(NEW).content.decode(), said)
    assert 90 < seconds + 2 * SECONDS_A_FIELD <= 180
    assert client.post(NEW, said).status_code == 302
    assert Opportunity.objects.get().task == TASK_TEXT


def test_what_is_filled_in_already_costs_nothing_and_what_is_not_there_is_no_answer() -> None:
    page = (
        '<input name="a" value="da"><textarea name="b"></textarea><input type="radio" name="c" value="1">'
        '<select name="d"><option value="w"><option value="x" selected></select>'
        '<select name="f"><option value="v"></select><input type="hidden" name="e" value="1">'
    )
    assert seconds_for(page, {"a": "da", "d": "x", "e": "9", "f": "v"}) == SECONDS_A_FIELD
    assert seconds_for(page, {"a": "neu", "b": "12345", "c": "1", "d": "y"}) == pytest.approx(
        5 * SECONDS_A_FIELD + 8 * SECONDS_A_KEY
    )
    with pytest.raises(KeyError):
        seconds_for(page, {"gone": "1"})
