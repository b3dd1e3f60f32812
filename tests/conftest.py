"""What every test stands on: a real database, the real app, a content folder of its own."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.core import clock
from app.core.config import Config
from app.core.content import Report, sync
from app.core.database import db
from app.core.instance import prepare_instance
from app.core.privacy.keyfile import write_ring
from app.core.privacy.ring import Ring
from tests.databases import Copies, PostgresCopies, SqliteCopies, disconnect
from tests.folder import ContentFolder
from tests.mailbox import Mailbox
from tests.people import sign_in
from tests.readings import Fresh, Readings
from tests.thrift import be_thrifty

SHIPPED_CONTENT = Path(__file__).parents[1] / "content"
POSTGRES = "CLIENTFLOW_TEST_POSTGRES"
JUST_BEGUN = 3  # seconds; a form's stamp, which tells the hour, is too young for two

pytest_plugins = ["tests.marking"]

be_thrifty()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database`: which database the tests use."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin no test as an hour begins: a form shown then and sent at once is rightly odd."""
    into = time.time() % 3_600
    if into < JUST_BEGUN or into > 3_600 - JUST_BEGUN:
        time.sleep((JUST_BEGUN - into) % 3_600)


@pytest.fixture(scope="session")
def on_postgresql(request: pytest.FixtureRequest) -> bool:
    """Whether this run uses PostgreSQL; it needs the address of a throw-away server."""
    return request.config.getoption("--database") == "postgresql"


@pytest.fixture(scope="session")
def databases(on_postgresql: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    """Fresh databases with the newest schema, for whoever needs one."""
    folder = tmp_path_factory.mktemp("databases")
    copies = PostgresCopies(_server(), folder) if on_postgresql else SqliteCopies(folder)
    yield copies
    copies.close()


@pytest.fixture(scope="session")
def new_database(databases: Copies) -> Callable[[], str]:
    """A function that gives the address of a fresh database, which stays until the end."""
    return databases.new


@pytest.fixture
def content(tmp_path: Path) -> ContentFolder:
    """A furnished content folder."""
    folder = ContentFolder(tmp_path / "content")
    folder.furnish()
    return folder


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys made once for all apps of a run, for a year back too: some tests go there."""
    file = tmp_path_factory.mktemp("keys") / "clientflow.keys"
    today = clock.now().date()
    write_ring(file, Ring.new(today - timedelta(days=400)).extended(today))
    return file


@pytest.fixture(scope="session")
def readings(databases: Copies, tmp_path_factory: pytest.TempPathFactory) -> Readings:
    """What was read of content folders in this run."""
    return Readings(databases, tmp_path_factory.mktemp("readings"))


@pytest.fixture
def made(databases: Copies) -> Iterator[dict[Flask, Fresh]]:
    """The apps of a test; their databases go with it."""
    made: dict[Flask, Fresh] = {}
    yield made
    for app in made:
        disconnect(app)
    for fresh in made.values():
        if fresh.database:
            databases.drop(fresh.database)


@pytest.fixture
def make_app(
    tmp_path: Path,
    content: ContentFolder,
    databases: Copies,
    key_file: Path,
    made: dict[Flask, Fresh],
) -> Any:
    """A function that makes an app on a fresh database; keywords change its configuration."""

    def make(**changes: Any) -> Flask:
        instance = tmp_path / "instance"
        instance.mkdir(mode=0o700, exist_ok=True)
        values = {"INSTANCE": instance, "CONTENT": content.root, "KEY_FILE": key_file}
        own = None if "DATABASE_URL" in changes else databases.new()
        app = create_app(Config.for_tests(**values | {"DATABASE_URL": own} | changes))
        made[app] = Fresh.watch(app, own, repr(sorted(changes.items())))
        return app

    return make


@pytest.fixture
def app(make_app: Any) -> Flask:
    """An app with the furnished content not yet read."""
    return make_app()


@pytest.fixture
def read(app: Flask, made: dict[Flask, Fresh], readings: Readings) -> Callable[[], Report]:
    """A function that syncs the content folder and answers the report."""
    return lambda: readings.read(made[app])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Ada's browser, without scripts."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask) -> Any:
    """A function that gives a browser in which the member of that name is signed in."""
    return lambda username: sign_in(app, username)


@pytest.fixture
def outbox(app: Flask) -> Mailbox:
    """The mail that was sent, oldest first."""
    return Mailbox(app)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent to the database since the test last cleared the list."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engines = list(db.engines.values())
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, new_database: Any) -> Iterator[Flask]:
    """The app with the content that ships with the product. Tests must not change it."""
    instance = tmp_path_factory.mktemp("shipped") / "instance"
    config = Config.for_tests(
        INSTANCE=instance, CONTENT=SHIPPED_CONTENT, DATABASE_URL=new_database()
    )
    app = create_app(config)
    with app.app_context():
        prepare_instance()
        report = sync()
    assert not report.problems, [(row.path, row.problem) for row in report.problems]
    yield app
    disconnect(app)


def _server() -> str:
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.exit(f"{POSTGRES} must hold the address of a throw-away server", returncode=3)
    return server
