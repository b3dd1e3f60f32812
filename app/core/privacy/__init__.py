"""Personal data: declared on its column, sealed at rest, opened by few, and every look on record.

A column is declared with `personal(...)` or `not_personal(why)`. A sealed attribute
takes what `seal()` makes and gives a `Sealed`, which has no printable form; lists show
`masked()`, searches use `matches()` and `near()`, and only `reveal()` shows a value to
a person, after its record is committed. `record()` appends to the audit chain. To an authority
goes only what `disclosures` releases, for a demand that two accounts approved.
"""

from . import disclosures
from .audit import AuditDetail, AuditLink, Look, commitment_of, record
from .belonging import by_account, by_email, by_parent, by_uid, of_nobody
from .chain import Verdict, verify
from .checks import CHECKS as PRIVACY_CHECKS
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
from .disclosures import AboutYou, disclosures_about
from .duties import check_chain, due_months, tend_keys, watch_chain
from .entries import AuditEntry, Wanted, actors, count_entries, entries, last_recorded
from .heads import (
    BadHead,
    Head,
    chain_problem,
    heads_folder,
    kept_heads,
    put_heads_aside,
    read_head,
    take_head,
)
from .holders import tell_keys, this_machine
from .keyfile import key_path
from .keys import can_seal, prepare_keys, signing_key, signing_keys
from .normal import normal_email
from .retention import Due, DueRows, overdue, standing, sweep
from .reveal import REASONS, LookRefused, Need, Revealed, Viewer, missing_for, reveal
from .sealed import DOTS, Sealed, Unsealed, seal
from .standing import RetentionCount, keep_counts, kept_counts, retention_lines
from .subjects.collecting import Collected, HeldRow, Item, Seen, collect, looks_at
from .subjects.correcting import correct, names_of
from .subjects.erasing import Erased, Erasure, Scope, erase
from .subjects.keeping import Kept
from .subjects.ledger import drop_over, ledger_folder, note_erasure, tend_ledger
from .subjects.people import Person, holds_anything, person_of
from .subjects.proving import ERASURE_CHECKS, erasures_are_done, erasures_are_remembered
from .subjects.reaching import ANONYMOUS, batches
from .subjects.replaying import Replayed, replay_erasures
from .subjects.scrubbing import Scrubbed, forget_deleted_words, scrub, scrub_waiting
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
    "ANONYMOUS",
    "BLOG_ADMINS",
    "BLOG_TEAM",
    "DOTS",
    "ERASURE_CHECKS",
    "NOBODY",
    "PRIVACY_CHECKS",
    "PUBLIC",
    "REASONS",
    "SUBJECT",
    "AboutYou",
    "Audience",
    "AuditDetail",
    "AuditEntry",
    "AuditLink",
    "BadHead",
    "Collected",
    "Due",
    "DueRows",
    "Erased",
    "Erasure",
    "Head",
    "HeldRow",
    "Item",
    "Kept",
    "KeyGone",
    "Look",
    "LookRefused",
    "Need",
    "Person",
    "Personal",
    "Replayed",
    "RetentionCount",
    "Revealed",
    "Scope",
    "Scrubbed",
    "Sealed",
    "Seen",
    "Tampered",
    "Trial",
    "Unreadable",
    "Unsealed",
    "Verdict",
    "Viewer",
    "Wanted",
    "actors",
    "batches",
    "by_account",
    "by_email",
    "by_parent",
    "by_uid",
    "can_seal",
    "chain_problem",
    "check_chain",
    "collect",
    "commitment_of",
    "correct",
    "count_entries",
    "disclosures",
    "disclosures_about",
    "drop_over",
    "due_months",
    "entries",
    "erase",
    "erasures_are_done",
    "erasures_are_remembered",
    "explain",
    "forget_deleted_words",
    "heads_folder",
    "holds_anything",
    "inventory",
    "keep_counts",
    "kept_counts",
    "kept_heads",
    "key_path",
    "last_recorded",
    "ledger_folder",
    "looks_at",
    "lookup_of",
    "lookups_of",
    "masked",
    "masked_value",
    "matches",
    "missing_for",
    "names_of",
    "near",
    "near_lookups_of",
    "near_of",
    "normal_email",
    "not_personal",
    "note_erasure",
    "of_nobody",
    "open_for",
    "overdue",
    "person_of",
    "personal",
    "prepare_keys",
    "put_heads_aside",
    "read_head",
    "record",
    "replay_erasures",
    "reseal_into",
    "retention_lines",
    "reveal",
    "scrub",
    "scrub_waiting",
    "seal",
    "signing_key",
    "signing_keys",
    "standing",
    "sweep",
    "take_head",
    "tell_keys",
    "tend_keys",
    "tend_ledger",
    "this_machine",
    "try_opening",
    "uid_column",
    "undeclared",
    "verify",
    "watch_chain",
]
