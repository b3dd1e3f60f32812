"""Restoring: load beside the present site, prove, erase anew what was erased, then swap."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.content import read_all_again
from app.core.database import db, is_sqlite
from app.core.errors import Refusal
from app.core.instance import NotReady, knows_schema, shut, upgrade_database
from app.core.privacy import (
    key_path,
    prepare_keys,
    record,
    replay_erasures,
    sweep,
)

from .archive import Archive, Progress, no_progress, opened
from .checking import compare
from .connections import check_nobody_connected
from .copying import blocks_of, database_file
from .keeping import keep_backups, moment_of
from .ledgers import gather
from .loading import clear_stage, loaded, unpack_content
from .making import HEAD_PART, alone, content_files, make_alone
from .manifest import Manifest, digest_of
from .problems import BackupProblem
from .swap import Plan, carry_out, check_no_swap, is_swap_open, plan_for


@dataclass(frozen=True)
class Wish:
    """What to restore, and how."""

    file: Path
    is_trial: bool = False
    keeps_content: bool = False
    #: Also a backup so old that erasures since then are no longer known.
    even_if_old: bool = False


@dataclass(frozen=True)
class Anew:
    """What was erased again from a restored database, and what was over by now."""

    erased: int = 0
    swept: int = 0
    #: What kept it from being all.
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Restored:
    """What a restore has done, or would have done."""

    manifest: Manifest
    has_keys: bool
    anew: Anew
    #: The backup of the site as it was before; `None` when there was nothing, or it failed.
    former: Path | None = None
    #: Where the former database is, when it could not be backed up.
    aside: str = ""
    is_content_new: bool = False
    problems: list[str] = field(default_factory=list)


def restore(
    wish: Wish,
    agreed: Callable[[Manifest], None] = lambda _manifest: None,
    progress: Progress = no_progress,
) -> Restored:
    """Bring a site back from a backup; the present one stays until the other is proven.

    `agreed` is asked once the backup was found in order, and raises if it is not to go on.
    Raises `NotReady` while the site runs, and `BackupProblem`; then nothing has changed, or
    `resume` finishes what was begun.
    """
    with shut(), alone(), opened(wish.file) as archive:
        _check(wish, archive)
        agreed(archive.manifest)
        check_nobody_connected()
        gather(wish.file)
        clear_stage()
        try:
            result = _try(wish, archive, progress)
            return result if wish.is_trial else _put_in_place(archive, result, progress)
        except (NotReady, SQLAlchemyError) as problem:
            raise BackupProblem(f"This backup cannot be used: {_first_line(problem)}") from None
        finally:
            if not is_swap_open():
                clear_stage()


def resume() -> Anew:
    """Finish a restore that was interrupted, or that waited for its keys; what was erased.

    Raises `BackupProblem` when there is none, or the keys are still not here.
    """
    with shut(), alone():
        plan = Plan.read()
        if plan is None:
            raise BackupProblem("No restore waits to be finished.")
        with _told_how_to_go_on():
            rest = carry_out(plan)
        clear_stage()
        if not rest.has_erasures_due:
            return Anew()
        if not key_path().exists():
            raise BackupProblem(
                f"The key file {key_path()} is still missing; put it back, or give up what it "
                "sealed with `flask keys init --after-loss`."
            )
        prepare_keys()
        with _told_how_to_go_on():
            anew = _erase_anew(rest.made, rest.entries)
            rest.forget()
        return anew


def _try(wish: Wish, archive: Archive, progress: Progress) -> Restored:
    """Load a backup and make of it what could be opened at once."""
    manifest = archive.manifest
    anew = Anew()
    is_content_new = not wish.keeps_content and _differs(manifest)
    if is_content_new:
        _check_content_can_move()
        unpack_content(archive, progress)
    with loaded(archive, progress):
        compare(archive)
        upgrade_database()
        if not _has_pictures():
            read_all_again()
        if archive.is_ours:
            prepare_keys()
            anew = _erase_anew(manifest.made_at.isoformat(), manifest.entries)
        _fold()
    return Restored(
        manifest,
        archive.is_ours,
        anew,
        is_content_new=is_content_new,
        problems=[*manifest.problems, *anew.problems],
    )


def _erase_anew(made: str, entries: int) -> Anew:
    """Erase what was erased since the backup, and what is over by now."""
    # What is over by now may depend on what is not known since the backup.
    record("backup.restored", facts={"made": made, "entries": entries})
    again = replay_erasures()
    # A backup is never older than its period, so much at once is no sign of a wrong clock.
    due = sweep(even_if_surprising=True)
    unread = (
        f"Erasures that these keys cannot read, and that were not done again: {again.unreadable}."
    )
    problems = [unread] if again.unreadable else []
    return Anew(again.rows, sum(entry.due for entry in due), problems)


def _put_in_place(archive: Archive, result: Restored, progress: Progress) -> Restored:
    """Swap the staged site with the present one, which is backed up first if it can be."""
    former, reason = _save_present(progress)
    check_nobody_connected()
    plan = replace(
        plan_for(has_content=result.is_content_new),
        drops_aside=former is not None,
        has_erasures_due=not result.has_keys,
        made=archive.manifest.made_at.isoformat(),
        entries=archive.manifest.entries,
        head=_head(archive),
    )
    with _told_how_to_go_on():
        plan.write()
        carry_out(plan)
    if former is None and reason:
        return replace(result, aside=plan.aside, problems=[*result.problems, reason])
    return replace(result, former=former)


def _save_present(progress: Progress) -> tuple[Path | None, str]:
    """A backup of what is about to be replaced, or why there is none."""
    if not _has_present():
        return None, ""
    try:
        return make_alone(progress=progress).file, ""
    except (BackupProblem, Refusal, SQLAlchemyError, sqlite3.Error) as problem:
        return None, f"The former site could not be backed up: {_first_line(problem)}"


def _has_present() -> bool:
    if is_sqlite():
        return database_file().exists()
    with db.engine.connect() as connection:
        return sa.inspect(connection).has_table("users")


def _check(wish: Wish, archive: Archive) -> None:
    """Whether this site can take this backup."""
    made = archive.manifest
    check_no_swap()
    named = moment_of(wish.file)
    if named is not None and named != made.made_at:
        raise BackupProblem(
            f"{wish.file} is from {made.made_at:%Y-%m-%d %H:%M} and bears the name of another; "
            "give it a name of its own if it is meant."
        )
    if made.database != db.engine.dialect.name:
        raise BackupProblem(
            f"This backup is of a site on {made.database}, and this one is on "
            f"{db.engine.dialect.name}; set CLIENTFLOW_DATABASE_URL."
        )
    if not knows_schema(made.schema):
        raise BackupProblem(
            f"This backup has schema {made.schema}, which this version of Clientflow does not "
            f"know; install version {made.version} or a newer one."
        )
    if clock.now() - made.made_at > keep_backups() and not wish.even_if_old:
        raise BackupProblem(
            f"This backup is older than {keep_backups().days} days, and who has been erased since "
            "then is no longer known; restore it with --even-if-old if there is no other."
        )
    if not archive.is_ours and key_path().exists():
        raise BackupProblem(f"The key file {key_path()} cannot be used; nothing was changed.")


@contextmanager
def _told_how_to_go_on() -> Iterator[None]:
    """Faults from here on, as a sentence that says what is to be done when they are mended."""
    try:
        yield
    except (OSError, SQLAlchemyError) as fault:
        if Plan.read() is None:
            raise
        raise BackupProblem(
            f"The restore is not finished ({_first_line(fault)}); run `flask restore --resume`."
        ) from None


def _check_content_can_move() -> None:
    content: Path = current_app.config["CONTENT"]
    if content.resolve().is_mount():
        raise BackupProblem(
            f"The content folder {content} is a mount point and cannot be replaced; restore with "
            "--keep-content, and put the content back by hand."
        )


def _differs(manifest: Manifest) -> bool:
    """Whether the content folder is another than it was then."""
    root: Path = current_app.config["CONTENT"]
    then = {part.name: part.sha256 for part in manifest.below("content")}
    now = dict(content_files(root)) if root.exists() else {}
    return then.keys() != now.keys() or any(
        digest_of(b"".join(blocks_of(file))) != then[name] for name, file in now.items()
    )


def _has_pictures() -> bool:
    """Whether this machine has the pictures that were made when content was read."""
    folder: Path = current_app.config["INSTANCE"] / "media"
    return folder.exists() and any(folder.iterdir())


def _fold() -> None:
    """Leave nothing of a SQLite database in the files beside it."""
    if not is_sqlite():
        return
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
    with closing(sqlite3.connect(database_file(), isolation_level=None)) as own:
        own.execute("PRAGMA journal_mode = DELETE").fetchone()


def _head(archive: Archive) -> str:
    """The text of the head that the backup was made with; empty when it has none."""
    parts = [part for part in archive.manifest.below("records") if part.name == HEAD_PART]
    return b"".join(block for part in parts for block in archive.read(part)).decode(
        "utf-8", "replace"
    )


def _first_line(problem: Exception) -> str:
    return str(getattr(problem, "orig", problem)).strip().split("\n")[0]
