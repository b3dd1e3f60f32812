"""The mail to a person about whom something was given, and the daily mail of the chain's head."""

from datetime import date
from typing import Any

from app.core.database import transaction
from app.core.mail import enqueue
from app.core.privacy.disclosures import (
    KINDS,
    Disclosure,
    due_to_be_told,
    mark_told,
    parts_in_words,
)
from app.core.registry import MailSample

OWN_DATA = "/privacy/my-data/"

SAMPLES = (
    MailSample(
        template="disclosures/given",
        facts={
            "number": 3,
            "kind": "court order",
            "authority": "District Court of Springfield",
            "country": "Freedonia",
            "received_on": date(2026, 11, 2),
            "parts": "names and email addresses",
            "own_data": OWN_DATA,
        },
    ),
    MailSample(
        template="disclosures/head",
        facts={
            "problem": None,
            "count": 1_204,
            "at": "2026-11-24T06:00:00+00:00",
            "head": '{"count": 1204, "mac": "5f0c…"}',
            "page": "/privacy/transparency/",
        },
    ),
)


def tell_those_named() -> int:
    """Write to everybody about whom something was given, where no duty of silence stands.

    How many demands there is nothing left to tell of. Running it twice tells nobody twice.
    """
    with transaction() as session:
        due = list(due_to_be_told(session))
        for entry, subjects in due:
            for subject in subjects:
                enqueue("disclosures/given", to=(subject, "email"), **_facts(entry))
            mark_told(session, entry, subjects)
    return len(due)


def _facts(entry: Disclosure) -> dict[str, Any]:
    return {
        "number": entry.id,
        "kind": KINDS[entry.kind].lower(),
        "authority": entry.authority,
        "country": entry.country,
        "received_on": entry.received_on,
        "parts": parts_in_words(entry.parts.split()),
        "own_data": OWN_DATA,
    }
