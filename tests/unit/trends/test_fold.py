"""Adding the log of a web server that served pages by itself."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.database import db
from app.trends.logs import KEYS, AlreadyFolded, fold, holds_address
from tests.factories import publish_month
from tests.unit.trends.conftest import FIREFOX, POST, Readers

pytestmark = pytest.mark.database

NGINX = Path(__file__).parents[3] / "deploy" / "nginx.conf"
LINE = {
    "at": "2026-11-24T10:59:00+02:00",
    "status": "200",
    "method": "GET",
    "path": POST,
    "agent": FIREFOX,
    "language": "de-AT",
    "referrer": "https://news.example.com",
    "purpose": "",
    "gpc": "",
    "dnt": "",
    "signed_in": "",
}


@pytest.fixture(autouse=True)
def later(readers: Readers) -> Iterator[None]:
    """A later hour of that day; nothing was counted yet."""
    with time_machine.travel(datetime(2026, 11, 24, 20, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """A function that writes a log of some lines, or of the usual one with changes."""

    def write_log(*lines: Any, **changes: Any) -> Path:
        file = tmp_path / "trends.log"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        file.write_text("\n".join(texts or [json.dumps(LINE | changes)]) + "\n", "utf-8")
        return file

    return write_log


def folded(app: Flask, file: Path) -> Any:
    with app.app_context():
        done = fold(file)
        db.session.remove()
    return done


def test_a_line_counts_like_a_request_in_its_own_hour(
    app: Flask, readers: Readers, write: Any
) -> None:
    assert folded(app, write()).added == 1
    assert readers.totals() == {
        "total": {"": 1},
        "page": {POST: 1},
        "browser": {"Firefox 140 to 149": 1},
        "language": {"de": 1},
        "source": {"example.com": 1},
        "hour": {"08": 1},
    }


@pytest.mark.parametrize(
    ("changes", "totals"),
    [
        ({"path": "/no-such-page/"}, {}),
        ({"path": "/account/log-in/"}, {}),
        ({"path": "/static/site.css"}, {}),
        ({"method": "POST"}, {}),
        ({"at": "2031-01-01T00:00:00+00:00"}, {}),
        ({"at": "2024-09-30T23:59:59+00:00"}, {}),
        ({"at": "1970-01-01T00:00:00+00:00"}, {}),
        ({"agent": "curl/8.5"}, {"apart": {"programs": 1}}),
        ({"purpose": "prefetch"}, {"apart": {"fetched ahead": 1}}),
        ({"signed_in": "1"}, {"apart": {"signed in": 1}}),
        ({"status": "404"}, {"apart": {"refused": 1}}),
        ({"gpc": "1"}, {"total": {"": 1}, "apart": {"asked not to be tracked": 1}}),
    ],
)
def test_lines_are_sorted_by_the_same_rules(
    app: Flask, readers: Readers, write: Any, changes: dict[str, str], totals: dict[str, Any]
) -> None:
    folded(app, write(**changes))
    assert readers.totals() == totals


@pytest.mark.promise("no-address-for-readers")
@pytest.mark.parametrize(
    "line",
    [
        '203.0.113.9 - - [24/Nov/2026:10:59:00 +0000] "GET /garden/ HTTP/1.1" 200 4',
        json.dumps(LINE | {"at": "203.0.113.9"}),
        json.dumps(LINE | {"signed_in": "203.0.113.9"}),
        json.dumps(LINE | {"status": "2001:db8::7"}),
        json.dumps(LINE | {"address": "[2001:db8::7]"}),
    ],
)
def test_a_line_with_an_address_is_refused(
    app: Flask, readers: Readers, write: Any, line: str
) -> None:
    done = folded(app, write(line, LINE))
    assert (done.added, done.with_address) == (1, 1)
    assert readers.totals()["total"] == {"": 1}


@pytest.mark.promise("no-address-for-readers")
@pytest.mark.parametrize(
    "word",
    [
        *("::1", "::1:", "::ffff:203.0.113.9", "2001:db8::", "2001:db8::.", "fe80::1%eth0"),
        *("[2001:db8::7]:443", "[::1]:443", "2001:db8:1:2:3:4:5:6:443", "2001:db8:::"),
        *("203.0.113.9", "203.0.113.9.", ":203.0.113.9:", "203.0.113.9:80", "203.0.113.9:80:80"),
    ],
)
def test_an_address_is_known_in_all_its_forms(word: str) -> None:
    for key in ("referrer", "agent", "language"):
        assert holds_address(json.dumps(LINE | {key: f"x {word} y"}))


def test_the_version_of_a_browser_and_a_time_are_no_addresses() -> None:
    line = LINE | {"agent": f"{FIREFOX} Chrome/142.0.0.0 rv:1.9.2.10"}
    assert not holds_address(json.dumps(line))


@pytest.mark.parametrize(
    "line",
    [
        *("{", "[]", "null", "\0", "x" * 300_000, "[" * 200_000, '{"at":' * 600),
        json.dumps(LINE | {"cookie": "secret"}),
        json.dumps(LINE | {"at": "yesterday"}),
        json.dumps({key: value for key, value in LINE.items() if key != "at"}),
    ],
)
def test_a_line_of_another_format_is_refused(
    app: Flask, readers: Readers, write: Any, line: str
) -> None:
    assert folded(app, write(line)).refused == 1
    assert readers.totals() == {}


@pytest.mark.promise("no-address-for-readers")
@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/search/203.0.113.9/"},
        {"referrer": "http://203.0.113.9/"},
        {"referrer": "http://[2001:db8::7]:8080"},
        {"agent": f"{FIREFOX} for 2001:db8::7"},
        {"language": "203.0.113.9:4711"},
    ],
)
def test_a_visitor_who_writes_an_address_is_not_counted_and_stops_no_log(
    app: Flask, readers: Readers, write: Any, changes: dict[str, str]
) -> None:
    file = write(LINE | changes, LINE)
    done = app.test_cli_runner().invoke(args=["trends", "fold", str(file)])
    assert (done.exit_code, file.exists()) == (0, False)
    assert "Added 1 requests" in done.output
    assert "Left out 1 in which a visitor wrote a network address." in done.output
    assert readers.totals()["total"] == {"": 1}


def test_a_word_of_many_colons_does_not_stop_a_log(
    app: Flask, readers: Readers, write: Any
) -> None:
    many = LINE | {"referrer": "a.b" + ":1" * 600}
    longest = LINE | {"agent": "a.b" + ":1" * 150_000}
    done = folded(app, write(many, longest, LINE))
    assert (done.added, done.refused) == (2, 1)


def test_a_log_is_added_once(app: Flask, readers: Readers, write: Any, tmp_path: Path) -> None:
    file = write()
    folded(app, file)
    with pytest.raises(AlreadyFolded):
        folded(app, file.rename(tmp_path / "again.log"))
    assert readers.totals()["total"] == {"": 1}


@pytest.mark.parametrize("left", [[0], [1], [2], [0, 2], []])
def test_a_log_is_not_added_again_when_what_was_refused_is_taken_out(
    app: Flask, readers: Readers, write: Any, left: list[int]
) -> None:
    bad = ["203.0.113.9 - -", "no such line", json.dumps(LINE | {"cookie": "secret"})]
    # One that comes too early now, and will not when the log is folded again.
    good = [json.dumps(LINE), json.dumps(LINE | {"at": "2026-11-24T21:00:00+00:00"})]
    done = folded(app, write(bad[0], good[0], bad[1], good[1], bad[2]))
    assert (done.added, done.passed, done.with_address, done.refused) == (1, 1, 1, 2)
    again = write(*good, *(bad[place] for place in left))
    with (
        time_machine.travel(datetime(2026, 11, 24, 22, tzinfo=UTC), tick=False),
        pytest.raises(AlreadyFolded),
    ):
        folded(app, again)
    assert readers.totals()["total"] == {"": 1}


def test_logs_without_a_line_are_no_log_that_was_added(app: Flask, write: Any) -> None:
    for _hour in range(2):
        assert folded(app, write("")).added == 0


def test_lines_of_a_published_month_come_too_late(app: Flask, readers: Readers, write: Any) -> None:
    with app.app_context():
        publish_month(datetime(2026, 10, 1, tzinfo=UTC).date())
        db.session.remove()
    before = readers.totals()
    folded(app, write(at="2026-10-31T10:00:00+00:00"))
    # Of no report of its own, and still older than what was published.
    folded(app, write(at="2026-08-31T10:00:00+00:00"))
    assert readers.totals() == before


def test_the_command_deletes_what_it_added_and_keeps_what_it_refused(
    app: Flask, write: Any
) -> None:
    run = app.test_cli_runner().invoke
    file = write()
    done = run(args=["trends", "fold", str(file)])
    assert (done.exit_code, file.exists()) == (0, False)
    assert "Added 1 requests" in done.output
    file = write("203.0.113.9 - -", LINE | {"path": "/about/"})
    refused = run(args=["trends", "fold", str(file)])
    assert (refused.exit_code, file.exists()) == (1, True)
    assert "1 lines with a network address and 0 others" in refused.output
    assert "203.0.113.9" not in refused.output
    again = run(args=["trends", "fold", str(file)])
    assert (again.exit_code, "added before" in again.output) == (1, True)


def test_the_shipped_format_has_the_keys_that_are_read_and_no_address() -> None:
    text = NGINX.read_text()
    written = text.split("log_format trends")[1].split(";")[0]
    keys = {part.split('"')[1] for part in written.split("{")[1].split(",")}
    assert keys == KEYS
    assert "remote_addr" not in written
    assert "$args" not in written
    assert "request_uri" not in written
