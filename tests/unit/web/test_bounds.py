"""What no browser sends is refused before any view is chosen."""

import io
from typing import Any

import pytest
from flask import Flask, request

from app.core.web import bounds, public
from tests.wire import Answer, ask

OWN = {"HTTP_SEC_FETCH_SITE": "same-origin"}
FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
BOUNDARY = "line"
PARTS = {"CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}"}


class Endless(io.RawIOBase):
    """A body of zeros that counts how much of it was read."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.taken += len(buffer)
        return len(buffer)


@pytest.fixture(scope="module")
def site(make_lasting: Any) -> Flask:
    app: Flask = make_lasting()

    def form() -> str:
        return f"{len(request.form)} fields, {len(request.files)} files"

    app.add_url_rule("/form", "form", public(form), methods=["POST"])
    return app


def send(site: Flask, body: bytes, **environ: Any) -> Answer:
    given = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)} | environ
    return ask(site, "/form", "POST", **OWN, **given)


def part(name: str, value: str = "x") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{value}\r\n".encode()


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "G E T", "", "\xff"]
)
def test_a_method_that_no_page_uses_is_refused(site: Flask, method: str) -> None:
    answer = ask(site, "/livez", REQUEST_METHOD=method)
    assert answer.status in (403, 405)
    assert answer.status == 403 or answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("length", "status"),
    [(bounds.LONGEST_ADDRESS, 404), (bounds.LONGEST_ADDRESS + 1, 414), (100_000, 414)],
)
def test_an_address_has_a_longest_length(site: Flask, length: int, status: int) -> None:
    assert ask(site, "/" + "x" * (length - 2) + "/").status == status
    assert ask(site, "/x/?" + "q" * (length - 3)).status == status


@pytest.mark.parametrize(
    "path",
    [
        *("/\x00", "/a\x00b/", "/\x07/", "/\x1b[2J/", "/\x7f/", "/\t/", "/\n/"),
        *("/\xff/", "/\xc3/", "/\xc0\xaf/", "/\xed\xa0\x80/", "/\xf8\x88\x80\x80\x80/", "/%/\x80"),
    ],
)
def test_bytes_that_are_no_text_are_refused(site: Flask, path: str) -> None:
    assert ask(site, path).status == 400


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/grüße/",
            "/日本語/",
            "/\u202egnp.exe/",
            "/e" + "\u0301" * 300 + "/",
            "/👩‍👩‍👧/",
            "/\ufeff/",
        ),
        *("/%2e%2e/", "/../../etc/passwd", "/./", "/~root/", "/a;b=c/", "/<script>/", "/'\"/"),
        *("/ /", "/static/../app/core/config.py", "/static//etc/passwd", "/media/../secret.key"),
    ],
)
def test_any_other_text_is_just_not_there(site: Flask, path: str) -> None:
    answer = ask(site, path.encode().decode("latin-1"))
    assert answer.status in (308, 404)
    assert "root:" not in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        *("q=%ff", "q=%c3%28", "q=%00", "q=%ed%a0%80", "q=%e2%80%ae", "%ff=%ff", "q", "=", "&&&"),
        *("q=a;q=b", "q[]=a", "q%5b%5d=a", "q=%", "q=%zz", "q=%u0041", "page=%d9%a1", "page=1e3"),
        *("page=-0", "page=+1", "page=0x1", "page=1.0", "page=١", "page=", "page=%20", "p" * 1_900),
    ],
)
def test_a_strange_query_is_never_a_fault(site: Flask, query: str) -> None:
    for path in ("/search/", "/", "/livez", "/sitemap.xml"):
        answer = ask(site, f"{path}?{query}".encode().decode("latin-1"))
        assert answer.status in (200, 400, 404)


@pytest.mark.parametrize("query", ["q=a&q=b", "page=1&page=2", "q=a&page=1&q=a"])
def test_a_doubled_parameter_is_refused(site: Flask, query: str) -> None:
    assert ask(site, f"/search/?{query}").status == 400


@pytest.mark.parametrize(("each", "count", "status"), [(100, 90, 200), (100, 101, 431)])
def test_headers_have_a_greatest_number(site: Flask, each: int, count: int, status: int) -> None:
    headers = {f"HTTP_X_{number}": "x" * each for number in range(count)}
    assert ask(site, "/livez", **headers).status == status


@pytest.mark.parametrize(("size", "status"), [(16_000, 200), (16_385, 431), (1_000_000, 431)])
def test_headers_have_a_greatest_size(site: Flask, size: int, status: int) -> None:
    assert ask(site, "/livez", HTTP_X_LONG="x" * size).status == status
    assert ask(site, "/livez", HTTP_COOKIE="x" * size).status == status


@pytest.mark.parametrize(
    "length",
    ["x", "-1", "+1", " 1", "1 ", "1_000", "0x10", "1.0", "1e3", "١", "²", "1, 1", "1\r\n", "\xff"],
)
def test_a_length_that_is_no_number_is_malformed(site: Flask, length: str) -> None:
    assert send(site, b"a=1", CONTENT_LENGTH=length).status == 400
    assert ask(site, "/livez", CONTENT_LENGTH=length).status == 400


@pytest.mark.parametrize("length", [str(bounds.LARGEST_BODY + 1), "2" + "0" * 9, "9" * 5_000])
def test_a_body_too_large_is_refused_unread(site: Flask, length: str) -> None:
    body = Endless()
    answer = send(site, b"", CONTENT_LENGTH=length, **{"wsgi.input": body})
    assert answer.status == 413
    assert body.taken == 0


@pytest.mark.parametrize("encoding", ["chunked", "gzip, chunked", "identity", "x", ""])
def test_a_body_without_a_length_is_refused_unread(site: Flask, encoding: str) -> None:
    body = Endless()
    answer = send(
        site, b"", CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING=encoding, **{"wsgi.input": body}
    )
    assert answer.status == 411
    assert body.taken == 0


def test_a_length_beside_chunks_does_not_help(site: Flask) -> None:
    assert send(site, b"a=1", HTTP_TRANSFER_ENCODING="chunked", **FORM).status == 411


def test_an_ordinary_form_is_read(site: Flask) -> None:
    assert send(site, b"a=1&b=2", **FORM).text == "2 fields, 0 files"
    assert send(site, part("a") + b"--line--\r\n", **PARTS).text == "1 fields, 0 files"


def test_a_form_has_a_greatest_number_of_parts(site: Flask) -> None:
    many = b"".join(part(f"f{number}") for number in range(bounds.MOST_PARTS + 1))
    assert send(site, many + b"--line--\r\n", **PARTS).status == 413


def test_ten_thousand_fields_are_too_many(site: Flask) -> None:
    many = "&".join(f"f{number}=1" for number in range(10_000)).encode()
    assert send(site, many, **FORM).status == 413


@pytest.mark.parametrize("size", [bounds.LARGEST_FORM + 1, bounds.LARGEST_BODY - 10])
def test_a_field_has_a_greatest_size(site: Flask, size: int) -> None:
    assert send(site, b"a=" + b"x" * size, **FORM).status == 413
    assert send(site, part("a", "x" * size) + b"--line--\r\n", **PARTS).status == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=line", b"--line\r\n"),
        (
            "multipart/form-data; boundary=line",
            b"--line\r\nContent-Disposition: form-data\r\n\r\nx",
        ),
        ("multipart/form-data; boundary=line", b"--line\r\n\xff: \xff\r\n\r\nx\r\n--line--"),
        ("multipart/form-data; boundary=" + "l" * 5_000, b"x"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"+ADw-=1"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"a=1"),
        ("application/x-www-form-urlencoded", b"%ff=%00&=&%&\xff\x00=\xed\xa0\x80"),
        ("application/json", b"{"),
        ("\xff/\xff", b"x"),
        ("text/plain; charset=\x00", b"x"),
    ],
)
def test_a_broken_form_is_never_a_fault(site: Flask, kind: str, body: bytes) -> None:
    assert send(site, body, CONTENT_TYPE=kind).status in (200, 400, 413)


def test_a_body_shorter_than_it_says_is_never_a_fault(site: Flask) -> None:
    assert send(site, b"a=1", CONTENT_LENGTH="1000", **FORM).status in (200, 400)
