"""Judging what was said, and remembering how that was decided.

Hold, never drop: `screen(submission)` answers show or hold, with every rule that spoke;
`remember` keeps its fingerprint afterwards. `may_take_part` is the one gate that bans keep.
What moderators decide goes through `record_decision(s)` and can be taken back with `undo`.
Before anything is stored, a `SecondLook` finds what is odd about how it was sent, and
`ask_owner` finds out whether an email is its sender's.
Facts from above come as arguments; a feature that lets its items be moderated hands in a
`ModeratedKind` on its card.
"""

from .bans import (
    LASTS,
    BanDraft,
    Banned,
    ban,
    ban_author,
    is_banned,
    lift_ban,
    may_author_take_part,
    may_take_part,
    refuse_banned,
    warning,
)
from .claims import CLAIMED_FOR, Claim, claim, holds, let_go
from .classifier import FEWEST, Look, look_of
from .decisions import REFUSED, Move, record_decision, record_decisions, undo
from .facts import Facts, facts_of
from .kinds import ItemLine, ModeratedKind, PastItem, Waiting
from .leaks import BLACK, Leak, LeakKind, LookedOver, blacked_out, leaks_in, look_over, mask_leak
from .lessons import Guess
from .links import count_links, hosts_in, links_in
from .mail_links import LinkOver, name_in, token_for
from .models import Ban, Rules, Scope, Trust
from .notes import NoteDraft, add_note, note_counts, notes_of, saved_replies
from .openness import Holding, SeenBy, held_about, looks_at
from .proofs import AddressProof, address_proved, ask_owner, asked_proof, forget_proofs, prove
from .reasons import Action, Reason, Verdict, marked, reasons_from
from .records import COMPLAINTS, Complaint, Decision, Note, Outcome, Report, SavedReply
from .reports import Filed, ReportDraft, dismiss_reports, file_report, open_reports, reports_of
from .rulebook import rules_of
from .rules import SUSPICIONS, Submission
from .screening import forget, remember, screen
from .second_look import Confirmation, SecondLook
from .sorting import is_guessed, looks_like
from .trust import Earned, authored_by, is_trusted, revoke_trust, saw, trust

__all__ = [
    "BLACK",
    "CLAIMED_FOR",
    "COMPLAINTS",
    "FEWEST",
    "LASTS",
    "REFUSED",
    "SUSPICIONS",
    "Action",
    "AddressProof",
    "Ban",
    "BanDraft",
    "Banned",
    "Claim",
    "Complaint",
    "Confirmation",
    "Decision",
    "Earned",
    "Facts",
    "Filed",
    "Guess",
    "Holding",
    "ItemLine",
    "Leak",
    "LeakKind",
    "LinkOver",
    "Look",
    "LookedOver",
    "ModeratedKind",
    "Move",
    "Note",
    "NoteDraft",
    "Outcome",
    "PastItem",
    "Reason",
    "Report",
    "ReportDraft",
    "Rules",
    "SavedReply",
    "Scope",
    "SecondLook",
    "SeenBy",
    "Submission",
    "Trust",
    "Verdict",
    "Waiting",
    "add_note",
    "address_proved",
    "ask_owner",
    "asked_proof",
    "authored_by",
    "ban",
    "ban_author",
    "blacked_out",
    "claim",
    "count_links",
    "dismiss_reports",
    "facts_of",
    "file_report",
    "forget",
    "forget_proofs",
    "held_about",
    "holds",
    "hosts_in",
    "is_banned",
    "is_guessed",
    "is_trusted",
    "leaks_in",
    "let_go",
    "lift_ban",
    "links_in",
    "look_of",
    "look_over",
    "looks_at",
    "looks_like",
    "marked",
    "mask_leak",
    "may_author_take_part",
    "may_take_part",
    "name_in",
    "note_counts",
    "notes_of",
    "open_reports",
    "prove",
    "reasons_from",
    "record_decision",
    "record_decisions",
    "refuse_banned",
    "remember",
    "reports_of",
    "revoke_trust",
    "rules_of",
    "saved_replies",
    "saw",
    "screen",
    "token_for",
    "trust",
    "undo",
    "warning",
]
