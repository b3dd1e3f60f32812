"""A Clientflow site started for a measurement, with its own instance folder and port."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import SERVER_CORE, free_port, on_core, serving

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "content"


@dataclass(frozen=True)
class Answer:
    """What a page request brought."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Site:
    """Where a site lives: its content, its instance folder, its port and its database."""

    content: Path
    instance: Path
    port: int
    database: str = ""

    @property
    def address(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Answer the surroundings in which its commands run; nothing of ours leaks in."""
        foreign = {name: value for name, value in os.environ.items() if "CLIENTFLOW" not in name}
        named = {"CLIENTFLOW_DATABASE_URL": self.database} if self.database else {}
        return {
            **foreign,
            **named,
            "CLIENTFLOW_CONTENT": str(self.content),
            "CLIENTFLOW_INSTANCE": str(self.instance),
            "CLIENTFLOW_BASE_URL": self.address,
            "CLIENTFLOW_LOG_LEVEL": "ERROR",
        }

    def run(self, *words: str) -> None:
        """Run a Python module, with its arguments, in the site's surroundings."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}:\n{(done.stdout + done.stderr)[-3000:]}")

    def get(self, path: str, *, encoding: str = "identity") -> Answer:
        """Ask for one page, on a connection of its own."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.perf_counter()
        asking.request("GET", path, headers={"Accept-Encoding": encoding})
        answer = asking.getresponse()
        body = answer.read()
        seconds = time.perf_counter() - began
        asking.close()
        return Answer(answer.status, body, seconds)

    @contextmanager
    def served(
        self, *, core: int | None = SERVER_CORE, workers: int = 1, **settings: str
    ) -> Iterator[int]:
        """Serve on one core or on all (`None`), with further settings; yield the process id."""
        words = [
            "-m",
            "flask",
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--workers",
            str(workers),
        ]
        command = [sys.executable, *words]
        with serving(
            command if core is None else on_core(core, command),
            self.port,
            environment=self.environment() | settings,
            log=self.instance.with_suffix(".log"),
        ) as pid:
            yield pid


@contextmanager
def site_of(
    content: Path = SHIPPED, *, database: str = "", kept: Path | None = None
) -> Iterator[Site]:
    """Give a content folder an instance folder and a port; both are gone after the block.

    An instance folder in a `kept` folder stays for the next time.
    """
    if kept:
        yield Site(content, kept / "instance", free_port(), database)
        return
    with tempfile.TemporaryDirectory(prefix="clientflow-bench-") as folder:
        yield Site(content, Path(folder) / "instance", free_port(), database)
