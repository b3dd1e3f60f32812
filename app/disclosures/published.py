"""Heads of the audit chain for everybody: to keep, to check, and to hold this site to."""

import base64
import json
from dataclasses import asdict, dataclass
from typing import Any

from flask import current_app

from app.core.mail import enqueue
from app.core.privacy import BadHead, Head, chain_problem, kept_heads, read_head

from .report import ADDRESS

NEWEST = 7
#: What stands before the 32 bytes of an Ed25519 key in the DER form that openssl reads.
_DER = bytes.fromhex("302a300506032b6570032100")


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How anybody checks a head's signature without this program."""

    signed: str
    commands: str


def published_heads(most: int = NEWEST) -> list[Head]:
    """The newest heads that this machine took and signed, newest first."""
    found: list[Head] = []
    for file in reversed(kept_heads()):
        if len(found) == most:
            break
        try:
            found.append(read_head(file))
        except BadHead:
            continue
    return found


def newest_head() -> dict[str, Any] | None:
    """The newest head as it is published; `None` before the first was taken."""
    return next((asdict(head) for head in published_heads(1)), None)


def head_file() -> str | None:
    """The newest head as a file that `flask audit verify --against` takes."""
    head = newest_head()
    return json.dumps(head, indent=1) + "\n" if head else None


def proof_of(head: Head) -> Proof:
    """The bytes that were signed, and commands that check the signature over them."""
    signed = head.signed.decode()
    key = base64.b64encode(_DER + bytes.fromhex(head.public)).decode()
    signature = base64.b64encode(bytes.fromhex(head.signature)).decode()
    commands = (
        f"printf '%s' '{signed}' > head.txt\n"
        f"echo '{signature}' | base64 -d > head.sig\n"
        f"echo '{key}' | base64 -d > head.key\n"
        "openssl pkeyutl -verify -pubin -keyform DER -inkey head.key "
        "-rawin -in head.txt -sigfile head.sig"
    )
    return Proof(signed=signed, commands=commands)


def mail_head() -> None:
    """Send the newest head, or what is wrong with the chain, to the mailbox that was set for it."""
    to, problem, head = current_app.config["AUDIT_MAIL"], chain_problem(), newest_head()
    if not to or not (problem or head):
        return
    enqueue(
        "disclosures/head",
        to=to,
        gives_way=True,
        problem=problem,
        count=head["count"] if head else 0,
        at=head["at"] if head else "",
        head=json.dumps(head) if head else "",
        page=ADDRESS,
    )
