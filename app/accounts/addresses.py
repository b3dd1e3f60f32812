"""What may be an email address or a username here, and where a sign-in may lead to."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from app.core import web

HOME = "/account/"
LONGEST_EMAIL = 254
LONGEST_USERNAME = 32
#: Names under which somebody could pass for the house.
RESERVED = frozenset(
    "admin administrator anonymous clientflow moderator owner root security support system".split()
)
_USERNAME = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")


def email_or_none(text: str) -> str | None:
    """The address as mail servers take it, or `None` for something that is none."""
    try:
        # "Test environment" admits names that only exist on a company's own network.
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.normalized if len(found.normalized) <= LONGEST_EMAIL else None


def fold(username: str) -> str:
    """The form in which two usernames are the same: compatible, and without case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


def username_problem(name: str) -> str | None:
    """Why people could not read, write or trust this username; `None` when they can."""
    if not 2 <= len(name) <= LONGEST_USERNAME or not _USERNAME.fullmatch(name):
        return (
            f"Use 2 to {LONGEST_USERNAME} letters, digits, dots, hyphens and underscores, with a "
            "letter or digit at both ends."
        )
    if fold(name) in RESERVED or fold(name).startswith("closed-"):
        return "That name could be taken for ours; choose another one."
    return None


def own_path(text: str | None) -> str:
    """The path of this site that a text names; the account's own for anything else."""
    return web.own_path(text, default=HOME)
