"""What a visitor typed outlives the new table of sessions; who was signed in proves once more who they are."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session as FormerSession

from accounts.models import Session
from accounts.session_store import SessionStore

pytestmark = pytest.mark.django_db


def session_of_before(**data: str) -> str:
    store = db.SessionStore()
    store.update(data)
    store.create()
    store.save()
    return str(store.session_key)


def test_visitors_keep_what_they_typed_and_staff_sign_in_anew() -> None:
    visitor, staff = session_of_before(typed="Lesen"), session_of_before(_auth_user_id="7")
    import_module("accounts.migrations.0005_sessions").move_visitors(apps, None)
    assert list(Session.objects.values_list("session_key", "user")) == [(visitor, None)]
    assert SessionStore(visitor)["typed"] == "Lesen"
    assert not FormerSession.objects.exists()
    assert "_auth_user_id" not in SessionStore(staff)
