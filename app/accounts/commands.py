"""`flask accounts`: accounts from the command line, for an operator without a browser."""

import sys

import click
from flask.cli import AppGroup

from app.core.errors import Missing, TooMany
from app.core.privacy import masked
from app.core.web import absolute

from . import roles
from .addresses import email_or_none, username_problem
from .founding import NotFree, Person, make_account
from .invitations import invite
from .models import Role, User
from .passwords import problem_with
from .queries import (
    all_accounts,
    blog_called,
    blog_titles,
    memberships_of,
    user_called,
    viewer_for,
)

accounts = AppGroup("accounts", help="The people who can sign in.")

OWNER = "owner"
ROLES = (OWNER, *(role.value for role in Role))


@accounts.command("create")
@click.option("--username", required=True, help="The name of the account; everybody may see it.")
@click.option("--email", required=True, help="Its address; taken as proved.")
@click.option("--role", type=click.Choice(ROLES), help="What the person becomes.")
@click.option("--blog", "slug", help="On which blog: the word in its address. Not for an owner.")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input.")
def create_command(
    username: str, email: str, role: str | None, slug: str | None, password_stdin: bool
) -> None:
    """Make an account, with a role or without. Without a password, links are mailed."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    problem = username_problem(username)
    if password is not None and problem is None:
        problem = problem_with(password, words=[username])
    address = email_or_none(email)
    if address is None:
        problem = "That is not an email address."
    blog_id = _blog(role, slug)
    if problem:
        raise click.ClickException(problem)
    try:
        user = make_account(Person(username, address or "", password))
    except NotFree:
        raise click.ClickException("The username or the address has an account.") from None
    _give(user, role, blog_id)
    click.echo(f"{user.username} can sign in at {absolute('/account/log-in/')}")


@accounts.command("invite")
@click.option("--as", "inviter", required=True, help="The owner or administrator who invites.")
@click.option("--email", required=True, help="Who is invited; only that mailbox can accept.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--blog", "slug", required=True, help="On which blog: the word in its address.")
def invite_command(inviter: str, email: str, role: str, slug: str) -> None:
    """Mail an invitation to take a role on a blog; it can be taken once, within a week."""
    user = user_called(inviter)
    blog_id, address = _blog(role, slug), email_or_none(email)
    if user is None:
        raise click.ClickException(f"There is no account {inviter}.")
    if address is None or blog_id is None:
        raise click.ClickException("That is not an email address.")
    try:
        invite(viewer_for(user), address, blog_id, Role(role))
    except Missing:
        raise click.ClickException(f"{inviter} may not give this role on /{slug}/.") from None
    except TooMany as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo("The invitation is on its way.")


@accounts.command("list")
def list_command() -> None:
    """Print every account: name, masked address, roles."""
    for user in all_accounts():
        titles = blog_titles(entry.blog_id for entry in memberships_of(user.id))
        held = [f"{entry.role} of {titles[entry.blog_id]}" for entry in memberships_of(user.id)]
        if user.is_owner:
            held.insert(0, OWNER)
        click.echo("\t".join((user.username, masked(user, "email"), ", ".join(held) or "-")))


def _blog(role: str | None, slug: str | None) -> int | None:
    """The blog a role is for. Raises `ClickException` when one is missing or none is wanted."""
    is_of_blog = role is not None and role != OWNER
    if is_of_blog != (slug is not None):
        raise click.ClickException(
            "Name the blog with --blog." if is_of_blog else "--blog goes with a role on a blog."
        )
    if slug is None:
        return None
    found = blog_called(slug)
    if found is None:
        raise click.ClickException(f"There is no blog at /{slug}/.")
    return found


def _give(user: User, role: str | None, blog_id: int | None) -> None:
    if role == OWNER:
        roles.make_owner(user.id, by=None)
    elif role is not None and blog_id is not None:
        roles.grant(user.id, blog_id, Role(role), by=None)
