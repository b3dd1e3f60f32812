"""`flask policy`: what is published, what is not so any more, and publishing."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.consent import cookie_revision
from app.core.commands import plain_errors
from app.core.content import problems, sync
from app.core.errors import Missing
from app.core.instance import prepare_instance

from .drift import drift_of, tampering
from .figures import Figure
from .models import PolicyVersion
from .notices import send_notices
from .publishing import NotPublished, publish
from .queries import current_version, drafts, every_version, version
from .values import running_figures

policy = AppGroup("policy", help="The privacy policy and its versions.")


@policy.command("check")
@plain_errors()
def check_command() -> None:
    """Name every file, version and figure that is not as published; exit code 1 if any."""
    prepare_instance()
    sync()
    found = list(_wrong())
    for line in found:
        click.echo(line, err=True)
    if not found:
        current = current_version()
        number = current.number if current else 0
        click.echo(f"The site runs as version {number} of its policy says.")
    for draft in drafts():
        click.echo(f"{draft.source} is not published: flask policy publish")
    sys.exit(1 if found else 0)


@policy.command("publish")
@click.argument("number", type=int, required=False)
@plain_errors()
def publish_command(number: int | None) -> None:
    """Publish the next version for good: its words, its figures and its dates."""
    prepare_instance()
    sync()
    broken = [row for row in problems() if row.path.startswith("policy/")]
    for row in broken:
        click.echo(f"{row.path}:{row.problem_line}: {row.problem}", err=True)
    if broken:
        sys.exit(1)
    try:
        made = publish(number)
    except NotPublished as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"Version {made.number} is published and holds from {made.effective_from}.")
    told = send_notices()
    if made.is_material and made.number > 1:
        click.echo(f"{told} people with an account are written to.")
    click.echo(f"SHA-256 {made.html_sha256}, audit entry {made.audit_id}")


@policy.command("show")
@click.argument("number", type=int, required=False)
@plain_errors()
def show_command(number: int | None) -> None:
    """List the versions, or print the words of one."""
    if number is not None:
        try:
            click.echo(version(number).plain)
        except Missing:
            raise click.ClickException(f"There is no version {number}.") from None
        return
    current = current_version()
    for each in every_version():
        holds = "  holds now" if current and each.number == current.number else ""
        kind = "material" if each.is_material else "small"
        click.echo(f"{each.number:4}  from {each.effective_from}  {kind:8}  {each.seal}{holds}")


@policy.command("values")
@plain_errors()
def values_command() -> None:
    """List every figure that a policy can name, and what it stands for now."""
    for name, entry in sorted(running_figures().entries.items()):
        text = entry.text if isinstance(entry, Figure) else f"table: {entry.title}"
        click.echo(f"{{{{ policy.{name} }}}}  {text}")


def _wrong() -> Iterator[str]:
    for row in problems():
        if row.path.startswith("policy/"):
            yield f"{row.path}:{row.problem_line}: {row.problem}"
    versions = every_version()
    if not versions:
        yield "No version is published: write content/policy/0001.md, then flask policy publish"
    for each in versions:
        yield from _wrong_with(version(each.number))
    current = current_version()
    if current is None:
        return
    yield from map(str, drift_of(current))
    if current.cookie_revision != cookie_revision():
        yield (f"cookie_revision: published {current.cookie_revision}, running {cookie_revision()}")


def _wrong_with(each: PolicyVersion) -> Iterator[str]:
    reason = tampering(each)
    if reason:
        yield f"version {each.number} was changed in the database: {reason}"
    file: Path = current_app.config["CONTENT"] / f"policy/{each.number:04}.md"
    if not file.is_file():
        yield f"policy/{each.number:04}.md: is gone; version {each.number} stays as published"
