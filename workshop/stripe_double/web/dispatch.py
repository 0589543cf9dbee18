"""Which page an address shows."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from workshop.stripe_double.answers import Answer, Request
from workshop.stripe_double.double import Double
from workshop.stripe_double.errors import ApiError
from workshop.stripe_double.web import operator, payment
from workshop.stripe_double.web.render import Markup, fill, page, stylesheet

PAY = re.compile(r"^/pay/(cs_test_[A-Za-z0-9]{1,80})$", re.ASCII)
LOCAL_HOSTS = ("127.0.0.1", "localhost")


def visit(doubles: Sequence[Double], request: Request) -> Answer:
    """Answer a browser; only under the double's own names, so that no foreign page can reach it.

    A payment page is found at the account where it was opened; the page of the operator shows all.
    """
    if not _is_own_host(doubles[0], request.headers.get("host", "")):
        return _refusal("Diese Adresse gehört nicht zum Testdoppel", 421)
    match = PAY.match(request.path)
    double = _account_of(doubles, match[1]) if match else doubles[0]
    try:
        if match and request.method == "POST":
            return payment.press(double, request, match[1])
    except ApiError:
        return _refusal("Diese Eingabe ist nicht lesbar", 400)
    if request.method not in ("GET", "HEAD"):
        return _refusal("Das geht hier nicht", 405)
    if match:
        return payment.show(double, match[1])
    if request.path == "/":
        return operator.show(doubles)
    if request.path == "/static/stripe-double.css":
        return stylesheet()
    return payment.unknown()


def _account_of(doubles: Sequence[Double], session: str) -> Double:
    return next((each for each in doubles if each.store.find(session)), doubles[0])


def _refusal(heading: str, status: int) -> Answer:
    text = "Beginnen Sie bitte auf der Spendenseite von vorn."
    return page(heading, fill("notice", heading=heading, text=text, link=Markup()), status=status)


def _is_own_host(double: Double, host: str) -> bool:
    return host.partition(":")[0] in (*LOCAL_HOSTS, urlsplit(double.config.public_url).hostname)
