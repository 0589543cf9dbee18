"""The workshop's settings, without what would only cost time or mix up tests that run side by side.

Real processes that a test starts run with the workshop's own settings (`tests.processes.environment`).
"""

import os

from tests.brokers import broker_of_worker
from workshop.settings import *  # noqa: F403
from workshop.settings import INSTALLED_APPS, LOGGING
from workshop.settings import REDIS_URL as SHARED_BROKER

# Empties the database after a test that commits.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.emptying"]

# What is slow on purpose; tests/accounts/test_hashing.py proves the real one.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A static file is looked for when somebody asks for it: every client of a test would list all of them, and
# warn that nobody has collected any.
WHITENOISE_AUTOREFRESH = True

# What a test logs is kept by pytest, which shows it when the test fails; a second copy would go nowhere.
NOTHING = 100
LOGGING = {**LOGGING, "handlers": {"stderr": {**LOGGING["handlers"]["stderr"], "level": NOTHING}}}

REDIS_URL = broker_of_worker(SHARED_BROKER, os.environ.get("PYTEST_XDIST_WORKER", ""))
CELERY_BROKER_URL = REDIS_URL
