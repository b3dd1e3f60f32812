"""The web ground: who may enter, what a request may look like, what every answer carries."""

from .access import (
    from_anywhere,
    is_recent,
    local,
    looked_at_twice,
    member,
    private_link,
    public,
    recently_confirmed,
    right,
    visitor,
)
from .bounds import RowNumber
from .cookies import clear_cookie, read_cookie, session_cookie, set_cookie
from .forms import UNCUT, MemberForm, PublicForm, Told, Visible, check_token, stripped
from .limiting import limit
from .paging import Page, Paging, page_numbers
from .setup import init_web
from .stamps import stamp, stamp_problem
from .templating import Crumb, FeedLink, Meta, absolute, page_meta, page_part, structured_data
from .texts import clean_line, clean_text
from .viewing import NoViewer, client_address, viewer, viewer_or_none

__all__ = [
    "UNCUT",
    "Crumb",
    "FeedLink",
    "MemberForm",
    "Meta",
    "NoViewer",
    "Page",
    "Paging",
    "PublicForm",
    "RowNumber",
    "Told",
    "Visible",
    "absolute",
    "check_token",
    "clean_line",
    "clean_text",
    "clear_cookie",
    "client_address",
    "from_anywhere",
    "init_web",
    "is_recent",
    "limit",
    "local",
    "looked_at_twice",
    "member",
    "page_meta",
    "page_numbers",
    "page_part",
    "private_link",
    "public",
    "read_cookie",
    "recently_confirmed",
    "right",
    "session_cookie",
    "set_cookie",
    "stamp",
    "stamp_problem",
    "stripped",
    "structured_data",
    "viewer",
    "viewer_or_none",
    "visitor",
]
