"""A real `flask serve` for tests that need more than the test client."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHIPPED_CONTENT = ROOT / "content"
PATIENCE = 120  # seconds; a first start reads every file and resizes every picture
SECONDS_TO_END = 30


def free_port() -> int:
    """Answer a port of the loopback range that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, content: Path = SHIPPED_CONTENT, **settings: str) -> Iterator[str]:
    """Serve a content folder for as long as the block lasts; yield the address without a path.

    `folder` keeps the instance and the log. `settings` are CLIENTFLOW_ names in lower case.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    given = {
        "instance": str(folder / "instance"),
        "content": str(content),
        "base_url": address,
        "log_level": "ERROR",
        **settings,
    }
    ours = {name: value for name, value in os.environ.items() if "CLIENTFLOW" not in name}
    log = folder / "serve.log"
    with log.open("wb") as words:
        server = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve", "--port", str(port), "--workers", "1"],
            cwd=ROOT,
            env={**ours, **{f"CLIENTFLOW_{name.upper()}": text for name, text in given.items()}},
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
        )
    try:
        _wait_for(port, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(SECONDS_TO_END)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    server.terminate()
    raise RuntimeError(f"the site did not start:\n{log.read_text()[-2000:]}")
