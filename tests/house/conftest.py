"""The shipped site, read once from end to end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.core import clock
from app.core.config import Config
from tests.crawl import Visited, crawl
from tests.databases import disconnect
from tests.folder import ContentFolder
from tests.house.doors import Street

#: The one moment at which whoever reads the whole site reads it: pages that are the same for
#: everybody are so within an hour, as their forms say since when they have been shown.
READ_AT = clock.now()


@pytest.fixture(scope="session")
def pages(shipped: Flask) -> dict[str, Visited]:
    """Every address of the shipped site that a visitor can reach."""
    return crawl(shipped, at=READ_AT)


@pytest.fixture(scope="session")
def street(
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Any,
    key_file: Path,
) -> Iterator[Street]:
    """Green Street with everybody in it. Tests must not change it."""
    yield from new_street(tmp_path_factory, new_database, key_file)


def new_street(
    tmp_path_factory: pytest.TempPathFactory, new_database: Any, key_file: Path
) -> Iterator[Street]:
    """Another Green Street, for those who change it."""
    root = tmp_path_factory.mktemp("street")
    content = ContentFolder(root / "content")
    content.furnish()
    app = create_app(
        Config.for_tests(
            INSTANCE=root, CONTENT=content.root, DATABASE_URL=new_database(), KEY_FILE=key_file
        )
    )
    yield Street(app, content)
    disconnect(app)
