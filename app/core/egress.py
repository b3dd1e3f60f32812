"""The one way out: to this machine itself, and to hosts that readers of the policy are told of.

`content/policy/processors.toml` lists who handles data for the site, with their hosts; the
policy prints it. What the settings lead to and the list does not hold stops the start, and is
asked for again before each connection.
"""

import ipaddress
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.engine import make_url

from app.core.config import ConfigError

FILE = "policy/processors.toml"
_OWN_NAMES = ("localhost", "ip6-localhost")
#: What leads to a PostgreSQL server besides its address, there and in the environment.
_ELSEWHERE = {"hostaddr": "PGHOSTADDR", "service": "PGSERVICE"}


@dataclass(frozen=True, kw_only=True)
class Processor:
    """Somebody who handles data for the site: where, why, under which safeguard, and what of it."""

    name: str
    country: str
    purpose: str
    safeguard: str
    sees: str
    hosts: tuple[str, ...] = ()


class WayClosed(Exception):
    """A connection to a host that readers are not told of; the text says which."""


def processors() -> tuple[Processor, ...]:
    """Those whom the content folder lists, in its order; none where there is no such file.

    Raises `ConfigError` for a file that cannot be used.
    """
    return read_processors(current_app.config["CONTENT"])


def read_processors(content: Path) -> tuple[Processor, ...]:
    """Those of one content folder. Raises `ConfigError`."""
    file = content / FILE
    try:
        listed = tomllib.loads(file.read_text("utf-8")).get("processors", [])
        return tuple(_processor(entry) for entry in listed)
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, ValueError, TypeError, AttributeError) as problem:
        raise ConfigError(f"{file} cannot be used: {problem}.") from None


def ways_out(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each setting that leads off this machine, and the host it leads to."""
    if settings["SMTP_URL"]:
        yield from _foreign("SMTP_URL", urlsplit(settings["SMTP_URL"]).hostname or "")
    yield from (way for host in _database_hosts(settings) for way in _foreign("DATABASE_URL", host))


def check_ways_out(settings: Mapping[str, Any]) -> None:
    """Raise `ConfigError` for the first setting that leads to a host nobody is told of."""
    ways = tuple(ways_out(settings))
    listed = _listed(settings["CONTENT"]) if ways else frozenset()
    for setting, host in ways:
        if host not in listed:
            raise ConfigError(
                f"CLIENTFLOW_{setting} leads to {host}, and {settings['CONTENT'] / FILE} does not "
                "say whose that is; write it down there, as readers of the policy are told."
            )


def require_way(host: str) -> None:
    """Let a connection to this host be made. Raises `WayClosed` when nobody is told of it."""
    name = _folded(host)
    if _is_here(name):
        return
    try:
        is_listed = name in _listed(current_app.config["CONTENT"])
    except ConfigError:
        is_listed = False
    if not is_listed:
        raise WayClosed(f"The host {name} is not listed in {FILE}.")


def _processor(entry: dict[str, Any]) -> Processor:
    known = {field.name for field in fields(Processor)}
    hosts = entry.get("hosts", [])
    texts = [str(entry.get(key, "")).strip() for key in known - {"hosts"}]
    if not all(texts) or not isinstance(hosts, list) or entry.keys() - known:
        raise ValueError(f"each entry has {', '.join(sorted(known))}")
    return Processor(**entry | {"hosts": tuple(_folded(str(host)) for host in hosts)})


def _listed(content: Path) -> frozenset[str]:
    return frozenset(host for entry in read_processors(content) for host in entry.hosts)


def _database_hosts(settings: Mapping[str, Any]) -> Iterator[str]:
    url = make_url(settings["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        return
    given = {name: url.query.get(name) or os.environ.get(word) for name, word in _ELSEWHERE.items()}
    if given["service"]:
        yield f"the service {given['service']}"
    # A host among the options wins over the one of the address.
    host = url.query.get("host") or url.host or os.environ.get("PGHOST")
    for value in (host, given["hostaddr"]):
        names = value if isinstance(value, tuple) else (value or "",)
        yield from (host for name in names for host in name.split(","))


def _foreign(setting: str, host: str) -> Iterator[tuple[str, str]]:
    name = _folded(host)
    if not _is_here(name):
        yield setting, name


def _folded(host: str) -> str:
    return host.strip().strip("[]").rstrip(".").lower()


def _is_here(name: str) -> bool:
    """Whether a host is this machine: its loopback, or a socket in a folder."""
    if not name or name.startswith(("/", "@")) or name in _OWN_NAMES:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
