"""The site is killed while people comment: what was acknowledged is there, once and whole."""

import contextlib
import http.client
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from tests.provision import LONG
from tests.server import Server, wait_until

pytestmark = pytest.mark.database

#: More with `CLIENTFLOW_TEST_CRASHES=200`; a round takes some three seconds.
ROUNDS = int(os.environ.get("CLIENTFLOW_TEST_CRASHES", "40" if LONG else "3"))
WRITERS = 4
ENOUGH = 4  # comments that a round writes at least
OLD_ENOUGH = 2.5  # seconds after which a form's stamp raises no suspicion
POST = "/blog/the-second-release/"
STAMP = re.compile(r'name="stamp"[^>]*value="([^"]+)"')


class Writer(threading.Thread):
    """Somebody who comments until the site is gone; `acknowledged` are the texts it took."""

    def __init__(self, port: int, stamp: str, name: str) -> None:
        super().__init__(daemon=True)
        self.port, self.stamp, self.label = port, stamp, name
        self.acknowledged: list[str] = []
        self.refused: Counter[int] = Counter()

    def run(self) -> None:
        for number in range(100_000):
            text = f"Comment {number} of writer {self.label}."
            try:
                status = say(self.port, self.stamp, text, address(self.label, number))
            except (OSError, http.client.HTTPException):
                return
            if status == 303:
                self.acknowledged.append(text)
            else:
                self.refused[status] += 1


def address(label: str, number: int) -> str:
    """Another reader's address for each comment, so that no limit is met."""
    dice = random.Random(f"{label} {number}")
    return f"2001:db8:{dice.randrange(1 << 16):x}:{dice.randrange(1 << 16):x}::1"


def say(port: int, stamp: str, text: str, address: str) -> int:
    """Send the form as a browser would; the status of the answer."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    fields = {"name": "Bo", "email": "bo@example.org", "text": text, "stamp": stamp, "subject": ""}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        "X-Forwarded-For": address,
    }
    try:
        asking.request("POST", f"{POST}comments", urlencode(fields), headers)
        return asking.getresponse().status
    finally:
        asking.close()


def stamp_of(port: int) -> str:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    asking.request("GET", POST)
    page = asking.getresponse().read().decode()
    asking.close()
    found = STAMP.search(page)
    assert found, "the page has no form"
    return found[1]


def taken(writers: list[Writer]) -> int:
    """How many comments the site has acknowledged."""
    return sum(len(writer.acknowledged) for writer in writers)


def kill(server: Server) -> None:
    """End every process of the site at once, as a power cut of its machine's memory would."""
    for number in server.family():
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    server.process.wait(30)


@pytest.fixture
def killed(tmp_path: Path, new_database: Any, on_postgresql: bool) -> Iterator[Any]:
    """A site that was killed `ROUNDS` times under writing: its writers and its database."""
    settings = {"TRUSTED_PROXIES": "127.0.0.1/32", "BASE_URL": "http://127.0.0.1:8000"}
    database = new_database() if on_postgresql else None
    if database:
        # A database with a schema and a site without a key would be a loss.
        settings["DATABASE_URL"] = database
    server = Server(tmp_path, workers=2, **settings)
    writers: list[Writer] = []
    try:
        server.start()
        stamp = stamp_of(server.port)
        time.sleep(OLD_ENOUGH)
        dice = random.Random(11)
        for number in range(ROUNDS):
            mine = [Writer(server.port, stamp, f"{number}-{each}") for each in range(WRITERS)]
            for writer in mine:
                writer.start()
            enough = dice.randint(ENOUGH, 5 * ENOUGH)
            wait_until(lambda mine=mine, enough=enough: taken(mine) >= enough)
            # The moment has nothing to do with what was just answered.
            time.sleep(dice.uniform(0, 0.3))
            kill(server)
            for writer in mine:
                writer.join(30)
            writers += mine
            server.start()
        yield writers, database or f"sqlite:///{tmp_path / 'instance' / 'clientflow.db'}"
    finally:
        server.end()


def test_nothing_acknowledged_is_missing_doubled_or_half_there(killed: Any) -> None:
    writers, database = killed
    acknowledged = [text for writer in writers for text in writer.acknowledged]
    assert len(acknowledged) >= ROUNDS * ENOUGH
    assert not sum((writer.refused for writer in writers), Counter())
    engine = sa.create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT text, html, author_email, author_ip, state FROM comments")
        ).all()
        if engine.dialect.name == "sqlite":
            assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()
    stored = Counter(row.text for row in rows)
    assert [text for text in acknowledged if stored[text] != 1] == []
    assert [text for text, count in stored.items() if count > 1] == []
    assert all(row.html and row.author_email and row.author_ip and row.state for row in rows)
