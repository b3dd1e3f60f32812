"""The garden blog with people on it, and a place for backups."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.core.backup import make_backup
from tests.cast import GARDEN, MIRA
from tests.factories import make_comment
from tests.folder import ContentFolder
from tests.people import make_member, sign_in

BO = "bo.canary@example.org"
WORDS = "Planted in October, says the canary."


@pytest.fixture
def site(app: Flask, content: ContentFolder, read: Any) -> Flask:
    """A site with people on it, Mira signed in."""
    content.post("tulips")
    read()
    with app.app_context():
        make_member(MIRA, role="administrator", blog=GARDEN)
        make_comment(text=WORDS, email=BO)
    sign_in(app, MIRA)
    return app


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The folder of backups."""
    return tmp_path / "kept"


@pytest.fixture
def backed_up(site: Flask, kept: Path) -> Callable[[], Path]:
    """A function that makes a backup and answers its file."""

    def make() -> Path:
        with site.app_context():
            return make_backup(kept).file

    return make
