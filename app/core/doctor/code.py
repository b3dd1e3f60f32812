"""Checks of what is served: cookies against their declarations, vendored files, content, links."""

import re
from collections import Counter
from pathlib import Path

from flask import current_app

from app.core.content import problems as content_problems
from app.core.registry import OPTIONAL, Check, Finding, registry
from app.core.web import vendored_problems

from .links import broken_links

#: What would set a cookie past the gate that compares it with its declaration.
_PAST_THE_GATE = re.compile(r"\.set_cookie\(|\.delete_cookie\(|\[.Set-Cookie.\] *=")
_THE_GATE = Path("core") / "web" / "cookies.py"
MOST_NAMED = 5


def cookies() -> Finding:
    """Cookies are set as they are declared: each once, by the gate, for what visitors are asked."""
    declared = list(registry().every("cookies"))
    twice = [name for name, n in Counter(cookie.name for cookie in declared).items() if n > 1]
    if twice:
        return Finding("fail", f"Declared twice: {', '.join(twice)}.")
    if past := _files_past_the_gate():
        return Finding("fail", f"Cookies are set past their declarations in {', '.join(past)}.")
    asked = current_app.config["OPTIONAL_COOKIES"]
    used = {cookie.category for cookie in declared}
    if idle := [name for name in OPTIONAL if name in asked and name not in used]:
        return Finding(
            "warn",
            f"Visitors are asked about {', '.join(idle)} cookies, and there are none.",
            "set CLIENTFLOW_OPTIONAL_COOKIES",
        )
    return Finding("ok", f"{len(declared)} are declared, and nothing else sets any.")


def vendored() -> Finding:
    """Files made by others are the ones whose hashes were recorded."""
    found = vendored_problems()
    if found:
        return Finding("fail", f"{'; '.join(found[:MOST_NAMED])}.", "flask vendor fetch")
    return Finding("ok", "All are what was recorded.")


def content() -> Finding:
    """Every content file can be used."""
    found = content_problems()
    if found:
        named = ", ".join(f"{row.path}:{row.problem_line}" for row in found[:MOST_NAMED])
        return Finding("warn", f"{len(found)} cannot be used: {named}.", "flask content check")
    return Finding("ok", "Every file can be used.")


def links() -> Finding:
    """Every link of a public page to another page of the site leads somewhere."""
    pages, broken = broken_links()
    if broken:
        named = ", ".join(f"{each.target} on {each.page}" for each in broken[:MOST_NAMED])
        return Finding(
            "warn", f"{len(broken)} lead nowhere: {named}.", "mend them in the content folder"
        )
    return Finding("ok", f"Every link on {pages} pages leads somewhere.")


CODE_CHECKS = (
    Check("cookies", cookies),
    Check("vendored files", vendored),
    Check("content", content),
    Check("links", links),
)


def _files_past_the_gate() -> list[str]:
    root = Path(current_app.root_path)
    return [
        str(file.relative_to(root))
        for file in sorted(root.rglob("*.py"))
        if file.relative_to(root) != _THE_GATE
        and "doctor" not in file.parts
        and _PAST_THE_GATE.search(file.read_text("utf-8"))
    ]
