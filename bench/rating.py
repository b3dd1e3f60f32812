"""G12: Lighthouse's marks for the public pages, as a phone on a slow line sees them."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator

from bench.report import Finding, tell
from bench.site import Site, site_of

LIGHTHOUSE = "lighthouse@13.5.0"
MARK, PAINT, SHIFT = 100, 0.8, 0  # of 100, seconds, layout shift
TURNS, TRIES = 3, 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-quic --disable-background-networking"
PAGES = ("/", "/features/", "/pricing/", "/about/", "/contact/", "/blog/", "/search/")


def measure() -> Iterator[Finding]:
    """Rate the shipped pages and the first post of the blog; the median of three turns."""
    if not shutil.which("npx"):
        tell("  Lighthouse was left out: it needs Node.js (npx), which is not installed here.")
        return
    with site_of() as site, site.served():
        for path in (*PAGES, _some_post(site)):
            tell(f"  rating {path} …")
            reports = [_rated(site, path) for _ in range(TURNS)]
            for fault in sorted(_faults(reports[0])):
                tell(f"    not perfect: {fault}")
            yield from _summary(path, reports)


def _some_post(site: Site) -> str:
    feed = json.loads(site.get("/blog/feed.json").body)
    return "/" + feed["items"][0]["url"].split("/", 3)[3]


def _rated(site: Site, path: str) -> dict:
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        options = {
            "output": "json",
            "output-path": report.name,
            "chrome-flags": FLAGS,
            "only-categories": ",".join(CATEGORIES),
        }
        named = [f"--{name}={value}" for name, value in options.items()]
        command = ["npx", "--yes", LIGHTHOUSE, site.address + path, "--quiet", *named]
        for _ in range(TRIES):
            # Now and then it loses its browser; an hour's measuring should not go with it.
            told = subprocess.run(
                command,
                env={**os.environ, "CHROME_PATH": os.environ["CHROMIUM"]},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
            if told.returncode == 0:
                return json.load(report)
        raise RuntimeError(f"Lighthouse failed on {path}: {told.stderr.strip()[-500:]}")


def _faults(report: dict) -> set[str]:
    """Answer what costs the page its marks, in Lighthouse's words."""
    weighed = {
        part["id"]
        for category in report["categories"].values()
        for part in category["auditRefs"]
        if part["weight"]
    }
    audits = {name: report["audits"][name] for name in weighed}
    lost = {name: audit for name, audit in audits.items() if (audit["score"] or 0) < 1}
    return {
        f"{name}: {audit['title']} {audit.get('displayValue', '')}".strip()
        for name, audit in lost.items()
        if audit["scoreDisplayMode"] != "notApplicable"
    }


def _summary(path: str, reports: list[dict]) -> Iterator[Finding]:
    for name in CATEGORIES:
        mark = statistics.median(100 * report["categories"][name]["score"] for report in reports)
        yield Finding("G12", f"{path}: {name}", mark, MARK, at_least=True)
    audits = [report["audits"] for report in reports]
    paint = statistics.median(
        audit["largest-contentful-paint"]["numericValue"] / 1000 for audit in audits
    )
    shift = statistics.median(audit["cumulative-layout-shift"]["numericValue"] for audit in audits)
    yield Finding("G12", f"{path}: largest paint", paint, PAINT, "s")
    yield Finding("G12", f"{path}: layout shift", shift, SHIFT)
