"""A sync that is interrupted, or meets another, and is repeated, ends in the right state."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.content import content_synced
from tests.folder import ContentFolder
from tests.provision import LONG

pytestmark = pytest.mark.database

ROOT = Path(__file__).parents[3]


def start(app: Flask, *words: str) -> "subprocess.Popen[str]":
    """Start a real `flask` command on the app's folders and database."""
    environment = {name: value for name, value in os.environ.items() if "CLIENTFLOW" not in name}
    for name in ("INSTANCE", "CONTENT", "DATABASE_URL"):
        environment[f"CLIENTFLOW_{name}"] = str(app.config[name])
    return subprocess.Popen(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def write_posts(content: ContentFolder, number: int) -> None:
    """Posts in no order of time, so that every one moves the places of others."""
    for index in range(number):
        day = index * 7 % 28 + 1
        content.post(f"post-{index}", f"Wordmark {index}.", date=f"2026-03-{day:02}", tags=["t"])


def assert_complete(client: FlaskClient, number: int) -> None:
    """Every post is listed, and search knows them."""
    listed = client.get("/garden/archive/").text
    assert f"{number} posts" in " ".join(listed.split())
    first = client.get("/garden/").text
    assert first.count('href="/garden/post-') >= 20
    assert client.get(f"/garden/page/{-(-number // 20)}/").status_code == 200
    assert client.get(f"/garden/page/{-(-number // 20) + 1}/").status_code == 404
    assert "/garden/post-" in client.get("/search/?q=wordmark").text


def test_a_sync_killed_at_any_moment_and_repeated_is_complete(
    app: Flask, client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    seconds = random.Random(7)
    for round_ in range(1, 9 if LONG else 3):
        write_posts(content, 60 * round_)
        sync = start(app, "content", "sync")
        try:
            sync.wait(0.6 + seconds.random() * 1.5)
        except subprocess.TimeoutExpired:
            sync.send_signal(signal.SIGKILL)
        # Nothing that the killed one started may hold its lock: this would wait for ever.
        sync.communicate(timeout=60)
        with start(app, "content", "sync") as again:
            _out, said = again.communicate(timeout=120)
        assert (again.returncode, said) == (0, "")
        assert_complete(client, 60 * round_)


def test_a_sync_that_fails_before_places_are_numbered_is_mended_by_the_next(
    client: FlaskClient, content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_posts(content, 30)
    monkeypatch.setattr(sys.modules["app.core.content.sync"], "settle", _fail)
    with pytest.raises(RuntimeError):
        read()
    monkeypatch.undo()
    read()
    assert_complete(client, 30)


def test_a_sync_that_fails_before_search_is_told_is_mended_by_the_next(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    write_posts(content, 30)
    with content_synced.connected_to(_fail), pytest.raises(RuntimeError):
        read()
    read()
    assert_complete(client, 30)


@pytest.mark.parametrize("failing", range(1, 4))
def test_a_sync_that_fails_in_a_batch_is_mended_by_the_next(
    client: FlaskClient,
    content: ContentFolder,
    read: Any,
    monkeypatch: pytest.MonkeyPatch,
    failing: int,
) -> None:
    from app.core.content import ledger

    real, calls = ledger.Ledger.write, []

    def apply(self: Any, waiting: Any) -> int:
        calls.append(1)
        if len(calls) == 3 + failing:
            raise RuntimeError
        return real(self, waiting)

    write_posts(content, 350)
    monkeypatch.setattr(ledger.Ledger, "write", apply)
    with pytest.raises(RuntimeError):
        read()
    monkeypatch.undo()
    read()
    assert_complete(client, 350)


def test_a_sync_that_fails_while_it_removes_is_mended_by_the_next(
    client: FlaskClient, content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_posts(content, 40)
    read()
    for number in range(30, 40):
        content.remove(f"blogs/garden/posts/post-{number}.md")
    monkeypatch.setattr("app.core.content.run.forget", _fail)
    with pytest.raises(RuntimeError):
        read()
    monkeypatch.undo()
    read()
    assert_complete(client, 30)


def test_two_syncs_at_once_do_the_work_of_one(
    app: Flask, client: FlaskClient, content: ContentFolder
) -> None:
    write_posts(content, 60)
    both = [start(app, "content", "sync") for _number in range(2)]
    ends = [sync.communicate(timeout=120) for sync in both]
    assert [sync.returncode for sync in both] == [0, 0]
    read = sorted(int(out.split()[0]) for out, _said in ends)
    assert read[0] == 0
    assert_complete(client, 60)


def test_check_names_file_line_and_reason_and_fails(app: Flask, content: ContentFolder) -> None:
    content.write(
        "blogs/garden/posts/tulips.md", "---\ntitle: x\ncolour: red\ndate: 2026-03-01\n---\n"
    )
    content.write("blogs/garden/posts/roses.md", "broken")
    with start(app, "content", "check") as check:
        out, said = check.communicate(timeout=60)
    lines = [line for line in said.splitlines() if not line.startswith("{")]
    assert check.returncode == 1
    assert lines == [
        "blogs/garden/posts/roses.md:1: must begin with front matter between two lines of three "
        "hyphens",
        "blogs/garden/posts/tulips.md:3: `colour` is not known here",
    ]
    assert out == ""


def test_check_says_when_every_file_can_be_used(app: Flask) -> None:
    with start(app, "content", "check") as check:
        out, _said = check.communicate(timeout=60)
    assert (check.returncode, out) == (0, "Every content file can be used.\n")


def test_the_log_of_a_sync_names_file_line_and_reason(app: Flask, content: ContentFolder) -> None:
    content.write("blogs/garden/posts/roses.md", "broken")
    with start(app, "content", "sync") as sync:
        out, said = sync.communicate(timeout=60)
    logged = next(line for line in said.splitlines() if line.startswith("{"))
    for word in ('"file": "blogs/garden/posts/roses.md"', '"line": 1', "three hyphens"):
        assert word in logged
    assert "1 not usable" in out


def _fail(*_values: Any, **_facts: Any) -> None:
    raise RuntimeError
