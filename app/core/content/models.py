"""The record of each content file: what was read, and what was wrong with it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, Text
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import not_personal


class ContentFile(Model):
    """One file of the content folder, as of the last sync that saw it change."""

    __tablename__ = "content_files"

    path: Mapped[str] = not_personal("path of a content file", String(1_000), unique=True)
    kind: Mapped[str] = not_personal("kind of a content file", String(40), index=True)
    size: Mapped[int] = not_personal("size of a file", BigInteger)
    mtime_ns: Mapped[int] = not_personal("time of a file", BigInteger)
    inode: Mapped[int] = not_personal("number of a file", BigInteger)
    digest: Mapped[str] = not_personal("hash of a content file", String(32))
    #: Version of the reading code that last took it; another version reads it again.
    reader: Mapped[str] = not_personal("version of our code", String(80))
    #: Other content files, such as pictures, whose change makes this one be read again.
    needs: Mapped[Any] = not_personal("paths of content files", JSON, default=list)
    problem: Mapped[str | None] = not_personal("what is wrong with a content file", Text)
    problem_line: Mapped[int | None] = not_personal("line of a content file")
    read_at: Mapped[datetime] = not_personal(
        "when the file was read", UtcDateTime, default=clock.now
    )
