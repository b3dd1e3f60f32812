"""A stolen database gives nothing away: not in plain, not encoded, not hashed without the key."""

import base64
import hashlib
import ipaddress
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.database import db, transaction
from app.core.privacy import record, reveal, seal

from .conftest import comment

pytestmark = pytest.mark.database

EMAILS = ("canary.one@example.org", "Canary.Two@example.net")
ADDRESSES = ("203.0.113.77", "2001:db8:cafe::77")


def shapes(text: str) -> Iterator[bytes]:
    """A text in every form in which it is no secret."""
    spellings = {text, text.lower(), text.upper(), text.strip().lower().partition("@")[0]}
    try:
        address = ipaddress.ip_address(text)
        packed = [address.packed, bytes(10) + b"\xff\xff" + address.packed]
        spellings |= {address.exploded, address.reverse_pointer}
    except ValueError:
        packed = []
    for plain in (*(spelling.encode() for spelling in spellings), *packed):
        # Four bytes of an address stand somewhere in any large file by chance.
        forms = [plain] if len(plain) > 4 else []
        forms += [plain[::-1]] if len(plain) > 4 else []
        forms += [plain.decode("latin-1").encode("utf-16-le"), plain.hex().encode()]
        forms += [plain.hex().upper().encode()]
        forms += [base64.b64encode(plain).rstrip(b"="), base64.b32encode(plain).rstrip(b"=")]
        forms += [base64.urlsafe_b64encode(plain).rstrip(b"=")]
        for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b"):
            digest = hashlib.new(name, plain).digest()
            forms += [digest, digest.hex().encode(), base64.b64encode(digest).rstrip(b"=")]
        yield from forms


def everything(app: Flask) -> bytes:
    """All bytes a thief of the database gets."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        file = Path(sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or "")
        copies = [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]
        return b"".join(copy.read_bytes() for copy in copies if copy.exists())
    found = []
    for table in sa.inspect(db.engine).get_table_names():
        with db.engine.connect() as connection:
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')):
                found += [bytes(v) if isinstance(v, memoryview) else v for v in row]
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in found)


@pytest.mark.promise("sealed-at-rest")
def test_nothing_of_an_email_or_an_address_can_be_read(app: Flask, leave: Any, mira: Any) -> None:
    ids = [leave(email=email, ip=ip) for email, ip in zip(EMAILS, ADDRESSES, strict=True)]
    for attribute in ("author_email", "author_ip"):
        reveal(comment(ids[0]), attribute, mira, "moderation")
    with transaction():
        comment(ids[1]).author_email = seal("later@example.org")
    record("test", actor_id=mira.id)
    stolen = everything(app)
    assert comment(ids[0]).text.encode() in stolen, "the theft itself must work"
    for canary in (*EMAILS, *ADDRESSES, "later@example.org"):
        assert [shape for shape in shapes(canary) if shape in stolen] == []


def test_nothing_of_them_is_left_when_they_are_gone(app: Flask, leave: Any) -> None:
    comment_id = leave(email=EMAILS[0], ip=ADDRESSES[0])
    with transaction() as session:
        session.delete(comment(comment_id))
    stolen = everything(app)
    assert [shape for shape in shapes(EMAILS[0]) if shape in stolen] == []


def test_the_search_for_canaries_finds_one(app: Flask, leave: Any) -> None:
    leave(text=f"Write to {EMAILS[0]}, {hashlib.sha256(ADDRESSES[0].encode()).hexdigest()}")
    stolen = everything(app)
    for canary in (EMAILS[0], ADDRESSES[0]):
        assert [shape for shape in shapes(canary) if shape in stolen]
