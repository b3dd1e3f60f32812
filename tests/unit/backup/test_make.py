"""A backup is made beside the running site, proven, and only then given its name."""

import zipfile
from pathlib import Path

import pytest
from flask import Flask

from app.core.backup import make_backup


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
