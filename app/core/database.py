"""The database: one model base, read-only reading, one way to write.

Reading uses a connection that cannot write. Writing happens inside `transaction()`,
which takes the write lock first: SQLite refuses, without waiting, to turn a
reading transaction into a writing one.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.core.config import ConfigError
from app.core.turns import Turns

READ = "read"
BUSY_TIMEOUT_MS = 5_000
POOL_SIZE = 4
# One connection for each request thread of the server at the most, then callers wait.
POOL_OVERFLOW = 28


class Model(DeclarativeBase):
    """Base of every table; each row has a number of its own."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    # Declared as `core.privacy.not_personal` declares, which stands on this module.
    id: Mapped[int] = mapped_column(
        primary_key=True, sort_order=-1, info={"privacy": "number of the row"}
    )


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A naive value is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """UTC, and without its zone where the database has no type for one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """The same moment, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class RoutedSession(FlaskSession):
    """Sends statements to the read-only connection unless a `transaction()` is open."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **_: Any) -> Any:
        """The engine for the next statement."""
        if bind is not None:
            return bind
        return self._db.engines[None if self.info.get("writing") else READ]


db = SQLAlchemy(
    model_class=Model, disable_autonaming=True, session_options={"class_": RoutedSession}
)


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that may write; committed as a whole at the end, or not at all.

    Inside another transaction it joins that one. What was loaded before is read
    again under the write lock when it is next touched.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return

    session.rollback()
    with _turn_to_write():
        session.info["writing"] = True
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            del session.info["writing"]


@contextmanager
def _turn_to_write() -> Iterator[None]:
    """A place in the queue of this host's writers, where the database has room for one.

    Raises `OperationalError` when it takes too long.
    """
    if not is_sqlite():
        yield
        return
    turns: Turns = current_app.extensions["turns_to_write"]
    with ExitStack() as turn:
        try:
            turn.enter_context(turns.turn(BUSY_TIMEOUT_MS / 1_000))
        except OSError as problem:
            raise sa.exc.OperationalError("wait for a turn to write", None, problem) from problem
        yield


def update_each(session: Session, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Give each row, named by its `id`, values of its own: one statement, however many rows.

    Every row names the same columns. `None` leaves a column as it is that may not be empty.
    """
    if not rows:
        return
    table: Any = model.__table__
    columns = [table.c[name] for name in rows[0]]
    given = rows_from_json(table, tuple(rows[0]), for_sqlite=is_sqlite())
    change = sa.update(table).where(table.c.id == given["id"])
    values = {
        column: given[column.name]
        if column.nullable
        else sa.func.coalesce(given[column.name], column)
        for column in columns
        if column.name != "id"
    }
    session.execute(change.values(values), {"rows": _as_json(session, columns, rows)})
    session.expire_all()


def rows_from_json(table: Any, names: tuple[str, ...], *, for_sqlite: bool) -> dict[str, Any]:
    """The columns of the rows that come as one JSON value, the parameter `rows`."""
    text = sa.bindparam("rows", type_=sa.Text())
    if for_sqlite:
        each = sa.func.json_each(text).table_valued("value", name="each")
        return {name: sa.func.json_extract(each.c.value, f"$.{name}") for name in names}
    fields = [sa.column(name, table.c[name].type) for name in names]
    given = sa.func.json_to_recordset(sa.cast(text, sa.JSON)).table_valued(*fields)
    return dict(given.render_derived(name="each", with_types=True).c)


def is_sqlite() -> bool:
    """Whether the embedded database is in use."""
    return db.engine.dialect.name == "sqlite"


@contextmanager
def pointed_at(address: str) -> Iterator[None]:
    """Have everything inside the block read and write another database: a copy that is tried.

    For commands and jobs, whose process does nothing else meanwhile.
    """
    app = current_app
    # The app's own mapping, which the session asks at each statement.
    engines = cast("dict[str | None, sa.Engine]", db.engines)
    names = ("SQLALCHEMY_DATABASE_URI", "turns_to_write")
    former = dict(engines), app.config[names[0]], app.extensions.get(names[1])
    db.session.remove()
    options = _options(app, address)
    try:
        for name in engines:
            engines[name] = sa.create_engine(**options)
            _prepare_engine(engines[name], may_write=name is None)
        app.config[names[0]] = address
        yield
    finally:
        db.session.remove()
        for name, engine in former[0].items():
            engines[name].dispose()
            engines[name] = engine
        app.config[names[0]], app.extensions[names[1]] = former[1:]


def init_database(app: Flask) -> None:
    """Connect the app to its database: one engine that writes, one that only reads."""
    options = _options(app, app.config["SQLALCHEMY_DATABASE_URI"])
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = dict(options)
    app.config["SQLALCHEMY_BINDS"] = {READ: dict(options)}
    db.init_app(app)
    with app.app_context():
        for name, engine in db.engines.items():
            _prepare_engine(engine, may_write=name is None)


def _options(app: Flask, address: str) -> dict[str, Any]:
    """How engines of a database are made; on SQLite its writers get their queue."""
    url = sa.make_url(address)
    options: dict[str, Any] = {
        "pool_size": POOL_SIZE,
        "max_overflow": POOL_OVERFLOW,
        # Error texts would otherwise carry the values of a statement, personal ones included.
        "hide_parameters": True,
    }
    if url.get_backend_name() == "sqlite":
        app.extensions["turns_to_write"] = Turns(Path(url.database or ""))
        return options | {"url": _existing_file(url)}
    return options | {"url": url, "pool_pre_ping": True}


def _as_json(session: Session, columns: Sequence[Any], rows: Sequence[Mapping[str, Any]]) -> str:
    dialect = session.connection().dialect
    made = {
        column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns
    }
    plain = [
        {name: make(row[name]) if make else row[name] for name, make in made.items()}
        for row in rows
    ]
    return json.dumps(plain, default=str)


def _existing_file(url: sa.URL) -> sa.URL:
    """The same SQLite file, opened only when it exists: a lost database is no empty one."""
    return url.set(database=f"file:{url.database}", query={"mode": "rw", "uri": "true"})


def _prepare_engine(engine: sa.Engine, *, may_write: bool) -> None:
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_pragmas(may_write=may_write))
        sa.event.listen(engine, "begin", _begin("BEGIN IMMEDIATE" if may_write else "BEGIN"))
        return
    if not may_write:
        sa.event.listen(engine, "connect", _make_read_only)


def _set_pragmas(*, may_write: bool) -> Any:
    def set_pragmas(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling begins too late, only at the first write.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        if may_write:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            (is_secure,) = connection.execute("PRAGMA secure_delete = ON").fetchone()
            if not is_secure:
                raise ConfigError(
                    "The SQLite library of this Python cannot overwrite what is deleted; use "
                    "another Python, or PostgreSQL."
                )
            return
        connection.execute("PRAGMA query_only = ON")

    return set_pragmas


def _begin(statement: str) -> Any:
    def begin(connection: sa.Connection) -> None:
        raw: Any = connection.connection.driver_connection
        try:
            raw.execute(statement)
        except sqlite3.Error as problem:
            # Here the library does not translate by itself, and a lock would look like a fault.
            raise sa.exc.OperationalError(statement, None, problem) from problem

    return begin


def _make_read_only(connection: Any, _record: Any) -> None:
    # No reader waits longer than a writer would; set at once, outside any transaction.
    connection.autocommit = True
    connection.execute(f"SET statement_timeout = {BUSY_TIMEOUT_MS}")
    # Compiling a query takes longer than any of ours runs.
    connection.execute("SET jit = off")
    connection.autocommit = False
    connection.read_only = True
