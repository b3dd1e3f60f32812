"""The sections a marketing page is built from, each checked when the file is read.

One function a type; the template of the same name shows what it returns. All values
are plain and can be stored as JSON; texts with markup carry their safe HTML.
"""

from collections.abc import Callable
from typing import Any

from app.core.content import ContentProblem, Document, Fields, Workshop

HERO_WORDS = 12
ITEM_WORDS = 25
HOME = "pages/home.md"

#: The drawings of `templates/components/icon.html`; a name that is not there is a slip.
ICONS = frozenset(
    "arrow-left arrow-right book calendar chart check clock cookie database download edit eye-off "
    "file git-branch heart key link lock mail menu message moon rss scale search server shield sun "
    "tag terminal user users x zap".split()
)

Section = dict[str, Any]


class Reader:
    """Reads the sections of one page."""

    def __init__(self, document: Document, workshop: Workshop) -> None:
        self.document = document
        self.workshop = workshop
        self.words: list[str] = []

    def section(self, fields: Fields) -> Section:
        """One section. Raises `ContentProblem` naming the entry and what it lacks."""
        kind = fields.text("type")
        read = _TYPES.get(kind)
        if read is None:
            known = ", ".join(sorted(_TYPES))
            raise fields.problem("type", f"“{kind}” is not a section; there are {known}")
        section = {"type": kind, **read(self, fields)}
        fields.done()
        self.words += _texts(section)
        return section

    def html(self, fields: Fields, key: str, text: str) -> str:
        """A text's safe HTML. Raises `ContentProblem` at the line of its key."""
        try:
            return self.workshop.render(self.document, text).html
        except ContentProblem as problem:
            raise fields.problem(key, problem.reason) from None

    def hero(self, fields: Fields) -> Section:
        return {
            "title": fields.text("title", words=HERO_WORDS),
            "text": fields.text("text"),
            "action": _required_link(fields, "action"),
            "link": _link(fields, "link"),
            "note": fields.optional_text("note"),
        }

    def features(self, fields: Fields) -> Section:
        items = [
            _done(
                entry,
                {
                    "title": entry.text("title", longest=80),
                    "text": entry.text("text", words=ITEM_WORDS),
                    "link": _link(entry, "link"),
                    "icon": _icon(entry),
                },
            )
            for entry in fields.each("items", most=9)
        ]
        if len(items) < 2:
            raise fields.problem("items", "needs at least two entries")
        return _titled(fields) | {"items": items}

    def steps(self, fields: Fields) -> Section:
        items = [
            _done(
                entry,
                {
                    "title": entry.text("title", longest=80),
                    "text": entry.text("text"),
                    "code": entry.optional_text("code", longest=1_000),
                },
            )
            for entry in fields.each("items", most=9)
        ]
        return _titled(fields) | {"items": items}

    def pricing(self, fields: Fields) -> Section:
        plans = [_plan(entry) for entry in fields.each("plans", most=4)]
        if not plans:
            raise fields.problem("plans", "is missing")
        return _titled(fields) | {"note": fields.text("note"), "plans": plans}

    def questions(self, fields: Fields) -> Section:
        items = []
        for entry in fields.each("items", most=30):
            answer = self.html(entry, "answer", entry.text("answer", longest=4_000))
            question = {"question": entry.text("question", longest=200)}
            items.append(_done(entry, question | {"answer_html": answer}))
        return _titled(fields) | {"items": items}

    def quotes(self, fields: Fields) -> Section:
        if self.document.path != HOME:
            # Their senders agreed to be quoted on the home page, and nowhere else.
            raise fields.problem("type", "“quotes” may stand on the home page only")
        return _titled(fields) | {"count": fields.number("count", low=1, high=12, default=3)}

    def call(self, fields: Fields) -> Section:
        return {
            "title": fields.text("title", longest=120),
            "text": fields.optional_text("text"),
            "action": _required_link(fields, "action"),
            "link": _link(fields, "link"),
        }

    def text(self, fields: Fields) -> Section:
        title = fields.optional_text("title", longest=120)
        body = fields.text("body", longest=50_000)
        return {"title": title, "body_html": self.html(fields, "body", body)}

    def table(self, fields: Fields) -> Section:
        columns = list(fields.texts("columns", most=6))
        rows = fields.raw("rows")
        is_table = isinstance(rows, list) and all(
            isinstance(row, list) and len(row) == len(columns) for row in rows
        )
        if not columns or not is_table:
            raise fields.problem("rows", "must be lists with one text for each column")
        cells = [[str(cell) for cell in row] for row in rows]
        return _titled(fields) | {"columns": columns, "rows": cells}

    def posts(self, fields: Fields) -> Section:
        blog = fields.optional_text("blog")
        count = fields.number("count", low=1, high=12, default=3)
        return _titled(fields) | {"blog": blog, "count": count}

    def contact(self, fields: Fields) -> Section:
        return _titled(fields)


_TYPES: dict[str, Callable[[Reader, Fields], Section]] = {
    "hero": Reader.hero,
    "features": Reader.features,
    "steps": Reader.steps,
    "pricing": Reader.pricing,
    "questions": Reader.questions,
    "quotes": Reader.quotes,
    "call": Reader.call,
    "text": Reader.text,
    "table": Reader.table,
    "posts": Reader.posts,
    "contact": Reader.contact,
}


def _titled(fields: Fields) -> Section:
    return {
        "title": fields.text("title", longest=120),
        "intro": fields.optional_text("intro", longest=600),
    }


def _icon(fields: Fields) -> str | None:
    name = fields.optional_text("icon", longest=30)
    if name is not None and name not in ICONS:
        raise fields.problem("icon", f"“{name}” is not drawn; there are {', '.join(sorted(ICONS))}")
    return name


def _plan(fields: Fields) -> Section:
    return _done(
        fields,
        {
            "name": fields.text("name", longest=60),
            "price": fields.text("price", longest=40),
            "period": fields.optional_text("period", longest=40),
            "summary": fields.text("summary", longest=300),
            "features": list(fields.texts("features", most=20)),
            "action": _required_link(fields, "action"),
            "highlighted": fields.flag("highlighted"),
        },
    )


def _required_link(fields: Fields, key: str) -> Section:
    link = _link(fields, key)
    if link is None:
        raise fields.problem(key, "is missing")
    return link


def _link(fields: Fields, key: str) -> Section | None:
    entry = fields.nested(key)
    if entry is None:
        return None
    to = entry.link("to")
    if to is None:
        raise entry.problem("to", "is missing")
    return _done(entry, {"label": entry.text("label", longest=60), "to": to})


def _done(fields: Fields, values: Section) -> Section:
    fields.done()
    return values


def _texts(value: Any) -> list[str]:
    """Every text a reader sees in a section, for search."""
    if isinstance(value, dict):
        shown = [entry for key, entry in value.items() if key not in ("type", "to", "icon")]
        return [text for entry in shown for text in _texts(entry)]
    if isinstance(value, list):
        return [text for entry in value for text in _texts(entry)]
    return [value] if isinstance(value, str) else []
