"""Who handles data for the site: their file among the content, and the check of what leads out."""

import re
from collections.abc import Set
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.core.config import ConfigError
from app.core.content import Document, Fields, Workshop
from app.core.egress import check_ways_out, processors, ways_out
from app.core.registry import Outcome

_HOST = re.compile(r"[a-z0-9]([a-z0-9.:-]*[a-z0-9])?")


def read_recipients(document: Document, _workshop: Workshop) -> None:
    """Check what is said of each. Raises `ContentProblem`."""
    fields = Fields(document.front, lines=document.lines)
    for entry in fields.each("processors"):
        entry.text("name", longest=120)
        entry.text("country", longest=120)
        entry.text("purpose", longest=300)
        entry.text("safeguard", longest=500)
        entry.text("sees", longest=300)
        for host in entry.texts("hosts"):
            if not _HOST.fullmatch(host.lower()):
                raise entry.problem("hosts", f"“{host}” is no host such as smtp.example.org")
        entry.done()
    fields.done()


def apply_recipients(_session: Session, _path: str, _nothing: None, _gone: Set[str]) -> None:
    """Nothing to store: the file itself is asked, so that a line taken out counts at once."""


def remove_recipients(_session: Session, _path: str) -> None:
    """The same."""


def recipients_are_listed() -> Outcome:
    """Whatever the settings lead to off this machine is on the list that readers are shown."""
    settings: Any = current_app.config
    try:
        check_ways_out(settings)
    except ConfigError as problem:
        return Outcome(problem=str(problem))
    hosts = {host for _setting, host in ways_out(settings)}
    listed = len(processors())
    if not hosts:
        who = f"{listed} listed" if listed else "nobody is listed"
        return Outcome(f"This site connects to no other machine; {who}.")
    count = "1 host" if len(hosts) == 1 else f"{len(hosts)} hosts"
    return Outcome(f"This site connects to {count} elsewhere, each on the list.")
