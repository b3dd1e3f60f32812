"""A restore brings back what was there, and nothing that was erased since."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.comments import Comment
from app.core.backup import Wish, restore
from app.core.database import db, transaction
from app.core.privacy import verify
from tests.factories import make_comment
from tests.unit.backup.conftest import WORDS


def texts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Comment.text).order_by(Comment.id)))


@pytest.mark.promise("restored-whole")
def test_what_was_written_later_is_gone_and_what_was_there_is_back(
    site: Flask, backed_up: Callable[[], Path]
) -> None:
    file = backed_up()
    with site.app_context():
        make_comment(text="Written later.")
        with transaction() as session:
            session.execute(sa.update(Comment).where(Comment.text == WORDS).values(text="Changed."))
        restore(Wish(file))
        assert verify().bad is None
    assert texts(site) == [WORDS]
