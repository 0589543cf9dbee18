"""Who may call what: the secret key, known addresses, this machine only."""

import base64
import socket

import pytest
import stripe

pytestmark = pytest.mark.live

WRONG = [
    "Bearer sk_test_other",
    "Bearer sk_test_demo2",
    "Bearer ",
    "Basic !!!",
    "Basic c2tfdGVzdDo=",
    "Token x",
]


def test_a_wrong_key_is_an_authentication_error(double, new_order):
    stranger = stripe.StripeClient("sk_test_other", base_addresses={"api": double.address})

    with pytest.raises(stripe.AuthenticationError) as refusal:
        stranger.v1.checkout.sessions.create(params=new_order())

    assert refusal.value.http_status == 401
    assert refusal.value.error.type == "invalid_request_error"
    assert refusal.value.request_id.startswith("req_")
    assert "sk_test" not in refusal.value.http_body


@pytest.mark.parametrize("header", WRONG)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/events"),
        ("POST", "/v1/customers"),
        ("GET", "/v1/none"),
        ("GET", "/_test/deliveries"),
        ("POST", "/_test/faults"),
        ("POST", "/_test/charges/ch_1/refund"),
    ],
)
def test_without_the_right_key_nothing_is_told_and_nothing_done(double, told_types, method, path, header):
    assert double.request(method, path, Authorization=header).status == 401
    assert double.request(method, path).status == 401
    assert told_types() == []


def test_the_key_also_counts_as_basic_user_name(double):
    encoded = base64.b64encode(b"sk_test_demo:").decode()

    assert double.request("GET", "/v1/events", Authorization=f"Basic {encoded}").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/topups"),
        ("POST", "/v1/charges"),
        ("DELETE", "/v1/customers/cus_1"),
        ("GET", "/v1/customers/cus_1/x"),
        ("POST", "/v1/checkout/sessions/cs_test_1"),
        ("GET", "/_test/none"),
        ("GET", "/v1/customers/..%2f"),
        ("GET", "/v1//["),
    ],
)
def test_an_address_the_double_does_not_know_is_refused_plainly(double, method, path):
    answer = double.request(method, path, Authorization="Bearer sk_test_demo")

    assert answer.status == 404
    assert answer.json["error"]["type"] == "invalid_request_error"
    assert f"({method}: {path})" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"name=%ff", "Invalid form encoding"),
        (b"name=\xff", "not UTF-8"),
        (b"a[b]c=1", "Invalid parameter name"),
        (b"metadata=x&metadata[a]=b", "Invalid object"),
        (b"metadata[a]=b&metadata=x", "Invalid object"),
        (b"a[b][c][d][e][f][g]=1", "Too deeply nested"),
        (b"&".join(b"m%d=1" % number for number in range(1001)), "Invalid form encoding"),
    ],
)
def test_an_unreadable_form_is_a_refusal_and_no_failure(double, told_types, body, message):
    answer = double.request("POST", "/v1/customers", body, Authorization="Bearer sk_test_demo")

    assert answer.status == 400
    assert message in answer.json["error"]["message"]
    assert told_types() == []


def test_a_body_that_is_too_large_is_refused(double, told_types):
    body = b"name=" + b"x" * 300_000

    assert double.request("POST", "/v1/customers", body, Authorization="Bearer sk_test_demo").status == 413
    assert told_types() == []


def test_it_listens_on_this_machine_only(double):
    with open(f"/proc/{double.child.pid}/net/tcp") as table:
        listening = [line.split()[1] for line in table if line.split()[3] == "0A"]

    assert [address for address in listening if address.endswith(f":{double.port:04X}")] == [
        f"0100007F:{double.port:04X}"
    ]
    with (
        pytest.raises(ConnectionRefusedError),
        socket.create_connection(("127.0.0.2", double.port), timeout=2),
    ):
        pass
