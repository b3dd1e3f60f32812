"""Putting a restored site in the place of the present one: whole, or at the next try.

What has to be moved is written down first. Whoever finds that file goes on where it was
left, and the site does not start before nothing of it is left.
"""

import json
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.database import db, is_sqlite
from app.core.instance import RESTORE
from app.core.privacy import heads_folder, put_heads_aside

from .copying import database_file
from .keeping import keep_backups
from .loading import STAGE, staged_content, staged_file
from .making import sync_folder
from .problems import BackupProblem

ASIDE = "before-restore-"
_STAMP = "%Y%m%d-%H%M%S"
_SIDE_FILES = ("", "-wal", "-shm", "-journal")

#: Everything of this role in a schema that does not belong to something else in it.
_OBJECTS = """
WITH home AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = :schema)
SELECT format('ALTER %s %I.%I SET SCHEMA', CASE relkind
        WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
        ELSE 'TABLE' END, nspname, relname)
    FROM pg_class JOIN home ON relnamespace = home.oid
    WHERE relowner = CAST(current_user AS regrole) AND relkind IN ('r', 'p', 'v', 'm', 'S')
    AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = CAST('pg_class' AS regclass)
        AND objid = pg_class.oid AND (deptype = 'e' OR (relkind = 'S' AND deptype IN ('a', 'i'))))
UNION ALL
SELECT format('ALTER ROUTINE %s SET SCHEMA', CAST(pg_proc.oid AS regprocedure))
    FROM pg_proc JOIN home ON pronamespace = home.oid
    WHERE proowner = CAST(current_user AS regrole) AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = CAST('pg_proc' AS regclass)
        AND objid = pg_proc.oid AND deptype = 'e')
UNION ALL
SELECT format('ALTER TEXT SEARCH CONFIGURATION %I.%I SET SCHEMA', nspname, cfgname)
    FROM pg_ts_config JOIN home ON cfgnamespace = home.oid
    WHERE cfgowner = CAST(current_user AS regrole)
UNION ALL
SELECT format('ALTER TEXT SEARCH DICTIONARY %I.%I SET SCHEMA', nspname, dictname)
    FROM pg_ts_dict JOIN home ON dictnamespace = home.oid
    WHERE dictowner = CAST(current_user AS regrole)
"""


