"""Recovery codes: ten lines on paper, each good for one log-in without the second factor."""

import hashlib
import re
import secrets

COUNT = 10
# 16 letters of 32: 80 bits, so that a plain hash of one cannot be searched.
LENGTH = 16
# Without i, l, o and u: nobody has to guess what they wrote down.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans({"i": "1", "l": "1", "o": "0"})
_BETWEEN = re.compile(r"[\s-]+")


def new_codes() -> list[str]:
    """Ten fresh codes, in groups of four."""
    return [_grouped(_random()) for _ in range(COUNT)]


def code_hash(code: str) -> bytes | None:
    """What is stored of a code, or `None` for something that cannot be one.

    Groups, capitals and letters that look like digits may be typed as they were read.
    """
    plain = _BETWEEN.sub("", code.casefold()).translate(_MISREAD)
    if len(plain) != LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return hashlib.sha256(b"recovery code:" + plain.encode("ascii")).digest()


def _random() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))
