"""`flask promises`: checking at once what is checked every day."""

import sys

import click
from flask.cli import AppGroup

from .checking import check_promises

promises = AppGroup("promises", help="The promises of the policy.")


@promises.command("check")
def check_command() -> None:
    """Check every promise now and store the results; exit code 1 when one is not kept."""
    kept = check_promises()
    for each in kept:
        if each.problem:
            click.echo(f"{each.promise.id}: {each.problem}", err=True)
    checked = sum(1 for each in kept if each.checked_at)
    broken = sum(1 for each in kept if each.problem)
    click.echo(f"{len(kept)} promised, {checked} checked now, {broken} not kept")
    sys.exit(1 if broken else 0)
