"""Seals over what makes a card public, so that what was written past this program is found.

The key is outside the database. A grant, an approval or a wording that somebody changed or
invented by SQL may satisfy every constraint, and its seal still does not fit.
"""

import hmac
import json
from hashlib import sha256
from typing import Any

from app.core.privacy import signing_key, signing_keys

USE = "feedback"


def hash_of(text: str) -> bytes:
    """The name of an exact wording."""
    return sha256(text.encode("utf-8", "replace")).digest()


def seal_grant(grant: Any) -> bytes:
    """The seal over everything that a grant says."""
    return _mac(signing_key(USE), _grant(grant))


def seal_approval(approval: Any) -> bytes:
    """The seal over everything that an approval says."""
    return _mac(signing_key(USE), _approval(approval))


def is_sealed_grant(grant: Any) -> bool:
    """Whether a live grant says what it said when it was given."""
    return _is_mac(_grant(grant), grant.mac)


def is_sealed_approval(approval: Any) -> bool:
    """Whether a live approval says what it said when it was given."""
    return _is_mac(_approval(approval), approval.mac)


def _grant(grant: Any) -> bytes:
    return _canonical(
        "grant",
        grant.uid.hex,
        grant.feedback_id,
        grant.text_hash.hex(),
        str(grant.credit),
        grant.credit_line,
        grant.on_home,
        grant.sentence_version,
        grant.sentence,
        grant.locale,
        str(grant.channel),
        grant.given_at.isoformat(timespec="microseconds"),
        grant.ends_at.isoformat(timespec="microseconds"),
    )


def _approval(approval: Any) -> bytes:
    return _canonical(
        "approval",
        approval.uid.hex,
        approval.feedback_id,
        approval.text_hash.hex(),
        str(approval.widest),
        approval.approved_by,
        approval.approved_at.isoformat(timespec="microseconds"),
    )


def _is_mac(message: bytes, mac: bytes) -> bool:
    return any(hmac.compare_digest(_mac(key, message), mac) for key in signing_keys(USE))


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _canonical(*parts: Any) -> bytes:
    return json.dumps(parts, separators=(",", ":")).encode()
