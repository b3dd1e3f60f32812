"""What a request may look like at all, checked before any view is chosen."""

import re
from io import BytesIO
from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Request, current_app, g, request
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter, Map

from app.core.errors import (
    AddressTooLong,
    HeadersTooLarge,
    LengthRequired,
    Malformed,
    MethodRefused,
    TooLarge,
)

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
LONGEST_ADDRESS = 2_048
LARGEST_HEADERS = 16_384
MOST_HEADERS = 100
LARGEST_BODY = 1_048_576
LARGEST_FORM = 262_144
MOST_PARTS = 100
URL_ENCODED = "application/x-www-form-urlencoded"
# More digits than any length we take; Python refuses to even read the longest numbers.
MOST_DIGITS = 18
LARGEST_NUMBER = 2**31 - 1

# A name, or an address in brackets, and perhaps a port: nothing else that a parser would skip.
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::[0-9]{1,5})?", re.IGNORECASE)


class RowNumber(IntegerConverter):
    """The number of a row in an address: in plain digits, no larger than databases count."""

    regex = "[0-9]+"

    def __init__(self, map: Map, **terms: Any) -> None:
        super().__init__(map, **{"max": LARGEST_NUMBER} | terms)


class BoundedForms(FormDataParser):
    """Werkzeug's parser, which has no limits of its own for URL-encoded forms."""

    def parse(self, stream: IO[bytes], mimetype: str, *facts: Any, **more: Any) -> Any:
        """The fields and files of a body. Raises `TooLarge`."""
        if mimetype == URL_ENCODED:
            # What is no UTF-8 is marked as such, so that the rest of a text survives.
            body = stream.read(LARGEST_BODY).decode("utf-8", "replace")
            if body.count("&") >= MOST_PARTS:
                raise TooLarge
            if len(body) > LARGEST_FORM:
                # Too large to be taken, small enough to be given back.
                g.oversized = parse_qsl(body, keep_blank_values=True)
                raise TooLarge
            stream = BytesIO(body.encode())
        return super().parse(stream, mimetype, *facts, **more)


class BoundedRequest(Request):
    """A request whose form cannot be larger than a person would fill in."""

    form_data_parser_class = BoundedForms


def enforce_bounds() -> None:
    """Refuse a request that no browser sends: host, method, address, headers, body."""
    _check_host(request)
    if request.method not in METHODS:
        raise MethodRefused
    _check_address(request)
    _check_headers(request)
    _check_body(request)


def _check_host(asked: Request) -> None:
    """Links are built from the configured address, and a foreign name is refused besides."""
    given = _HOST.fullmatch(asked.environ.get("HTTP_HOST", ""))
    if given is None:
        raise Malformed("The host name of the request cannot be read.")
    if given[1].strip("[]").lower() not in current_app.config["hosts"]:
        raise Malformed(
            "This server does not answer to that host name.", advice="Check the address."
        )


def _check_address(asked: Request) -> None:
    query = asked.environ.get("QUERY_STRING", "")
    if len(asked.path) + len(query) > LONGEST_ADDRESS:
        raise AddressTooLong
    # U+FFFD stands where the bytes were not UTF-8.
    if any(letter < " " or letter in "\x7f\ufffd" for letter in asked.path) or any(
        letter < " " or letter == "\x7f" for letter in query
    ):
        raise Malformed("The address holds bytes that are not text.")


def _check_headers(asked: Request) -> None:
    sizes = [
        len(name) + len(value)
        for name, value in asked.environ.items()
        if name.startswith("HTTP_") and isinstance(value, str)
    ]
    if len(sizes) > MOST_HEADERS or sum(sizes) > LARGEST_HEADERS:
        raise HeadersTooLarge


def _check_body(asked: Request) -> None:
    # A body without a stated length gets past the form parser's own limits.
    if "HTTP_TRANSFER_ENCODING" in asked.environ:
        raise LengthRequired
    stated = asked.environ.get("CONTENT_LENGTH") or "0"
    if not (stated.isascii() and stated.isdecimal()):
        raise Malformed("The length of the request cannot be read.")
    if len(stated) > MOST_DIGITS or int(stated) > LARGEST_BODY:
        raise TooLarge
