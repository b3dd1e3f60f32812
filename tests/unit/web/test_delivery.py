"""How a page travels: compressed, and not at all when it is known."""

import gzip
import zlib
from typing import Any

import brotli
import pytest
from flask import Flask, Response

from app.core.web import public
from tests.folder import ContentFolder
from tests.street import build_street
from tests.wire import Answer, ask

pytestmark = pytest.mark.database

#: Something of every kind that carries an ETag.
TAGGED = (
    *("/", "/garden/tulips/", "/garden/feed.xml", "/garden/feed.json", "/sitemap.xml"),
    *("/robots.txt", "/search/?q=tulips", "/static/site.css"),
)

#: Accept-Encoding and the encoding it gets.
ACCEPTED = {
    None: None,
    "": None,
    "br": "br",
    "gzip": "gzip",
    "gzip, deflate, br": "br",
    "gzip, deflate, br, zstd": "br",
    "BR": "br",
    "GZip": "gzip",
    "deflate": None,
    "zstd": None,
    "identity": None,
    "*": "br",
    "br;q=0": None,
    "br;q=0, gzip": "gzip",
    "br;q=0.0, gzip;q=0.000": None,
    "br;q=0, *": "gzip",
    "*, br;q=0, gzip;q=0": None,
    "*;q=0": None,
    "*;q=0, gzip": "gzip",
    "identity;q=0": None,
    "identity;q=0, gzip": "gzip",
    "br;q=1.5": None,
    "br;q=-1": None,
    "br;q=x": None,
    "br;q=": None,
    ";;;": None,
    ",,,": None,
    "br,": "br",
    "brr": None,
    "x-gzip": None,
    "b r": None,
    "\xff\xfe": None,
    "gzip" * 1_000: None,
    "br;" * 1_000: "br",
}
#: These may be read as a wish or as nothing; only a fault would be wrong.
UNCLEAR = {"br;q=1.5", "br;q=-1", "br;q=x", "br;q=", "br;" * 1_000, "x-gzip"}


@pytest.fixture
def street(app: Flask, content: ContentFolder, read: Any) -> Flask:
    build_street(content)
    read()
    return app


def unpacked(answer: Answer) -> bytes:
    encoding = answer.headers.get("Content-Encoding")
    if encoding == "br":
        return brotli.decompress(answer.data)
    return gzip.decompress(answer.data) if encoding == "gzip" else answer.data


def test_the_best_accepted_encoding_is_used(street: Flask) -> None:
    plain = ask(street, "/garden/tulips/").data
    for accepted, wanted in ACCEPTED.items():
        answer = ask(street, "/garden/tulips/", HTTP_ACCEPT_ENCODING=accepted)
        assert answer.status == 200
        assert unpacked(answer) == plain
        assert accepted in UNCLEAR or answer.headers.get("Content-Encoding") == wanted, accepted


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_every_text_survives_the_journey_and_gets_smaller(street: Flask, encoding: str) -> None:
    for address in TAGGED:
        plain = ask(street, address)
        packed = ask(street, address, HTTP_ACCEPT_ENCODING=encoding)
        assert unpacked(packed) == plain.data, address
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        assert len(packed.data) <= len(plain.data)
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert "Accept-Encoding" in plain.headers["Vary"]


def test_pictures_and_fonts_are_left_as_they_are(street: Flask) -> None:
    for address in ("/garden/tulips/card.png", "/static/fonts/figtree.woff2"):
        answer = ask(street, address, HTTP_ACCEPT_ENCODING="br, gzip")
        assert "Content-Encoding" not in answer.headers


def test_each_encoding_has_a_strong_tag_of_its_own(street: Flask) -> None:
    for address in TAGGED:
        tags = {
            ask(street, address, HTTP_ACCEPT_ENCODING=encoding).headers["ETag"]
            for encoding in (None, "br", "gzip")
        }
        assert len(tags) == (1 if address == "/robots.txt" else 3), address
        assert not [tag for tag in tags if tag.startswith("W/")]


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"x", {tag}', '{tag}, W/"y"', "*", " {tag} "])
def test_a_known_page_is_not_sent_again(street: Flask, form: str) -> None:
    for address in TAGGED:
        for encoding in (None, "br"):
            first = ask(street, address, HTTP_ACCEPT_ENCODING=encoding)
            asked = form.format(tag=first.headers["ETag"])
            for method in ("GET", "HEAD"):
                answer = ask(
                    street, address, method, HTTP_IF_NONE_MATCH=asked, HTTP_ACCEPT_ENCODING=encoding
                )
                assert (answer.status, answer.data) == (304, b""), (address, encoding)
                for name in ("ETag", "Cache-Control", "Vary"):
                    assert answer.headers[name] == first.headers[name]
                assert "Content-Encoding" not in answer.headers
                assert "Content-Type" not in answer.headers


