"""Sealing: a value opens in its own column of its own row, and is never printed."""

import copy
import json
import pickle
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import render_template_string
from flask.json import dumps

from app.comments import Comment
from app.core.database import db, transaction
from app.core.privacy import (
    DOTS,
    Sealed,
    Tampered,
    masked,
    masked_value,
    open_for,
    reseal_into,
    seal,
)
from app.core.privacy.columns import SEALS
from app.core.privacy.sealed import envelope_of
from app.core.privacy.vault import open_sealed

from .conftest import comment

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]

EMAIL = "Bo.Baker+garden@example.org"


def opened(comment_id: int, attribute: str = "author_email") -> str:
    row = comment(comment_id)
    return open_sealed(SEALS[f"comment.{attribute[7:]}"], row.uid, getattr(row, attribute))


@pytest.mark.parametrize("email", [EMAIL, "a@b.example", "x" * 64 + "@" + "y" * 180 + ".example"])
def test_an_email_comes_back_as_it_was_typed(leave: Any, email: str) -> None:
    assert opened(leave(email=email)) == email


@pytest.mark.parametrize(
    ("ip", "shown"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_an_address_comes_back_in_its_one_form(leave: Any, ip: str, shown: str) -> None:
    assert opened(leave(ip=ip), "author_ip") == shown


def test_what_is_no_address_cannot_be_sealed_as_one(leave: Any) -> None:
    with pytest.raises(ValueError, match="not-an-address"):
        leave(ip="not-an-address")


def test_the_same_value_is_sealed_differently_each_time(leave: Any) -> None:
    first, second = leave(), leave()
    assert envelope_of(comment(first).author_email) != envelope_of(comment(second).author_email)


def test_lengths_say_nothing(leave: Any) -> None:
    emails = {len(envelope_of(comment(leave(email=e)).author_email)) for e in ("a@b.c", EMAIL)}
    addresses = {
        len(envelope_of(comment(leave(ip=ip)).author_ip)) for ip in ("192.0.2.1", "2001:db8::1")
    }
    assert len(emails) == len(addresses) == 1


@pytest.mark.promise("record-cannot-be-edited")
@pytest.mark.parametrize("attribute", ["author_email", "author_ip"])
def test_a_value_moved_to_another_row_does_not_open(leave: Any, attribute: str) -> None:
    mine, other = leave(), leave(email="ada@example.org", ip="198.51.100.7")
    table = Comment.__table__
    with transaction() as session:
        stolen = session.scalar(sa.select(table.c[attribute]).where(table.c.id == other))
        session.execute(sa.update(table).where(table.c.id == mine).values({attribute: stolen}))
    with pytest.raises(Tampered):
        opened(mine, attribute)
    assert masked(comment(mine), attribute) == "damaged"
    assert opened(other, attribute)


def test_a_value_under_the_name_of_another_column_does_not_open(leave: Any) -> None:
    row = comment(leave())
    with pytest.raises(Tampered):
        open_sealed(SEALS["user.email"], row.uid, row.author_email)


@pytest.mark.parametrize("place", [0, 3, 8, 20, -1])
def test_a_changed_byte_is_noticed(leave: Any, place: int) -> None:
    row = comment(leave())
    envelope = bytearray(envelope_of(row.author_email))
    envelope[place] ^= 1
    with pytest.raises(Exception, match=r"comment\.email"):
        open_sealed(SEALS["comment.email"], row.uid, Sealed(bytes(envelope)))


@pytest.mark.parametrize("length", [0, 1, 4, 5, 16, 17, 40])
def test_what_is_cut_short_is_noticed(leave: Any, length: int) -> None:
    row = comment(leave())
    with pytest.raises(Exception, match=r"comment\.email"):
        open_sealed(SEALS["comment.email"], row.uid, Sealed(envelope_of(row.author_email)[:length]))


def test_nothing_prints_a_sealed_value(leave: Any) -> None:
    sealed: Any = comment(leave()).author_email
    for value in (sealed, seal(EMAIL)):
        assert {str(value), repr(value), f"{value:>9}", f"{value}"} == {DOTS}
        assert render_template_string("{{ value }}{{ value|e }}", value=value) == DOTS * 2
        assert json.loads(dumps(value)) == DOTS
        assert json.loads(json.dumps([value], default=str)) == [DOTS]
        assert {pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)} == {DOTS}
        assert not hasattr(value, "__dict__")


def test_only_what_seal_made_can_be_assigned(leave: Any) -> None:
    row = comment(leave())
    other: Any = comment(leave(email="ada@example.org"))
    for value in (EMAIL, EMAIL.encode(), other.author_email):
        with pytest.raises(TypeError, match=r"seal\(\)"):
            row.author_email = value


def test_a_plain_value_cannot_be_compared_with_a_sealed_one() -> None:
    with pytest.raises(sa.exc.StatementError, match=r"matches\(\)"):
        db.session.scalar(sa.select(Comment.id).where(Comment.author_email == EMAIL))


def test_a_row_has_its_name_before_it_is_stored() -> None:
    row = Comment(author_email=seal(EMAIL), uid=uuid.UUID(int=7))
    assert row.uid == uuid.UUID(int=7)
    assert Comment(author_email=seal(EMAIL)).uid
    assert masked(row, "author_email") == "B•••@e•••.org"


def test_taking_a_value_away_takes_its_hashes_along(leave: Any) -> None:
    comment_id = leave()
    with transaction():
        row = comment(comment_id)
        row.author_email = row.author_ip = None
    row = comment(comment_id)
    assert row.author_email_lookup is row.author_ip_lookup is row.author_ip_near is None


@pytest.mark.parametrize(
    ("email", "mask"),
    [
        ("jane@example.org", "j•••@e•••.org"),
        ("jane@mail.example.org", "j•••@m•••.org"),
        ("j@e.org", "j•••@e•••.org"),
        ("jane@localhost", "j•••@l•••"),
        ("josé@exämple.org", "j•••@e•••.org"),
        ("nonsense", "•••@n•••"),
    ],
)
def test_an_email_in_a_list_is_masked(leave: Any, email: str, mask: str) -> None:
    assert masked(comment(leave(email=email)), "author_email") == mask


@pytest.mark.parametrize(
    ("ip", "mask"),
    [("203.0.113.9", "203.0.•.•"), ("2001:db8:85a3::8a2e:370:7334", "2001:db8:•")],
)
def test_an_address_in_a_list_is_masked(leave: Any, ip: str, mask: str) -> None:
    assert masked(comment(leave(ip=ip)), "author_ip") == mask


def test_a_mask_of_nothing_is_empty(leave: Any) -> None:
    assert masked(comment(leave(email=None)), "author_email") == ""


def test_a_row_read_column_by_column_is_masked_too(leave: Any) -> None:
    leave()
    row = db.session.execute(sa.select(Comment.uid, Comment.author_ip)).one()
    assert masked_value("comment.ip", row.uid, row.author_ip) == "203.0.•.•"


@pytest.mark.promise("used-for-its-purpose")
def test_a_value_is_opened_only_for_what_its_column_is_held_for(leave: Any) -> None:
    row = comment(leave())
    assert open_for(row, "author_email", purpose="mail") == "bo@example.org"
    for attribute, purpose in (("author_email", "newsletter"), ("author_ip", "mail")):
        with pytest.raises(PermissionError, match="not held for"):
            open_for(row, attribute, purpose=purpose)


def test_a_value_is_sealed_anew_for_another_row(leave: Any) -> None:
    source, target = leave(), leave(email=None)
    with transaction():
        reseal_into(
            comment(source), "author_email", comment(target), "author_email", purpose="mail"
        )
    assert opened(target) == "bo@example.org"


def test_a_thousand_masks_cost_little(leave: Any) -> None:
    row = comment(leave())
    masked(row, "author_email")
    fastest = min(_seconds(row) for _round in range(5))
    # 15 ms on an idle machine; a page of 50 rows needs a twentieth of that.
    assert fastest < 0.05


def _seconds(row: Comment) -> float:
    begin = time.perf_counter()
    for _number in range(1_000):
        masked(row, "author_email")
    return time.perf_counter() - begin


def test_erased_values_leave_the_database_file(leave: Any, app: Any, on_postgresql: bool) -> None:
    if on_postgresql:
        pytest.skip("SQLite keeps its file here")
    comment_id = leave()
    envelope = envelope_of(comment(comment_id).author_email)
    with transaction() as session:
        comment(comment_id).author_email = None
        session.flush()
    with db.engine.connect() as connection:
        connection.commit()
        raw: Any = connection.connection.driver_connection
        assert raw.execute("PRAGMA secure_delete").fetchone()[0] == 1
        raw.execute("COMMIT") if raw.in_transaction else None
        assert raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    file = Path(sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or "")
    assert envelope not in file.read_bytes()
