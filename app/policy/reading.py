"""Reading `content/policy/NNNN.md`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.core.config import documented_settings
from app.core.content import Document, Fields, Workshop

from .clauses import clause_ids, with_clauses
from .prose import check_prose, literal_periods, names_in
from .values import NOTICE_DAYS, setting_text

LAST = 9_999


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a file says of a version; `names` are the figures it asks for, with their lines."""

    number: int
    digest: str
    effective_from: date
    announced_on: date
    is_material: bool
    cookie_revision: int
    changes: tuple[str, ...]
    settings: dict[str, str]
    body: str
    contents: tuple[tuple[int, str, str], ...]
    names: tuple[tuple[str, int], ...]

    def columns(self) -> dict[str, Any]:
        """What of it is stored."""
        kept = {name: getattr(self, name) for name in ("number", "digest", "is_material", "body")}
        kept |= {"effective_from": self.effective_from, "announced_on": self.announced_on}
        kept |= {"cookie_revision": self.cookie_revision, "changes": list(self.changes)}
        kept["settings"] = self.settings
        return kept | {"contents": [list(entry) for entry in self.contents]}


def read_draft(document: Document, workshop: Workshop) -> Draft:
    """The version a file describes. Raises `ContentProblem`."""
    fields = Fields(document.front, lines=document.lines)
    check_prose(document)
    clauses = clause_ids(document)
    article = workshop.render(document)
    effective = fields.moment("effective_from", zone=workshop.zone)
    announced = fields.moment("announced_on", zone=workshop.zone)
    draft = Draft(
        number=_number(document, fields),
        digest=document.digest,
        effective_from=_day(fields, "effective_from", effective, workshop),
        announced_on=_day(fields, "announced_on", announced, workshop),
        is_material=fields.flag("material"),
        cookie_revision=fields.number("cookie_revision", low=1, high=LAST, default=1),
        changes=_changes(fields),
        settings=_settings(fields),
        body=with_clauses(article.html, clauses),
        contents=tuple((entry.level, entry.id, entry.text) for entry in article.contents),
        names=tuple(_names(document)),
    )
    fields.done()
    if draft.effective_from < draft.announced_on:
        raise fields.problem("effective_from", "is before `announced_on`; no version looks back")
    ahead = draft.announced_on + timedelta(days=NOTICE_DAYS)
    if draft.number > 1 and draft.is_material and draft.effective_from < ahead:
        raise fields.problem(
            "effective_from",
            f"must be at least {NOTICE_DAYS} days after `announced_on`, as the change is material: "
            f"{ahead.isoformat()} or later",
        )
    return draft


def _names(document: Document) -> Any:
    for start, name in names_in(document.body):
        yield name, document.body_line + document.body.count("\n", 0, start)


def _number(document: Document, fields: Fields) -> int:
    number = fields.number("version", low=1, high=LAST, default=0)
    if not document.name == f"{number:04}":
        raise fields.problem("version", f"must be the number in the file's name, {document.name}")
    return number


def _day(fields: Fields, key: str, moment: datetime | None, workshop: Workshop) -> date:
    if moment is None:
        raise fields.problem(key, "is missing")
    return moment.astimezone(workshop.zone).date()


def _changes(fields: Fields) -> tuple[str, ...]:
    changes = fields.texts("changes", most=40, longest=500)
    if not changes:
        raise fields.problem("changes", "is missing: say what is new, even if everything is")
    for change in changes:
        for _start, words in literal_periods(change):
            raise fields.problem("changes", f"names the period “{words}”; the differences show it")
    return changes


def _settings(fields: Fields) -> dict[str, str]:
    """The settings that will hold with the version, in the words of the policy."""
    given = fields.nested("settings")
    if given is None:
        return {}
    known = {entry.name: entry for entry in documented_settings()}
    found: dict[str, str] = {}
    for name in given.values:
        value = str(given.values[name])
        given.asked.add(name)
        if name not in known:
            raise given.problem(name, "is not a setting")
        try:
            text = setting_text(name, known[name].metadata["read"](value))
        except ValueError as problem:
            raise given.problem(name, str(problem)) from None
        if text is None:
            raise given.problem(name, "is a setting that no policy speaks of")
        found[name] = text
    return found