@pytest.mark.parametrize(
    "asked", ['"x"', 'W/"x"', "x", '"', "", ",", '"unclosed', "\xff", '"' + "x" * 5_000 + '"', "**"]
)
def test_a_page_that_is_not_known_is_sent(street: Flask, asked: str) -> None:
    answer = ask(street, "/garden/tulips/", HTTP_IF_NONE_MATCH=asked)
    assert answer.status == 200
    assert answer.data


def test_a_tag_of_one_encoding_is_not_good_for_another(street: Flask) -> None:
    tag = ask(street, "/", HTTP_ACCEPT_ENCODING="br").headers["ETag"]
    assert ask(street, "/", HTTP_IF_NONE_MATCH=tag).status == 200
    assert ask(street, "/", HTTP_IF_NONE_MATCH=tag, HTTP_ACCEPT_ENCODING="gzip").status == 200


def test_a_page_that_changed_is_sent_again(
    street: Flask, content: ContentFolder, read: Any
) -> None:
    tag = ask(street, "/garden/tulips/").headers["ETag"]
    content.post("tulips", "Tulips like shade.", date="2026-03-01")
    read()
    assert ask(street, "/garden/tulips/", HTTP_IF_NONE_MATCH=tag).status == 200


def test_a_picture_is_known_by_its_tag_too(street: Flask) -> None:
    first = ask(street, "/garden/tulips/card.png")
    known = ask(street, "/garden/tulips/card.png", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (known.status, known.data) == (304, b"")


@pytest.mark.parametrize(
    "asked", ["bytes=0-9", "bytes=-10", "bytes=5-", "bytes=9-5", "bytes=0-1,5-6", "lines=1", "x"]
)
def test_a_range_is_ignored_or_right(street: Flask, asked: str) -> None:
    for address in (*TAGGED, "/garden/tulips/card.png"):
        whole = ask(street, address).data
        answer = ask(street, address, HTTP_RANGE=asked)
        assert answer.status in (200, 206, 416)
        if answer.status == 200:
            assert answer.data == whole
        if answer.status == 206:
            first, last = answer.headers["Content-Range"].split(" ")[1].split("/")[0].split("-")
            assert answer.data == whole[int(first) : int(last) + 1]


def test_a_range_outside_of_a_picture_says_how_long_it_is(street: Flask) -> None:
    length = len(ask(street, "/garden/tulips/card.png").data)
    answer = ask(street, "/garden/tulips/card.png", HTTP_RANGE=f"bytes={length}-")
    assert answer.status in (200, 416)
    assert answer.status == 200 or answer.headers["Content-Range"] == f"bytes */{length}"


def test_a_page_is_asked_about_each_time_and_a_named_file_never(street: Flask) -> None:
    page = ask(street, "/garden/tulips/")
    assert page.headers["Cache-Control"] == "no-cache"
    sheet = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert ask(street, sheet).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert ask(street, "/static/site.css").headers["Cache-Control"] == "no-cache"
    for address in ("/nowhere/", "/metrics", "/livez", "/readyz"):
        assert ask(street, address).headers["Cache-Control"] == "no-store"


def test_an_old_address_is_asked_about_each_time(street: Flask) -> None:
    answer = ask(street, "/who-we-are/")
    assert answer.status == 301
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("size", [0, 1, 599, 600, 601, 1_000_000])
def test_bodies_of_every_size_survive(app: Flask, size: int) -> None:
    body = bytes(index % 251 for index in range(size))
    app.add_url_rule("/body", "body", public(lambda: Response(body, mimetype="text/plain")))
    for encoding in (None, "br", "gzip"):
        answer = ask(app, "/body", HTTP_ACCEPT_ENCODING=encoding)
        assert unpacked(answer) == body
        assert zlib.crc32(unpacked(answer)) == zlib.crc32(body)
