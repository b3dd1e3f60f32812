"""For the machines that watch: alive, ready, and how it has been doing."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.web import public
from tests.wire import ask

pytestmark = pytest.mark.database

HERE = {"REMOTE_ADDR": "127.0.0.1"}
SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+')


def test_alive_asks_the_database_nothing(app: Flask, statements: list[str]) -> None:
    for method in ("GET", "HEAD"):
        assert ask(app, "/livez", method).status == 200
    assert statements == []


def test_ready_when_everything_is_there(app: Flask) -> None:
    assert ask(app, "/readyz").text == "ready\n"


@pytest.fixture
def broken(make_app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that makes an app with one failing part."""

    def away(*_: Any, **__: Any) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    def make(part: str) -> Flask:
        app: Flask = make_app(TESTING=False)
        if part == "database":
            monkeypatch.setattr("sqlalchemy.engine.Engine.connect", away)
        if part == "storage":
            shutil.rmtree(tmp_path / "instance")
        if part == "keys":
            app.config["KEY_FILE"] = tmp_path / "nowhere"
        return app

    return make


@pytest.mark.parametrize("part", ["database", "storage", "keys"])
def test_the_failing_part_is_told_on_this_machine_only(broken: Any, part: str) -> None:
    app = broken(part)
    told = ask(app, "/readyz", **HERE)
    assert (told.status, told.text) == (503, f"not ready: {part}\n")
    for elsewhere in ({}, HERE | {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}):
        answer = ask(app, "/readyz", **elsewhere)
        assert (answer.status, answer.text) == (503, "not ready: see the log\n")


def test_ready_again_once_the_part_is_back(broken: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    app = broken("database")
    assert ask(app, "/readyz").status == 503
    monkeypatch.undo()
    assert ask(app, "/readyz").status == 200


def test_metrics_are_lines_of_the_prometheus_format(app: Flask, read: Any) -> None:
    read()
    for path in ("/", "/garden/", "/nowhere/", "/search/?q=canary"):
        ask(app, path)
    answer = ask(app, "/metrics", **HERE)
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert [line for line in lines if not SAMPLE.fullmatch(line)] == []
    assert len({line.rpartition(" ")[0] for line in lines}) == len(lines)


def test_metrics_count_by_rule_and_status_and_hold_no_visitor_text(app: Flask, read: Any) -> None:
    read()
    for _ in range(3):
        ask(app, "/garden/?canary-1", HTTP_USER_AGENT="canary-2", HTTP_REFERER="canary-3")
    ask(app, "/canary-4/")
    text = ask(app, "/metrics", **HERE).text
    assert 'clientflow_requests_total{route="/<blog:blog>/",status="200"} 3' in text
    assert 'clientflow_requests_total{route="/<page:path>/",status="404"} 1' in text
    assert "canary" not in text


def test_durations_add_up(app: Flask, read: Any) -> None:
    read()
    for _ in range(5):
        ask(app, "/")
    text = ask(app, "/metrics", **HERE).text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines())
    buckets = [
        float(value) for name, value in values.items() if "_bucket" in name and "+Inf" not in name
    ]
    assert buckets == sorted(buckets)
    whole = values['clientflow_request_seconds_bucket{le="+Inf"}']
    assert float(whole) == float(values["clientflow_request_seconds_count"]) == 5


def test_counts_of_all_processes_are_added_and_broken_ones_left_out(app: Flask) -> None:
    folder = Path(app.config["INSTANCE"]) / "run"
    folder.mkdir()
    sample = 'clientflow_requests_total{route="/",status="200"}'
    (folder / "1.json").write_text(json.dumps({sample: 40}))
    (folder / "2.json").write_text(json.dumps({sample: 2}))
    (folder / "3.json").write_text('{"half": ')
    assert f"{sample} 42" in ask(app, "/metrics", **HERE).text


def test_a_full_disk_costs_counts_and_no_page(
    app: Flask, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert ask(app, "/").status == 200


def test_a_fault_is_counted_too(make_app: Any) -> None:
    app = make_app(TESTING=False)

    def fail() -> None:
        raise RuntimeError

    app.add_url_rule("/failing", "failing", public(fail))
    ask(app, "/failing")
    text = ask(app, "/metrics", **HERE).text
    assert 'clientflow_requests_total{route="/failing",status="500"} 1' in text
