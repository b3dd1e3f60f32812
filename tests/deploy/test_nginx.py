"""The shipped nginx file in front of a server that tells what reached it."""

import http.client
import http.server
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.deploy.edge import HOST, PATIENCE, Edge, edge_before, free_port

pytestmark = pytest.mark.nginx

SLOW_CLIENTS = 80
READERS, PAGES_EACH, RELOADS = 4, 60, 5


class Mirror(http.server.BaseHTTPRequestHandler):
    """Answers every request with the headers it came with."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen = json.dumps({"path": self.path, **dict(self.headers)}).encode()
        self.send_response(200)
        self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        self.send_header("Content-Length", str(len(seen)))
        self.end_headers()
        self.wfile.write(seen)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    mirror = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    threading.Thread(target=mirror.serve_forever, daemon=True).start()
    with edge_before(mirror.server_port, tmp_path_factory.mktemp("edge")) as edge:
        yield edge
    mirror.shutdown()
    mirror.server_close()


def reached(edge: Edge, path: str = "/", **headers: str) -> dict[str, str]:
    answer = edge.ask(path, **headers)
    assert answer.status == 200
    return json.loads(answer.read())


def test_the_application_learns_name_scheme_and_address(edge: Edge) -> None:
    seen = reached(edge, "/a/page/?q=1")
    assert seen["path"] == "/a/page/?q=1"
    assert seen["Host"] == seen["X-Forwarded-Host"] == HOST
    assert seen["X-Forwarded-Proto"] == "https"
    assert seen["X-Forwarded-For"] == "127.0.0.1"


def test_what_a_client_claims_about_itself_is_replaced(edge: Edge) -> None:
    seen = reached(
        edge,
        X_Forwarded_For="203.0.113.9",
        X_Forwarded_Proto="http",
        X_Forwarded_Host="evil.example.org",
        X_Forwarded_Prefix="/evil",
        X_Forwarded_Port="1",
        X_Real_IP="203.0.113.9",
        Forwarded="for=203.0.113.9",
    )
    assert "203.0.113.9" not in str(seen)
    assert "evil" not in str(seen)
    assert seen["X-Forwarded-Proto"] == "https"
    assert "X-Forwarded-Port" not in seen


def test_a_header_with_underscores_is_dropped(edge: Edge) -> None:
    with edge.connect() as raw:
        raw.sendall(
            f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX_Forwarded_For: 203.0.113.9\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"203.0.113.9" not in answer


def test_plain_http_leads_to_https(edge: Edge) -> None:
    asking = http.client.HTTPConnection("127.0.0.1", edge.plain, timeout=PATIENCE)
    asking.request("GET", "/blog/?page=2", headers={"Host": HOST})
    answer = asking.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/blog/?page=2"
    asking.close()


@pytest.mark.parametrize("path", ["/metrics", "//metrics", "/%6detrics", "/static/../metrics"])
def test_outsiders_cannot_read_the_metrics(edge: Edge, path: str) -> None:
    assert edge.ask(path).status == 403


@pytest.mark.parametrize("path", ["/static/site.0123.css", "/media/cover.webp", "/"])
def test_the_applications_word_on_caching_passes_through(edge: Edge, path: str) -> None:
    answer = edge.ask(path, Accept_Encoding="gzip, br")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] is None
    assert answer.headers["Server"] == "nginx"


def test_a_large_body_is_refused_at_the_edge(edge: Edge) -> None:
    assert edge.ask("/", method="POST", body=b"x" * 1_500_000).status == 413
    assert edge.ask("/", method="POST", body=b"x" * 900_000).status == 200


def test_contradicting_lengths_are_refused(edge: Edge) -> None:
    answer = edge.ask(
        "/", method="POST", body=b"0\r\n\r\n", Transfer_Encoding="chunked", Content_Length="5"
    )
    assert answer.status == 400


def test_slow_clients_do_not_keep_others_waiting(edge: Edge) -> None:
    slow = [edge.connect() for _ in range(SLOW_CLIENTS)]
    for connection in slow:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode())
    assert reached(edge)["path"] == "/"
    for connection in slow:
        connection.close()


def test_a_reload_loses_no_request(edge: Edge) -> None:
    def read(_: int) -> list[int]:
        return [edge.ask("/").status for _ in range(PAGES_EACH)]

    with ThreadPoolExecutor(READERS) as readers:
        statuses = readers.map(read, range(READERS))
        for _ in range(RELOADS):
            edge.reload()
            assert edge.ask("/").status == 200
        assert {status for seen in statuses for status in seen} == {200}


def test_while_the_application_is_away_its_own_page_says_so(tmp_path: Path) -> None:
    with edge_before(free_port(), tmp_path) as edge:
        answer = edge.ask("/blog/")
        page = answer.read().decode()
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Back in a moment" in page
    assert "@@" not in page


def test_the_log_keeps_neither_addresses_nor_queries(edge: Edge) -> None:
    edge.ask("/find/?q=secret", User_Agent="agent-of-a-reader").read()
    until = time.monotonic() + PATIENCE
    while "/find/" not in edge.log and time.monotonic() < until:
        time.sleep(0.02)
    assert "/find/" in edge.log
    assert not any(word in edge.log for word in ("127.0.0.1", "secret", "agent-of-a-reader"))
