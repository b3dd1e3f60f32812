"""What an operator types, and what it answers: a file, a sentence, exit code 1."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.backup import copy_out, make_daily
from app.core.backup.keeping import name_for
from app.core.database import db
from app.core.privacy import Scope, erase, ledger_folder, person_of, tend_ledger
from app.core.registry import registry
from tests.databases import disconnect
from tests.unit.backup.conftest import BO


@pytest.fixture
def typed(site: Flask, kept: Path) -> Callable[..., Any]:
    """A function that types a command on the site."""
    site.config["BACKUP"] = kept

    def run(*words: object, **how: Any) -> Any:
        disconnect(site)
        return site.test_cli_runner().invoke(args=[str(word) for word in words], **how)

    return run


def test_a_backup_is_made_listed_verified_and_restored(typed: Any, kept: Path) -> None:
    made = typed("backup")
    assert made.exit_code == 0, made.output
    assert "the keys are not in it" in made.output
    (file,) = kept.glob("*.zip")
    assert str(file) in typed("backup", "list").output
    assert "is whole" in typed("backup", "verify").output
    tried = typed("restore", "--dry-run", file)
    assert "can be restored; nothing was changed" in tried.output
    asked = typed("restore", file, input="n\n")
    assert asked.exit_code == 1
    assert "replaces the site that is here now" in asked.output
    done = typed("restore", "--yes", file)
    assert done.exit_code == 0, done.output
    assert "The site is as it was on" in done.output
    assert "What was here before is in" in done.output
    assert typed("restore", "--resume").output == "Error: No restore waits to be finished.\n"


def test_what_cannot_be_done_is_one_sentence(typed: Any, kept: Path, tmp_path: Path) -> None:
    assert typed("backup", "verify").output == f"Error: There is no backup in {kept}.\n"
    some = tmp_path / "some.zip"
    some.write_bytes(b"nothing")
    for words in (("backup", "verify", some), ("restore", "--yes", some)):
        told = typed(*words)
        assert (told.exit_code, told.output.count("\n")) == (1, 1)
        assert "is no backup of Clientflow" in told.output
    content = typed("backup", "--to", tmp_path / "content" / "kept")
    assert "published or backed up" in content.output
    shut = tmp_path / "shut"
    shut.write_text("a file in the way")
    told = typed("backup", "--to", shut / "kept")
    assert told.exit_code == 1
    assert "cannot be used" in told.output


@pytest.mark.promise("restored-whole")
def test_the_daily_job_makes_one_and_ends_those_whose_time_is_over(
    site: Flask, typed: Any, kept: Path
) -> None:
    kept.mkdir()
    over = kept / name_for(clock.now() - timedelta(days=31))
    young = kept / name_for(clock.now() - timedelta(days=29))
    other = kept / "holiday.zip"
    for file in (over, young, other):
        file.write_bytes(b"")
    with site.app_context():
        make_daily()
    assert not over.exists()
    assert young.exists()
    assert other.exists()
    assert len(list(kept.glob("clientflow-*.zip"))) == 2
    metrics = site.test_client().get("/metrics").text
    assert "clientflow_backup_made_seconds" in metrics
    assert "clientflow_backup_verified_seconds" in metrics


@pytest.mark.promise("restore-keeps-erasures")
def test_one_hourly_job_keeps_the_ledger_here_and_beside_the_backups(
    site: Flask, kept: Path
) -> None:
    with site.app_context():
        [job] = [each for each in registry().every("jobs") if each.run in (copy_out, tend_ledger)]
        erase(person_of(BO), Scope.EVERYTHING)
        [file] = ledger_folder().iterdir()
        file.unlink()
        job.run()
        site.config["BACKUP"] = kept
        job.run()
        db.session.remove()
    assert file.exists()
    assert [each.name for each in kept.rglob("*.json")] == [file.name]


def test_the_keys_are_copied_apart_and_never_beside_a_backup(
    site: Flask, typed: Any, kept: Path, tmp_path: Path
) -> None:
    assert "was not copied yet" in typed("doctor").output
    typed("backup")
    assert "belong apart" in typed("backup", "keys", kept / "keys").output
    copy = tmp_path / "medium" / "keys"
    copy.parent.mkdir()
    assert typed("backup", "keys", copy).exit_code == 0
    assert copy.read_bytes() == site.config["KEY_FILE"].read_bytes()
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "The key file was copied since it last changed." in typed("doctor").output
