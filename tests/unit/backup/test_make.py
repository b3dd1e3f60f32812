"""A backup is made beside the running site, proven, and only then given its name."""

import re
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.entries import Session
from app.core.backup import make_backup
from app.core.backup.making import left_out
from app.core.database import Model, transaction
from app.core.mail import enqueue


@pytest.mark.promise("restored-whole")
def test_a_backup_is_one_file_with_the_database_the_content_and_a_manifest(
    site: Flask, tmp_path: Path
) -> None:
    with site.app_context():
        made = make_backup(tmp_path / "kept")
    assert [made.file] == list((tmp_path / "kept").iterdir())
    assert made.file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(made.file) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert any(name.startswith("database/") for name in names)
    assert "content/site.toml" in names
    assert made.manifest.tables["comments"] == 1
    assert made.manifest.tables["sessions"] == 0
    assert made.manifest.problems == []


def test_no_key_no_sign_in_no_link_and_no_mail_is_in_it(site: Flask, kept: Path) -> None:
    with site.app_context():
        with transaction() as session:
            enqueue("accounts/nobody", to="bo.canary@example.org")
            hashes = session.scalars(sa.select(Session.token_hash)).all()
        made = make_backup(kept)
        ring_text = site.config["KEY_FILE"].read_text()
    with zipfile.ZipFile(made.file) as archive:
        held = [archive.read(name) for name in archive.namelist()]
    assert hashes
    secrets = [*map(bytes, hashes), *(one.hex().encode() for one in map(bytes, hashes))]
    secrets += [word.encode() for word in re.findall(r'"([\w+/=-]{40,})"', ring_text)]
    assert len(secrets) > 10
    assert [secret for secret in secrets if any(secret in part for part in held)] == []
    assert {made.manifest.tables[name] for name in made.manifest.left_out} == {0}
    assert b"bo.canary@example.org" not in b"".join(held)


def test_every_table_that_stays_out_exists_and_says_why(site: Flask) -> None:
    with site.app_context():
        stays_out = left_out()
    assert set(stays_out) <= set(Model.metadata.tables)
    assert all(len(why.split()) > 3 for why in stays_out.values())
