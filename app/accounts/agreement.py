"""The confidentiality agreement: numbered text files, of which the newest one counts.

A site's own texts are `content/agreement/NNNN.md`; without any, the one that ships
with the product holds. What somebody accepted is known by number and digest: a file
changed in place is a new text, and asks again.
"""

import hashlib
import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import current_app

from app.core.markup import TextRefused, render_article

LONGEST = 64_000
SHIPPED = Path(__file__).parent / "agreements"
_NAME = re.compile(r"(?P<number>[0-9]{4,6})\.md")
_END_OF_LINE = re.compile(r"[ \t]*\r?\n")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Agreement:
    """One version of the text: its number, what it says, and the digest of what it says."""

    version: int
    text: str
    digest: str
    html: str


def current_agreement() -> Agreement | None:
    """The text to accept now, or `None` when the newest one cannot be read.

    Never falls back to an older text: nobody would know which one was accepted.
    """
    found = _newest(current_app.config["CONTENT"] / "agreement") or _newest(SHIPPED)
    if found is None:
        return None
    try:
        facts = found.stat()
        return _read(found, facts.st_mtime_ns, facts.st_size)
    except (OSError, UnicodeDecodeError, TextRefused, ValueError) as problem:
        log.error("agreement: %s cannot be used: %s", found.name, type(problem).__name__)
        return None


def _newest(folder: Path) -> Path | None:
    try:
        names = [_NAME.fullmatch(file.name) for file in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        # Somebody put a folder there for a reason; the shipped text is not theirs.
        return folder / f"{type(problem).__name__}.md"
    numbered = [found for found in names if found]
    if not numbered:
        return None
    return folder / max(numbered, key=lambda found: int(found["number"])).string


@lru_cache(maxsize=8)
def _read(file: Path, _changed: int, size: int) -> Agreement:
    if not 0 < size <= LONGEST:
        raise ValueError(f"has {size} bytes; between 1 and {LONGEST} are read")
    text = _END_OF_LINE.sub("\n", file.read_text("utf-8-sig")).strip() + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Agreement(int(file.stem), text, digest, render_article(text).html)
