"""`flask doctor`."""

import json
import os
import sys
from collections import Counter
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from .examining import Answer, look

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for a program to read.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Ask everything that can be wrong, a line each; exit code 1 when something fails.

    For example: flask doctor --json | jq '.[] | select(.state != "ok")'
    """
    answers = []
    for answer in look():
        answers.append(answer)
        if not as_json:
            _tell(answer)
    if as_json:
        facts = [{"name": each.name} | asdict(each.finding) for each in answers]
        click.echo(json.dumps(facts, indent=1))
    states = Counter(answer.finding.state for answer in answers)
    told = f"{states['ok']} ok, {states['warn']} to look at, {states['fail']} failed"
    click.echo(told, err=True)
    sys.exit(1 if states["fail"] else 0)


def _tell(answer: Answer) -> None:
    finding = answer.finding
    state = finding.state.ljust(4)
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        state = click.style(state, fg=_COLOURS[finding.state], bold=True)
    fix = f"  -> {finding.fix}" if finding.fix and finding.state != "ok" else ""
    click.echo(f"{state}  {answer.name}: {finding.sentence}{fix}")
