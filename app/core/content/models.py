"""The record of each content file: what was read, and what was wrong with it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import Model, UtcDateTime


class ContentFile(Model):
    """One file of the content folder, as of the last sync that saw it change."""

    __tablename__ = "content_files"

    path: Mapped[str] = mapped_column(String(1_000), unique=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    inode: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(32))
    #: Version of the reading code that last took it; another version reads it again.
    reader: Mapped[str] = mapped_column(String(80))
    #: Other content files, such as pictures, whose change makes this one be read again.
    needs: Mapped[Any] = mapped_column(JSON, default=list)
    problem: Mapped[str | None] = mapped_column(Text)
    problem_line: Mapped[int | None] = mapped_column()
    read_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
