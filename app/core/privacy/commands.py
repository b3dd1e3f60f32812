"""`flask keys`, `flask audit` and `flask retention`."""

import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from app.core.config import ConfigError
from app.core.errors import Refusal

from .duties import check_chain, due_months, expire_months, extend_months
from .heads import BadHead, export_head, kept_heads, read_head
from .keyfile import key_path
from .keys import ring
from .renewal import (
    KeysRefused,
    add_root,
    make_keys,
    make_keys_after_loss,
    promote_root,
    retire_root,
)
from .retention import standing, sweep
from .ring import name_of
from .rotation import reseal, uses_of

keys = AppGroup("keys", help="The key file that emails and addresses are sealed with.")
audit = AppGroup("audit", help="The record of looks and decisions.")
retention = AppGroup("retention", help="The periods that columns declare.")


class plain_refusals:  # noqa: N801 - reads as a word in a `with` statement
    """One sentence and exit code 1 instead of a trace."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, problem: BaseException | None, _trace: Any) -> None:
        if isinstance(problem, KeysRefused | ConfigError | BadHead | Refusal):
            raise click.ClickException(str(problem)) from None
        if isinstance(problem, FileNotFoundError):
            raise click.ClickException(f"The key file {key_path()} is missing.") from None
        if isinstance(problem, SQLAlchemyError | OSError):
            reason = str(getattr(problem, "orig", problem)).strip().split("\n")[0]
            raise click.ClickException(
                f"The database or the key file cannot be used ({reason}); `flask database upgrade` "
                "makes the tables of a new site."
            ) from None


@keys.command("init")
@click.option("--after-loss", is_flag=True, help="Give up what the lost keys had sealed.")
@click.confirmation_option(
    "--yes", prompt="This makes keys that cannot be made again. Go on?", help="Do not ask."
)
def init_command(after_loss: bool) -> None:
    """Make the key file of a site that has none."""
    with plain_refusals():
        if not after_loss:
            click.echo(f"{make_keys()} is new; keep a copy apart from the backups.")
            return
        gone = make_keys_after_loss()
    for column, number in gone.items():
        click.echo(f"{column}: {number} gone for good")
    click.echo(f"{key_path()} is new; keep a copy apart from the backups.")


@keys.command("list")
def list_command() -> None:
    """Tell which keys there are, and what still needs them; never a key itself."""
    with plain_refusals():
        known = ring()
        for key_id in known.roots:
            state = "at work" if key_id == known.current else "opens only"
            needed = ", ".join(f"{name} {n}" for name, n in uses_of(key_id, known).items())
            click.echo(f"{name_of(key_id)}  {state}  {needed or 'not needed'}")
    months = sorted(known.months)
    if months:
        click.echo(f"addresses: {name_of(months[0])} to {name_of(months[-1])}")


@keys.command("add")
def add_command() -> None:
    """Make one more key, which opens and does not seal yet."""
    with plain_refusals():
        name = add_root()
    click.echo(
        f"{name} is new. Copy the key file to every machine, then: flask keys promote {name}"
    )


@keys.command("promote")
@click.argument("name", metavar="ID")
def promote_command(name: str) -> None:
    """Seal under this key from now on."""
    with plain_refusals():
        promote_root(name)
    click.echo(f"{name} is at work. Copy the key file to every machine, then: flask keys reseal")


@keys.command("reseal")
@click.option("--batch", type=click.IntRange(1, 10_000), default=500, help="Rows at a time.")
def reseal_command(batch: int) -> None:
    """Seal everything under the key at work; may be interrupted and repeated."""
    with plain_refusals():
        result = reseal(batch)
    click.echo(f"{result.done} sealed again, {result.unreadable} not readable")
    sys.exit(1 if result.unreadable else 0)


@keys.command("retire")
@click.argument("name", metavar="ID")
def retire_command(name: str) -> None:
    """Destroy a key that nothing needs any more."""
    with plain_refusals():
        retire_root(name)
    click.echo(f"{name} is destroyed here. Copy the key file to every machine.")


@keys.command("extend")
def extend_command() -> None:
    """Make the address keys of the months to come."""
    with plain_refusals():
        made = extend_months()
    click.echo(f"{made} months made" + (". Copy the key file to every machine." if made else ""))


@keys.command("expire")
@click.option("--yes", is_flag=True, help="Destroy them; without it they are only named.")
def expire_command(yes: bool) -> None:
    """Destroy the address keys of months that are over for long enough."""
    with plain_refusals():
        names = expire_months() if yes else [name_of(month) for month in due_months()]
    for name in names:
        click.echo(f"{name} {'destroyed' if yes else 'is due'}")


@audit.command("verify")
@click.option("--against", type=click.Path(path_type=Path), help="A head that you kept.")
def verify_command(against: Path | None) -> None:
    """Check the audit chain, and that it still contains every head; exit code 1 if not."""
    with plain_refusals():
        verdict = check_chain(*([read_head(against)] if against else []))
    click.echo(verdict.sentence, err=bool(verdict.bad))
    sys.exit(1 if verdict.bad else 0)


@audit.command("heads")
@click.option("--export", is_flag=True, help="Write the present head into a file as well.")
def heads_command(export: bool) -> None:
    """Name the files of heads kept here, oldest first."""
    with plain_refusals():
        if export and check_chain().bad:
            raise click.ClickException("The chain is broken: run `flask audit verify`.")
        if export:
            export_head()
        for file in kept_heads():
            head = read_head(file)
            click.echo(f"{head.at}  {head.count} entries  {file}")


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Count what is due; erase nothing.")
@click.option("--yes", is_flag=True, help="Erase also where surprisingly much is due.")
def run_command(dry_run: bool, yes: bool) -> None:
    """Erase personal data whose time is over; exit code 1 when some of it waits for `--yes`."""
    with plain_refusals():
        found = standing() if dry_run else sweep(even_if_surprising=yes)
    waiting = [due for due in found if due.is_surprising and not yes and not dry_run]
    for due in found:
        click.echo(f"{due.name}: {due.due} of {due.held}")
    if waiting:
        names = ", ".join(due.name for due in waiting)
        click.echo(f"Left alone, as so much was due at once: {names}. Use --yes.", err=True)
        sys.exit(1)
