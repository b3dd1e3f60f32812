"""`flask privacy record`."""

import click
from flask.cli import AppGroup

from app.core.content import ContentProblem

from .formats import FORMATS
from .making import make_record

privacy = AppGroup("privacy", help="Personal data.")


@privacy.command("record")
@click.option(
    "--format", "shape", type=click.Choice(list(FORMATS)), default="md", help="Default: md."
)
def record_command(shape: str) -> None:
    """Print the record of processing activities that Article 30 of the GDPR asks for."""
    try:
        record = make_record()
    except ContentProblem as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(FORMATS[shape](record), nl=False)
