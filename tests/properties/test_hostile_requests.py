"""Whatever is sent to whatever address: never a fault, always the policy, never a cookie."""

import io
import re
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.web.headers import POLICY
from tests.provision import LONG
from tests.wire import Answer, ask

pytestmark = pytest.mark.database

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "BREW")
HEADERS = (
    *("HTTP_HOST", "HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_RANGE"),
    *("HTTP_IF_MODIFIED_SINCE", "HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_ORIGIN"),
    *("HTTP_SEC_FETCH_SITE", "HTTP_AUTHORIZATION", "HTTP_TRANSFER_ENCODING", "CONTENT_TYPE"),
    *("CONTENT_LENGTH", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_IF_RANGE", "HTTP_EXPECT"),
    *("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_USER_AGENT", "REMOTE_ADDR"),
)
#: What a hostile hand writes wherever something can be written.
NASTY = (
    *("", "0", "-1", "1", "2", "999999999999999999999999", "1e9", "NaN", "null", "None", "true"),
    *("'", '"', "`", "\\", "/", "//", "..", "../..", "%", "%00", "%2e%2e", "\x00", "\x1b[31m"),
    *(
        "\n",
        "\r\nX-Evil: 1",
        "\t",
        "\x7f",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\ufffd",
        "\uffff",
    ),
    *("e" + "\u0301" * 200, "👩‍👩‍👧‍👦", "ﷺ", "İ", "ß", "\U000e0001", "ａ", "日本語", "א" * 50),
    *("<script>alert(1)</script>", "{{7*7}}", "{%x%}", "${7*7}", "#{7*7}", "%s%s%n", "%(x)s"),
    *("' OR 1=1 --", "'; DROP TABLE posts; --", "\\'; --", "1 UNION SELECT 1", "%' AND '1'='1"),
    *("NEAR(", "AND", "a AND", "OR OR", "NOT", "^a", 'a" "b', "title:x", "a*", "*", ":*", "&", "|"),
    *("!a", "(a", "a)", "<->", "a <-> b", "'a':*B", "_", "__", "%_%", "-", "--", "a" * 300),
    *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://evil.example/"),
    *("bytes=0-0,-1", "bytes=99999999999-", "W/", '"', "*", "gzip;q=99", "chunked", "100-continue"),
    *("Thu, 32 Foo 9999 99:99:99 GMT", "0x7f000001", "::ffff:127.0.0.1", "127.0.0.1, x"),
)


@pytest.fixture(scope="module")
def site(shipped: Flask) -> Any:
    """The shipped site, which answers faults with pages instead of raising."""
    shipped.testing = False
    yield shipped
    shipped.testing = True


@pytest.fixture(scope="module")
def shapes(site: Flask) -> list[str]:
    """Every rule as a pattern with holes; the blogs are real, so that views are reached."""
    rules = {rule.rule.replace("<blog:blog>", "blog") for rule in site.url_map.iter_rules()}
    return sorted({re.sub(r"<[^>]+>", "{}", rule) for rule in rules})


def some(words: Sequence[Any], turn: int) -> Sequence[Any]:
    """A quarter of the words, another one at each turn; in a long run all of them."""
    return words if LONG else words[turn % 4 :: 4]


def fill(shape: str, words: list[str]) -> str:
    """The pattern with each hole filled."""
    return shape.format(*(words * 4)[: shape.count("{}")])


def send(site: Flask, path: str, method: str = "GET", **environ: Any) -> Answer:
    """One request; text goes out as the bytes of its UTF-8."""
    wire = path.encode("utf-8", "surrogatepass").decode("latin-1")
    given = {
        name: value.encode("utf-8", "surrogatepass").decode("latin-1")
        if isinstance(value, str)
        else value
        for name, value in environ.items()
    }
    return ask(site, wire, method, **{"wsgi.input": io.BytesIO(b"a=1&b=2")} | given)


def assert_sound(answer: Answer, what: object) -> None:
    assert 200 <= answer.status < 500, what
    # Whoever begins to sign in is told apart from others meanwhile, and a choice about cookies
    # is kept or forgotten; nobody else gets a cookie.
    cookies = answer.headers.getlist("Set-Cookie")
    given = {cookie.partition("=")[0] for cookie in cookies}
    allowed = {"ceremony"} if "/account/log-in/" in str(what) else set()
    allowed |= {"choice", "receipt", "seen"} if "/privacy/cookies/" in str(what) else set()
    assert given <= allowed, what
    for name in POLICY:
        assert len(answer.headers.getlist(name)) == 1, (what, name)
    assert "X-Evil" not in answer.headers, what
    assert not any(c in value for _, value in answer.headers for c in "\r\n\0"), what
    target = answer.headers.get("Location", "/")
    assert target.startswith(("http://localhost", "http://127.0.0.1", "/")), what
    assert not target.startswith("//"), what


def test_every_nasty_word_in_every_hole(site: Flask, shapes: list[str]) -> None:
    for turn, shape in enumerate(shapes):
        for word in some(NASTY, turn) if "{}" in shape else NASTY[:1]:
            path = fill(shape, [word])
            assert_sound(send(site, path), path)


def test_every_nasty_word_in_every_query(site: Flask) -> None:
    for word in NASTY:
        for query in (f"q={word}", f"q=cookie&page={word}", f"{word}={word}", word):
            assert_sound(send(site, f"/search/?{query}"), query)


def test_every_nasty_word_in_every_header(site: Flask) -> None:
    for turn, name in enumerate(HEADERS):
        for word in some(NASTY, turn):
            answer = send(site, "/blog/", **{name: word})
            assert_sound(answer, (name, word))


def test_every_method_at_every_address(site: Flask, shapes: list[str]) -> None:
    for turn, method in enumerate(METHODS):
        for shape in some(shapes, turn):
            path = fill(shape, ["x", "2"])
            for sender in ("same-origin", "cross-site", None):
                assert_sound(send(site, path, method, HTTP_SEC_FETCH_SITE=sender), (method, path))


words = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))


@settings(
    max_examples=1_000 if LONG else 100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    data=st.data(),
    method=st.sampled_from(METHODS),
    holes=st.lists(words, min_size=4, max_size=4),
    query=words,
    headers=st.dictionaries(st.sampled_from(HEADERS), words, max_size=4),
)
def test_no_combination_is_a_fault(
    site: Flask,
    shapes: list[str],
    data: st.DataObject,
    method: str,
    holes: list[str],
    query: str,
    headers: dict[str, str],
) -> None:
    path = fill(data.draw(st.sampled_from(shapes)), holes)
    answer = send(site, f"{path}?{query}", method, **headers)
    assert_sound(answer, (method, path, query, headers))
