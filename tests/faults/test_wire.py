"""Broken and hostile bytes on a real connection to the real server."""

import contextlib
import re
import socket
import time
from collections.abc import Iterator

import pytest

from tests.server import Server, hear, serving

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
HOST = b"Host: localhost\r\n"
CLOSE = b"Connection: close\r\n\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("wire")) as started:
        yield started


@pytest.fixture(autouse=True)
def still_answering(server: Server) -> Iterator[None]:
    yield
    assert server.answers()


def statuses(answer: bytes) -> list[int]:
    """The status of each answer that came back."""
    return [int(found) for found in STATUS.findall(answer)]


def only(answer: bytes) -> int | None:
    """The status of the only answer, or `None` when the connection was just closed."""
    found = statuses(answer)
    assert len(found) <= 1, answer
    return found[0] if found else None


def request(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    return line + b"\r\n" + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


L, C = b"Host: localhost", b"Connection: close"
POST = b"POST /blog/ HTTP/1.1"
OWN = b"Sec-Fetch-Site: same-origin"

#: name: (bytes, statuses that are right; None is a connection closed without an answer)
SHAPES: dict[str, tuple[bytes, set[int | None]]] = {
    "an ordinary request": (request(b"GET /livez HTTP/1.1", L, C), {200}),
    "HTTP/1.0 with a host": (request(b"GET /livez HTTP/1.0", L), {200}),
    "HTTP/1.0 without a host": (request(b"GET /livez HTTP/1.0"), {400}),
    "no host": (request(b"GET /livez HTTP/1.1", C), {400}),
    "an empty host": (request(b"GET /livez HTTP/1.1", b"Host:", C), {400}),
    "two hosts": (request(b"GET /livez HTTP/1.1", L, b"Host: evil.example", C), {400}),
    "two hosts, ours last": (request(b"GET /livez HTTP/1.1", b"Host: evil.example", L, C), {400}),
    "a foreign host": (request(b"GET /livez HTTP/1.1", b"Host: evil.example", C), {400}),
    "absolute target, ours": (request(b"GET http://localhost/livez HTTP/1.1", L, C), {200, 400}),
    "absolute target, foreign": (
        request(b"GET http://evil.example/livez HTTP/1.1", b"Host: evil.example", C),
        {400, 404},
    ),
    "no target": (request(b"GET  HTTP/1.1", L, C), {400, None}),
    "a target with a space": (request(b"GET /a b HTTP/1.1", L, C), {400, None}),
    "a target of an asterisk": (request(b"OPTIONS * HTTP/1.1", L, C), {200, 308, 400, 404}),
    "connect": (request(b"CONNECT evil.example:443 HTTP/1.1", L, C), {400, 403, 405, None}),
    "trace": (request(b"TRACE / HTTP/1.1", L, C), {403, 405}),
    "a made-up method": (request(b"BREW / HTTP/1.1", L, C), {403, 405}),
    "a method of bytes": (request(b"\xff\xfe / HTTP/1.1", L, C), {400, None}),
    "a version of the future": (request(b"GET / HTTP/9.9", L, C), {400, 505, None}),
    "HTTP/2 without asking": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505, None}),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200, {400, None}),
    "only line breaks": (b"\r\n" * 50 + b"\r\n", {400, None}),
    "a header without a colon": (request(b"GET /livez HTTP/1.1", L, b"X-Broken", C), {400, None}),
    "a space before the colon": (request(b"GET /livez HTTP/1.1", L, b"X-A : b", C), {400, None}),
    "a folded header": (request(b"GET /livez HTTP/1.1", L, b"X-A: b\r\n c", C), {200, 400, None}),
    "a header with a NUL": (request(b"GET /livez HTTP/1.1", L, b"X-A: b\x00c", C), {400, None}),
    "bare line feeds": (b"GET /livez HTTP/1.1\nHost: localhost\nConnection: close\n\n", {200, 400}),
    "a long header": (request(b"GET /livez HTTP/1.1", L, b"X-A: " + b"x" * 20_000, C), {431}),
    "a header of a megabyte": (
        request(b"GET /livez HTTP/1.1", L, b"X-A: " + b"x" * 1_000_000, C),
        {431, None},
    ),
    "five hundred headers": (
        request(b"GET /livez HTTP/1.1", L, C, *(b"X-%d: y" % number for number in range(500))),
        {431, None},
    ),
    "a long address": (request(b"GET /" + b"x" * 10_000 + b" HTTP/1.1", L, C), {414}),
    "an address of bytes": (request(b"GET /%ff%fe/ HTTP/1.1", L, C), {400}),
    "an address with a NUL": (request(b"GET /%00/ HTTP/1.1", L, C), {400}),
    "an address with raw bytes": (request(b"GET /\xff\xfe/ HTTP/1.1", L, C), {400, None}),
    "dots": (request(b"GET /../../../etc/passwd HTTP/1.1", L, C), {308, 400, 404}),
    "hidden dots": (request(b"GET /static/%2e%2e/%2e%2e/wsgi.py HTTP/1.1", L, C), {308, 400, 404}),
    "two lengths that differ": (
        request(POST, L, OWN, b"Content-Length: 5", b"Content-Length: 50", C, body=b"hello"),
        {400, None},
    ),
    "two lengths in one": (
        request(POST, L, OWN, b"Content-Length: 5, 50", C, body=b"hello"),
        {400, None},
    ),
    "a negative length": (request(POST, L, OWN, b"Content-Length: -5", C), {400, None}),
    "a length in words": (request(POST, L, OWN, b"Content-Length: five", C), {400, None}),
    "a length beyond numbers": (
        request(POST, L, OWN, b"Content-Length: " + b"9" * 50, C),
        {400, 413, None},
    ),
    "a length of two gigabytes": (request(POST, L, OWN, b"Content-Length: 2000000000", C), {413}),
    "chunks": (
        request(POST, L, OWN, b"Transfer-Encoding: chunked", C, body=b"5\r\nhello\r\n0\r\n\r\n"),
        {411},
    ),
    "chunks of a made-up size": (
        request(POST, L, OWN, b"Transfer-Encoding: chunked", C, body=b"zz\r\nhello\r\n"),
        {400, 411, None},
    ),
    "an unknown coding": (
        request(POST, L, OWN, b"Transfer-Encoding: xchunked", C),
        {400, 411, 501, None},
    ),
    "a form from nowhere": (request(POST, L, b"Content-Length: 3", C, body=b"a=1"), {403}),
    "a form to a page": (request(POST, L, OWN, b"Content-Length: 3", C, body=b"a=1"), {405}),
    "an expectation": (
        request(POST, L, OWN, b"Content-Length: 3", b"Expect: 100-continue", C, body=b"a=1"),
        {100, 405, 417},
    ),
    "an upgrade": (
        request(b"GET /livez HTTP/1.1", L, b"Connection: upgrade, close", b"Upgrade: websocket"),
        {200, 400, 426},
    ),
}

