"""Vendored files are what was recorded, and nothing else takes their place."""

import base64
import hashlib
import io
import stat
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.core.web import vendor
from app.core.web.vendor import VendorError, commands, fetch, problems

FONT = b"the letters of a font"


def archive_of(files: dict[str, bytes]) -> bytes:
    """Answer a package archive as npm makes them."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A static folder with one recorded font, and an npm that delivers its package."""
    archive = archive_of({"files/a.woff2": FONT})
    packed, bin_folder, static = tmp_path / "packed", tmp_path / "bin", tmp_path / "static"
    packed.write_bytes(archive)
    bin_folder.mkdir()
    npm = bin_folder / "npm"
    npm.write_text(f'#!/bin/sh\nexec /bin/cp {packed} "$5/font-1.0.0.tgz"\n')
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(bin_folder))
    (static / "vendor").mkdir(parents=True)
    record(static, archive=archive)
    return static


def record(static: Path, *, archive: bytes, target: str = "fonts/a.woff2", more: str = "") -> None:
    integrity = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    (static / "vendor" / "vendor.toml").write_text(
        f"""
        [[file]]
        package = "font"
        version = "1.0.0"
        integrity = "sha512-{integrity}"
        source = "files/a.woff2"
        target = "{target}"
        sha256 = "{hashlib.sha256(FONT).hexdigest()}"
        licence = "OFL-1.1"
        {more}
        """
    )


def test_the_shipped_files_are_what_was_recorded() -> None:
    answer = CliRunner().invoke(commands, ["verify"])
    assert answer.exit_code == 0, answer.output


def test_a_fetched_file_takes_its_place_and_is_verified(static: Path) -> None:
    assert "missing" in problems(static)[0]
    assert fetch(static) == ["fonts/a.woff2"]
    assert (static / "fonts" / "a.woff2").read_bytes() == FONT
    assert problems(static) == []


def test_a_changed_file_is_named(static: Path) -> None:
    fetch(static)
    (static / "fonts" / "a.woff2").write_bytes(FONT + b"!")
    assert problems(static) == [
        "fonts/a.woff2 is not the file that was recorded: run `make vendor`"
    ]


def test_another_archive_than_the_recorded_one_is_refused(static: Path) -> None:
    record(static, archive=b"another")
    with pytest.raises(VendorError, match=r"font@1\.0\.0 is not the archive"):
        fetch(static)
    assert not (static / "fonts").exists()


def test_a_derived_file_is_checked_and_never_overwritten(static: Path) -> None:
    record(static, archive=archive_of({"files/a.woff2": FONT}), more="derived = true")
    assert fetch(static) == []
    assert problems(static)


def test_a_target_outside_of_static_is_refused(static: Path) -> None:
    record(static, archive=b"", target="../wsgi.py")
    with pytest.raises(VendorError, match="outside"):
        problems(static)


def test_an_unreadable_record_is_one_sentence(static: Path) -> None:
    (static / "vendor" / "vendor.toml").write_text("file = 1")
    with pytest.raises(VendorError, match="cannot be read"):
        problems(static)


def test_without_npm_the_message_names_it(static: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(VendorError, match="npm is needed"):
        fetch(static)


def test_the_command_names_every_problem_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "problems", lambda: ["one is missing", "another is changed"])
    answer = CliRunner().invoke(commands, ["verify"])
    assert answer.exit_code == 1
    assert answer.output == "Error: one is missing\nanother is changed\n"
