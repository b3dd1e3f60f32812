"""How the text of a setting becomes its value: each reader checks, and raises `ValueError`.

The sentence of the error goes on after the setting's name: "must be yes or no".
"""

import difflib
import ipaddress
import re
from collections.abc import Callable
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
OPTIONAL_COOKIES = ("preferences", "measurement")

_WEB = ("http", "https")
_BLANK = re.compile(r"\s")
_MAIL = ("smtp", "smtps", "smtp+starttls")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_ADDRESS = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_SENDER = re.compile(rf"([^<>]+)<({_ADDRESS})>|({_ADDRESS})", re.ASCII)
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:]+")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def text(value: str) -> str:
    """The text itself."""
    return value.strip()


def folder(value: str) -> Path:
    """A folder; `~` is the home of this user."""
    return Path(value).expanduser()


def flag(value: str) -> bool:
    """Yes or no."""
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    try:
        return words[value.strip().lower()]
    except KeyError:
        raise ValueError("must be yes or no") from None


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds, both included."""

    def read(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError(f"must be a whole number from {low} to {high}") from None
        if not low <= number <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return number

    return read


def optional_cookies(value: str) -> tuple[str, ...]:
    """The categories of cookies that a site asks about; `none` for none."""
    words = {word.strip().lower() for word in value.split(",")}
    if words == {"none"}:
        return ()
    if not words <= set(OPTIONAL_COOKIES):
        raise ValueError(f"must be {', '.join(OPTIONAL_COOKIES)}, both with a comma, or none")
    return tuple(word for word in OPTIONAL_COOKIES if word in words)


def web_address(value: str) -> str:
    """An address of the web without a path, its host in lower case."""
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


def database_url(value: str) -> str:
    """The address of a database."""
    is_file = value.startswith("sqlite:///") and value not in ("sqlite:///", "sqlite:///:memory:")
    if not is_file and not value.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// and a file's path, or with postgresql://")
    try:
        make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError("must look like postgresql://user:password@host:5432/name") from None
    return value


def hosts(value: str) -> tuple[str, ...]:
    """Host names with commas between."""
    found = _names(value)
    if not all(_HOST.fullmatch(name) for name in found):
        raise ValueError("must be host names such as www.example.org, without scheme and port")
    return found


def token(value: str) -> str:
    """A bearer token long enough not to be guessed."""
    if len(value) < 32:
        raise ValueError("must have at least 32 characters, or be unset")
    return value


def networks(value: str) -> tuple[Network, ...]:
    """Networks with commas between; none of them the whole world."""
    try:
        found = tuple(ipaddress.ip_network(name) for name in _names(value))
    except ValueError as problem:
        raise ValueError(f"must be networks such as 127.0.0.1/32 ({problem})") from None
    if any(network.prefixlen == 0 for network in found):
        raise ValueError("must not contain a network that trusts every address")
    return found


def log_level(value: str) -> str:
    """One of `LOG_LEVELS`."""
    if value.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return value.upper()


def mail_server(value: str) -> str:
    """The address of a mail server; a password goes over an encrypted connection only."""
    try:
        parts = urlsplit(value.strip())
        # Reading the port checks it.
        is_whole = bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")
        words = unquote(f"{parts.username or ''}{parts.password or ''}")
    except ValueError:
        raise ValueError("must look like smtps://user:password@mail.example.org:465") from None
    if parts.scheme not in _MAIL or not is_whole or parts.query or _UNPRINTABLE.search(words):
        raise ValueError("must look like smtps://user:password@mail.example.org:465")
    if parts.password and parts.scheme == "smtp" and parts.hostname not in _LOOPBACK:
        raise ValueError("must begin with smtps:// or smtp+starttls:// to carry a password")
    return value.strip()


def mail_sender(value: str) -> str:
    """A sender such as `Name <address>`."""
    found = _SENDER.fullmatch(value.strip())
    if found is None or _UNPRINTABLE.search(value):
        raise ValueError("must look like Example Ltd <hello@example.org>")
    name, address, alone = found.groups(default="")
    return str(Address(name.strip(' "'), addr_spec=address or alone))


def dotenv(file: Path) -> dict[str, str]:
    """`NAME=value` lines of a file that may be absent; quotes around a value are taken off."""
    if not file.is_file():
        return {}
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ValueError(".env cannot be read; check its owner and that it is UTF-8.") from None
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals:
            raise ValueError(f".env, line {number}: write it as NAME=value.")
        found[name.strip()] = value.strip().strip("\"'")
    return found


def mailbox(value: str) -> str:
    """An email address, and no name beside it."""
    found = _SENDER.fullmatch(value.strip())
    if found is None or not found[3]:
        raise ValueError("must be an email address such as audit@example.org")
    return found[3]


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in value.split(",") if name.strip())


def need(value: str) -> str:
    """Whether something must be given."""
    if value.strip().lower() not in ("required", "optional"):
        raise ValueError("must be required or optional")
    return value.strip().lower()


def unknown_setting(name: str, known: list[str]) -> str:
    """What to say of a name that is no setting: which one was meant, if that can be guessed."""
    if name == "CLIENTFLOW_SECRET_KEY":
        return f"{name} is no setting any more: nothing is signed with it. Take it away."
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else "`flask config table` lists all settings."
    return f"{name} is not a setting of Clientflow. {hint}"
