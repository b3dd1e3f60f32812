"""G6: lists of a site with a million comments against those of one with a thousand."""

import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.report import Finding, tell
from bench.site import ROOT, Site, site_of
from bench.talkers import KNOWN_ADDRESS, KNOWN_EMAIL
from tests.provision import throwaway_postgres

LIMIT = 1.2  # times as long as the small site takes
ROUNDS, TURNS = 5, 40
SMALL = (1_000, 1_000)
LARGE = ((1_000, 100_000), (100_000, 1_000_000))
FIRST_POST = "/blog/what-clientflow-is-and-is-not/"

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Moderator:
    """A signed-in browser on one site, which counts only the time of the pages it asks for."""

    site: Site
    cookie: str

    def ask(self, path: str, form: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """One answer, read to its end; its body is in `.text`."""
        asking = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=120)
        headers = {"Cookie": f"session={self.cookie}", "Sec-Fetch-Site": "same-origin"}
        if form is None:
            asking.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            asking.request("POST", path, urlencode(form), headers)
        answer = asking.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        asking.close()
        return answer

    def seconds(self, path: str) -> float:
        """How long a page takes. Raises `RuntimeError` when it is none."""
        began = time.perf_counter()
        answer = self.ask(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
        return time.perf_counter() - began

    def found(self, kind: str, text: str) -> str:
        """The address of the list of what a search finds."""
        page = self.ask("/admin/comments/find/")
        token = _TOKEN.search(page.text)  # type: ignore[attr-defined]
        form = {"csrf_token": token[1] if token else "", "kind": kind, "text": text}
        answer = self.ask("/admin/comments/find/", form)
        place = answer.getheader("Location")
        if answer.status != 303 or place is None:
            raise RuntimeError(f"searching by {kind} answers {answer.status}")
        return place.partition("#")[0]


PAGES: dict[str, Callable[[Moderator], str]] = {
    "moderation queue": lambda _: "/admin/comments/",
    "search by email": lambda someone: someone.found("author", KNOWN_EMAIL),
    "search by address": lambda someone: someone.found("address", KNOWN_ADDRESS),
    "blog index": lambda _: "/blog/",
    "tag page": lambda _: "/blog/tags/topic-7/",
    "post with half of all comments": lambda _: FIRST_POST,
}


def measure() -> Iterator[Finding]:
    """Compare the sizes on each database, the pages of both asked for in turns.

    `BENCH_KEEP=<folder>` keeps the filled sites there; filling one again takes minutes.
    """
    with tempfile.TemporaryDirectory(prefix="clientflow-grown-") as passing:
        for database in ("SQLite", "PostgreSQL"):
            yield from _on(database, Path(os.environ.get("BENCH_KEEP", passing)))


def _on(database: str, folder: Path) -> Iterator[Finding]:
    with ExitStack() as stack:
        small, *larger = [
            _filled(stack, database, folder / f"{database}-{size[1]}", size)
            for size in (SMALL, *LARGE)
        ]
        for (posts, comments), large in zip(LARGE, larger, strict=True):
            size = f"{comments:,} comments and {posts:,} posts on {database}"
            for name, address in PAGES.items():
                ratio, took = _compared(small, large, address)
                yield Finding("G6", f"{name}, {size}", ratio, LIMIT, "times that of 1,000")
                yield Finding("G6", f"{name}, {size}: median", took * 1000, unit="ms")


def _filled(stack: ExitStack, database: str, folder: Path, size: tuple[int, int]) -> Moderator:
    tell(f"  filling {database} with {size[0]:,} posts and {size[1]:,} comments …")
    folder.mkdir(parents=True, exist_ok=True)
    address = ""
    if database == "PostgreSQL":
        # Its server runs as another user, who has to get there.
        folder.chmod(0o755)
        folder.parent.chmod(0o755)
        address = stack.enter_context(throwaway_postgres(kept=folder / "data"))
    site = stack.enter_context(site_of(database=address, kept=folder))
    with site.served():
        pass
    words = [sys.executable, "-m", "bench.talkers", *map(str, size)]
    told = subprocess.run(
        words, cwd=ROOT, env=site.environment(), check=True, capture_output=True, text=True
    )
    stack.enter_context(site.served())
    return Moderator(site, told.stdout.strip().splitlines()[-1])


def _compared(
    small: Moderator, large: Moderator, address: Callable[[Moderator], str]
) -> tuple[float, float]:
    """How many times longer the large site takes, and how long, both as medians."""
    pages = (address(small), address(large))
    ratios, times = [], []
    for _ in range(ROUNDS):
        mine: list[float] = []
        theirs: list[float] = []
        for _ in range(TURNS):
            mine.append(small.seconds(pages[0]))
            theirs.append(large.seconds(pages[1]))
        ratios.append(statistics.median(theirs) / statistics.median(mine))
        times.append(statistics.median(theirs))
    return statistics.median(ratios), statistics.median(times)
