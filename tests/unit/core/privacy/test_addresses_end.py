"""A commenter's address is gone after its days, and from every old copy when its month's key is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.comments import Comment
from app.core.content import sync
from app.core.database import db, transaction
from app.core.privacy import KeyGone, overdue, standing, sweep, tend_keys
from app.core.privacy.keyfile import read_ring, write_ring
from app.core.privacy.ring import Ring
from app.core.privacy.vault import open_for
from tests.factories import make_comment
from tests.folder import ContentFolder

pytestmark = pytest.mark.database

#: The first day of a long month: no key lasts longer after an address was left.
LEFT = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
#: What is read of the row as a backup would hold it, past the code that seals and opens.
SEALED = sa.select(
    *(
        sa.type_coerce(column, sa.LargeBinary)
        for column in (Comment.author_ip, Comment.author_email)
    )
)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "own" / "clientflow.keys"
    write_ring(file, Ring.new(LEFT.date()))
    return file


@pytest.fixture
def site(make_app: Any, keys: Path, content: ContentFolder) -> Iterator[Flask]:
    with time_machine.travel(LEFT, tick=False):
        app = make_app(KEY_FILE=keys)
        content.post("tulips", date="2026-11-01")
        with app.app_context():
            sync()
            make_comment(ip="203.0.113.9")
            db.session.remove()
    with app.app_context():
        yield app
        db.session.remove()


def backup() -> bytes:
    """The sealed address as it stands in the database now."""
    db.session.rollback()
    address = db.session.scalars(SEALED).one()
    assert address
    return bytes(address)


def restore(address: bytes) -> None:
    """Put back what a copy had held."""
    table = sa.table("comments", sa.column("author_ip", sa.LargeBinary))
    with transaction() as session:
        session.execute(sa.update(table).values(author_ip=address))


def the_comment() -> Comment:
    db.session.rollback()
    return db.session.scalars(sa.select(Comment)).one()


@pytest.mark.promise("address-gone-after-period")
def test_after_91_days_no_row_holds_the_address_and_nothing_is_overdue(site: Flask) -> None:
    with time_machine.travel(LEFT + 89 * DAY, tick=False):
        sweep()
        assert the_comment().author_ip is not None
    with time_machine.travel(LEFT + 91 * DAY, tick=False):
        sweep()
        comment = the_comment()
        assert (comment.author_ip, comment.author_ip_lookup, comment.author_ip_near) == (
            None,
            None,
            None,
        )
        assert comment.author_email is not None
        assert [due.name for due in standing() if due.due] == []
        assert "Tulips at last." in site.test_client().get("/garden/tulips/").text


@pytest.mark.promise("month-keys-destroyed")
def test_by_day_122_the_months_key_is_gone_and_an_old_copy_cannot_be_read(
    site: Flask, keys: Path
) -> None:
    kept = backup()
    with time_machine.travel(LEFT + 91 * DAY, tick=False):
        tend_keys()
        restore(kept)
        assert open_for(the_comment(), "author_ip", "ban") == "203.0.113.9"
    with time_machine.travel(LEFT + 122 * DAY, tick=False):
        tend_keys()
        assert 202612 not in read_ring(keys).months
        restore(kept)
        with pytest.raises(KeyGone):
            open_for(the_comment(), "author_ip", "ban")
        page = site.test_client().get("/garden/tulips/")
        assert (page.status_code, "Tulips at last." in page.text) == (200, True)
        sweep()
        assert the_comment().author_ip is None
        assert [due.name for due in overdue() if due.late] == []


@pytest.mark.promise("nothing-past-its-period")
def test_an_email_is_kept_while_others_answer_under_the_same_post(site: Flask) -> None:
    year = 365 * DAY
    with time_machine.travel(LEFT + 300 * DAY, tick=False):
        make_comment(name="Ada", email="ada@example.org", ip=None, created_at=LEFT + 300 * DAY)
    with time_machine.travel(LEFT + year + DAY, tick=False):
        sweep()
        assert all(db.session.scalars(sa.select(Comment.author_email)))
    db.session.rollback()
    with time_machine.travel(LEFT + 300 * DAY + year, tick=False):
        sweep()
        assert not any(db.session.scalars(sa.select(Comment.author_email)))
