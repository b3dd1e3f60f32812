"""The processes of a server live and die together."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folder import ContentFolder
from tests.server import ROOT, Server, hear, serving, wait_until

SECONDS_TO_END = 12
SLOW_SITE = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from app import create_app
from app.core.config import Config
from app.core.web import public
app = application = create_app(Config.from_env())
def slow():
    time.sleep(2)
    return "finished"
app.add_url_rule("/slow", "slow", public(slow))
"""
ASK_SLOW = b"GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A small site of its own, with one slow page."""
    ContentFolder(tmp_path / "content").furnish()
    (tmp_path / "wsgi.py").write_text(SLOW_SITE)
    with serving(tmp_path, CONTENT=str(tmp_path / "content"), cwd=str(tmp_path)) as started:
        wait_until(lambda: started.children("jobs run"))
        yield started


def assert_all_end(server: Server) -> None:
    wait_until(
        lambda: server.family() == [],
        seconds=SECONDS_TO_END,
        or_else=lambda: f"still there: {server.family()}",
    )
    with pytest.raises(OSError, match="refused"):
        server.connect()


def test_ctrl_c_ends_every_process(server: Server) -> None:
    os.killpg(server.process.pid, signal.SIGINT)
    assert_all_end(server)
    assert "Traceback" not in server.log.read_text()


def test_being_told_to_end_finishes_what_was_begun(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(ASK_SLOW)
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        assert hear(connection).endswith(b"finished")
    assert_all_end(server)
    assert server.process.wait(5) == 0
    assert "Traceback" not in server.log.read_text()


def test_killing_the_first_process_ends_the_others(server: Server) -> None:
    assert len(server.family()) >= 3
    server.process.kill()
    server.process.wait(5)
    assert_all_end(server)


def test_a_killed_web_process_is_replaced(server: Server) -> None:
    [worker] = server.children("flask serve")
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: server.children("flask serve") not in ([], [worker]), seconds=15)
    wait_until(server.answers)


def test_a_killed_job_worker_is_replaced_and_pages_go_on(server: Server) -> None:
    [worker] = server.children("jobs run")
    os.kill(worker, signal.SIGKILL)
    assert server.answers()
    wait_until(lambda: server.children("jobs run") not in ([], [worker]), seconds=15)


def test_a_second_server_of_the_same_port_is_refused(server: Server) -> None:
    with socket.socket() as late:
        late.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            late.bind(("127.0.0.1", server.port))
