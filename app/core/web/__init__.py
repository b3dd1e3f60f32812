"""The web ground: who may enter, what a request may look like, what every answer carries."""

from .access import (
    from_anywhere,
    is_public,
    is_recent,
    local,
    looked_at_twice,
    member,
    private_link,
    public,
    recently_confirmed,
    right,
    sets_cookies,
    visitor,
    way_back,
)
from .assets import inline_stylesheet
from .bounds import RowNumber
from .checks import WEB_CHECKS
from .cookies import (
    clear_cookie,
    cookie_header,
    offered_cookies,
    read_cookie,
    running_name,
    session_cookie,
    session_names,
    set_cookie,
)
from .drafts import is_shown_again, protect_draft, way_to_draft
from .forms import UNCUT, MemberForm, PublicForm, Told, Visible, check_token, stripped
from .limiting import limit
from .paging import Page, Paging, page_numbers
from .paths import own_path
from .setup import init_web
from .stamps import stamp, stamp_problem
from .tables import csv_line
from .templating import Crumb, FeedLink, Meta, absolute, page_meta, page_part, structured_data
from .texts import clean_line, clean_text
from .vendor import problems as vendored_problems
from .viewing import NoViewer, client_address, viewer, viewer_or_none

__all__ = [
    "UNCUT",
    "WEB_CHECKS",
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
    "cookie_header",
    "csv_line",
    "from_anywhere",
    "init_web",
    "inline_stylesheet",
    "is_public",
    "is_recent",
    "is_shown_again",
    "limit",
    "local",
    "looked_at_twice",
    "member",
    "offered_cookies",
    "own_path",
    "page_meta",
    "page_numbers",
    "page_part",
    "private_link",
    "protect_draft",
    "public",
    "read_cookie",
    "recently_confirmed",
    "right",
    "running_name",
    "session_cookie",
    "session_names",
    "set_cookie",
    "sets_cookies",
    "stamp",
    "stamp_problem",
    "stripped",
    "structured_data",
    "vendored_problems",
    "viewer",
    "viewer_or_none",
    "visitor",
    "way_back",
    "way_to_draft",
]
