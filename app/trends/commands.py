"""`flask trends`: logs of the web server, and the reports."""

from pathlib import Path

import click
from flask.cli import AppGroup

from .logs import AlreadyFolded, fold
from .reports import altered, publish_due

trends = AppGroup("trends", help="Totals of the site's use.")


@trends.command("fold")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keep", is_flag=True, help="Leave the file where it is.")
def fold_log(file: Path, keep: bool) -> None:
    """Add a log without addresses to the totals, and delete it."""
    try:
        done = fold(file)
    except AlreadyFolded as problem:
        raise click.ClickException(str(problem.message)) from None
    except OSError as problem:
        raise click.ClickException(f"{file} cannot be read: {problem.strerror}.") from None
    click.echo(f"Added {done.added:,} requests; {done.passed:,} were no pages.")
    if done.with_address:
        raise click.ClickException(
            f"{done.with_address:,} lines hold a network address and were refused; use the format "
            "of deploy/nginx.conf. The file was left where it is."
        )
    if done.refused:
        raise click.ClickException(
            f"{done.refused:,} lines are not of the format of deploy/nginx.conf and were refused. "
            "The file was left where it is."
        )
    if not keep:
        file.unlink()


@trends.command("publish")
def publish() -> None:
    """Publish the months that are over, as the hourly job does; check those that were."""
    for month in publish_due():
        click.echo(f"Published {month:%Y-%m}.")
    changed = altered()
    if changed:
        months = ", ".join(f"{month:%Y-%m}" for month in changed)
        raise click.ClickException(f"Not as it was published: {months}.")
