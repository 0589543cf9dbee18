"""Acting on the running product's database from the test: seeds before, facts after.

In a thread of its own: Playwright's event loop occupies the main one, and Django refuses to query there.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.browser.running_product import Product
from workshop.settings import PASSWORD_HASHERS

Result = TypeVar("Result")


class Backstage:
    """`backstage(act, …)` runs `act` on the product's database and returns what it returns."""

    def __init__(self, product: Product, blocker: DjangoDbBlocker) -> None:
        self._settings = {**connections["default"].settings_dict, "NAME": product.database}
        self._as_the_product = override_settings(
            PUBLIC_BASE_URL=product.url,
            RATE_LIMITS_ON=False,
            STRIPE_METHODS=["card", "sepa_debit", "paypal"],
            PASSWORD_HASHERS=PASSWORD_HASHERS,  # the product knows no others
        )
        self._blocker = blocker
        self._thread = ThreadPoolExecutor(max_workers=1, initializer=self._connect)

    def _connect(self) -> None:
        own = connections.create_connection("default")
        own.settings_dict = self._settings
        connections["default"] = own

    def __call__(self, act: Callable[..., Result], *args: Any, **values: Any) -> Result:
        def run() -> Result:
            with self._blocker.unblock(), self._as_the_product:
                return act(*args, **values)

        return self._thread.submit(run).result()

    def close(self) -> None:
        """Give the connection back."""
        self(lambda: connections["default"].close())
        self._thread.shutdown()
