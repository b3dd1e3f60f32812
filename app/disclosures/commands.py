"""`flask privacy disclose`: the same way out as in the browser, under the same rules."""

import os
from pathlib import Path

import click
from flask.cli import AppGroup

from app.accounts import keepers, user_called, viewer_for
from app.core.errors import Refusal
from app.core.privacy import LookRefused
from app.core.privacy.disclosures import OUTCOMES

from .giving import give
from .words import ALONE, NEEDED

privacy = AppGroup("privacy", help="Personal data, one person at a time.")


@privacy.command("disclose")
@click.argument("entry", type=click.IntRange(1, 2**31 - 1))
@click.option("--as", "username", required=True, help="One of the two who approved the entry.")
@click.option(
    "--to", "file", type=click.Path(path_type=Path), required=True, help="The zip to write."
)
@click.option("--in-part", is_flag=True, help="Less is given than the paper asks for.")
def disclose_command(entry: int, username: str, file: Path, in_part: bool) -> None:
    """Write the file for an authority, from an approved entry of the register, and say so."""
    user = user_called(username)
    if user is None:
        raise click.ClickException(f"There is no account {username}.")
    if len(keepers()) < 2:
        raise click.ClickException(ALONE)
    _refuse_existing(file)
    try:
        answer = give(entry, viewer_for(user), in_part=in_part)
    except LookRefused as refusal:
        raise click.ClickException(
            f"{user.username} has to {NEEDED[refusal.need]} first."
        ) from None
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    if answer.content is not None:
        _write(file, answer.content)
        click.echo(f"{file} is written; it is kept nowhere else.")
    click.echo(f"{OUTCOMES[answer.outcome]}. On record under number {answer.number}.", err=True)


def _refuse_existing(file: Path) -> None:
    if file.exists() or not file.parent.is_dir():
        raise click.ClickException(f"{file} cannot be made anew there.")


def _write(file: Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
