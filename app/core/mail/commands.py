"""`flask mail`: look at every mail there is, see what waits, send it now."""

from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from markupsafe import Markup

from app.core.database import db
from app.core.privacy import masked

from .outbox import OutgoingMail
from .preview import Preview, previews
from .sending import hurry, send_due

commands = AppGroup("mail", help="Mail: what it looks like, what waits, what went wrong.")

_MOMENT = "%Y-%m-%d %H:%M"
_HEAD = Markup(
    '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Every mail</title>\n'
    "<h1>Every mail</h1>\n<ul>\n"
)
_ROW = Markup('<li>{}: <a href="{}.html">HTML</a>, <a href="{}.txt">text</a> ({})</li>\n')


@commands.command("preview")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("mail-preview"),
    show_default=True,
    help="Folder for the files; `index.html` lists them.",
)
def preview_command(folder: Path) -> None:
    """Write every mail in every variant, in both parts, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    index = _HEAD
    for preview in previews():
        name = _write(folder, preview)
        index += _ROW.format(preview.words.subject, name, name, preview.variant)
        click.echo(f"{name}: {preview.words.subject}")
    (folder / "index.html").write_text(index + Markup("</ul>\n"), "utf-8")
    click.echo(f"Open {(folder / 'index.html').resolve().as_uri()}")


@commands.command("send")
@click.option("--now", is_flag=True, help="Also what waits for a later attempt.")
def send_command(now: bool) -> None:
    """Send what is due, without waiting for the worker."""
    if now:
        hurry()
    click.echo(f"{send_due()} sent")


@commands.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
def list_command(limit: int) -> None:
    """List the newest mails: state, template, masked recipient, attempts and what went wrong."""
    query = sa.select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(limit)
    for mail in db.session.scalars(query):
        told = [
            f"{mail.id:>6}",
            f"{mail.created_at:{_MOMENT}}",
            f"{mail.state.value:<9}",
            f"{mail.template:<28}",
            masked(mail, "recipient"),
            f"tried {mail.attempts}",
            mail.problem or "",
        ]
        click.echo("  ".join(told).rstrip())


def _write(folder: Path, preview: Preview) -> str:
    name = f"{preview.template.replace('/', '-')}.{preview.variant}"
    (folder / f"{name}.txt").write_text(
        f"Subject: {preview.words.subject}\n\n{preview.words.text}", "utf-8"
    )
    (folder / f"{name}.html").write_text(preview.words.html, "utf-8")
    return name