#: Two framings that disagree: whatever the answer, the hidden request must not get one.
SMUGGLING = {
    "length, then chunks": (
        *(b"Content-Length: %d" % (5 + len(SMUGGLED)), b"Transfer-Encoding: chunked"),
        b"0\r\n\r\n" + SMUGGLED,
    ),
    "chunks, then length": (
        *(b"Transfer-Encoding: chunked", b"Content-Length: %d" % (5 + len(SMUGGLED))),
        b"0\r\n\r\n" + SMUGGLED,
    ),
    "chunks with a space before the colon": (
        *(b"Content-Length: %d" % (5 + len(SMUGGLED)), b"Transfer-Encoding : chunked"),
        b"0\r\n\r\n" + SMUGGLED,
    ),
    "chunks with a tab": (
        *(b"Content-Length: %d" % (5 + len(SMUGGLED)), b"Transfer-Encoding:\tchunked"),
        b"0\r\n\r\n" + SMUGGLED,
    ),
    "chunks spelt oddly": (
        *(b"Content-Length: %d" % (5 + len(SMUGGLED)), b"Transfer-Encoding: chunKed, identity"),
        b"0\r\n\r\n" + SMUGGLED,
    ),
    "two lengths": (
        *(b"Content-Length: 0", b"Content-Length: %d" % len(SMUGGLED)),
        SMUGGLED,
    ),
    "a length with a plus": (
        *(b"Content-Length: +%d" % len(SMUGGLED), b"X-Nothing: y"),
        SMUGGLED,
    ),
}


