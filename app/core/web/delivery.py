"""How a page travels: compressed as the browser likes it, and not at all when it has it already."""

import gzip
import hashlib

import brotli
from flask import Request, Response, g, request

#: What a page's variant is read from.
VARIES_BY = ("Cookie", "Sec-GPC", "DNT")
# Below this a compressed body is no smaller once its headers are counted.
WORTH_COMPRESSING = 600
BROTLI_QUALITY = 4
GZIP_LEVEL = 6
COMPRESSIBLE = (
    "application/atom+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "image/svg+xml",
    "text/",
)


def best_encoding(asked: Request) -> str | None:
    """`br`, `gzip`, or `None` when the client takes neither; `q=0` is a refusal."""
    accepted = asked.accept_encodings
    for encoding in ("br", "gzip"):
        if accepted[encoding] > 0:
            return encoding
    return None


def compress(body: bytes, encoding: str, level: int | None = None) -> bytes:
    """The body in `br` or `gzip`."""
    if encoding == "br":
        return brotli.compress(body, quality=level or BROTLI_QUALITY)
    return gzip.compress(body, level or GZIP_LEVEL, mtime=0)


def deliver(response: Response) -> Response:
    """Give a readable answer its ETag, answer 304 where it is known, compress it otherwise."""
    if response.status_code != 200 or response.is_streamed or request.method not in ("GET", "HEAD"):
        return response
    if "variant" in g and "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers.setdefault("Cache-Control", "no-cache")
        response.vary.update(VARIES_BY)
    if "Cache-Control" not in response.headers:
        # Kept, but asked about each time: an erased page must not live on in a browser.
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    if "ETag" in response.headers or "no-store" in response.headers["Cache-Control"]:
        return response

    body = response.get_data()
    encoding = _encoding_for(response, body)
    tag = hashlib.blake2b(body, digest_size=10).hexdigest()
    response.set_etag(f"{tag}-{encoding}" if encoding else tag)
    response.vary.add("Accept-Encoding")
    response.make_conditional(request)
    if encoding and response.status_code == 200:
        response.set_data(compress(body, encoding))
        response.headers["Content-Encoding"] = encoding
    return response


def _encoding_for(response: Response, body: bytes) -> str | None:
    is_text = (response.content_type or "").startswith(COMPRESSIBLE)
    return best_encoding(request) if is_text and len(body) > WORTH_COMPRESSING else None
