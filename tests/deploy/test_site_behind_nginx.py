"""The real site behind the shipped nginx file, as a reader of production meets it."""

import http.client
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deploy.edge import HOST, Edge

pytestmark = pytest.mark.nginx

SLOW_CLIENTS = 80
READERS, PAGES_EACH, RELOADS = 3, 20, 4


def read(edge: Edge, path: str, **headers: str) -> tuple[http.client.HTTPResponse, str]:
    answer = edge.ask(path, **headers)
    return answer, answer.read().decode()


@pytest.mark.parametrize("path", ["/", "/blog/", "/search/?q=cookie", "/sitemap.xml"])
def test_pages_are_served_for_the_public_address(site_behind_nginx: Edge, path: str) -> None:
    answer, page = read(site_behind_nginx, path)
    assert answer.status == 200
    assert f"https://{HOST}/" in page
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["Set-Cookie"] is None
    assert answer.headers["Server"] == "nginx"


def test_a_post_and_its_files_come_through(site_behind_nginx: Edge) -> None:
    feed = json.loads(read(site_behind_nginx, "/blog/feed.json")[1])
    post = feed["items"][0]["url"].removeprefix(f"https://{HOST}")
    _, page = read(site_behind_nginx, post)
    sheet = re.search(r'<link rel="stylesheet" href="(/static/[^"]+)"', page)
    assert sheet
    answer = site_behind_nginx.ask(sheet[1], Accept_Encoding="br")
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_forged_host_or_scheme_changes_nothing(site_behind_nginx: Edge) -> None:
    answer, page = read(
        site_behind_nginx,
        "/",
        X_Forwarded_Host="evil.example.org",
        X_Forwarded_Proto="http",
        X_Forwarded_For="203.0.113.9, 127.0.0.1",
    )
    assert answer.status == 200
    assert "evil" not in page
    assert answer.headers["Strict-Transport-Security"]


def test_a_foreign_name_is_refused(site_behind_nginx: Edge) -> None:
    with site_behind_nginx.connect() as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: evil.example.org\r\nConnection: close\r\n\r\n")
        assert raw.recv(64).startswith(b"HTTP/1.1 400")


def test_slow_clients_do_not_keep_readers_waiting(site_behind_nginx: Edge) -> None:
    slow = [site_behind_nginx.connect() for _ in range(SLOW_CLIENTS)]
    half = len(slow) // 2
    for connection in slow[:half]:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode())
    for connection in slow[half:]:
        connection.sendall(
            f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\nhalf".encode()
        )
    assert site_behind_nginx.ask("/").status == 200
    for connection in slow:
        connection.close()


def test_a_reload_of_nginx_loses_no_page(site_behind_nginx: Edge) -> None:
    def read_on(_: int) -> set[int]:
        return {site_behind_nginx.ask("/blog/").status for _ in range(PAGES_EACH)}

    with ThreadPoolExecutor(READERS) as readers:
        seen = readers.map(read_on, range(READERS))
        for _ in range(RELOADS):
            site_behind_nginx.reload()
            assert site_behind_nginx.ask("/").status == 200
        assert set().union(*seen) == {200}
