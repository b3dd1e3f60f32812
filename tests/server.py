"""The real server: `flask serve` as a process, with everything it starts."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 90
MARKER = "CLIENTFLOW_TEST_MARKER"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One `flask serve` with its children, which carry its marker in their environment."""

    def __init__(self, folder: Path, *, workers: int = 1, **settings: str) -> None:
        self.port = free_port()
        self.marker = uuid.uuid4().hex
        self.log = folder / f"{self.marker}.log"
        self.command = serve_command(self.port, workers)
        self.cwd = Path(settings.pop("cwd", str(ROOT)))
        self.environ = environment(folder, **settings) | {MARKER: self.marker}

    def start(self) -> "Server":
        """Start it and wait until it answers."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.answers, or_else=self.log.read_text)
        return self

    def answers(self) -> bool:
        """Whether a request for the liveness page is answered."""
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended:\n{self.log.read_text()}")
        with contextlib.suppress(OSError):
            return self.say(b"GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1")
        return False

    def connect(self) -> socket.socket:
        """A connection that gives up after a few seconds."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=8)

    def say(self, request: bytes) -> bytes:
        """Send bytes; answer all bytes until the server closes or stays silent."""
        with self.connect() as connection:
            connection.sendall(request)
            return hear(connection)

    def family(self) -> list[int]:
        """The process numbers of everything with our marker that is still alive."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if (
                    entry.name.isdigit()
                    and self.marker.encode() in (entry / "environ").read_bytes()
                ):
                    found.append(int(entry.name))
        return sorted(number for number in found if not _is_zombie(number))

    def children(self, *words: str) -> list[int]:
        """Those of the family, the parent aside, whose command line holds all words."""
        return [
            number
            for number in self.family()
            if number != self.process.pid and all(word in command_of(number) for word in words)
        ]

    def end(self) -> None:
        """End whatever is left of the family."""
        for number in self.family():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextlib.contextmanager
def serving(folder: Path, *, workers: int = 1, **settings: str) -> Iterator[Server]:
    """A running server, ended afterwards whatever happened."""
    server = Server(folder, workers=workers, **settings)
    try:
        yield server.start()
    finally:
        server.end()


def serve_command(port: int, workers: int = 1) -> list[str]:
    """What an operator types."""
    shown = ["--port", str(port), "--workers", str(workers)]
    return [sys.executable, "-m", "flask", "serve", *shown]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a server whose instance is below `folder`."""
    ours = {name: value for name, value in os.environ.items() if "CLIENTFLOW" not in name}
    given = {"INSTANCE": str(folder / "instance"), "CONTENT": str(ROOT / "content")} | settings
    named = {f"CLIENTFLOW_{name}": value for name, value in given.items()}
    return ours | named | {"PYTHONPATH": str(ROOT)}


def hear(connection: socket.socket) -> bytes:
    """Everything that comes until the other side closes, or is silent for too long."""
    heard = b""
    with contextlib.suppress(TimeoutError, ConnectionResetError):
        while part := connection.recv(65_536):
            heard += part
    return heard


def wait_until(is_so: object, *, seconds: float = PATIENCE, or_else: object = None) -> None:
    """Ask again and again; fails when the answer stays no."""
    assert callable(is_so)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError(or_else() if callable(or_else) else "it did not happen in time")


def command_of(number: int) -> str:
    """The command line of a process, empty when it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def _is_zombie(number: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True
