"""The shut session: public pages have none, so that they cannot set a cookie by accident."""

from typing import Any, NoReturn

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin


class SessionTouched(RuntimeError):
    """Code behind a public page tried to remember something about the visitor."""


class ShutSession(dict[str, Any], SessionMixin):
    """Reads as empty; every write raises `SessionTouched`."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise SessionTouched("a public page has no session")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse


class ShutSessions(SessionInterface):
    """Opens a shut session for every request and never writes a cookie."""

    def open_session(self, app: Flask, request: Request) -> ShutSession:
        """An empty session, whatever cookie was sent."""
        return ShutSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing is kept."""
