"""A second look at an address that no rule took.

Werkzeug settles on the most specific rule before it asks that rule's converters, and
gives up when one of them declines. `/about/` looks like a blog's address to it; that
there is no such blog only the database knows. So one feature may take what is left.
"""

from flask import current_app, request
from werkzeug.exceptions import NotFound

from app.core.registry import registry


def take_what_is_left() -> None:
    """Hand an address without a rule to the endpoint that a feature named for this."""
    if not isinstance(request.routing_exception, NotFound) or not request.path.endswith("/"):
        return
    for endpoint in registry().every("fallback"):
        # Of its rules the one with a path, which is the name that counts and logs give it.
        rules = current_app.url_map.iter_rules(endpoint)
        request.url_rule = max(rules, key=lambda rule: len(rule.rule))
        request.view_args = {"path": request.path.strip("/")}
        request.routing_exception = None
        return
