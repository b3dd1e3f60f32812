"""Work that every test would do alike is done once for all of them.

Each test makes an application and a database of its own. What is the same in all of them
(addresses, statements, templates) is compiled for the first and kept for the next.
"""

import gc
from types import CodeType, FunctionType
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.event import listen
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.core.web.templating import Environment
from tests.provision import keep_files_in_memory

STATEMENTS = 5_000


def be_thrifty() -> None:
    """Start keeping what is compiled; to be called once, before there is an application."""
    keep_files_in_memory()
    _keep_addresses()
    _keep_statements()
    _keep_templates()
    # Most of what lives is modules and tests; looking through them finds no garbage.
    gc.set_threshold(50_000, 20, 50)


def _keep_addresses() -> None:
    """The function that builds an address depends on nothing but its rule."""
    made: dict[tuple[Any, ...], FunctionType] = {}
    compile_builder = Rule._compile_builder

    def kept(self: Rule, append_unknown: bool = True) -> FunctionType:
        key = (self.rule, repr(self.defaults), tuple(self._trace), append_unknown)
        if key not in made:
            made[key] = compile_builder(self, append_unknown)
        return made[key]

    Rule._compile_builder = kept


def _keep_statements() -> None:
    """Statements are compiled for a dialect, and all connections of a run set theirs up alike."""
    kept: dict[type, LRUCache] = {}
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = lambda self, other: type(self) is type(other)
        dialect.__hash__ = lambda self: hash(type(self))
        kept[dialect] = LRUCache(STATEMENTS)

    def share(connection: Any) -> None:
        engine = connection.engine
        engine._compiled_cache = kept[type(engine.dialect)]

    listen(Engine, "engine_connect", share)


def _keep_templates() -> None:
    made = _Templates()
    begin = Environment.__init__

    def begin_with(self: Environment, *given: Any, **options: Any) -> None:
        begin(self, *given, **{"bytecode_cache": made} | options)

    Environment.__init__ = begin_with


class _Templates(BytecodeCache):
    """What templates were compiled to, for as long as their source stays the same."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.made.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.made[bucket.key, bucket.checksum] = bucket.code
