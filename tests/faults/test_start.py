"""When the server cannot start it says why in one sentence, and leaves nothing half-made."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core.privacy.keyfile import write_ring
from app.core.privacy.ring import Ring
from tests.folder import ContentFolder
from tests.server import ROOT, environment, free_port, serve_command

#: Everything is loaded before, because the interpreter itself may lie in a folder of root.
AS_NOBODY = """
import os, sys, flask.cli, wsgi
os.setgroups([]), os.setgid(65534), os.setuid(65534)
sys.argv[0] = "flask"
flask.cli.main()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="clientflow-start-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of a small site that was set up once."""
    folder = tmp_path_factory.mktemp("set-up")
    ContentFolder(folder / "content").furnish()
    answer = flask("content", "sync", folder=folder, CONTENT=str(folder / "content"))
    assert answer.returncode == 0, answer.stderr
    return folder


def flask(
    *words: str, folder: Path, as_nobody: bool = False, cwd: Path = ROOT, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the site to its end."""
    return subprocess.run(
        [sys.executable, *(["-c", AS_NOBODY] if as_nobody else ["-m", "flask"]), *words],
        cwd=cwd,
        env=environment(folder, **settings) | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def serve(folder: Path, port: int = 0, **more: object) -> subprocess.CompletedProcess[str]:
    return flask(*serve_command(port or free_port())[3:], folder=folder, **more)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder with its mode and bytes."""
    return {
        str(file.relative_to(folder)): (
            file.stat().st_mode,
            file.read_bytes() if file.is_file() else b"",
        )
        for file in sorted(folder.rglob("*"))
        if not file.name.endswith(("-wal", "-shm"))
    }


def assert_refused(answer: subprocess.CompletedProcess[str], *words: str) -> None:
    """One plain sentence that names the fix, and a failing exit code."""
    assert answer.returncode not in (0, None), answer.stdout
    assert "Traceback" not in answer.stderr
    # Flask advertises a package whenever there is a `.env`, which we read ourselves.
    said = [line for line in answer.stderr.splitlines() if not line.startswith(" * Tip")]
    assert len(said) == 1, answer.stderr
    for word in words:
        assert word in said[0]


def test_a_busy_port(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert_refused(serve(folder, port), str(port), "choose another port")
    assert contents(folder) == {}


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "a..b"])
def test_an_address_that_is_not_of_this_machine(folder: Path, host: str) -> None:
    assert_refused(serve(folder, HOST=host), "cannot be used")
    assert contents(folder) == {}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", ("CLIENTFLOW_PORT", "whole number", "eighty")),
        ("BASE_URL", "www.example.org", ("CLIENTFLOW_BASE_URL", "https://")),
        ("DATABASE_URL", "mysql://localhost/x", ("CLIENTFLOW_DATABASE_URL", "postgresql://")),
        ("SECRET_KEY", "s3cret", ("CLIENTFLOW_SECRET_KEY", "no setting any more")),
        ("TRUSTED_PROXIES", "0.0.0.0/0", ("CLIENTFLOW_TRUSTED_PROXIES", "every address")),
        ("BASEURL", "https://example.org", ("CLIENTFLOW_BASEURL", "Did you mean", "BASE_URL")),
        ("COLOUR_OF_BIKESHED", "red", ("CLIENTFLOW_COLOUR_OF_BIKESHED", "not a setting")),
    ],
)
def test_a_wrong_or_unknown_setting(
    folder: Path, name: str, value: str, words: tuple[str, ...]
) -> None:
    answer = serve(folder, **{name: value})
    assert_refused(answer, *words)
    assert "s3cret" not in answer.stderr
    assert contents(folder) == {}


def test_a_missing_content_folder(folder: Path) -> None:
    answer = serve(folder, CONTENT=str(folder / "none"))
    assert_refused(answer, "content folder", "CLIENTFLOW_CONTENT")
    assert contents(folder) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_unwritable_folder_as_another_user(folder: Path) -> None:
    locked = folder / "locked"
    locked.mkdir(mode=0o755)
    answer = serve(folder, as_nobody=True, INSTANCE=str(locked / "instance"))
    assert_refused(answer, str(locked), "CLIENTFLOW_INSTANCE")
    answer = serve(folder, as_nobody=True, INSTANCE=str(locked))
    assert_refused(answer, str(locked), "CLIENTFLOW_INSTANCE")
    assert list(contents(folder)) == ["locked"]


