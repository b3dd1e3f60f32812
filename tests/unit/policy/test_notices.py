"""Notices: people with an account are told once of what matters, and before it holds."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.database import db
from app.core.mail import OutgoingMail
from app.policy import notices
from app.policy.notices import send_notices
from app.policy.queries import today, told_of
from tests.people import make_member

pytestmark = pytest.mark.database


@pytest.fixture
def announced(app: Flask, published: Any) -> Any:
    """Three people, and a material version that is announced."""
    with app.app_context():
        for name in ("ada", "bo", "mira"):
            make_member(name)
        later = today() + timedelta(days=30)
    return published(2, "[c5] New words.", material=True, effective_from=later.isoformat())


def mails() -> int:
    rows = sa.select(sa.func.count(OutgoingMail.id)).where(
        OutgoingMail.template == "policy/changed"
    )
    return db.session.scalar(rows) or 0


@pytest.mark.promise("notice-before-change")
def test_everybody_is_written_to_once(app: Flask, announced: Any) -> None:
    with app.app_context():
        assert (send_notices(), mails(), told_of(2)) == (3, 3, 3)
        assert (send_notices(), mails()) == (0, 3)


@pytest.mark.promise("notice-before-change")
def test_a_run_that_is_killed_is_finished_without_a_double(
    app: Flask, announced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "BATCH", 1)
    write, calls = notices.enqueue, []

    def fails_at_the_second(*given: Any, **facts: Any) -> None:
        calls.append(given)
        write(*given, **facts)
        if len(calls) == 2:
            raise OSError("killed")

    monkeypatch.setattr(notices, "enqueue", fails_at_the_second)
    with app.app_context():
        with pytest.raises(OSError, match="killed"):
            send_notices()
        assert (mails(), told_of(2)) == (1, 1)
        monkeypatch.setattr(notices, "enqueue", write)
        send_notices()
        assert (mails(), told_of(2)) == (3, 3)


def test_a_small_change_writes_to_nobody(app: Flask, published: Any) -> None:
    with app.app_context():
        make_member("ada")
    published(2, "[c5] Fewer commas.")
    with app.app_context():
        assert (send_notices(), mails()) == (0, 0)
