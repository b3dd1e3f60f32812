"""What may be an email address here, and where a sign-in may lead to."""

from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

HOME = "/account/"
LONGEST_EMAIL = 254


def email_or_none(text: str) -> str | None:
    """The address as mail servers take it, or `None` for something that is none."""
    try:
        # "Test environment" admits names that only exist on a company's own network.
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.normalized if len(found.normalized) <= LONGEST_EMAIL else None


def own_path(text: str | None) -> str:
    """The path of this site that a text names; the account's own for anything else."""
    if not text or not text.startswith("/") or not text.isprintable():
        return HOME
    # Browsers read a backslash as a slash, and two slashes as the beginning of a host.
    if text.startswith("//") or "\\" in text:
        return HOME
    try:
        parts = urlsplit(text)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc else text
