"""Databases for tests: each is a copy of one that was migrated once."""

import shutil
import sqlite3
import uuid
from pathlib import Path

import psycopg
import sqlalchemy as sa
from flask import Flask
from psycopg import sql

from app import create_app
from app.core.config import Config
from app.core.database import db
from app.core.instance import upgrade_database

CHOOSES_STRATEGY = 150_000  # PostgreSQL's version, as its driver tells it


class SqliteCopies:
    """Copies of one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.original = folder / "original.db"
        _migrate(f"sqlite:///{self.original}", folder)
        # What is still in the write-ahead log would not come along.
        with sqlite3.connect(self.original) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def new(self) -> str:
        """The address of a fresh database with the newest schema."""
        return self.copy_of(f"sqlite:///{self.original}")

    def copy_of(self, address: str) -> str:
        """The address of a copy of a database that nobody is connected to."""
        copy = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(_file(address), copy)
        return f"sqlite:///{copy}"

    def replace(self, address: str, by: str) -> None:
        """Put a copy of one database in the place of another; nobody is connected to either."""
        self.drop(address)
        shutil.copyfile(_file(by), _file(address))

    def drop(self, address: str) -> None:
        """Remove a database that nobody uses any more."""
        file = _file(address)
        for ending in ("", "-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the rest; the folder goes with the run."""


class PostgresCopies:
    """Copies of one database of a throw-away server."""

    def __init__(self, server: str, folder: Path) -> None:
        self.server = sa.make_url(server).set(drivername="postgresql")
        self.admin = psycopg.connect(server, autocommit=True)
        self.made: list[str] = []
        self.original = self._create("template0")
        _migrate(self._address(self.original), folder)

    def new(self) -> str:
        """The address of a fresh database with the newest schema."""
        return self._address(self._create(self.original))

    def copy_of(self, address: str) -> str:
        """The address of a copy of a database that nobody is connected to."""
        return self._address(self._create(_name(address)))

    def replace(self, address: str, by: str) -> None:
        """Put a copy of one database in the place of another; nobody is connected to either."""
        self.drop(address)
        self._create(_name(by), _name(address))

    def drop(self, address: str) -> None:
        """Remove a database that nobody uses any more."""
        self._drop(_name(address))

    def close(self) -> None:
        """Remove the rest."""
        for name in self.made[::-1]:
            self._drop(name)
        self.admin.close()

    def _create(self, template: str, name: str | None = None) -> str:
        name = name or f"test_{uuid.uuid4().hex}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        if self.admin.info.server_version >= CHOOSES_STRATEGY:
            # Copying files costs a third of writing every page to the log first.
            statement += sql.SQL(" STRATEGY FILE_COPY")
        self.admin.execute(statement)
        self.made.append(name)
        return name

    def _drop(self, name: str) -> None:
        self.admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        self.made.remove(name)

    def _address(self, name: str) -> str:
        return self.server.set(database=name).render_as_string(hide_password=False)


Copies = SqliteCopies | PostgresCopies


def disconnect(app: Flask) -> None:
    """Close the application's connections."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _file(address: str) -> Path:
    return Path(str(sa.make_url(address).database))


def _name(address: str) -> str:
    return str(sa.make_url(address).database)


def _migrate(address: str, folder: Path) -> None:
    app = create_app(Config.for_tests(INSTANCE=folder, DATABASE_URL=address))
    with app.app_context():
        upgrade_database()
    disconnect(app)
