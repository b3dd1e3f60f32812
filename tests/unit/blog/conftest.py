"""What the tests of the blogs share."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that stops the clock, such as at("2026-03-01 09:00+00:00")."""

    def stop(moment: str) -> None:
        stopped = datetime.fromisoformat(moment)
        assert stopped.tzinfo is not None
        monkeypatch.setattr("app.core.clock.now", lambda: stopped)

    return stop


@pytest.fixture
def refused(read: Any) -> Any:
    """A function that syncs and answers what cannot be used: path to (line, reason)."""
    return lambda: {row.path: (row.problem_line, row.problem) for row in read().problems}