@pytest.mark.parametrize("kind", ["a file", "below a file"])
def test_a_folder_that_is_a_file(folder: Path, kind: str) -> None:
    (folder / "taken").write_text("mine")
    below = "taken" if kind == "a file" else "taken/instance"
    answer = serve(folder, INSTANCE=str(folder / below))
    assert_refused(answer, "taken")
    assert (folder / "taken").read_text() == "mine"


@pytest.fixture
def site(set_up: Path, folder: Path) -> Path:
    """A copy of the set-up site, for breaking."""
    shutil.copytree(set_up, folder, dirs_exist_ok=True)
    return folder / "instance"


def refuse(site: Path, *words: str, **settings: str) -> None:
    before = contents(site)
    given = {"CONTENT": str(site.parent / "content")} | settings
    assert_refused(serve(site.parent, **given), *words)
    assert contents(site) == before


def test_a_site_that_is_set_up_starts_again(site: Path) -> None:
    answer = flask("content", "sync", folder=site.parent, CONTENT=str(site.parent / "content"))
    assert answer.returncode == 0, answer.stderr


def test_missing_keys_after_set_up(site: Path) -> None:
    (site / "keys" / "clientflow.keys").unlink()
    refuse(site, "clientflow.keys", "put it back", "flask keys init --after-loss")


def test_keys_that_others_can_read(site: Path) -> None:
    (site / "keys" / "clientflow.keys").chmod(0o640)
    refuse(site, "clientflow.keys", "mode 600", "chmod 600")


def test_keys_of_another_site(site: Path) -> None:
    write_ring(site / "keys" / "clientflow.keys", Ring.new(datetime.now(UTC).date()))
    refuse(site, "clientflow.keys", "not the one this database was sealed with")


def test_a_lost_database(site: Path) -> None:
    (site / "clientflow.db").unlink()
    refuse(site, "clientflow.db", "backup")


@pytest.mark.parametrize(
    "content", [b"", b"not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 5_000]
)
def test_a_damaged_database(site: Path, content: bytes) -> None:
    (site / "clientflow.db").write_bytes(content)
    refuse(site, "database")


def test_a_database_of_a_newer_version(site: Path) -> None:
    import sqlite3

    with contextlib.closing(sqlite3.connect(site / "clientflow.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '2099_01_01_future'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    refuse(site, "2099_01_01_future", "install the version")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://nobody:s3cret@127.0.0.1:1/none",
        "postgresql://nobody:s3cret@/none?host=/nonexistent",
    ],
)
def test_a_postgresql_that_does_not_answer(folder: Path, address: str) -> None:
    (folder / "content").mkdir()
    answer = serve(folder, DATABASE_URL=address, CONTENT=str(folder / "content"))
    assert_refused(answer, "database does not answer", "CLIENTFLOW_DATABASE_URL")
    assert "s3cret" not in answer.stderr
    assert set(contents(folder)) <= {"content", "instance", "instance/set-up.lock"}


@pytest.mark.parametrize("text", [b"CLIENTFLOW_PORT", b"\xff\xfe", b"CLIENTFLOW_PORT=x"])
def test_a_broken_environment_file(folder: Path, text: bytes) -> None:
    (folder / ".env").write_bytes(text)
    (folder / "wsgi.py").write_text((ROOT / "wsgi.py").read_text())
    assert_refused(serve(folder, cwd=folder), "clientflow: ")
    assert set(contents(folder)) == {".env", "wsgi.py"}


@pytest.mark.parametrize("words", [("database", "upgrade"), ("jobs", "run")])
def test_other_commands_say_it_in_one_sentence_too(folder: Path, words: tuple[str, ...]) -> None:
    assert_refused(flask(*words, folder=folder), "instance folder")
    assert contents(folder) == {}
