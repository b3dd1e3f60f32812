"""Configuration: typed, read from the environment, checked before anything starts.

A value comes from the environment variable `CLIENTFLOW_<NAME>`, else from a `.env`
file in the working folder, else from its default. A wrong or unknown value is a
`ConfigError` whose one sentence names the fix.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from app.core import readers
from app.core.readers import LOG_LEVELS, Network

VERSION = "0.1.0"
PREFIX = "CLIENTFLOW_"
MAX_WORKERS = 64

_days = readers.whole_number(1, 3_650)


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


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of one running site. Upper-case, so Flask can take it as it is."""

    INSTANCE: Path = setting(
        Path("instance"),
        readers.folder,
        "Folder of the database, the key file and the resized pictures.",
    )
    CONTENT: Path = setting(
        Path("content"), readers.folder, "Folder of what the company says: pages, posts, pictures."
    )
    DATABASE_URL: str | None = setting(
        None,
        readers.database_url,
        "The database: SQLite, or PostgreSQL as `postgresql://user:password@host/name`.",
        shown="a SQLite file in the instance folder",
        secret=True,
    )
    KEY_FILE: Path | None = setting(
        None,
        readers.folder,
        "The keys that emails and addresses are sealed with; keep a copy apart from the backups.",
        shown="`keys/clientflow.keys` in the instance folder",
    )
    BACKUP: Path | None = setting(
        None,
        readers.folder,
        "Folder for backups, best on another disk; when it is set, one is made every day.",
        shown="none: `flask backup` writes to `backups/` of the instance folder",
    )
    KEEP_BACKUPS_DAYS: int = setting(
        30, _days, "Days until a backup is deleted, and until then erasures are done anew after it."
    )
    BASE_URL: str = setting(
        "http://127.0.0.1:8000",
        readers.web_address,
        "The address readers type; goes into every link.",
    )
    ALLOWED_HOSTS: tuple[str, ...] = setting(
        (),
        readers.hosts,
        "Further host names the site answers to, with commas between.",
        shown="none",
    )
    TRUSTED_PROXIES: tuple[Network, ...] = setting(
        (),
        readers.networks,
        "Networks of your own proxies; only their word on the client's address is taken.",
        shown="none",
    )
    HOST: str = setting("127.0.0.1", readers.text, "Address `flask serve` listens on.")
    PORT: int = setting(8000, readers.whole_number(1, 65535), "Port `flask serve` listens on.")
    WORKERS: int = setting(
        0, readers.whole_number(0, MAX_WORKERS), "Web processes.", shown="one per processor"
    )
    DEVELOPMENT: bool = setting(
        False,
        readers.flag,
        "Look for changed content every second instead of every minute.",
        shown="no",
    )
    SMTP_URL: str | None = setting(
        None,
        readers.mail_server,
        "The mail server: `smtps://user:password@host`, `smtp+starttls://…`, or `smtp://…` "
        "without encryption.",
        shown="none: mail is kept as files in `outbox/` of the instance folder",
        secret=True,
    )
    MAIL_FROM: str | None = setting(
        None,
        readers.mail_sender,
        "Who mail is from, as `Name <address>`; needed with `CLIENTFLOW_SMTP_URL`.",
        shown="`no-reply@` and the host of `CLIENTFLOW_BASE_URL`",
    )
    MAIL_PER_HOUR: int = setting(
        500, readers.whole_number(1, 1_000_000), "The most messages sent in an hour; more wait."
    )
    DIGEST_MINUTES: int = setting(
        60,
        readers.whole_number(5, 10_080),
        "The least time between two mails to a blog's moderators about comments that wait.",
    )
    KEEP_MAIL_DAYS: int = setting(
        7,
        readers.whole_number(1, 365),
        "Days until a finished message's recipient and its kept file are deleted.",
    )
    COMMENT_EMAIL: str = setting(
        "required", readers.need, "Whether a comment needs an email address: required or optional."
    )
    KEEP_COMMENT_IP_DAYS: int = setting(
        90, _days, "Days that a month of commenters' addresses can be read after it has ended."
    )
    KEEP_COMMENT_EMAIL_DAYS: int = setting(
        365,
        _days,
        "Days that a commenter's email is kept after the last comment under the same post.",
    )
    KEEP_UNPUBLISHED_DAYS: int = setting(
        30, _days, "Days that comments which were never shown are kept."
    )
    KEEP_FEEDBACK_DAYS: int = setting(
        365,
        _days,
        "Days that feedback, and its sender's email, are kept after the last thing that happened; "
        "while it may be public, after the end of that.",
    )
    FEEDBACK_MONTHS: int = setting(
        24,
        readers.whole_number(1, 120),
        "Months that a sender's word that feedback may be public holds before it is asked again.",
    )
    KEEP_SIGN_IN_IP_DAYS: int = setting(30, _days, "Days that the address of a sign-in is kept.")
    KEEP_UNUSED_ACCOUNT_DAYS: int = setting(
        730,
        readers.whole_number(60, 3_650),
        "Days after which an account is closed that nobody signs in to; its person is told by mail "
        "a month ahead.",
    )
    KEEP_AUDIT_DETAIL_DAYS: int = setting(
        365, _days, "Days that the audit log tells who did something; that it was done, for ever."
    )
    KEEP_DISCLOSURES_DAYS: int = setting(
        1_095,
        _days,
        "Days that the register of legal demands tells what was asked about whom, after a demand "
        "was closed; the counts stay.",
    )
    AUDIT_MAIL: str | None = setting(
        None,
        readers.mailbox,
        "Who gets the signed head of the audit chain every day: best a mailbox out of your reach.",
        shown="nobody",
    )
    KEEP_TRENDS_MONTHS: int = setting(
        25, readers.whole_number(1, 25), "Months that totals of use are kept by day; then by year."
    )
    RECENT_SIGN_IN_HOURS: int = setting(
        12,
        readers.whole_number(1, 168),
        "Hours after which a sign-in is too old for seeing an email or an address.",
    )
    IDLE_SIGN_IN_HOURS: int = setting(
        0,
        readers.whole_number(0, 720),
        "A sign-in that was not used for so long is over; 0 leaves it at 12 hours in all.",
    )
    LOOKS_A_DAY: int = setting(
        30,
        readers.whole_number(1, 10_000),
        "Looks of one administrator in a day after which the others and the owners get mail.",
    )
    REQUIRE_SECOND_FACTOR: bool = setting(
        True,
        readers.flag,
        "Whether seeing an email or an address needs a second factor.",
        shown="yes",
    )
    OPTIONAL_COOKIES: tuple[str, ...] = setting(
        readers.OPTIONAL_COOKIES,
        readers.optional_cookies,
        "What visitors are asked about: `preferences`, `measurement`, both with a comma between, "
        "or `none`.",
        shown="preferences,measurement",
    )
    COOKIE_RECEIPTS: bool = setting(
        True,
        readers.flag,
        "Keep a receipt of each cookie choice, under a number that only the visitor has.",
        shown="yes",
    )
    POLICY_STRICT: bool = setting(
        False,
        readers.flag,
        "Refuse to start while the site runs with other figures than its published privacy policy.",
        shown="no",
    )
    LOG_LEVEL: str = setting("INFO", readers.log_level, f"One of {', '.join(LOG_LEVELS)}.")
    METRICS_TOKEN: str | None = setting(
        None,
        readers.token,
        "Bearer token that opens /metrics to callers from other machines.",
        shown="none: only this machine may read it",
        secret=True,
    )
    TESTING: bool = False
    #: Whether limits on how often something may be done hold; tests of other things need none.
    LIMITED: bool = True

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
        given = {**_beneath(), **(os.environ if environ is None else environ)}
        known = {PREFIX + entry.name: entry for entry in documented_settings()}
        values: dict[str, Any] = {}
        for name, text in given.items():
            if not name.startswith(PREFIX) or name.startswith(PREFIX + "TEST_"):
                continue
            if name not in known:
                raise ConfigError(readers.unknown_setting(name, list(known)))
            if text == "":
                continue
            values[known[name].name] = _read(name, known[name], text)
        if "SMTP_URL" in values and "MAIL_FROM" not in values:
            raise ConfigError(
                "CLIENTFLOW_SMTP_URL needs CLIENTFLOW_MAIL_FROM beside it: set the address that "
                "mail is from."
            )
        return cls(**values)

    @classmethod
    def for_tests(cls, **changes: Any) -> Self:
        """A configuration for the test-suite; what it does not name keeps its default."""
        values: dict[str, Any] = {"TESTING": True, "LIMITED": False}
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


def _beneath() -> dict[str, str]:
    try:
        return readers.dotenv(Path(".env"))
    except ValueError as problem:
        raise ConfigError(str(problem)) from None
