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
    """Add a log without addresses to the totals, and delete it.

    Lines of another format are refused; their file stays, and counts as added all the same.
    """
    try:
        done = fold(file)
    except AlreadyFolded as problem:
        raise click.ClickException(str(problem.message)) from None
    except OSError as problem:
        raise click.ClickException(f"{file} cannot be read: {problem.strerror}.") from None
    click.echo(
        f"Added {done.added:,} requests; {done.passed:,} were no pages, or too early or late."
    )
    if done.left_out:
        click.echo(f"Left out {done.left_out:,} in which a visitor wrote a network address.")
    if done.with_address or done.refused:
        raise click.ClickException(
            f"{done.with_address:,} lines with a network address and {done.refused:,} others are "
            "not of the format of deploy/nginx.conf and were refused. The file was left where it "
            "is; its other lines are added, and never again, even when those are taken out."
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
