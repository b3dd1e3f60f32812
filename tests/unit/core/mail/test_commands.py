"""`flask mail`: every mail can be looked at, and what waits can be seen and sent."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.core.registry import MailSample


def run(app: Flask, *words: str) -> str:
    answer = app.test_cli_runner().invoke(args=["mail", *words])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_what_waits_is_listed_without_the_address(app: Flask, write: Any) -> None:
    write()
    told = run(app, "list")
    assert "tests/hello" in told
    assert "waiting" in told
    assert "ada@example.org" not in told
    assert "a•••@e•••.org" in told


def test_what_is_due_is_sent(app: Flask, write: Any, at: Any) -> None:
    write(times=6)
    assert run(app, "send") == "5 sent\n"
    assert run(app, "send") == "0 sent\n"


def test_what_waits_for_later_is_tried_when_asked(app: Flask, write: Any, at: Any) -> None:
    write()
    at(-1)
    assert run(app, "send") == "0 sent\n"
    assert run(app, "send", "--now") == "1 sent\n"


def test_a_preview_shows_every_mail_in_every_variant(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = MailSample(template="tests/hello", facts={"name": "Ada", "items": ["a"]})
    monkeypatch.setattr("app.core.mail.preview.registry", lambda: _Registry(sample))
    run(app, "preview", "--to", str(tmp_path / "seen"))
    names = {file.name for file in (tmp_path / "seen").iterdir()}
    for variant in ("as-given", "long", "right-to-left", "none", "one", "many"):
        assert {f"tests-hello.{variant}.txt", f"tests-hello.{variant}.html"} <= names
    assert "Hello Ada" in (tmp_path / "seen" / "index.html").read_text()


class _Registry:
    def __init__(self, sample: MailSample) -> None:
        self.sample = sample

    def every(self, _slot: str) -> Any:
        return [self.sample]


def test_a_site_without_a_database_is_told_plainly(tmp_path: Path) -> None:
    from app import create_app
    from app.core.config import Config

    app = create_app(Config.for_tests(INSTANCE=tmp_path / "new"))
    for verb in ("list", "send"):
        answer = app.test_cli_runner().invoke(args=["mail", verb])
        assert answer.exit_code == 1
        assert answer.output.startswith("Error: The database or the instance folder")
