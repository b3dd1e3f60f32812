"""The site answers to its own names and to nobody else's."""

from typing import Any

import pytest
from flask import Flask

from tests.wire import ask

NAMES = {"BASE_URL": "https://www.example.org", "ALLOWED_HOSTS": ("example.org", "2001:db8::7")}

WELCOME = (
    *("www.example.org", "www.example.org:443", "www.example.org:8000", "WWW.Example.ORG"),
    *("www.example.org.", "www.example.org.:443", "example.org", "localhost", "localhost:8000"),
    *("127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000", "[2001:db8::7]", "[2001:DB8::7]:80"),
)
REFUSED = (
    *("", " ", "evil.example", "evil.example:443", "www.example.org.evil.example"),
    *("evilwww.example.org", "www.example.org..", ".www.example.org", "sub.www.example.org"),
    *("user@www.example.org", "user:pass@www.example.org", "www.example.org@evil.example"),
    *("www.example.org/", "www.example.org/x", "www.example.org?x", "www.example.org#x"),
    *("www.example.org:", "www.example.org:port", "www.example.org:-1", "www.example.org:123456"),
    *("www.example.org,evil.example", "www.example.org evil.example", "www.example.org\\x"),
    *(
        "www.exa\tmple.org",
        "www.example.org\r\nX-Evil: 1",
        "www.example.org\n",
        "\x00www.example.org",
    ),
    *("::1", "[::1", "::1]", "[::1]x", "[::ffff:127.0.0.1]", "[fe80::1%eth0]", "[v1.x]", "[]"),
    *("ｗｗｗ.example.org", "www。example.org", "www.example.org\xa0", "wüw.example.org", "*"),
    *("127.1", "0x7f000001", "2130706433", "0.0.0.0", "www.example.org" * 200),
)


@pytest.fixture(scope="module")
def site(make_lasting: Any) -> Flask:
    app: Flask = make_lasting(**NAMES)
    return app


@pytest.mark.parametrize("host", WELCOME)
def test_its_own_names_are_welcome(site: Flask, host: str) -> None:
    assert ask(site, "/livez", HTTP_HOST=host).status == 200


@pytest.mark.parametrize("host", REFUSED)
def test_any_other_name_is_refused(site: Flask, host: str) -> None:
    answer = ask(site, "/livez", HTTP_HOST=host)
    assert answer.status == 400
    assert "evil" not in f"{answer.text}{answer.headers}".lower()


def test_a_request_without_a_name_is_refused(site: Flask) -> None:
    assert ask(site, "/livez", HTTP_HOST=None).status == 400


def test_links_come_from_the_settings_whatever_name_was_used(site: Flask) -> None:
    for host in WELCOME:
        text = ask(site, "/robots.txt", HTTP_HOST=host).text
        assert text.count("http") == 1
        assert "https://www.example.org/sitemap.xml" in text


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/x", "///evil.example", "/\\evil.example", "/about"]
)
def test_no_redirect_leaves_the_site(site: Flask, path: str) -> None:
    answer = ask(site, path, HTTP_HOST="www.example.org")
    target = answer.headers.get("Location", "http://www.example.org/")
    assert target.startswith(("http://www.example.org/", "https://www.example.org/"))


@pytest.mark.parametrize(
    "path", ["/about\r\nX-Evil: 1", "/about\n", "/a%0d%0aSet-Cookie: x=1", "/x\x85y", "/x\u2028"]
)
def test_no_path_adds_a_header(site: Flask, path: str) -> None:
    answer = ask(site, path.encode().decode("latin-1"), HTTP_HOST="localhost")
    assert "X-Evil" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert not any("\n" in value for _name, value in answer.headers)
