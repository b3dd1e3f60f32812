"""What tests of feedback stand on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.core.database import db
from app.feedback.models import Feedback
from tests.factories import make_feedback

MakeFeedback = Callable[..., Feedback]


@pytest.fixture
def inside(app: Flask, read: Any) -> Iterator[None]:
    """Inside the app, on a site whose content was read."""
    read()
    with app.app_context():
        yield
        db.session.remove()


@pytest.fixture
def stored(app: Flask, read: Any) -> MakeFeedback:
    """A function that stores a feedback, by Bo, and answers it."""
    read()

    def make(**values: Any) -> Feedback:
        with app.app_context():
            feedback = make_feedback(**values)
            db.session.refresh(feedback)
            db.session.expunge(feedback)
            db.session.remove()
        return feedback

    return make
