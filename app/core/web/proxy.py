"""The client's true address and scheme: taken from headers only when a listed proxy sent them.

The `X-Forwarded-For` list is read from the right; the first address that is not one
of our proxies is the client. Nothing behind this sees any forwarding header, only
whether there was one.
"""

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

from app.core.readers import Network

#: The key of the environment that tells whether a proxy passed the request on.
WAS_FORWARDED = "clientflow.was_forwarded"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

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
        environ[WAS_FORWARDED] = any(name in environ for name in (*_FORWARDED, "HTTP_VIA"))
        peer = _address(environ.get("REMOTE_ADDR", ""))
        if peer:
            environ["REMOTE_ADDR"] = str(peer)
            if self._is_trusted(peer):
                self._believe(environ, peer)
        for name in _FORWARDED:
            environ.pop(name, None)
        return self.wsgi_app(environ, start_response)

    def _believe(self, environ: dict[str, Any], peer: Address) -> None:
        given = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        environ["REMOTE_ADDR"] = str(self._client(reversed(given), peer))
        if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]

    def _client(self, from_the_right: Iterable[str], peer: Address) -> Address:
        """The nearest address that is not ours; a word that is no address ends the walk."""
        client = peer
        for word in from_the_right:
            found = _address(word.strip())
            if found is None:
                return client
            client = found
            if not self._is_trusted(client):
                return client
        return client

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self.trusted)


def _address(text: str) -> Address | None:
    """The address a text holds; IPv4 in IPv6 clothes is IPv4, a scope is no part of one."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv4Address):
        return found
    return None if found.scope_id else found.ipv4_mapped or found
