"""Personal data: declared on its column, sealed at rest, opened by few, and every look on record.

A column is declared with `personal(...)` or `not_personal(why)`. A sealed attribute
takes what `seal()` makes and gives a `Sealed`, which has no printable form; lists show
`masked()`, searches use `matches()` and `near()`, and only `reveal()` shows a value to
a person, after its record is committed. `record()` appends to the audit chain.
"""

from .audit import AuditDetail, AuditLink, Look, record
from .chain import Verdict, verify
from .columns import (
    BLOG_ADMINS,
    BLOG_TEAM,
    NOBODY,
    PUBLIC,
    SUBJECT,
    Audience,
    Personal,
    explain,
    inventory,
    lookup_of,
    near_of,
    not_personal,
    personal,
    uid_column,
    undeclared,
)
from .duties import chain_problem, check_chain, due_months, tend_keys, watch_chain
from .entries import AuditEntry, Wanted, actors, count_entries, entries
from .heads import BadHead, Head, heads_folder, kept_heads, read_head, take_head
from .keyfile import key_path
from .keys import can_seal, prepare_keys, signing_key, signing_keys
from .retention import Due, overdue, sweep
from .reveal import REASONS, LookRefused, Need, Revealed, Viewer, missing_for, reveal
from .sealed import DOTS, Sealed, Unsealed, seal
from .trial import Trial, try_opening
from .vault import (
    KeyGone,
    Tampered,
    Unreadable,
    lookups_of,
    masked,
    masked_value,
    matches,
    near,
    near_lookups_of,
    open_for,
    reseal_into,
)

__all__ = [
    "BLOG_ADMINS",
    "BLOG_TEAM",
    "DOTS",
    "NOBODY",
    "PUBLIC",
    "REASONS",
    "SUBJECT",
    "Audience",
    "AuditDetail",
    "AuditEntry",
    "AuditLink",
    "BadHead",
    "Due",
    "Head",
    "KeyGone",
    "Look",
    "LookRefused",
    "Need",
    "Personal",
    "Revealed",
    "Sealed",
    "Tampered",
    "Trial",
    "Unreadable",
    "Unsealed",
    "Verdict",
    "Viewer",
    "Wanted",
    "actors",
    "can_seal",
    "chain_problem",
    "check_chain",
    "count_entries",
    "due_months",
    "entries",
    "explain",
    "heads_folder",
    "inventory",
    "kept_heads",
    "key_path",
    "lookup_of",
    "lookups_of",
    "masked",
    "masked_value",
    "matches",
    "missing_for",
    "near",
    "near_lookups_of",
    "near_of",
    "not_personal",
    "open_for",
    "overdue",
    "personal",
    "prepare_keys",
    "read_head",
    "record",
    "reseal_into",
    "reveal",
    "seal",
    "signing_key",
    "signing_keys",
    "sweep",
    "take_head",
    "tend_keys",
    "try_opening",
    "uid_column",
    "undeclared",
    "verify",
    "watch_chain",
]
