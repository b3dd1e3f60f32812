"""The whole record: who answers for it, what is done, and how it is protected."""

from dataclasses import asdict, dataclass
from typing import Any

from app.core import clock
from app.core.config import VERSION
from app.core.content import ContentProblem
from app.core.web import absolute, page_part

from ..promises.queries import kept_promises
from .activities import Activity, activities

#: The clauses of the policy that say how data is protected.
PROTECTION = frozenset({18, 19, 27, 28, 29, 30})


@dataclass(frozen=True, kw_only=True)
class Record:
    """What Article 30(1) asks for."""

    controller: str
    contact: str
    address: str
    site: str
    made_on: str
    version: str
    activities: tuple[Activity, ...]
    security: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        """Everything, as plain values."""
        return asdict(self)


def make_record() -> Record:
    """The record of this site as it is configured now.

    Raises `ContentProblem` for what only whoever runs the site can say, and has not said.
    """
    contact = page_part("site").contact
    security = tuple(
        f"{kept.promise.sentence} {kept.promise.mechanism}"
        for kept in kept_promises()
        if PROTECTION & set(kept.promise.clauses)
    )
    if not contact.email:
        raise ContentProblem("site.toml names no contact.email; a record says whom to ask")
    if not contact.postal:
        raise ContentProblem("site.toml names no contact.postal; a record says where to write")
    if not security:
        raise ContentProblem("policy/promises.toml says nothing of how data is protected")
    return Record(
        controller=contact.controller or page_part("site").name,
        contact=contact.email,
        address=", ".join(contact.postal),
        site=absolute("/"),
        made_on=clock.now().date().isoformat(),
        version=VERSION,
        activities=activities(),
        security=security,
    )


def empty_cells(record: Record) -> list[str]:
    """Where the record says nothing although the law asks; there is none, and a test says so."""
    found = [name for name, value in record.facts().items() if not value]
    for activity in record.activities:
        for name, value in asdict(activity).items():
            parts = (value,) if isinstance(value, str) else value
            if not parts or not all(part.strip() for part in parts):
                found.append(f"{activity.name}: {name}")
    return found
