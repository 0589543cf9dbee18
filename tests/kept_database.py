"""For `./dev mutate`: every run takes the database that is there as it is, and migrates nothing."""

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_modify_db_settings: None) -> None:
    name = f"test_{connection.settings_dict['NAME']}"
    connection.close()
    connection.settings_dict["NAME"] = name
