"""`flask feedback`: checking what is public, and receipts that somebody shows."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from .receipts import BadReceipt, check_receipt
from .verifying import check_cards

feedback = AppGroup("feedback", help="What people agreed to publish.")


@feedback.command("verify")
@click.option(
    "--receipt",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check a sender's receipt instead.",
)
def verify_command(receipt: Path | None) -> None:
    """Check every public card against its grant, its approval and its text; exit 1 if one is off.

    Nothing that a sender wrote is printed, only the numbers of cards.
    """
    if receipt is not None:
        _check_receipt(receipt)
        return
    checked = check_cards()
    for finding in checked.findings:
        click.echo(f"Card {finding.number}: {finding.sentence}")
    if checked.chain:
        click.echo(f"Audit log: {checked.chain}")
    if not checked.is_right:
        sys.exit(1)
    click.echo(f"{checked.cards} cards are public, each by a grant and an approval of its text.")


def _check_receipt(file: Path) -> None:
    try:
        check_receipt(json.loads(file.read_text("utf-8")))
    except BadReceipt as problem:
        raise click.ClickException(str(problem)) from None
    except (OSError, ValueError, RecursionError):
        raise click.ClickException("This is no receipt: it cannot be read.") from None
    click.echo("The receipt was signed by this site, and nothing in it was changed.")
