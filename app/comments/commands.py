"""Commands about comments; a look from the command line obeys the rules of one in the browser."""

import click
from flask.cli import AppGroup

from app.accounts import user_called, viewer_for
from app.core.database import transaction
from app.core.errors import Refusal
from app.core.privacy import REASONS, Need

from .desk.looking import FIELDS, comment_for, look
from .desk.tallies import recount
from .tidying import repair_threads, rerender

privacy = AppGroup("privacy", help="Personal data, one person at a time.")
comments = AppGroup("comments", help="Comments, and what is kept beside them.")

_NEEDED = {
    Need.AGREEMENT: "accept the confidentiality agreement",
    Need.SECOND_FACTOR: "set up a second factor",
    Need.RECENT_SIGN_IN: "sign in again",
}


@privacy.command("reveal")
@click.argument("comment_id", metavar="COMMENT", type=int)
@click.argument("field", type=click.Choice(list(FIELDS)))
@click.option("--as", "username", required=True, help="The administrator who looks.")
@click.option("--reason", type=click.Choice(list(REASONS)), required=True, help="Why.")
@click.option("--note", default="", help="Why, in words; needed with `other`.")
def reveal_command(comment_id: int, field: str, username: str, reason: str, note: str) -> None:
    """Print the email or address of a comment, and put the look on record."""
    user = user_called(username)
    if user is None:
        raise click.ClickException(f"There is no account {username}.")
    viewer = viewer_for(user)
    try:
        seen = look(viewer, comment_for(viewer, comment_id), field, reason=reason, note=note)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    if isinstance(seen, Need):
        raise click.ClickException(f"{user.username} has to {_NEEDED[seen]} first.")
    click.echo(seen.value)
    click.echo(f"On record under number {seen.number}.", err=True)


@comments.command("recount")
def recount_command() -> None:
    """Compare the kept numbers with what is there, and repair those that differ."""
    with transaction() as session:
        repaired = recount(session)
    for blog_id, slot, wrong, right in repaired:
        click.echo(f"blog {blog_id}, {slot}: {wrong} was {right}")
    posts = repair_threads()
    click.echo(f"{len(repaired)} numbers and {posts} posts repaired.")


@comments.command("rerender")
def rerender_command() -> None:
    """Make the HTML anew of comments that an older renderer made."""
    click.echo(f"{rerender()} comments rendered anew.")
