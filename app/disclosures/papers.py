"""The paper of a demand: its hash is kept, and the paper itself is not."""

import hashlib
import re
from typing import IO

_HASH = re.compile(r"[0-9a-fA-F]{64}")
_CHUNK = 65_536


def hash_of_paper(stream: IO[bytes]) -> bytes | None:
    """The SHA-256 of a file that was sent; `None` for an empty one."""
    digest, length = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        length += len(chunk)
    return digest.digest() if length else None


def hash_of_text(text: str) -> bytes | None:
    """A SHA-256 as `sha256sum` prints it; `None` when it is none."""
    found = _HASH.fullmatch(text.strip().partition(" ")[0])
    return bytes.fromhex(found[0]) if found else None
