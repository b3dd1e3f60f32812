"""G4: what taking a comment costs: judged, sealed, recorded and on the disk before the answer."""

import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

from bench.processes import LOAD_CORE, cpu_seconds, on_core
from bench.report import Finding
from bench.ruler import ROUNDS, SECONDS, against_nginx
from bench.site import Site, site_of
from tests.provision import throwaway_postgres

LIMIT = 150  # times nginx
SLOWEST = 100  # milliseconds
CONNECTIONS, WORKERS = 8, 2
PATH = "/blog/the-second-release/"
SCRIPT = Path(__file__).with_name("post.lua")
#: A stamp younger than two seconds would be answered with the check page.
PATIENCE = 3

_STAMP = re.compile(r'name="stamp"[^>]*value="([^"]+)"')


def measure() -> Iterator[Finding]:
    """Comment under a post of a site on each database."""
    with site_of() as site:
        yield from _posted(site, "SQLite")
    with throwaway_postgres(is_durable=True) as address, site_of(database=address) as site:
        yield from _posted(site, "PostgreSQL")


def _posted(site: Site, database: str) -> Iterator[Finding]:
    with (
        site.served(workers=WORKERS, CLIENTFLOW_TRUSTED_PROXIES="127.0.0.1/32") as pid,
        tempfile.TemporaryDirectory(prefix="clientflow-ruler-") as folder,
        against_nginx(site, PATH, Path(folder)) as nginx,
    ):
        stamp = _STAMP.search(site.get(PATH).body.decode())
        if stamp is None:
            raise RuntimeError(f"{PATH} has no comment form")
        time.sleep(PATIENCE)
        rounds = [(_turn(site, pid, stamp[1], number), nginx()) for number in range(ROUNDS)]
    ratio = statistics.median(ours[0] / theirs for ours, theirs in rounds)
    what = f"comment posted on {database}, {CONNECTIONS} connections, {WORKERS} workers"
    yield Finding("G4", f"{what}: CPU", ratio, LIMIT, "times nginx")
    cost = statistics.median(ours[0] for ours, _ in rounds)
    yield Finding("G4", f"{what}: CPU for one", cost * 1000, unit="ms")
    yield Finding("G4", f"{what}: p99", statistics.median(o[1] for o, _ in rounds), SLOWEST, "ms")
    yield Finding("G4", f"{what}: taken", statistics.median(o[2] for o, _ in rounds), unit="/s")
    yield Finding("G4", f"{what}: not taken", sum(ours[3] for ours, _ in rounds), 0)


def _turn(site: Site, pid: int, stamp: str, number: int) -> tuple[float, float, float, int]:
    """CPU seconds for one comment, the 99th percentile in ms, comments a second, failures."""
    before = cpu_seconds(pid)
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(SCRIPT), site.address]
    told = subprocess.run(
        on_core(LOAD_CORE, load),
        env={
            **os.environ,
            "BENCH_PATH": f"{PATH}comments",
            "BENCH_STAMP": quote_plus(stamp),
            "BENCH_RUN": str(number + 1),
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    cpu = cpu_seconds(pid) - before
    line = next(line for line in told.splitlines() if line.startswith("ruler "))
    requests, refused, failed, seconds, slowest = line.split()[1:]
    if not int(requests):
        raise RuntimeError("no comment was answered")
    return (
        cpu / int(requests),
        float(slowest),
        int(requests) / float(seconds),
        int(refused) + int(failed),
    )
