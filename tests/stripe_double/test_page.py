"""The hosted page and the operator's page, as a browser gets them."""

import re

import pytest

pytestmark = pytest.mark.live


def open_page(double, session, method="GET", **headers):
    return double.request(method, f"/pay/{session.id}", **headers)


def test_the_page_says_plainly_that_no_money_flows(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order(123_450))

    page = open_page(double, session)

    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<html lang="de">' in page.text
    assert "<h1>Testzahlung – es fließt kein Geld</h1>" in page.text
    assert "1.234,50\N{NO-BREAK SPACE}€" in page.text
    assert "Spende: Kinderfonds" in page.text
    assert "einmalig" in page.text
    assert re.findall(r'name="action" value="(\w+)"', page.text) == ["pay", "fail", "cancel"]
    assert "Zahlung schlägt fehl" in page.text
    assert "Abbrechen" in page.text


def test_a_monthly_gift_is_shown_as_monthly(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order(monthly=True))

    assert "monatlich" in open_page(double, session).text


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        (None, ["card", "sepa_debit", "paypal"]),
        (["sepa_debit"], ["sepa_debit"]),
        (["paypal", "card"], ["paypal", "card"]),
    ],
)
def test_only_the_allowed_methods_are_offered(double, client, new_order, asked, offered):
    session = client.v1.checkout.sessions.create(params=new_order(allowed_payment_method_types=asked))

    page = open_page(double, session)

    assert re.findall(r'type="radio" [^>]*value="(\w+)"', page.text) == offered
    assert page.text.count("checked") == (1 if len(offered) == 1 else 0)


def test_the_page_is_closed_to_everything_foreign(double, client, new_order):
    session = client.v1.checkout.sessions.create(
        params=new_order(success_url="https://spenden.example/danke", cancel_url="http://localhost:8000/x")
    )

    page = open_page(double, session)

    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; "
        "form-action 'self' http://localhost:8000 https://spenden.example; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_the_style_sheet_has_large_text_and_large_targets(double):
    style = double.request("GET", "/static/stripe-double.css")

    assert style.status == 200
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "font: 1.125rem/1.5" in style.text
    assert "min-height: 44px" in style.text
    assert "://" not in style.text


def test_what_a_session_says_is_escaped(double, client, new_order):
    params = new_order()
    params["line_items"][0]["price_data"]["product_data"]["name"] = "<script>alert('x')</script> & $amount"
    session = client.v1.checkout.sessions.create(params=params)

    page = open_page(double, session)

    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; $amount" in page.text
    assert "<script" not in page.text
    assert "<script" not in double.request("GET", "/").text


def test_an_unknown_email_is_asked_for_and_nothing_typed_is_lost(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order(customer_email=None))
    assert 'name="email"' in open_page(double, session).text

    page = double.press(session, method="paypal", email="erika@", name='Erika "E" Muster')

    assert page.status == 422
    assert 'role="alert" id="error" tabindex="-1" autofocus' in page.text
    assert '<a href="#email">Zur E-Mail-Adresse</a>' in page.text
    assert "Bitte prüfen Sie die E-Mail-Adresse" in page.text
    assert "<title>Fehler: Testzahlung" in page.text
    assert 'value="erika@" aria-invalid="true"' in page.text
    assert 'value="Erika &quot;E&quot; Muster"' in page.text
    assert re.search(r'value="paypal" checked', page.text)
    assert told_types() == []

    assert double.press(session, method="paypal", email="erika@example.org", name="Erika").status == 303
    done = client.v1.checkout.sessions.retrieve(session.id)
    assert (done.customer_details.email, done.customer_details.name) == ("erika@example.org", "Erika")


def test_a_known_email_is_not_asked_for_and_cannot_be_replaced(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order())
    assert 'name="email"' not in open_page(double, session).text

    double.press(session, email="mallory@example.org")

    done = client.v1.checkout.sessions.retrieve(session.id)
    assert done.customer_details.email == "erika@example.org"


def test_without_a_choice_of_method_the_page_asks_for_it(double, client, new_order, told_types):
    session = client.v1.checkout.sessions.create(params=new_order())

    page = double.press(session, method="")

    assert page.status == 422
    assert "Bitte wählen Sie, womit Sie zahlen" in page.text
    assert told_types() == []


def test_without_a_way_back_there_is_no_cancel_button(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order(cancel_url=None))

    assert 'value="cancel"' not in open_page(double, session).text
    assert double.press(session, "cancel", "").status == 422


def test_a_paid_session_shows_that_it_is_done(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order())
    double.press(session)

    page = open_page(double, session)

    assert page.status == 200
    assert "Diese Testzahlung ist abgeschlossen" in page.text
    assert f'href="http://localhost:8000/danke/?session={session.id}"' in page.text
    assert "<form" not in page.text


def test_an_unknown_page_says_so(double):
    assert double.request("GET", "/pay/cs_test_none").status == 404
    assert double.request("POST", "/pay/cs_test_none", {"action": "pay"}).status == 404
    assert double.request("GET", "/nothing").status == 404


def test_a_head_request_has_no_body(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order())

    page = open_page(double, session, "HEAD")

    assert (page.status, page.text) == (200, "")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
def test_the_pages_answer_under_their_own_names_only(double, client, new_order, told_types, host):
    session = client.v1.checkout.sessions.create(params=new_order())

    assert open_page(double, session, Host=host).status == 421
    form = {"action": "pay", "method": "card"}
    assert double.request("POST", f"/pay/{session.id}", form, Host=host).status == 421

    assert told_types() == []


@pytest.mark.parametrize(
    "body", [b"action=%ff&method=card", b"\xff\xfe", b"action[x]=pay&action=pay", b"a" * 300_000]
)
def test_an_unreadable_form_changes_nothing(double, client, new_order, told_types, body):
    session = client.v1.checkout.sessions.create(params=new_order())

    answer = double.request("POST", f"/pay/{session.id}", body)

    assert answer.status in (400, 413, 422)
    assert told_types() == []
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_the_operator_sees_sessions_and_events_but_no_secret_and_no_person(double, client, new_order):
    session = client.v1.checkout.sessions.create(params=new_order())
    still_open = client.v1.checkout.sessions.create(params=new_order())
    double.press(session)

    page = double.request("GET", "/")

    assert page.status == 200
    assert "<h1>Stripe-Testdoppel</h1>" in page.text
    assert "es fließt kein Geld" in page.text
    assert session.id[-8:] in page.text
    assert f'href="/pay/{still_open.id}"' in page.text
    assert "bezahlt" in page.text
    assert "checkout.session.completed" in page.text
    assert "sk_test_demo" not in page.text
    assert "whsec_demo" not in page.text
    assert "erika" not in page.text
    assert double.request("POST", "/", {}).status == 405