@dataclass(frozen=True)
class Plan:
    """What is left to do of a restore."""

    #: Names that become others, in this order; each is done once.
    moves: list[list[str]] = field(default_factory=list)
    #: Where the present database goes: a folder, or a schema.
    aside: str = ""
    #: Whether that is deleted in the end, as there is a backup of it.
    drops_aside: bool = False
    #: Whether what was erased since then could be there again.
    has_erasures_due: bool = False
    #: When the backup was made, how many entries its audit log has, and the head of that.
    made: str = ""
    entries: int = 0
    head: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anything has yet to be moved, for which the stage is needed."""
        return bool(self.moves or self.aside)

    @classmethod
    def read(cls) -> Self | None:
        """What is written down; `None` when no restore is under way."""
        try:
            return cls(**json.loads(_file().read_text("utf-8")))
        except FileNotFoundError:
            return None

    def write(self) -> None:
        """Write it down where the start looks."""
        file = _file()
        unfinished = file.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8") as out:
            out.write(json.dumps(asdict(self)))
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(file)
        sync_folder(file.parent)

    def forget(self) -> None:
        """Nothing is left to do."""
        _file().unlink(missing_ok=True)
        sync_folder(_file().parent)


def is_swap_open() -> bool:
    """Whether a swap was begun and is not over."""
    plan = Plan.read()
    return plan is not None and plan.is_open


def check_no_swap() -> None:
    """Raise `BackupProblem` while a swap is not over: what it has loaded must stay."""
    if is_swap_open():
        raise BackupProblem("A restore is not finished; run `flask restore --resume` first.")


def plan_for(*, has_content: bool) -> Plan:
    """What has to change its name for the staged site to be the present one."""
    # Nobody has had this name before, so what bears it was moved by this very plan.
    stamp = f"{clock.now():{_STAMP}}-{secrets.token_hex(3)}"
    content: Path = current_app.config["CONTENT"].resolve()
    moves: list[tuple[Path, Path]] = []
    aside = f"{ASIDE}{stamp}"
    if is_sqlite():
        file = database_file().resolve()
        folder = file.parent / aside
        present = [file.with_name(file.name + ending) for ending in _SIDE_FILES]
        moves += [(one, folder / one.name) for one in present if one.exists()]
        moves.append((staged_file().resolve(), file))
        aside = str(folder)
    if has_content:
        former = content.with_name(f"{content.name}-{ASIDE}{stamp}")
        hidden = sorted(content.glob(".*")) if content.exists() else []
        moves += [(content, former)] if content.exists() else []
        moves.append((staged_content(), content))
        moves += [(former / one.name, content / one.name) for one in hidden]
    named = [[str(source), str(target)] for source, target in moves]
    return Plan(named, aside)


def carry_out(plan: Plan) -> Plan:
    """Do what is left of a plan; what is left then. Doing it again does no harm."""
    for engine in db.engines.values():
        engine.dispose()
    if not is_sqlite() and plan.aside:
        _swap_schemas(plan.aside)
    for source, target in ((Path(source), Path(target)) for source, target in plan.moves):
        if source.exists() and not target.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            source.rename(target)
            sync_folder(target.parent)
            sync_folder(source.parent)
    with db.engine.connect() as connection:
        connection.execute(sa.text("SELECT count(*) FROM users"))
    if plan.is_open and plan.made:
        _keep_heads(plan)
    if plan.aside and plan.drops_aside:
        drop_aside(plan.aside)
    rest = Plan(has_erasures_due=plan.has_erasures_due, made=plan.made, entries=plan.entries)
    if rest.has_erasures_due:
        rest.write()
    else:
        rest.forget()
    return rest


def drop_aside(name: str) -> None:
    """Delete a database that was put aside."""
    if is_sqlite():
        shutil.rmtree(name, ignore_errors=True)
        return
    with db.engine.begin() as connection:
        connection.execute(sa.text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))


def drop_old_asides() -> int:
    """Delete what earlier restores put aside and nobody has fetched in time; how many."""
    gone = 0
    for name in _asides():
        with suppress(ValueError):
            stamp = name.rpartition(ASIDE)[2].rpartition("-")[0]
            at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
            if clock.now() - at > keep_backups():
                drop_aside(name)
                gone += 1
    return gone


def _asides() -> list[str]:
    if is_sqlite():
        return [str(folder) for folder in database_file().resolve().parent.glob(f"{ASIDE}*")]
    query = sa.text("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, :name)")
    with db.engine.connect() as connection:
        return list(connection.scalars(query, {"name": ASIDE}))


def _swap_schemas(aside: str) -> None:
    """Move the present tables out and the restored ones in, in one transaction."""
    with db.engine.begin() as connection:
        if not connection.scalar(
            sa.text("SELECT to_regnamespace(CAST(:name AS text))"), {"name": STAGE}
        ):
            return
        home = connection.scalar(sa.text("SELECT current_schema()"))
        connection.execute(sa.text(f'CREATE SCHEMA "{aside}"'))
        for source, target in ((home, aside), (STAGE, home)):
            found = connection.scalars(sa.text(_OBJECTS), {"schema": source})
            for statement in found.all():
                connection.exec_driver_sql(f'{statement} "{target}"')
        connection.execute(sa.text(f"DROP SCHEMA {STAGE} CASCADE"))


def _keep_heads(plan: Plan) -> None:
    """Put heads aside that tell of entries which are gone, and keep the one of the backup."""
    put_heads_aside("before-restore", after=plan.entries)
    if plan.head:
        folder, at = heads_folder(), datetime.fromisoformat(plan.made)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / f"{at:%Y-%m-%dT%H%M%SZ}-{plan.entries}.json"
        file.write_text(plan.head, "utf-8")


def _file() -> Path:
    return current_app.config["INSTANCE"] / RESTORE