@pytest.mark.parametrize(("sent", "right"), SHAPES.values(), ids=SHAPES)
def test_a_strange_shape_gets_the_right_answer(
    server: Server, sent: bytes, right: set[int | None]
) -> None:
    answer = server.say(sent)
    found = statuses(answer)
    assert (found[0] if found else None) in right, answer[:300]
    assert not [status for status in found if status >= 500 and status != 505]
    assert b"Set-Cookie" not in answer
    assert b"root:" not in answer


@pytest.mark.parametrize(("first", "second", "body"), SMUGGLING.values(), ids=SMUGGLING)
def test_no_request_hides_inside_another(
    server: Server, first: bytes, second: bytes, body: bytes
) -> None:
    answer = server.say(request(POST, L, OWN, first, second, body=body))
    later = statuses(answer)[1:]
    # A connection that goes on after a refusal would answer 404 to the hidden address.
    assert 404 not in later, answer[:500]


def test_pipelined_requests_are_answered_in_their_order(server: Server) -> None:
    first = request(b"GET /livez HTTP/1.1", L)
    second = request(b"GET /nowhere/ HTTP/1.1", L)
    answer = server.say(first + second + request(b"GET /robots.txt HTTP/1.1", L, C))
    assert statuses(answer) == [200, 404, 200]


def test_a_connection_is_kept_for_the_next_page(server: Server) -> None:
    with server.connect() as connection:
        for _ in range(3):
            connection.sendall(request(b"GET /livez HTTP/1.1", L))
            answer = b""
            # Head and body may come in two pieces, and the last word says that it is whole.
            while not answer.endswith(b"ok\n"):
                piece = connection.recv(4_096)
                assert piece
                answer += piece


def test_half_sent_requests_keep_nobody_waiting(server: Server) -> None:
    half = [server.connect() for _ in range(30)]
    for index, connection in enumerate(half):
        start = (
            b"GET / HTTP/1.1\r\nHost: local"
            if index % 2
            else request(POST, L, OWN, b"Content-Length: 1000", body=b"half")
        )
        connection.sendall(start)
    begun = time.monotonic()
    assert server.say(request(b"GET /livez HTTP/1.1", L, C)).startswith(b"HTTP/1.1 200")
    assert time.monotonic() - begun < 2
    for connection in half:
        connection.close()


def test_half_a_head_is_not_waited_for_for_ever(server: Server) -> None:
    with server.connect() as connection:
        connection.settimeout(15)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: local")
        assert (statuses(hear(connection)) or [408]) == [408]


def test_a_caller_who_hangs_up_early_harms_nobody(server: Server) -> None:
    for _ in range(30):
        with contextlib.suppress(OSError), server.connect() as connection:
            connection.sendall(request(b"GET /blog/ HTTP/1.1", L))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@pytest.mark.parametrize("name", [b"X-Forwarded-For", b"X_Forwarded_For", b"Forwarded", b"Via"])
def test_what_claims_to_be_forwarded_does_not_read_the_metrics(server: Server, name: bytes) -> None:
    assert only(server.say(request(b"GET /metrics HTTP/1.1", L, C))) == 200
    asked = request(b"GET /metrics HTTP/1.1", L, name + b": 127.0.0.1", C)
    assert only(server.say(asked)) == 404


def test_answers_name_neither_server_nor_version(server: Server) -> None:
    head = server.say(request(b"GET / HTTP/1.1", L, C)).partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nserver:" not in head or head.split(b"\r\nserver:")[1].strip()[:7] == b"granian"
    assert b"set-cookie" not in head
