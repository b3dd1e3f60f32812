"""Addresses that a visitor's browser names: taken only when they stay on this site."""

from urllib.parse import urlsplit

LONGEST = 2_000


def own_path(text: str | None, *, default: str) -> str:
    """The path of this site that a text names; the default for anything else."""
    if not text or not text.startswith("/") or not text.isprintable() or len(text) > LONGEST:
        return default
    # Browsers read a backslash as a slash, and two slashes as the beginning of a host.
    if text.startswith("//") or "\\" in text:
        return default
    try:
        parts = urlsplit(text)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else text
