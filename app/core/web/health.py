"""For the machines that watch the site: alive, ready, and how it has been doing."""

import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from app.core.content import problems
from app.core.database import db
from app.core.jobs import JobTurn
from app.core.privacy import can_seal
from app.core.registry import registry

from .access import is_on_this_machine, local, public

BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.5, 2.5)
SECONDS_BETWEEN_FLUSHES = 5.0
TEXT = "text/plain; version=0.0.4; charset=utf-8"

bp = Blueprint("health", __name__)


@bp.get("/livez")
@public
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return _plain("ok\n")


@bp.get("/readyz")
@public
def ready() -> Response:
    """Whether pages can be served; which part fails is told to callers on this machine only."""
    failing = [name for name, check in _CHECKS.items() if not check()]
    told = ", ".join(failing) if is_on_this_machine() else "see the log"
    return _plain(f"not ready: {told}\n", 503) if failing else _plain("ready\n")


@bp.get("/metrics")
@local
def metrics() -> Response:
    """Counts in the Prometheus text format, over all web processes of this machine."""
    tally: Tally = current_app.extensions["tally"]
    told = (line for give in registry().every("metrics") for line in give())
    lines = [*_job_lines(), *told, *tally.lines()]
    return Response(
        "\n".join(lines) + "\n", content_type=TEXT, headers={"Cache-Control": "no-store"}
    )


class Tally:
    """Requests by route, status and duration; no label ever holds a visitor's text.

    Each process writes its own counts to a small file now and then, and whichever
    process is asked adds all files up.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts: Counter[str] = Counter()
        self.flushed_at = 0.0

    def begin(self) -> None:
        """Note when the request began."""
        g.began_at = time.perf_counter()

    def finish(self, response: Response) -> Response:
        """Count the request."""
        took = time.perf_counter() - g.get("began_at", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "none"
        self.counts[
            f'clientflow_requests_total{{route="{route}",status="{response.status_code}"}}'
        ] += 1
        for bucket in BUCKETS:
            if took <= bucket:
                self.counts[f'clientflow_request_seconds_bucket{{le="{bucket}"}}'] += 1
        self.counts['clientflow_request_seconds_bucket{le="+Inf"}'] += 1
        self.counts["clientflow_request_seconds_count"] += 1
        self.counts["clientflow_request_seconds_sum"] += took
        if time.monotonic() - self.flushed_at > SECONDS_BETWEEN_FLUSHES:
            self.flush()
        return response

    def flush(self) -> None:
        """Write this process's counts where the others find them."""
        self.flushed_at = time.monotonic()
        try:
            self.folder.mkdir(exist_ok=True)
            file = self.folder / f"{os.getpid()}.json"
            unfinished = file.with_suffix(".part")
            unfinished.write_text(json.dumps(self.counts), "utf-8")
            unfinished.replace(file)
        except OSError:
            # A full disk costs some counts, never a page.
            return

    def lines(self) -> list[str]:
        """The sum of all processes, one sample a line."""
        self.flush()
        total: Counter[str] = Counter()
        for file in sorted(self.folder.glob("*.json")):
            try:
                total.update(json.loads(file.read_text("utf-8")))
            except (OSError, ValueError):
                continue
        return [f"{name} {round(value, 6)}" for name, value in sorted(total.items())]


def _job_lines() -> list[str]:
    rows = db.session.scalars(sa.select(JobTurn).order_by(JobTurn.name))
    lines = [f"clientflow_content_problems {len(problems())}"]
    for row in rows:
        label = f'{{job="{row.name}"}}'
        lines.append(f"clientflow_job_failures{label} {row.failures}")
        if row.finished_at:
            lines.append(
                f"clientflow_job_finished_seconds{label} {row.finished_at.timestamp():.0f}"
            )
    return lines


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status, {"Cache-Control": "no-store"}, content_type="text/plain")


def _database_answers() -> bool:
    try:
        db.session.execute(sa.select(JobTurn.id).limit(1))
    except SQLAlchemyError:
        return False
    return True


def _storage_is_writable() -> bool:
    return os.access(current_app.config["INSTANCE"], os.W_OK)


_CHECKS: dict[str, Any] = {
    "database": _database_answers,
    "storage": _storage_is_writable,
    "keys": can_seal,
}
