"""The frame of private pages: who is looking, and the menus that are theirs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import g, request, url_for
from markupsafe import Markup

from app.core.privacy import Viewer
from app.core.registry import AccountLine, NavItem, registry

from .access import PUBLIC, label_here, way_back
from .forms import session_token
from .viewing import viewer_or_none


@dataclass(frozen=True)
class Line:
    """One line of a menu; `current` is the value of `aria-current`, or `None`."""

    label: str
    address: str
    icon: str
    count: int | None
    current: str | None


@dataclass(frozen=True)
class Frame:
    """What a private layout shows around its page."""

    viewer: Viewer | None
    admin: tuple[Line, ...]
    account: tuple[Line, ...]


def private_frame() -> Frame:
    """The frame for whoever is looking. Raises `NoViewer` on pages that may not know."""
    looking = viewer_or_none()
    if looking is None:
        return Frame(None, (), ())
    admin, account = (tuple(_lines(slot, looking)) for slot in ("admin_nav", "account_nav"))
    return Frame(looking, admin, account)


def account_lines() -> tuple[AccountLine, ...]:
    """What whoever is looking should know of, above the pages of their own account."""
    looking = viewer_or_none()
    if looking is None:
        return ()
    return tuple(filter(None, (line(looking) for line in registry().every("account_lines"))))


def token_field() -> Markup:
    """The hidden field that the one-button forms of private pages carry."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(session_token())


def back_field() -> Markup:
    """The hidden field by which a form on every page leads back to the page it stands on.

    What is refused says nothing of its address, so that a shut door looks like a wall, and
    a private page nothing either, as its query may be about somebody; there the browser's
    own word on where it was has to do.
    """
    if "is_refused" in g or label_here() != PUBLIC:
        return Markup()
    return Markup('<input type="hidden" name="next" value="{}">').format(way_back("/"))


def _lines(slot: str, looking: Viewer) -> Iterator[Line]:
    items: Iterable[NavItem] = registry().every(slot)
    for item in sorted(items, key=lambda item: item.place):
        rights = (item.right,) if isinstance(item.right, str) else item.right or ()
        is_theirs = not rights or any(looking.has_right(name) for name in rights)
        if is_theirs and (item.is_for is None or item.is_for(looking)):
            address = url_for(item.endpoint)
            count = item.count(looking) if item.count else None
            yield Line(item.label, address, item.icon, count, _current(address))


def _current(address: str) -> str | None:
    if request.path == address:
        return "page"
    # The first address of a menu is above all others; being below it says nothing.
    is_below = request.path.startswith(address) and address.count("/") > 2
    return "true" if is_below else None
