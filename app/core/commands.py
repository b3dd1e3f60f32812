"""What an operator types: `flask <noun> <verb>`."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ContextDecorator, ExitStack, contextmanager
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.core import manual
from app.core.backup.commands import backup, restore
from app.core.config import Config, ConfigError
from app.core.content import ContentProblem, Report, sync
from app.core.doctor import doctor
from app.core.instance import NotReady, check_start, in_use, prepare_instance, upgrade_database
from app.core.jobs import run_due, run_forever
from app.core.mail import commands as mail
from app.core.privacy import commands as privacy
from app.core.registry import registry
from app.core.server import EVERY_ADDRESS, check_port, serve, shown_host
from app.core.web import vendor

content = AppGroup("content", help="The files of the content folder.")
database = AppGroup("database", help="The schema of the database.")
jobs = AppGroup("jobs", help="Work that repeats by itself.")
config = AppGroup("config", help="The settings, for the manual.")


@click.command("serve")
@click.option("--host", help="Address to listen on; CLIENTFLOW_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; CLIENTFLOW_PORT.")
@click.option("--workers", type=click.IntRange(0, 64), help="Web processes; 0 is one a processor.")
@with_appcontext
def serve_command(host: str | None, port: int | None, workers: int | None) -> None:
    """Prepare the site where needed, then serve it until Ctrl-C."""
    settings = current_app.config
    host, port = host or settings["HOST"], port or settings["PORT"]
    with plain_errors():
        check_port(host, port)
        prepare_instance()
        _report(sync(_ProgressBar("Reading content")))
        check_start()
    if settings["BASE_URL"] == Config.BASE_URL:
        # Nobody chose one. For the job worker, which reads the environment, and for the web
        # processes, forked from us.
        address = f"http://{shown_host(host)}:{port}"
        settings["BASE_URL"] = os.environ.setdefault("CLIENTFLOW_BASE_URL", address)
        if host in EVERY_ADDRESS and not settings["ALLOWED_HOSTS"]:
            click.echo("To reach it by another name, list that in CLIENTFLOW_ALLOWED_HOSTS.")
    settings["hosts"] |= {shown_host(host).strip("[]")}
    with plain_errors():
        greetings = tuple(filter(None, (greet() for greet in registry().every("greetings"))))
    with _in_use():
        serve(host, port, settings["WORKERS"] if workers is None else workers, greetings)


@content.command("sync")
def sync_command() -> None:
    """Apply what changed in the content folder. Exit code 1 when a file cannot be used."""
    with plain_errors():
        prepare_instance()
        report = sync(_ProgressBar("Reading content"))
    click.echo(f"{report.read} read, {report.removed} removed, {len(report.problems)} not usable")
    sys.exit(_report(report))


@content.command("check")
def check_command() -> None:
    """Name every content file that cannot be used, with line and reason; exit code 1 if any."""
    with plain_errors():
        prepare_instance()
        report = sync(_ProgressBar("Checking content"))
    if not report.problems:
        click.echo("Every content file can be used.")
    sys.exit(_report(report))


@database.command("upgrade")
def upgrade_command() -> None:
    """Bring the schema to the version of this code."""
    with plain_errors():
        upgrade_database()


@jobs.command("run")
@click.option("--forever", is_flag=True, help="Keep running jobs as they become due.")
def run_command(forever: bool) -> None:
    """Run the jobs that are due."""
    if not forever:
        with plain_errors():
            click.echo(f"{run_due()} run")
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with _in_use():
        run_forever(current_app._get_current_object(), stop)  # type: ignore[attr-defined]


@config.command("table")
def table_command() -> None:
    """Print the settings as the table of the README."""
    click.echo(manual.settings_table())


@config.command("example")
def example_command() -> None:
    """Print a commented `.env` with every setting."""
    click.echo(manual.example_file())


class plain_errors(ContextDecorator):  # noqa: N801 - reads as a word in a `with` statement
    """One sentence and exit code 1 instead of a trace, for faults the operator can mend."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, problem: BaseException | None, _trace: Any) -> None:
        if isinstance(problem, NotReady | ConfigError | ContentProblem):
            raise click.ClickException(str(problem)) from None
        if isinstance(problem, SQLAlchemyError | OSError):
            reason = str(getattr(problem, "orig", problem)).strip().split("\n")[0]
            raise click.ClickException(
                f"The database or the instance folder cannot be used ({reason}); check that both "
                "can be written and have space left."
            ) from None


class _ProgressBar:
    """A bar on a terminal for work long enough to wonder about; nothing elsewhere."""

    WORTH_SHOWING = 50

    def __init__(self, label: str) -> None:
        self.label = label
        self.bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        if total < self.WORTH_SHOWING or not sys.stderr.isatty():
            return
        if self.bar is None:
            self.bar = click.progressbar(length=total, label=self.label, file=sys.stderr)
        self.bar.update(done - self.bar.pos)
        if done >= total:
            self.bar.render_finish()


@contextmanager
def _in_use() -> Iterator[None]:
    """The site counts as running; only a restore that is at work is told of plainly here."""
    with ExitStack() as stack:
        with plain_errors():
            stack.enter_context(in_use())
        yield


def _report(report: Report) -> int:
    """Name the broken files on standard error; the exit code they call for."""
    for row in report.problems:
        click.echo(f"{row.path}:{row.problem_line}: {row.problem}", err=True)
    return 1 if report.problems else 0


def _plainly(group: click.Group) -> click.Group:
    """A group of a part below this one, with its faults told plainly too."""
    for command in group.commands.values():
        if command.callback is not None:
            command.callback = plain_errors()(command.callback)
    return group


GROUPS: tuple[click.Command, ...] = (
    serve_command,
    content,
    database,
    jobs,
    config,
    doctor,
    backup,
    restore,
    _plainly(mail),
    vendor.commands,
    _plainly(privacy.keys),
    _plainly(privacy.audit),
    _plainly(privacy.retention),
)
