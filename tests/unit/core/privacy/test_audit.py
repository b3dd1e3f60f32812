"""The audit chain: only added to, and every change to it is found and named."""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import (
    chain_problem,
    check_chain,
    count_entries,
    entries,
    record,
    reveal,
    sweep,
    verify,
)
from app.core.privacy.audit import AuditDetail, AuditLink, Look
from app.core.privacy.duties import watch_chain
from app.core.privacy.heads import BadHead, export_head, kept_heads, read_head

from .conftest import comment

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("inside")]

MANY = 12


@pytest.fixture
def chain() -> int:
    """A chain of some entries; how many."""
    for number in range(1, MANY + 1):
        record("test", actor_id=number, blog_id=1, subject_uid=uuid.uuid4(), facts={"n": number})
    return MANY


@pytest.fixture
def by_force() -> Any:
    """A function that runs SQL as somebody who dropped the triggers first."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.begin() as connection:
        if is_sqlite:
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN "
            query += "('audit_chain', 'audit_details', 'looks')"
            for name in connection.scalars(sa.text(query)).all():
                connection.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            for table in ("audit_chain", "audit_details", "looks"):
                connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))

    def run(*statements: str) -> None:
        # What this session read before is not what is there now.
        db.session.rollback()
        with db.engine.connect() as connection:
            if is_sqlite:
                connection.commit()
                raw: Any = connection.connection.driver_connection
                raw.execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                for statement in statements:
                    connection.execute(sa.text(statement))
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys = ON")

    return run


def test_numbers_count_without_gaps(chain: int) -> None:
    assert [entry.number for entry in entries()] == list(range(chain, 0, -1))
    assert verify().sentence == f"The chain is whole: {chain} entries."


def test_an_empty_chain_is_whole() -> None:
    assert verify().bad is None
    assert export_head() is None


def test_an_entry_falls_with_its_transaction() -> None:
    def fail() -> None:
        with transaction() as session:
            record("test", session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert record("test") == 1


def test_many_may_append_at_once(app: Flask) -> None:
    def append() -> None:
        with app.app_context():
            for _number in range(5):
                record("test")
            db.session.remove()

    threads = [threading.Thread(target=append) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count_entries() == 20
    assert verify().bad is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_chain SET kind = 'x' WHERE id = 3",
        "DELETE FROM audit_chain WHERE id = 3",
        "DELETE FROM audit_chain",
        "UPDATE audit_details SET actor_id = 7 WHERE id = 3",
        "DELETE FROM audit_details WHERE id = 3",
        "DELETE FROM audit_details",
        "UPDATE looks SET agreement_id = agreement_id",
        "DELETE FROM looks",
    ],
)
def test_the_database_refuses_to_change_the_past(
    chain: int, leave: Any, mira: Any, statement: str
) -> None:
    reveal(comment(leave()), "author_email", mira, "moderation")
    with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert verify().bad is None


@pytest.mark.parametrize("table", ["audit_chain", "audit_details", "looks"])
def test_the_database_refuses_to_replace_an_entry(
    chain: int, leave: Any, mira: Any, table: str
) -> None:
    number = reveal(comment(leave()), "author_email", mira, "moderation").number
    copy = f"SELECT * FROM {table} WHERE id = {number}"
    statements = [f"INSERT INTO {table} {copy}"]
    if db.engine.dialect.name == "sqlite":
        statements.append(f"INSERT OR REPLACE INTO {table} {copy}")
    else:
        statements.append(f"INSERT INTO {table} {copy} ON CONFLICT (id) DO UPDATE SET id = 99")
        statements.append(f"TRUNCATE {table} CASCADE")
    for statement in statements:
        with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
            connection.execute(sa.text(statement))
    assert verify().bad is None


def test_a_detail_may_go_when_its_time_is_over_and_not_before(chain: int) -> None:
    with time_machine.travel(clock.now() - timedelta(days=366), tick=False):
        assert db.session.scalar(sa.select(sa.func.count(AuditLink.id))) == chain
        old = record("test", actor_id=1)
    with db.engine.begin() as connection:
        connection.execute(sa.delete(AuditDetail).where(AuditDetail.id == old))
    assert verify().bad is None
    (newest, *_others) = entries()
    assert (newest.number, newest.has_detail, newest.actor_id) == (old, False, None)


def test_the_retention_run_forgets_who_and_keeps_that(leave: Any, mira: Any) -> None:
    with time_machine.travel(clock.now() - timedelta(days=366), tick=False):
        watcher = replace(mira, signed_in_at=clock.now())
        reveal(comment(leave()), "author_email", watcher, "moderation")
    fresh = record("test", actor_id=2)
    sweep()
    # The run itself is on record, too.
    assert [(entry.number, entry.has_detail) for entry in entries()][-2:] == [
        (fresh, True),
        (1, False),
    ]
    assert db.session.scalar(sa.select(sa.func.count(Look.id))) == 0
    assert check_chain().bad is None


def test_a_broken_chain_is_evidence_and_nothing_of_it_is_forgotten(by_force: Any) -> None:
    with time_machine.travel(clock.now() - timedelta(days=366), tick=False):
        record("test", actor_id=1)
        record("test", actor_id=2)
    by_force("UPDATE audit_details SET actor_id = 9 WHERE id = 1")
    sweep()
    assert all(entry.has_detail for entry in entries())


EDITS = {
    "the kind": ("UPDATE audit_chain SET kind = 'x' WHERE id = 5", 5),
    "the time": ("UPDATE audit_chain SET at = '2020-01-01 00:00:00' WHERE id = 5", 5),
    "the end": ("UPDATE audit_chain SET detail_until = '2020-01-01 00:00:00' WHERE id = 5", 5),
    "the key": ("UPDATE audit_chain SET key_id = 4000000000 WHERE id = 5", 5),
    "the commitment": (
        "UPDATE audit_chain SET commitment = (SELECT commitment FROM audit_chain WHERE id = 6) "
        "WHERE id = 5",
        5,
    ),
    "the mac": (
        "UPDATE audit_chain SET mac = (SELECT mac FROM audit_chain WHERE id = 6) WHERE id = 5",
        5,
    ),
    "who": ("UPDATE audit_details SET actor_id = 99 WHERE id = 5", 5),
    "nobody": ("UPDATE audit_details SET actor_id = NULL WHERE id = 5", 5),
    "the blog": ("UPDATE audit_details SET blog_id = 99 WHERE id = 5", 5),
    "the field": ("UPDATE audit_details SET field = 'x' WHERE id = 5", 5),
    "the reason": ("UPDATE audit_details SET reason = 'x' WHERE id = 5", 5),
    "the facts": ("UPDATE audit_details SET facts = '{}' WHERE id = 5", 5),
    "whose": (
        "UPDATE audit_details SET subject_uid = (SELECT subject_uid FROM audit_details "
        "WHERE id = 6) WHERE id = 5",
        5,
    ),
    "the salt": (
        "UPDATE audit_details SET salt = (SELECT salt FROM audit_details WHERE id = 6) "
        "WHERE id = 5",
        5,
    ),
}


@pytest.mark.promise("record-cannot-be-edited")
@pytest.mark.parametrize(("statement", "first_bad"), EDITS.values(), ids=EDITS)
def test_an_edit_is_found(chain: int, by_force: Any, statement: str, first_bad: int) -> None:
    by_force(statement)
    bad = verify().bad
    assert bad
    assert bad[0] == first_bad
    assert str(first_bad) in bad[1]


@pytest.mark.parametrize("number", range(1, MANY + 1))
def test_every_single_deletion_is_found(chain: int, by_force: Any, number: int) -> None:
    export_head()
    by_force(
        f"DELETE FROM audit_details WHERE id = {number}",
        f"DELETE FROM audit_chain WHERE id = {number}",
    )
    verdict = check_chain()
    assert verdict.bad
    assert verdict.bad[0] == number


@pytest.mark.parametrize("number", range(1, MANY + 1))
def test_every_detail_deleted_early_is_found(chain: int, by_force: Any, number: int) -> None:
    by_force(f"DELETE FROM audit_details WHERE id = {number}")
    bad = verify().bad
    assert bad
    assert bad[0] == number


@pytest.mark.parametrize(("first", "second"), [(1, 2), (5, 6), (2, 11), (11, 12)])
def test_a_swap_is_found(chain: int, by_force: Any, first: int, second: int) -> None:
    moves = ((first, -1), (second, first), (-1, second))
    by_force(
        *(f"UPDATE audit_details SET id = {new} WHERE id = {old}" for old, new in moves),
        *(f"UPDATE audit_chain SET id = {new} WHERE id = {old}" for old, new in moves),
    )
    bad = verify().bad
    assert bad
    assert bad[0] == first


def test_two_details_exchanged_are_found(chain: int, by_force: Any) -> None:
    moves = ((3, -1), (9, 3), (-1, 9))
    by_force(*(f"UPDATE audit_details SET id = {new} WHERE id = {old}" for old, new in moves))
    bad = verify().bad
    assert bad
    assert bad[0] == 3


@pytest.mark.promise("record-cannot-be-edited")
@pytest.mark.parametrize("kept", range(MANY))
def test_a_cut_tail_is_found_by_the_head(chain: int, by_force: Any, kept: int) -> None:
    export_head()
    by_force(
        f"DELETE FROM audit_details WHERE id > {kept}",
        f"DELETE FROM audit_chain WHERE id > {kept}",
    )
    verdict = check_chain()
    assert verdict.bad
    assert verdict.bad[0] == kept + 1
    assert f"the chain ends at {kept}" in verdict.bad[1]


def test_a_chain_grown_again_after_a_cut_is_found(chain: int, by_force: Any) -> None:
    export_head()
    by_force("DELETE FROM audit_details WHERE id > 8", "DELETE FROM audit_chain WHERE id > 8")
    for _number in range(MANY):
        record("test")
    assert verify().bad is None
    assert (check_chain().bad or (0, ""))[0] == MANY


def test_an_inserted_entry_is_found(chain: int, by_force: Any) -> None:
    by_force(
        "INSERT INTO audit_chain SELECT 13, at, kind, key_id, detail_until, commitment, mac "
        "FROM audit_chain WHERE id = 12"
    )
    assert (verify().bad or (0, ""))[0] == 13


def test_a_look_moved_to_another_promise_is_found(leave: Any, mira: Any, by_force: Any) -> None:
    number = reveal(comment(leave()), "author_email", mira, "moderation").number
    by_force(f"UPDATE looks SET agreement_id = 77 WHERE id = {number}")
    assert (verify().bad or (0, ""))[0] == number
    by_force(f"DELETE FROM looks WHERE id = {number}")
    assert (verify().bad or (0, ""))[0] == number


def test_a_head_says_how_far_the_chain_had_come(chain: int) -> None:
    file = export_head()
    assert file
    head = read_head(file)
    last = db.session.get_one(AuditLink, chain)
    assert (head.count, head.mac) == (chain, last.mac.hex())
    record("test")
    assert check_chain(head).bad is None


@pytest.mark.parametrize("changed", ["count", "mac", "at", "key", "signature"])
def test_a_head_that_was_changed_is_refused(chain: int, changed: str) -> None:
    file = export_head()
    assert file
    facts = json.loads(file.read_text())
    forged = {"count": 3, "at": "2020-01-01T00:00:00+00:00", "key": "80000001"}
    file.write_text(json.dumps(facts | {changed: forged.get(changed, "00" * 32)}))
    with pytest.raises(BadHead):
        read_head(file)
    assert check_chain().bad


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"count": 1}', "\xff"])
def test_a_file_that_is_no_head_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "head.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadHead):
        read_head(file)


def test_the_daily_job_keeps_a_head_and_tells_of_a_broken_chain(chain: int, by_force: Any) -> None:
    watch_chain()
    assert len(kept_heads()) == 1
    assert chain_problem() is None
    by_force("UPDATE audit_chain SET kind = 'x' WHERE id = 5")
    watch_chain()
    assert len(kept_heads()) == 1
    assert "Entry 5 was changed" in (chain_problem() or "")


def test_the_command_names_the_first_bad_entry(app: Flask, chain: int, by_force: Any) -> None:
    export_head()
    run: Callable[..., Any] = app.test_cli_runner().invoke
    whole = run(args=["audit", "verify"])
    assert (whole.exit_code, whole.output) == (0, "The chain is whole: 12 entries.\n")
    (head,) = kept_heads()
    assert run(args=["audit", "verify", "--against", str(head)]).exit_code == 0
    assert "12 entries" in run(args=["audit", "heads"]).output
    by_force("DELETE FROM audit_details WHERE id > 9", "DELETE FROM audit_chain WHERE id > 9")
    broken = run(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert "Entry 10 is missing" in broken.output


def test_a_head_that_cannot_be_read_is_named_in_one_sentence(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["audit", "verify", "--against", "nowhere.json"])
    assert answer.exit_code == 1
    assert answer.output == "Error: nowhere.json cannot be read.\n"


def test_entries_are_read_a_page_at_a_time_and_by_what_they_say(leave: Any, mira: Any) -> None:
    record("test", actor_id=1, blog_id=1)
    record("test", actor_id=2, blog_id=2)
    number = reveal(comment(leave()), "author_email", mira, "moderation").number
    assert [entry.number for entry in entries(most=2)] == [number, number - 1]
    assert [entry.number for entry in entries(before=number, most=1)] == [number - 1]
    assert [entry.actor_id for entry in entries(actor_id=2)] == [2]
    assert [entry.kind for entry in entries(kinds=("look",))] == ["look"]
    assert {entry.blog_id for entry in entries(blog_ids={1})} <= {1, mira.blog_id}
    assert entries(blog_ids=()) == []
    subject = entries(kinds=("look",))[0].subject_uid
    assert count_entries(subject_uid=subject) == 1
    assert db.session.get(Look, number)
