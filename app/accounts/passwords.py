"""Passwords: which are taken, how they are kept, how they are compared.

Kept as Argon2id over a keyed hash: whoever copies the database without the key file
has nothing to guess against. One is computed at a time in a process, so that a flood of
sign-ins cannot take the memory and the processor from readers.
"""

import base64
import hmac
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import TooMany
from app.core.privacy import signing_keys

SHORTEST, LONGEST = 12, 256
#: What must be left when all that is easily guessed has been taken out.
LEAST_OWN = 6
LEAST_DIFFERENT = 5

#: How many may wait for their turn, and how long: beyond that the answer is "later".
MOST_WAITING = 6
LONGEST_WAIT = 3.0
RETRY_SECONDS = 5

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turn = threading.Lock()
_room = threading.BoundedSemaphore(MOST_WAITING + 1)
_WORD = re.compile(r"[^\W_]{4,}")


def problem_with(password: str, *, words: Iterable[str] = ()) -> str | None:
    """Why a password is not taken, or `None`. `words` are known to everybody: names, the site."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; four or five words make a good one."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    plain = _plain(password)
    is_simple = len(set(plain)) < LEAST_DIFFERENT or _is_repeated(plain) or _is_counted(plain)
    if is_simple or plain in _common():
        return "Many people use this one, or it is too regular; choose another."
    if len(_without(plain, words)) < LEAST_OWN:
        return "It is little more than a name that others know; choose another."
    return None


def hash_password(password: str) -> str:
    """What is kept of a password. Raises `TooMany` when too many are being computed."""
    with _one_at_a_time():
        return _hasher.hash(_keyed(password, _peppers()[0]))


def is_password(kept: str | None, password: str) -> bool:
    """Whether this is the password; takes the same time for an account that has none.

    Raises `TooMany` when too many are being computed.
    """
    with _one_at_a_time():
        # With one key at work, as is usual, this is one round; which account it is for
        # changes nothing about their number.
        found = [_fits(kept or _nobodys(), _keyed(password, key)) for key in _peppers()]
    return any(found) and kept is not None


def is_outdated(kept: str, password: str) -> bool:
    """Whether a right password should be kept anew: under today's settings and today's key."""
    if _hasher.check_needs_rehash(kept):
        return True
    if len(_peppers()) == 1:
        return False
    with _one_at_a_time():
        return not _fits(kept, _keyed(password, _peppers()[0]))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise TooMany(retry_after=RETRY_SECONDS)
    try:
        if not _turn.acquire(timeout=LONGEST_WAIT):
            raise TooMany(retry_after=RETRY_SECONDS)
        try:
            yield
        finally:
            _turn.release()
    finally:
        _room.release()


def _peppers() -> list[bytes]:
    """The keys a password may be kept under, the one for new ones first."""
    return signing_keys("password")


def _keyed(password: str, pepper: bytes) -> bytes:
    """The password under our key, in one spelling of its characters."""
    text = unicodedata.normalize("NFC", password).encode("utf-8", "replace")
    return base64.b64encode(hmac.digest(pepper, text, "sha256"))


def _fits(kept: str, keyed: bytes) -> bool:
    try:
        return _hasher.verify(kept, keyed)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """A hash that no password has, to spend on accounts that do not exist."""
    return _hasher.hash(b"nobody")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The passwords that guessers try first."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(_plain(word) for word in FREQUENCY_LISTS["passwords"])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _is_repeated(plain: str) -> bool:
    """Whether it is a shorter one, written again and again."""
    return plain in (plain + plain)[1:-1]


def _is_counted(plain: str) -> bool:
    """Whether it is the alphabet or the digits in a row, up or down, with a slip or two."""
    steps = [ord(after) - ord(before) for before, after in pairwise(plain)]
    return sum(step in (-1, 0, 1) for step in steps) >= len(steps) - 2


def _without(plain: str, words: Iterable[str]) -> str:
    known = {part for word in words for part in _WORD.findall(_plain(word))}
    for word in sorted(known, key=len, reverse=True):
        plain = plain.replace(word, "")
    return plain
