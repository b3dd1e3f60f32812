"""G8: how long a site with ten thousand posts takes to start, and what it then costs to read."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.corpus import BLOG_NAME, with_made_posts, with_real_posts
from bench.report import Finding
from bench.site import Site, site_of

POSTS, FIRST, AGAIN = 10_000, 60, 2  # posts, seconds, seconds
REAL_POSTS = 1_000
STARTS, READS = 3, 20
SOURCE = "BENCH_JEKYLL_POSTS"


def measure() -> Iterator[Finding]:
    """Start on made posts, then on real ones where a folder of them is named."""
    with tempfile.TemporaryDirectory(prefix="clientflow-corpus-") as folder:
        made = with_made_posts(Path(folder) / "made", POSTS)
        yield from _started(made, f"{POSTS:,} made posts", first=FIRST, again=AGAIN)
        if source := os.environ.get(SOURCE):
            real = with_real_posts(Path(folder) / "real", Path(source), REAL_POSTS)
            yield from _started(real, f"{REAL_POSTS:,} real posts")


def _started(
    content: Path, what: str, *, first: float | None = None, again: float | None = None
) -> Iterator[Finding]:
    with site_of(content) as site:
        yield Finding("G8", f"first start on {what}", _until_first_page(site), first, "s")
        later = statistics.median(_until_first_page(site) for _ in range(STARTS))
        yield Finding("G8", f"start on {what}, unchanged", later, again, "s")
        with site.served():
            for path in (
                f"/{BLOG_NAME}/",
                f"/{BLOG_NAME}/page/2/",
                "/search/?q=the",
                "/sitemap.xml",
            ):
                yield Finding("G8", f"{what}: {path}", _median_read(site, path), unit="ms")


def _until_first_page(site: Site) -> float:
    began = time.perf_counter()
    with site.served(core=None):
        answer = site.get(f"/{BLOG_NAME}/")
        seconds = time.perf_counter() - began
    if answer.status != 200:
        raise RuntimeError(f"/{BLOG_NAME}/ answers {answer.status}")
    return seconds


def _median_read(site: Site, path: str) -> float:
    answers = [site.get(path) for _ in range(READS)]
    if {answer.status for answer in answers} != {200}:
        raise RuntimeError(f"{path} answers {answers[0].status}")
    return 1000 * statistics.median(answer.seconds for answer in answers)
