"""Logs: one JSON object a line, without addresses, agents, query strings or bodies."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

# What `logging` itself puts on every record; anything else came from the caller's `extra`.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, event, and the caller's facts."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message contains."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        entry |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        # In ASCII: there are more line breaks in Unicode than readers of logs know.
        return json.dumps(entry, default=str)


def init_logs(level: str) -> None:
    """Send the log of this process to standard error, one JSON line an event."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger("app")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False


def quiet_trace(error: BaseException) -> str:
    """Where an error was raised and of what kind: its message may repeat what a visitor sent."""
    told = traceback.TracebackException.from_exception(error, lookup_lines=True)
    lines: list[str] = []
    seen: set[int] = set()
    part: traceback.TracebackException | None = told
    while part is not None and id(part) not in seen:
        seen.add(id(part))
        kind = part.exc_type.__name__ if part.exc_type else "error"
        lines = [*part.stack.format(), kind, *lines]
        part = part.__cause__ or (None if part.__suppress_context__ else part.__context__)
    return "\n".join(line.rstrip() for line in lines)
