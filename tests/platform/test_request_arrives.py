"""When a thread may begin with a request: once nothing of its head and of a small body is missing."""

import pytest

from wirbrauchensie.patient_worker import MOST_BYTES, has_arrived

HEAD = b"POST /kontakt/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\n"
SMALL_LETTERS = HEAD.replace(b"Content-Length: ", b"content-length:\t")


@pytest.mark.parametrize("whole", [HEAD + b"a=b&c", SMALL_LETTERS + b"a=b&c", HEAD + b"a=b&cGET / HTTP/1.1"])
def test_not_a_byte_earlier(whole: bytes) -> None:
    complete = whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\na=b&c"
    assert [length for length in range(len(complete) + 1) if has_arrived(complete[:length])] == [
        len(complete)
    ]
    assert has_arrived(whole)


@pytest.mark.parametrize(
    ("head", "arrived"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r", False),
        (b"GET / HTTP/1.1\nHost: a\n\n", False),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nX-Content-Length: 9\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: nine\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", True),
        (b"", False),
    ],
)
def test_what_says_no_length_is_there_with_its_head(head: bytes, arrived: bool) -> None:
    assert has_arrived(head) is arrived


def test_what_is_too_large_to_keep_is_not_waited_for() -> None:
    large = HEAD.replace(b"5\r\n", b"%d\r\n" % (MOST_BYTES * 9))
    assert not has_arrived(large + b"x" * (MOST_BYTES - len(large) - 1))
    assert has_arrived(large + b"x" * (MOST_BYTES - len(large)))
    assert not has_arrived(b"x" * (MOST_BYTES - 1))
    assert has_arrived(b"x" * MOST_BYTES)
