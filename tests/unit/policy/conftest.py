"""Versions of the policy, written and published as an operator would."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core.content import sync
from app.policy.models import PolicyVersion
from app.policy.publishing import publish
from app.policy.queries import today
from tests.folder import ContentFolder


@pytest.fixture
def published(app: Flask, content: ContentFolder, read: Any) -> Callable[..., PolicyVersion]:
    """A function that publishes a further version; the first is there."""
    content.policy()
    with app.app_context():
        read()

    def next_version(number: int, body: str = "", **front: Any) -> PolicyVersion:
        with app.app_context():
            day = today().isoformat()
            content.policy(number, body, **{"announced_on": day, "effective_from": day} | front)
            report = sync()
            assert not report.problems, report.problems[0].problem
            return publish()

    return next_version
