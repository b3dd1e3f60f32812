"""The client's true address and scheme: taken from headers only when a listed proxy sent them.

The `X-Forwarded-For` list is read from the right; the first address that is not one
of our proxies is the client. Anyone else's forwarding headers are removed.
"""

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

from app.core.config import Network

_FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


class ProxyTrust:
    """WSGI middleware that settles `REMOTE_ADDR` and the scheme before anything reads them."""

    def __init__(self, wsgi_app: Callable[..., Any], trusted: tuple[Network, ...]) -> None:
        self.wsgi_app = wsgi_app
        self.trusted = trusted

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if self.trusted and self._is_trusted(environ.get("REMOTE_ADDR", "")):
            self._believe(environ)
        elif self.trusted:
            for name in _FORWARDED:
                environ.pop(name, None)
        return self.wsgi_app(environ, start_response)

    def _believe(self, environ: dict[str, Any]) -> None:
        given = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        environ["REMOTE_ADDR"] = self._client(reversed(given), environ["REMOTE_ADDR"])
        if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]

    def _client(self, from_the_right: Iterable[str], peer: str) -> str:
        """The nearest address that is not ours; a word that is no address ends the walk."""
        client = peer
        for word in from_the_right:
            try:
                client = str(ipaddress.ip_address(word.strip()))
            except ValueError:
                return client
            if not self._is_trusted(client):
                return client
        return client

    def _is_trusted(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.trusted)
