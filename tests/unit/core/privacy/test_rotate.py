"""New keys for old, while people read and write."""

import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.comments import Comment
from app.core.database import db, transaction
from app.core.privacy import masked, matches, record, seal, signing_keys, verify
from app.core.privacy.columns import SEALS
from app.core.privacy.heads import export_head, read_head
from app.core.privacy.keyfile import write_ring
from app.core.privacy.keys import ring
from app.core.privacy.ring import name_of
from app.core.privacy.rotation import reseal, sealed_columns
from app.core.privacy.vault import key_of, open_sealed

from .conftest import comment

pytestmark = pytest.mark.database


@pytest.fixture
def run(app: Flask, own_keys: Path) -> Any:
    """A function that runs `flask keys ...` and answers its output."""

    def run(*words: str, fails: bool = False) -> str:
        answer = app.test_cli_runner().invoke(args=["keys", *words])
        assert answer.exit_code == fails, answer.output
        return answer.output

    return run


def found(email: str = "bo@example.org") -> int:
    query = sa.select(sa.func.count()).select_from(Comment)
    return db.session.scalar(query.where(matches(Comment.author_email, email))) or 0


def keys_in_use() -> set[int]:
    return {key_of(sealed) for sealed in db.session.scalars(sa.select(Comment.author_email))}


def test_a_key_is_replaced_step_by_step(leave: Any, run: Any) -> None:
    ids = [leave() for _number in range(7)]
    old = ring().current
    new = run("add").split()[0]
    assert found() == 7
    assert ring().current == old

    run("promote", new)
    ids.append(leave())
    assert found() == 8
    assert keys_in_use() == {old, ring().current}
    assert "comments.author_email (7)" in run("retire", name_of(old), fails=True)

    assert run("reseal", "--batch", "3").startswith("7 sealed again")
    db.session.rollback()
    assert keys_in_use() == {ring().current}
    assert found() == 8
    assert run("reseal").startswith("0 sealed again")

    run("retire", name_of(old))
    db.session.rollback()
    assert old not in ring().roots
    assert found() == 8
    for comment_id in ids:
        assert masked(comment(comment_id), "author_email") == "b•••@e•••.org"
        assert masked(comment(comment_id), "author_ip") == "203.0.•.•"


def test_resealing_touches_nothing_but_the_value_and_its_hashes(leave: Any, run: Any) -> None:
    comment_id = leave()
    before = _plain(comment_id)
    run("promote", run("add").split()[0])
    run("reseal")
    db.session.rollback()
    assert _plain(comment_id) == before


def _plain(comment_id: int) -> dict[str, Any]:
    row = comment(comment_id)
    names = [column.name for column in Comment.__table__.columns]
    sealed = ("author_email", "author_ip", "author_email_lookup")
    return {name: getattr(row, name) for name in names if name not in sealed}


def test_readers_and_writers_go_on_while_keys_change(leave: Any, run: Any, app: Flask) -> None:
    ids = [leave() for _number in range(30)]
    run("promote", run("add").split()[0])
    stop, problems, written = threading.Event(), [], {ids[0]: "bo@example.org"}

    def write() -> None:
        with app.app_context():
            number = 0
            while not stop.is_set() or number < 5:
                number += 1
                target, email = ids[number % len(ids)], f"bo{number}@example.org"
                with transaction():
                    comment(target).author_email = seal(email)
                written[target] = email
                try:
                    assert found(email) == 1
                    assert _opened(target) == email
                except Exception as problem:
                    problems.append(problem)
            db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    for _round in range(4):
        with app.app_context():
            reseal(batch=4)
            db.session.remove()
    stop.set()
    writer.join()
    assert problems == []
    db.session.rollback()
    for target, email in written.items():
        assert _opened(target) == email
        assert found(email) >= 1
    reseal(batch=50)
    db.session.rollback()
    assert keys_in_use() == {ring().current}


def _opened(comment_id: int) -> str:
    row = comment(comment_id)
    return open_sealed(SEALS["comment.email"], row.uid, row.author_email)


def test_what_does_not_open_is_counted_and_keeps_its_key_from_retiring(
    leave: Any, run: Any
) -> None:
    bad, good = leave(), leave(email="ada@example.org")
    old = name_of(ring().current)
    table = Comment.__table__
    with transaction() as session:
        other = sa.select(table.c.author_email).where(table.c.id == good).scalar_subquery()
        session.execute(sa.update(table).where(table.c.id == bad).values(author_email=other))
    run("promote", run("add").split()[0])
    assert run("reseal", fails=True) == "1 sealed again, 1 not readable\n"
    assert "comments.author_email (1)" in run("retire", old, fails=True)


def test_a_hash_left_alone_keeps_its_key_from_retiring(leave: Any, run: Any) -> None:
    comment_id = leave()
    old = name_of(ring().current)
    table = Comment.__table__
    with transaction() as session:
        session.execute(sa.update(table).where(table.c.id == comment_id).values(author_email=None))
    run("promote", run("add").split()[0])
    run("reseal")
    assert "comments.author_email (1)" in run("retire", old, fails=True)


@pytest.mark.parametrize("name", ["nonsense", "2026-11", "00000000", "ffffffff", ""])
def test_an_unknown_key_is_refused(run: Any, name: str) -> None:
    for verb in ("promote", "retire"):
        assert "There is no key" in run(verb, name, fails=True)


def test_the_key_at_work_is_not_retired(run: Any) -> None:
    assert "promote another one first" in run("retire", name_of(ring().current), fails=True)


def test_the_chain_can_be_checked_after_its_key_retired(run: Any) -> None:
    record("test")
    file = export_head()
    assert file
    old = name_of(ring().current)
    run("promote", run("add").split()[0])
    run("retire", old)
    db.session.rollback()
    record("test")
    assert verify([read_head(file)]).sentence == "The chain is whole: 5 entries."


def test_signatures_hold_until_their_key_retires(run: Any) -> None:
    old = name_of(ring().current)
    before = signing_keys("stamp")
    run("promote", run("add").split()[0])
    assert signing_keys("stamp")[1:] == before
    run("retire", old)
    assert before[0] not in signing_keys("stamp")


def test_every_sealed_column_takes_part(inside: None) -> None:
    names = {column.name for column in sealed_columns()}
    assert {"comments.author_email", "comments.author_ip", "users.email"} <= names


@pytest.mark.promise("month-keys-destroyed")
def test_addresses_of_a_destroyed_month_are_gone_and_the_rest_goes_on(
    leave: Any, own_keys: Path
) -> None:
    comment_id = leave()
    keys = ring()
    write_ring(own_keys, keys.without([key_of(comment(comment_id).author_ip)]))
    row = comment(comment_id)
    assert masked(row, "author_ip") == "no longer readable"
    assert masked(row, "author_email") == "b•••@e•••.org"
