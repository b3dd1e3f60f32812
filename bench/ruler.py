"""The ruler: what one answer costs us, in CPU time, against nginx sending the same bytes.

Both servers run at the same time, each on the server's core, and are loaded in turns from the
other core. CPU time is what all processes of a server used; it is steady where requests per
second move with whatever else the machine does.
"""

import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import LOAD_CORE, SERVER_CORE, cpu_seconds, free_port, on_core, serving
from bench.site import Site

ROUNDS = 5
SECONDS = 4
CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("check.lua")

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log crit;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=100;
    open_file_cache_valid 1h;
    default_type text/html;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@dataclass(frozen=True)
class Turn:
    """One server's share of a round."""

    requests: int
    cpu: float
    seconds: float

    @property
    def cost(self) -> float:
        """CPU seconds for one request."""
        return self.cpu / self.requests


@dataclass(frozen=True)
class Comparison:
    """The medians of all rounds."""

    ours: float
    nginx: float
    ratio: float
    per_second: float
    size: int


def compare(site: Site, pid: int, path: str, *, encoding: str = "identity") -> Comparison:
    """Measure a page of a running site against nginx, in interleaved rounds.

    Raises `RuntimeError` when any answer of either was not exactly the page's bytes.
    """
    page = site.get(path, encoding=encoding)
    if page.status != 200:
        raise RuntimeError(f"{path} answers {page.status}")
    with tempfile.TemporaryDirectory(prefix="clientflow-ruler-") as name:
        expected = Path(name) / "files" / "page.html"
        expected.parent.mkdir()
        expected.write_bytes(page.body)
        with _nginx(Path(name)) as (nginx_pid, port):
            rounds = [
                (
                    _turn(pid, site.address + path, encoding, expected),
                    _turn(nginx_pid, f"http://127.0.0.1:{port}/page.html", encoding, expected),
                )
                for _ in range(ROUNDS)
            ]
    return Comparison(
        ours=statistics.median(ours.cost for ours, _ in rounds),
        nginx=statistics.median(theirs.cost for _, theirs in rounds),
        ratio=statistics.median(ours.cost / theirs.cost for ours, theirs in rounds),
        per_second=statistics.median(ours.requests / ours.seconds for ours, _ in rounds),
        size=len(page.body),
    )


@contextmanager
def against_nginx(site: Site, path: str, folder: Path) -> Iterator[Callable[[], float]]:
    """A function that loads nginx with a page of the site; CPU seconds for one answer."""
    expected = folder / "files" / "page.html"
    expected.parent.mkdir()
    expected.write_bytes(site.get(path).body)
    with _nginx(folder) as (pid, port):
        address = f"http://127.0.0.1:{port}/page.html"
        yield lambda: _turn(pid, address, "identity", expected).cost


@contextmanager
def _nginx(folder: Path) -> Iterator[tuple[int, int]]:
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, user=user))
    command = ["nginx", "-p", str(folder), "-c", str(config)]
    with serving(on_core(SERVER_CORE, command), port, log=folder / "start.log") as pid:
        yield pid, port


def _turn(pid: int, address: str, encoding: str, expected: Path) -> Turn:
    before = cpu_seconds(pid)
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(SCRIPT)]
    told = subprocess.run(
        on_core(LOAD_CORE, [*load, "-H", f"Accept-Encoding: {encoding}", address]),
        env={**os.environ, "BENCH_EXPECTED": str(expected)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    cpu = cpu_seconds(pid) - before
    line = next(line for line in told.splitlines() if line.startswith("ruler "))
    requests, wrong, failed, seconds = line.split()[1:]
    if int(wrong) or int(failed) or not int(requests):
        raise RuntimeError(f"{address}: {wrong} wrong and {failed} failed of {requests} answers")
    return Turn(int(requests), cpu, float(seconds))
