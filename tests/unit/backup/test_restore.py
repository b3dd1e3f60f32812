"""A restore brings back what was there, and nothing that was erased since."""

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import User
from app.accounts.unused import close_unused, warn_unused
from app.comments import Comment
from app.core import clock
from app.core.backup import BackupProblem, Wish, checking, restore, restoring, resume, verify_backup
from app.core.backup.loading import STAGE, staged_file
from app.core.backup.proof import Proof, prove, reading
from app.core.backup.swap import Plan
from app.core.database import db, is_sqlite, transaction
from app.core.privacy import (
    check_chain,
    entries,
    kept_heads,
    ledger_folder,
    read_head,
    record,
    verify,
)
from app.core.privacy.heads import export_head
from tests.factories import make_comment
from tests.people import make_member, member
from tests.unit.backup.conftest import WORDS


def texts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Comment.text).order_by(Comment.id)))


@pytest.mark.promise("restored-whole")
def test_what_was_written_later_is_gone_and_what_was_there_is_back(
    site: Flask, backed_up: Callable[[], Path]
) -> None:
    file = backed_up()
    with site.app_context():
        make_comment(text="Written later.")
        with transaction() as session:
            session.execute(sa.update(Comment).where(Comment.text == WORDS).values(text="Changed."))
        restore(Wish(file))
        assert verify().bad is None
    assert texts(site) == [WORDS]


@pytest.mark.promise("restore-keeps-erasures")
def test_nobody_is_closed_by_a_restore_who_signed_in_since_and_whoever_was_stays_closed(
    site: Flask, backed_up: Callable[[], Path]
) -> None:
    with site.app_context():
        came, away = make_member("bo").id, make_member("noor").id
        long_ago = clock.now() - timedelta(days=800)
        told = {"created_at": long_ago, "warned_at": long_ago + timedelta(days=750)}
        with transaction() as session:
            session.execute(sa.update(User).where(User.id.in_((came, away))).values(told))
    file = backed_up()
    with site.app_context():
        with transaction() as session:
            session.execute(sa.update(User).where(User.id == came).values(last_seen_at=clock.now()))
        assert close_unused() == 1
        ledger = sorted(ledger_folder().iterdir())
        restore(Wish(file, is_trial=True))
        assert sorted(ledger_folder().iterdir()) == ledger
        restore(Wish(file))
        assert sorted(ledger_folder().iterdir()) == ledger
        assert member("bo").is_open
        assert not db.session.get_one(User, away).is_open
        assert (warn_unused(), warn_unused()) == (1, 0)
        db.session.remove()


def test_a_large_database_is_proven_without_the_haste_of_readers(
    site: Flask, backed_up: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(**how: Any) -> Proof:
        if not is_sqlite():
            seen.append(reading().scalar(sa.text("SHOW statement_timeout")))
        found = prove(**how)
        if not is_sqlite():
            seen.append(reading().scalar(sa.text("SHOW statement_timeout")))
        return found

    monkeypatch.setattr(checking, "prove", look)
    file = backed_up()
    with site.app_context():
        verify_backup(file)
        assert set(seen) <= {"0"}
        db.session.remove()


def test_nothing_else_is_loaded_while_a_restore_is_not_finished(
    site: Flask, backed_up: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backed_up()
    with site.app_context():
        make_comment(text="Written later.")
        monkeypatch.setattr(restoring, "carry_out", stop)
        with pytest.raises(RuntimeError, match="killed"):
            restore(Wish(file))
        monkeypatch.undo()
        for attempt in (lambda: verify_backup(file), lambda: restore(Wish(file, is_trial=True))):
            with pytest.raises(BackupProblem, match="flask restore --resume"):
                attempt()
        resume()
    assert texts(site) == [WORDS]


def test_a_fault_after_the_swap_began_says_how_to_go_on(
    site: Flask, backed_up: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backed_up()
    with site.app_context():
        make_comment(text="Written later.")
        monkeypatch.setattr(restoring, "carry_out", fail)
        for attempt in (lambda: restore(Wish(file)), resume):
            with pytest.raises(BackupProblem, match=r"not finished .*busy.*flask restore --resume"):
                attempt()
        monkeypatch.undo()
        resume()
    assert texts(site) == [WORDS]


def test_a_content_folder_that_cannot_move_is_refused_beforehand(
    site: Flask, backed_up: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backed_up()
    (site.config["CONTENT"] / "pages" / "later.md").write_text("# Later\n")
    monkeypatch.setattr(Path, "is_mount", lambda _self: True)
    with site.app_context():
        with pytest.raises(BackupProblem, match="--keep-content"):
            restore(Wish(file, is_trial=True))
        restore(Wish(file, keeps_content=True))
    assert texts(site) == [WORDS]


def test_heads_of_entries_that_are_gone_are_put_aside_though_the_restore_was_stopped(
    site: Flask, backed_up: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.app_context():
        record("test")
    file = backed_up()
    with site.app_context():
        record("test")
        later = export_head()
        monkeypatch.setattr(restoring, "carry_out", stop)
        with pytest.raises(RuntimeError, match="killed"):
            restore(Wish(file))
        monkeypatch.undo()
        resume()
        [head] = kept_heads()
        assert head != later
        assert check_chain(read_head(head)).bad is None
        db.session.remove()


def test_a_restore_without_keys_puts_heads_aside_and_is_on_record_when_they_are_back(
    site: Flask, backed_up: Callable[[], Path]
) -> None:
    file, keys = backed_up(), Path(site.config["KEY_FILE"])
    with site.app_context():
        record("test")
        later = export_head()
        keys.rename(keys.with_name("elsewhere"))
        site.extensions.pop("keys")
        assert not restore(Wish(file)).has_keys
        assert later not in kept_heads()
        keys.with_name("elsewhere").rename(keys)
        resume()
        [entry] = entries(kinds=["backup.restored"])
        assert entry.facts["entries"] == entry.number - 1
        assert check_chain().bad is None
        db.session.remove()


def test_a_trial_leaves_nothing_behind_while_another_restore_waits_for_its_keys(
    site: Flask, backed_up: Callable[[], Path]
) -> None:
    file = backed_up()
    with site.app_context():
        Plan(has_erasures_due=True).write()
        restore(Wish(file, is_trial=True))
        assert not staged_file().exists()
        if not is_sqlite():
            assert not sa.inspect(db.engine).has_schema(STAGE)
        db.session.remove()


def fail(*_: Any) -> None:
    raise OSError(errno.EBUSY, "Device or resource busy")


def stop(*_: Any) -> None:
    raise RuntimeError("killed")
