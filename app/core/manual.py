"""The parts of the manual that are made from the code, so that they cannot be wrong."""

from typing import Any

from app.core.config import PREFIX, documented_settings


def settings_table() -> str:
    """Every setting as a row of a Markdown table."""
    rows = [
        f"| `{PREFIX}{entry.name}` | {_default(entry)} | {entry.metadata['meaning']} |"
        for entry in documented_settings()
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


def example_file() -> str:
    """Every setting with its default, commented out, as a `.env` file."""
    blocks = [
        f"# {entry.metadata['meaning']}\n# {PREFIX}{entry.name}={_plain_default(entry)}"
        for entry in documented_settings()
    ]
    return "\n\n".join(blocks)


def _default(entry: Any) -> str:
    return entry.metadata["shown"] or f"`{_plain_default(entry)}`"


def _plain_default(entry: Any) -> str:
    if entry.default in (None, ()):
        return ""
    if isinstance(entry.default, bool):
        return "yes" if entry.default else "no"
    if isinstance(entry.default, tuple):
        return ",".join(entry.default)
    return str(entry.default)
