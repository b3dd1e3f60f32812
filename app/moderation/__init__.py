"""Judging what was said, and remembering how that was decided.

Hold, never drop: `screen(submission)` answers show or hold, with every rule that spoke;
`remember` keeps its fingerprint afterwards. `may_take_part` is the one gate that bans keep.
What moderators decide goes through `record_decision(s)` and can be taken back with `undo`.
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
    warning,
)
from .decisions import REFUSED, Move, record_decision, record_decisions, undo
from .kinds import ItemLine, ModeratedKind, PastItem, Waiting
from .leaks import BLACK, Leak, LeakKind, LookedOver, blacked_out, leaks_in, look_over, mask_leak
from .links import count_links, hosts_in, links_in
from .models import Ban, Rules, Scope, Trust
from .notes import NoteDraft, add_note, note_counts, notes_of, saved_replies
from .reasons import Action, Reason, Verdict, marked, reasons_from
from .records import COMPLAINTS, Complaint, Decision, Note, Outcome, Report, SavedReply
from .reports import Filed, ReportDraft, dismiss_reports, file_report, open_reports, reports_of
from .rulebook import rules_of
from .rules import SUSPICIONS, Submission
from .screening import forget, remember, screen
from .trust import Earned, authored_by, is_trusted, revoke_trust, saw, trust

__all__ = [
    "BLACK",
    "COMPLAINTS",
    "LASTS",
    "REFUSED",
    "SUSPICIONS",
    "Action",
    "Ban",
    "BanDraft",
    "Banned",
    "Complaint",
    "Decision",
    "Earned",
    "Filed",
    "ItemLine",
    "Leak",
    "LeakKind",
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
    "Submission",
    "Trust",
    "Verdict",
    "Waiting",
    "add_note",
    "authored_by",
    "ban",
    "ban_author",
    "blacked_out",
    "count_links",
    "dismiss_reports",
    "file_report",
    "forget",
    "hosts_in",
    "is_banned",
    "is_trusted",
    "leaks_in",
    "lift_ban",
    "links_in",
    "look_over",
    "marked",
    "mask_leak",
    "may_author_take_part",
    "may_take_part",
    "note_counts",
    "notes_of",
    "open_reports",
    "reasons_from",
    "record_decision",
    "record_decisions",
    "remember",
    "reports_of",
    "revoke_trust",
    "rules_of",
    "saved_replies",
    "saw",
    "screen",
    "trust",
    "undo",
    "warning",
]
