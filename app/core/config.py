"""Configuration: typed, read from the environment, checked before anything starts.

A value comes from the environment variable `CLIENTFLOW_<NAME>`, else from a `.env`
file in the working folder, else from its default. A wrong or unknown value is a
`ConfigError` whose one sentence names the fix.
"""

import difflib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "CLIENTFLOW_"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MAX_WORKERS = 64

_WEB = ("http", "https")
_BLANK = re.compile(r"\s")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:]+")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ConfigError(Exception):
    """The configuration cannot be used; the text is one sentence that names the fix."""


def setting(
    default: Any,
    read: Callable[[str], Any],
    meaning: str,
    *,
    shown: str = "",
    secret: bool = False,
) -> Any:
    """A field of `Config`: its default, how its text is read, and a sentence for the manual."""
    return field(
        default=default,
        repr=not secret,
        metadata={"read": read, "meaning": meaning, "shown": shown, "secret": secret},
    )


def _text(value: str) -> str:
    return value.strip()


def _folder(value: str) -> Path:
    return Path(value).expanduser()


def _flag(value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    try:
        return words[value.strip().lower()]
    except KeyError:
        raise ValueError("must be yes or no") from None


def _whole_number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError(f"must be a whole number from {low} to {high}") from None
        if not low <= number <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return number

    return read


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
        is_origin = parts.path in ("", "/") and not parts.query and not parts.fragment
        # Reading the port checks it.
        is_plain = parts.port != 0 and "@" not in parts.netloc and not _BLANK.search(parts.netloc)
    except ValueError:
        is_origin = is_plain = False
    if not (is_origin and is_plain) or parts.scheme not in _WEB or not parts.hostname:
        raise ValueError("must look like https://www.example.org, without a path")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _database_url(value: str) -> str:
    is_file = value.startswith("sqlite:///") and value not in ("sqlite:///", "sqlite:///:memory:")
    if not is_file and not value.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// and a file's path, or with postgresql://")
    try:
        make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError("must look like postgresql://user:password@host:5432/name") from None
    return value


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("must have at least 32 characters; leave it unset to use the key file")
    return value


def _hosts(value: str) -> tuple[str, ...]:
    found = _names(value)
    if not all(_HOST.fullmatch(name) for name in found):
        raise ValueError("must be host names such as www.example.org, without scheme and port")
    return found


def _token(value: str) -> str:
    if len(value) < 32:
        raise ValueError("must have at least 32 characters, or be unset")
    return value


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in value.split(",") if name.strip())


def _networks(value: str) -> tuple[Network, ...]:
    try:
        found = tuple(ipaddress.ip_network(name) for name in _names(value))
    except ValueError as problem:
        raise ValueError(f"must be networks such as 127.0.0.1/32 ({problem})") from None
    if any(network.prefixlen == 0 for network in found):
        raise ValueError("must not contain a network that trusts every address")
    return found


def _log_level(value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return value.upper()


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of one running site. Upper-case, so Flask can take it as it is."""

    INSTANCE: Path = setting(
        Path("instance"), _folder, "Folder of the database, the key file and the resized pictures."
    )
    CONTENT: Path = setting(
        Path("content"), _folder, "Folder of what the company says: pages, posts, pictures."
    )
    DATABASE_URL: str | None = setting(
        None,
        _database_url,
        "The database: SQLite, or PostgreSQL as `postgresql://user:password@host/name`.",
        shown="a SQLite file in the instance folder",
        secret=True,
    )
    SECRET_KEY: str | None = setting(
        None,
        _secret,
        "Signs what must come back unchanged. Leave it unset to use the key file.",
        shown="read from `secret.key` in the instance folder",
        secret=True,
    )
    BASE_URL: str = setting(
        "http://127.0.0.1:8000", _web_address, "The address readers type; goes into every link."
    )
    ALLOWED_HOSTS: tuple[str, ...] = setting(
        (), _hosts, "Further host names the site answers to, with commas between.", shown="none"
    )
    TRUSTED_PROXIES: tuple[Network, ...] = setting(
        (),
        _networks,
        "Networks of your own proxies; only their word on the client's address is taken.",
        shown="none",
    )
    HOST: str = setting("127.0.0.1", _text, "Address `flask serve` listens on.")
    PORT: int = setting(8000, _whole_number(1, 65535), "Port `flask serve` listens on.")
    WORKERS: int = setting(
        0, _whole_number(0, MAX_WORKERS), "Web processes.", shown="one per processor"
    )
    DEVELOPMENT: bool = setting(
        False, _flag, "Look for changed content every second instead of every minute.", shown="no"
    )
    LOG_LEVEL: str = setting("INFO", _log_level, f"One of {', '.join(LOG_LEVELS)}.")
    METRICS_TOKEN: str | None = setting(
        None,
        _token,
        "Bearer token that opens /metrics to callers from other machines.",
        shown="none: only this machine may read it",
        secret=True,
    )
    TESTING: bool = False

    @property
    def SQLALCHEMY_DATABASE_URI(self) -> str:  # noqa: N802 - the library's name
        """The address of the database as SQLAlchemy wants it."""
        if self.DATABASE_URL is None:
            return f"sqlite:///{(self.INSTANCE / 'clientflow.db').resolve()}"
        return self.DATABASE_URL.replace("postgresql://", "postgresql+psycopg://", 1)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the process environment, with `.env` of the working folder beneath it.

        Raises `ConfigError` for a value that cannot be read and for an unknown name.
        """
        given = {**_dotenv(Path(".env")), **(os.environ if environ is None else environ)}
        known = {PREFIX + entry.name: entry for entry in documented_settings()}
        values: dict[str, Any] = {}
        for name, text in given.items():
            if not name.startswith(PREFIX) or name.startswith(PREFIX + "TEST_"):
                continue
            if name not in known:
                raise ConfigError(_unknown(name, list(known)))
            if text == "":
                continue
            values[known[name].name] = _read(name, known[name], text)
        return cls(**values)

    @classmethod
    def for_tests(cls, **changes: Any) -> Self:
        """A configuration for the test-suite; what it does not name keeps its default."""
        values: dict[str, Any] = {"TESTING": True, "SECRET_KEY": "t" * 32}
        return cls(**values | changes)

    @property
    def hosts(self) -> frozenset[str]:
        """Host names, without port, that the site answers to."""
        main = urlsplit(self.BASE_URL).hostname or ""
        names = {main, *self.ALLOWED_HOSTS}
        # A health check or a first visit on the machine itself needs no further setting.
        return frozenset(names | {"localhost", "127.0.0.1", "::1"})


def documented_settings() -> list[Any]:
    """The fields an operator may set, in the order of the manual."""
    return [entry for entry in fields(Config) if "read" in entry.metadata]


def _read(name: str, entry: Any, text: str) -> Any:
    try:
        return entry.metadata["read"](text)
    except ValueError as problem:
        shown = "the given value" if entry.metadata["secret"] else f"“{text}”"
        raise ConfigError(f"{name} {problem}; {shown} cannot be used.") from None


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else "`flask config table` lists all settings."
    return f"{name} is not a setting of Clientflow. {hint}"


def _dotenv(file: Path) -> dict[str, str]:
    """`NAME=value` lines of a file that may be absent; quotes around a value are taken off."""
    if not file.is_file():
        return {}
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(".env cannot be read; check its owner and that it is UTF-8.") from None
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals:
            raise ConfigError(f".env, line {number}: write it as NAME=value.")
        found[name.strip()] = value.strip().strip("\"'")
    return found
