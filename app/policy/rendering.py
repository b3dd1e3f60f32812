"""Putting figures into a text: once, when a version is published."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import escape

from app.core.content import ContentProblem

from .figures import Figure, Figures, Table, fingerprint
from .models import PolicyDraft
from .prose import NAME

#: What stands with every version whether its text asks for it or not.
ALWAYS = frozenset({"tables.held", "cookies.revision"})


@dataclass(frozen=True)
class Rendered:
    """A text with its figures in place, and what it used of them."""

    html: str
    kept: dict[str, tuple[str, str]]

    @property
    def html_sha256(self) -> str:
        """The digest of the words."""
        return hashlib.sha256(self.html.encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """The digest of the figures."""
        return fingerprint(self.kept)


def rendered(body: str, figures: Figures) -> Rendered:
    """A text with its figures in place. Raises `ContentProblem` for a name that has none."""
    used = set(ALWAYS)
    html = _summary(figures) + _with_tables(body, figures, used)
    html = NAME.sub(_inline(figures, used), html)
    return Rendered(html, figures.kept(used))


def seal_of(draft: PolicyDraft | Any, made: Rendered) -> str:
    """The digest of everything that a version is."""
    facts = [
        *(draft.number, draft.digest, draft.effective_from.isoformat()),
        *(draft.announced_on.isoformat(), draft.is_material, draft.cookie_revision),
        *(draft.changes, made.html_sha256, made.fingerprint),
    ]
    text = json.dumps(facts, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def table_html(name: str, table: Table) -> str:
    """A table of figures; made without what pages know, as it is made within a transaction."""
    template = current_app.jinja_env.get_template("policy/_figures.html")
    return template.render(name=name.partition(".")[2], table=table)


def _summary(figures: Figures) -> str:
    """What stands above every text: everything that is held, from the declarations."""
    table = figures.get("tables.held")
    if not isinstance(table, Table):
        return ""
    return (
        '<details class="policy__summary"><summary>Everything we hold: '
        "what, why, who can see it, and for how long</summary>"
        f'<div id="everything-we-hold">{table_html("tables.held", table)}</div></details>\n'
    )


def _with_tables(body: str, figures: Figures, used: set[str]) -> str:
    for found in list(NAME.finditer(body)):
        table = figures.get(found[1])
        if not isinstance(table, Table):
            continue
        alone = f"<p>{found[0]}</p>"
        if alone not in body:
            raise ContentProblem(f"policy.{found[1]} is a table and stands in a paragraph alone")
        used.add(found[1])
        body = body.replace(alone, table_html(found[1], table))
    return body


def _inline(figures: Figures, used: set[str]) -> Callable[[Any], str]:
    def put(found: Any) -> str:
        figure = figures.get(found[1])
        if not isinstance(figure, Figure):
            raise ContentProblem(f"policy.{found[1]} is not known; `flask policy values` lists all")
        used.add(found[1])
        return str(escape(figure.text))

    return put
