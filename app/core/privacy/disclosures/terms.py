"""Seals over what an entry says and over each approval, made with a key outside the database.

An entry that was changed, or an approval that was invented, by somebody who can write SQL may
satisfy every constraint, and its seal still does not fit.
"""

import hmac
import json
from typing import Any

from ..keys import signing_key, signing_keys
from ..normal import normal_email
from ..vault import open_for
from .models import REGISTER, Disclosure, DisclosureApproval, DisclosureSubject

USE = "disclosure"


def seal_terms(entry: Disclosure, subjects: list[DisclosureSubject]) -> bytes:
    """The seal over everything that is approved when an entry is."""
    return _mac(signing_key(USE), _terms(entry, subjects))


def has_its_terms(entry: Disclosure, subjects: list[DisclosureSubject]) -> bool:
    """Whether an entry still says what it said when it was entered."""
    return _is_mac(_terms(entry, subjects), entry.terms)


def seal_approval(approval: DisclosureApproval) -> bytes:
    """The seal over an approval."""
    return _mac(signing_key(USE), _approval(approval))


def is_sealed_approval(approval: DisclosureApproval) -> bool:
    """Whether an approval was given through this program."""
    return _is_mac(_approval(approval), approval.mac)


def opened(row: Disclosure | DisclosureSubject, attribute: str) -> str:
    """A sealed text of the register; empty when there is none."""
    return "" if getattr(row, attribute) is None else open_for(row, attribute, REGISTER)


def _terms(entry: Disclosure, subjects: list[DisclosureSubject]) -> bytes:
    return _canonical(
        *("entry", entry.uid.hex, str(entry.kind), entry.received_on, entry.authority),
        *(entry.country, opened(entry, "scope"), opened(entry, "reason"), entry.parts),
        *(entry.from_on, entry.until_on, (entry.document_hash or b"").hex()),
        sorted(normal_email(opened(subject, "email")) for subject in subjects),
    )


def _approval(approval: DisclosureApproval) -> bytes:
    at = approval.approved_at.isoformat(timespec="microseconds")
    return _canonical(
        *("approval", approval.disclosure_id, approval.terms.hex(), approval.user_id, at)
    )


def _canonical(*parts: Any) -> bytes:
    return json.dumps(parts, default=str, separators=(",", ":")).encode()


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _is_mac(message: bytes, mac: bytes) -> bool:
    return any(hmac.compare_digest(_mac(key, message), mac) for key in signing_keys(USE))
