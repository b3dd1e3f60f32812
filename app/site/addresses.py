"""Which addresses may be pages: words of a-z, 0-9 and hyphens, with slashes between.

Anything else, such as the `.php` files that robots look for, is told at once that
nothing is there, without being sent on to the same address with a slash.
"""

from werkzeug.routing import PathConverter


class PageConverter(PathConverter):
    """Matches the path of a page, without the outer slashes."""

    regex = "[a-z0-9-]+(?:/[a-z0-9-]+)*?"
