"""Receipts: what a sender agreed to, signed so that everybody can check it without this site.

The signature is Ed25519 over the receipt without its `signature`, as JSON with sorted keys and
no blanks. The key is made from one outside the database; `flask feedback verify --receipt`
says whether the `public_key` in a receipt is this site's.
"""

import json
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.core.privacy import signing_key, signing_keys
from app.core.web import absolute

from .models import Feedback
from .records import Grant, Wording
from .seals import hash_of

USE = "receipt"
VERSION = 1


class BadReceipt(Exception):
    """No receipt of this site, or a changed one; the text is a sentence."""


def receipt_of(feedback: Feedback, found: tuple[Grant, Wording] | None) -> dict[str, Any]:
    """What was sent and, while it holds, what was agreed to; without any address."""
    sent = {
        "receipt": VERSION,
        "site": absolute("/"),
        "number": feedback.id,
        "kind": str(feedback.kind),
        "sent_at": _moment(feedback.created_at),
        "sent_sha256": hash_of(feedback.text).hex(),
        "agreed": _agreed(*found) if found else None,
    }
    return _signed(sent)


def check_receipt(receipt: Any) -> None:
    """Raise `BadReceipt` unless this very receipt was signed by this site."""
    if not isinstance(receipt, dict) or not isinstance(receipt.get("signature"), str):
        raise BadReceipt("This is no receipt: it has no signature.")
    said = {name: value for name, value in receipt.items() if name != "signature"}
    ours = {_public(_signer(key)) for key in signing_keys(USE)}
    if said.get("public_key") not in ours:
        raise BadReceipt("The receipt was signed with a key that is not this site's.")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(said["public_key"]))
        key.verify(bytes.fromhex(receipt["signature"]), _bytes(said))
    except (InvalidSignature, ValueError):
        raise BadReceipt("The receipt was changed after it was signed.") from None


def _agreed(grant: Grant, wording: Wording) -> dict[str, Any]:
    return {
        "grant": grant.uid.hex,
        "text": wording.text,
        "text_sha256": grant.text_hash.hex(),
        "credit": str(grant.credit),
        "signed_as": grant.credit_line,
        "home_page": grant.on_home,
        "sentence": grant.sentence,
        "sentence_version": grant.sentence_version,
        "language": grant.locale,
        "channel": str(grant.channel),
        "given_at": _moment(grant.given_at),
        "ends_at": _moment(grant.ends_at),
        "audit_entry": grant.entry,
    }


def _signed(said: dict[str, Any]) -> dict[str, Any]:
    signer = _signer(signing_key(USE))
    whole = said | {"public_key": _public(signer)}
    return whole | {"signature": signer.sign(_bytes(whole)).hex()}


def _signer(key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key)


def _public(signer: Ed25519PrivateKey) -> str:
    return signer.public_key().public_bytes_raw().hex()


def _bytes(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
