"""While the database is away, whoever acts is told so and loses nothing."""

import pytest
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from wirbrauchensie.errors import server_error


def answer_to(error: Exception) -> HttpResponse:
    try:
        raise error
    except Exception:
        return server_error(RequestFactory().get("/"))


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_it_is_503_in_plain_words_with_a_time_to_come_back(error: Exception) -> None:
    answer = answer_to(error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    page = answer.content.decode()
    assert "Wir sind gerade nicht erreichbar" in page
    assert "nichts abgebucht" in page
    assert "gone" not in page


@pytest.mark.parametrize("error", [ValueError("x"), DataError("x"), OSError("x")])
def test_a_fault_of_ours_is_no_excuse(error: Exception) -> None:
    answer = answer_to(error)
    assert answer.status_code == 500
    assert "Retry-After" not in answer
