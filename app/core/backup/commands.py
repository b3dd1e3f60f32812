"""`flask backup` and `flask restore`."""

import sys
from contextlib import ContextDecorator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.core.config import ConfigError
from app.core.errors import Refusal
from app.core.instance import NotReady

from .checking import verify_backup
from .copying import database_size
from .keeping import backup_folder, kept_backups, newest_backup, prune
from .keycopy import copy_keys
from .making import Made, make_backup
from .manifest import Manifest
from .problems import BackupProblem
from .restoring import Wish, resume
from .restoring import restore as start_restore
from .telling import report

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class plainly(ContextDecorator):  # noqa: N801 - reads as a word in a `with` statement
    """One sentence and exit code 1 instead of a trace."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, problem: BaseException | None, _trace: Any) -> None:
        if isinstance(problem, BackupProblem | ConfigError | NotReady | Refusal):
            raise click.ClickException(str(problem)) from None
        if isinstance(problem, SQLAlchemyError | OSError):
            reason = str(getattr(problem, "orig", problem)).strip().split("\n")[0]
            raise click.ClickException(f"Nothing was changed: {reason}.") from None


class Bar:
    """A bar on a terminal, and silence elsewhere, for bytes that pass several times."""

    def __init__(self, label: str, length: int) -> None:
        self.bar: Any = None
        if sys.stderr.isatty():
            self.bar = click.progressbar(length=max(1, length), label=label, file=sys.stderr)

    def __call__(self, count: int) -> None:
        """So many bytes more."""
        if self.bar is not None:
            self.bar.update(min(count, self.bar.length - self.bar.pos))

    def end(self) -> None:
        """Leave the line to what comes next."""
        if self.bar is not None:
            self.bar.render_finish()


@click.group("backup", cls=AppGroup, invoke_without_command=True)
@click.option("--to", type=_FOLDER, help="Folder to write to, instead of CLIENTFLOW_BACKUP.")
@click.pass_context
@with_appcontext
def backup(context: click.Context, to: Path | None) -> None:
    """Copy the site into one sealed file, beside those who read and write; prove it first."""
    if context.invoked_subcommand is not None:
        return
    with plainly():
        # Copied, packed, and read back.
        bar = Bar("Backing up", 3 * database_size())
        try:
            made = make_backup(to, bar)
        finally:
            bar.end()
    _tell(made)


@backup.command("list")
@click.option("--in", "folder", type=_FOLDER, help="Another folder than CLIENTFLOW_BACKUP.")
def list_command(folder: Path | None) -> None:
    """Name the backups there are, oldest first."""
    found = kept_backups(folder)
    for kept in found:
        click.echo(f"{kept.file}  {megabytes(kept.size)}  {_ago(kept.age)}")
    if not found:
        click.echo(f"There is no backup in {backup_folder(folder)}.")


@backup.command("prune")
@click.option("--in", "folder", type=_FOLDER, help="Another folder than CLIENTFLOW_BACKUP.")
def prune_command(folder: Path | None) -> None:
    """Delete the backups whose time is over, as the daily job does."""
    with plainly():
        gone = prune(folder)
    click.echo(f"{len(gone)} deleted")


@backup.command("verify")
@click.argument("file", required=False, type=_FILE)
def verify_command(file: Path | None) -> None:
    """Load a backup, the last one unless another is named, prove it, and throw it away."""
    with plainly():
        file = file or newest_backup().file
        bar = Bar("Checking", 2 * file.stat().st_size)
        try:
            manifest = verify_backup(file, bar)
        finally:
            bar.end()
    rows = sum(manifest.tables.values())
    click.echo(f"{file} is whole: {rows:,} rows of {manifest.made_at:%Y-%m-%d %H:%M} UTC.")


@backup.command("keys")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@plainly()
def keys_command(file: Path) -> None:
    """Copy the key file to a place apart from all backups, over the copy that is there."""
    copy_keys(file)
    click.echo(f"{file} holds the keys; who has it and a backup can read every email.")


@click.command("restore")
@click.argument("file", required=False, type=_FILE)
@click.option("--dry-run", is_flag=True, help="Load, prove and count; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--keep-content", is_flag=True, help="Leave the content folder as it is.")
@click.option("--even-if-old", is_flag=True, help="Also when erasures since then are not known.")
@click.option("--resume", "goes_on", is_flag=True, help="Finish a restore that was interrupted.")
@with_appcontext
@plainly()
def restore(file: Path | None, *, goes_on: bool, yes: bool, **how: bool) -> None:
    """Bring the site back from a backup, with everything erased that was erased since."""
    if goes_on:
        anew = resume()
        click.echo(f"The restore is finished; {anew.erased} rows were erased again.")
        for problem in anew.problems:
            click.echo(problem)
        return
    if file is None:
        raise click.UsageError("Name the backup; `flask backup list` shows what there is.")
    wish = Wish(
        file,
        is_trial=how["dry_run"],
        keeps_content=how["keep_content"],
        even_if_old=how["even_if_old"],
    )
    bar = Bar("Restoring", 2 * file.stat().st_size)
    try:
        result = start_restore(wish, _asking(wish, yes=yes), bar)
    finally:
        bar.end()
    for line in report(result, is_trial=wish.is_trial):
        click.echo(line)


def _asking(wish: Wish, *, yes: bool) -> Any:
    """Ask before anything is replaced, unless that was answered already."""

    def ask(manifest: Manifest) -> None:
        rows = f"{sum(manifest.tables.values()):,} rows"
        click.echo(f"{wish.file}: {manifest.made_at:%Y-%m-%d %H:%M} UTC, {rows}")
        if not (yes or wish.is_trial):
            click.confirm("This replaces the site that is here now. Go on?", abort=True)

    return ask


def megabytes(size: int) -> str:
    """A size as people say it."""
    return f"{size / 1_000_000:,.1f} MB"


def _tell(made: Made) -> None:
    people = sum(made.manifest.tables.values())
    click.echo(
        f"{made.file}  {megabytes(made.size)}, {people:,} rows, {made.seconds:.1f} s; "
        "the keys are not in it."
    )
    for problem in made.manifest.problems:
        click.echo(problem, err=True)
    if made.manifest.problems:
        click.echo("The backup is whole; the site it was made of is not.", err=True)
        sys.exit(1)


def _ago(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours} hours ago" if hours < 48 else f"{hours // 24} days ago"
