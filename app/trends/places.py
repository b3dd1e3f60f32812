"""Which page of the site an address is: never the address that was typed, and never its query.

A post and a page of the company count under their own address, when they exist; everything
else under the address with its variable parts left open, as in `/garden/tags/<key>/`.
"""

import re
from functools import cached_property
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from app.blog import Blog, published_post
from app.core.errors import Refusal
from app.core.registry import registry
from app.core.web import is_public
from app.site import published_page

from .models import LONGEST

_VARIABLE = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
_POST, _PAGE = "blog.show", "site.show"


class Places:
    """The pages of one app, looked up by their addresses. Needs an application context."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @cached_property
    def addresses(self) -> Any:
        """The app's map of addresses."""
        return self.app.url_map.bind("localhost")

    def page_at(self, path: str) -> str | None:
        """The page at a path as it came over the wire, or `None` for what is no public page."""
        try:
            found = self._found(path.encode("latin-1").decode())
        except (UnicodeError, HTTPException, Refusal):
            return None
        return found if found and len(found) <= LONGEST else None

    def _found(self, path: str) -> str | None:
        try:
            rule, values = self.addresses.match(path, method="GET", return_rule=True)
        except HTTPException as problem:
            # Flask does the same with an address that no rule took.
            if problem.code != 404 or _PAGE not in registry().every("fallback"):
                raise
            return _document(_PAGE, {"path": path.strip("/")})
        if not is_public(rule.endpoint):
            return None
        return _document(rule.endpoint, values) or _pattern(rule, values)


def _document(endpoint: str, values: dict[str, Any]) -> str | None:
    """The address of something that is published, from what is known of it."""
    if endpoint == _POST:
        return f"{values['blog'].address}{published_post(values['blog'], values['slug']).slug}/"
    return published_page(values["path"]).address if endpoint == _PAGE else None


def _pattern(rule: Rule, values: dict[str, Any]) -> str:
    def part(found: re.Match[str]) -> str:
        value = values.get(found[1])
        return value.slug if isinstance(value, Blog) else f"<{found[1]}>"

    return _VARIABLE.sub(part, rule.rule)
