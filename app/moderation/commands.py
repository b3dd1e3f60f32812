"""Commands about moderation."""

import click
from flask.cli import AppGroup

from .sorting import learn_anew, sort_waiting

moderation = AppGroup("moderation", help="What moderators decided, and what was learnt from it.")


@moderation.command("relearn")
def relearn_command() -> None:
    """Forget what the sorter learnt, and learn it again from the log of decisions."""
    read = learn_anew()
    found = sort_waiting()
    click.echo(f"{read} decisions read, {found} comments sorted.")
