"""What every test stands on: a real database, the real app, a content folder of its own."""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from psycopg import sql

from app import create_app
from app.core import clock
from app.core.config import Config
from app.core.content import Report, sync
from app.core.database import db
from app.core.instance import prepare_instance, upgrade_database
from app.core.privacy.keyfile import write_ring
from app.core.privacy.ring import Ring
from tests.folder import ContentFolder
from tests.mailbox import Mailbox
from tests.people import sign_in

SHIPPED_CONTENT = Path(__file__).parents[1] / "content"
POSTGRES = "CLIENTFLOW_TEST_POSTGRES"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database`: which database the tests use."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(scope="session")
def on_postgresql(request: pytest.FixtureRequest) -> bool:
    """Whether this run uses PostgreSQL; it needs the address of a throw-away server."""
    return request.config.getoption("--database") == "postgresql"


@pytest.fixture(scope="session")
def new_database(on_postgresql: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A function that gives the address of a fresh database with the newest schema."""
    maker = _postgres_copies() if on_postgresql else _sqlite_copies(tmp_path_factory.mktemp("db"))
    yield next(maker)
    maker.close()


@pytest.fixture
def content(tmp_path: Path) -> ContentFolder:
    """A furnished content folder."""
    folder = ContentFolder(tmp_path / "content")
    folder.furnish()
    return folder


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all apps of a run; every test makes an app of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys made once for all apps of a run, for a year back too: some tests go there."""
    file = tmp_path_factory.mktemp("keys") / "clientflow.keys"
    today = clock.now().date()
    write_ring(file, Ring.new(today - timedelta(days=400)).extended(today))
    return file


@pytest.fixture
def make_app(
    tmp_path: Path,
    content: ContentFolder,
    new_database: Any,
    key_file: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Any]:
    """A function that makes an app on a fresh database; keywords change its configuration."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        instance = tmp_path / "instance"
        instance.mkdir(mode=0o700, exist_ok=True)
        values = {"INSTANCE": instance, "CONTENT": content.root, "DATABASE_URL": new_database()}
        values["KEY_FILE"] = key_file
        app = create_app(Config.for_tests(**values | changes))
        app.jinja_env.bytecode_cache = compiled_templates
        made.append(app)
        return app

    yield make
    for app in made:
        _close(app)


@pytest.fixture
def app(make_app: Any) -> Flask:
    """An app with the furnished content not yet read."""
    return make_app()


@pytest.fixture
def read(app: Flask) -> Any:
    """A function that syncs the content folder and answers the report."""

    def read() -> Report:
        with app.app_context():
            return sync()

    return read


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
    _close(app)


def _close(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _sqlite_copies(folder: Path) -> Iterator[Any]:
    """Copies of one database file that was migrated once."""
    original = folder / "original.db"
    _migrate(f"sqlite:///{original}", folder)
    # What is still in the write-ahead log would not come along.
    with sqlite3.connect(original) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()

    def new() -> str:
        copy = folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(original, copy)
        return f"sqlite:///{copy}"

    yield new


def _postgres_copies() -> Iterator[Any]:
    """Databases made from one template that was migrated once; removed at the end."""
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.exit(f"{POSTGRES} must hold the address of a throw-away server", returncode=3)
    made: list[str] = []
    with psycopg.connect(server, autocommit=True) as admin:

        def create(template: str) -> tuple[str, str]:
            name = f"test_{uuid.uuid4().hex}"
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
            made.append(name)
            url = sa.make_url(server).set(drivername="postgresql", database=name)
            return name, url.render_as_string(hide_password=False)

        template, address = create("template0")
        _migrate(address, Path(os.devnull).parent)
        yield lambda: create(template)[1]
        for name in reversed(made):
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _migrate(address: str, folder: Path) -> None:
    app = create_app(Config.for_tests(INSTANCE=folder, DATABASE_URL=address))
    with app.app_context():
        upgrade_database()
    _close(app)
