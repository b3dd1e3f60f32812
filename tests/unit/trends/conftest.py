"""A small site whose readers are counted, and what their totals come to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.core.config import Config
from app.core.content import sync
from app.core.database import db, transaction
from app.trends.models import Dimension, TrendDay, TrendFile, TrendReport, TrendYear
from tests.databases import disconnect
from tests.folder import ContentFolder
from tests.street import build_street

POST = "/garden/tulips/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
TABLES = (TrendDay, TrendYear, TrendReport, TrendFile)


class Readers:
    """Requests, and the totals they were added to."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client(use_cookies=False)

    def ask(self, address: str = POST, *, method: str = "GET", **headers: str) -> int:
        """Ask for an address as Ada's browser does; the status of the answer."""
        given = {"User-Agent": FIREFOX, "Accept-Language": "de-AT,en;q=0.5"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(address, method=method, headers=given, buffered=True).status_code

    def totals(self) -> dict[str, dict[str, int]]:
        """What there is after all that was asked, by dimension and value."""
        self.app.extensions["trends"].finish()
        with self.app.app_context():
            rows = db.session.execute(
                sa.select(TrendDay.dimension, TrendDay.value, sa.func.sum(TrendDay.count)).group_by(
                    TrendDay.dimension, TrendDay.value
                )
            )
            found: dict[str, dict[str, int]] = {}
            for dimension, value, count in rows:
                found.setdefault(Dimension(dimension).value, {})[value] = int(count)
        return found


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, new_database: Any, key_file: Path
) -> Iterator[Flask]:
    """Green Street, which the tests of a file share."""
    folder = tmp_path_factory.mktemp("trends")
    content = ContentFolder(folder / "content")
    content.furnish()
    build_street(content)
    (folder / "instance").mkdir()
    app = create_app(
        Config.for_tests(
            INSTANCE=folder / "instance",
            CONTENT=content.root,
            KEY_FILE=key_file,
            DATABASE_URL=new_database(),
        )
    )
    with app.app_context():
        sync()
    yield app
    disconnect(app)


@pytest.fixture
def readers(site: Flask) -> Readers:
    """Readers of a site of which nothing was counted yet."""
    noted = site.extensions["trends"]
    noted.queue.clear()
    noted.hits.clear()
    noted.counts.clear()
    with site.app_context(), transaction() as session:
        for table in TABLES:
            session.execute(sa.delete(table))
    return Readers(site)


@pytest.fixture
def app(site: Flask) -> Flask:
    """The same site, for what else is asked of an app."""
    return site
