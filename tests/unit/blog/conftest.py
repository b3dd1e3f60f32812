"""What the tests of the blogs share."""

from collections.abc import Callable
from datetime import datetime

import pytest


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that stops the clock, such as at("2026-03-01 09:00+00:00")."""

    def stop(moment: str) -> None:
        stopped = datetime.fromisoformat(moment)
        assert stopped.tzinfo is not None
        monkeypatch.setattr("app.core.clock.now", lambda: stopped)

    return stop
