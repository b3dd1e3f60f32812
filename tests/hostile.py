"""Hostile texts in every column that people's words reach."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session

from app.accounts import Role, User
from app.accounts.entries import Session as SignIn
from app.accounts.entries import SessionState
from app.accounts.factors import Passkey
from app.accounts.models import Acceptance, Invitation
from app.comments import Comment, State
from app.comments.desk.undoing import ReplacedWords
from app.comments.placing import change_states
from app.core import clock
from app.core.database import Model, db, transaction
from app.core.mail.outbox import OutgoingMail
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import record, seal
from app.core.privacy.disclosures import Disclosure, DisclosureSubject, Kind
from app.core.privacy.sealed import SealedBytes
from app.feedback.records import Answer, Maker
from app.moderation import Rules, Scope
from app.moderation.models import Ban, Trust
from app.moderation.proofs import AddressProof
from app.moderation.records import Complaint, Note, Report, SavedReply
from app.rights.models import Request, RightsLink
from app.rights.wishes import Wish
from tests.factories import make_card, make_feedback
from tests.properties.test_sanitiser import ADDRESSES, PAYLOADS, TRICKS

#: What ends the place that a text stands in, so that the rest is read as markup.
BREAKS = (
    *('">', "'>", "</textarea>", "</title>", "</option></select>", "-->", "</style>", "</script>"),
    *("` ", '" autofocus onfocus=alert(1) x="', "' onclick=alert(1) x='"),
)
SCRIPTS = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>")
HOSTILE = list(
    dict.fromkeys(
        text.replace("\0", " ")
        for text in (
            *("".join(pair) for pair in product(BREAKS, (*SCRIPTS, *TRICKS, *ADDRESSES))),
            *PAYLOADS,
        )
    )
)

OUT_OF_REACH = {
    # Authors write these into files, and their words are sanitised elsewhere.
    *("authors", "blogs", "content_files", "content_state", "listings", "page_aliases"),
    *("policy_drafts", "policy_versions", "post_aliases", "posts", "promise_lists"),
    *("search_entries", "site_pages"),
    # Words and numbers of the program.
    *("erasures", "findings", "key_holders", "retention_counts.name"),
    *("acceptances.text_hash", "audit_chain.kind", "audit_details.facts", "audit_details.field"),
    *("challenges.purpose", "choice_receipts", "comment_counts.slot", "comments.reasons"),
    *(
        "decisions",
        "disclosures.parts",
        "feedback.reasons",
        "feedback_grants.locale",
        "feedback_grants.sentence",
    ),
    *("job_turns.name", "key_checks.name", "limit_counters.key", "links.facts", "links.purpose"),
    *(
        "moderator_keys.chosen",
        "notes.kind",
        "outbox.message_id",
        "outbox.template",
        "promise_results",
    ),
    *("reports.kind", "sorter_guesses.places", "users.password_hash", "users.username_folded"),
    # Only pages of ours, names of hosts, and words of a list.
    *("trend_days", "trend_files", "trend_reports", "trend_years"),
    # Made from the text beside it.
    *("comments.html", "feedback.html", "feedback_answers.html", "feedback_wordings.html"),
    # Only what can be read as an address, or the words of a whole mail.
    *("bans.ip", "comments.author_ip", "feedback.sender_ip", "outbox.words", "reports.ip"),
    *("sessions.ip", "totp.secret"),
}
#: What is written once and never changed.
SPOILT_FROM_THE_START = {"audit_details.reason", "feedback_wordings.text"}


def within_reach() -> dict[str, sa.Column]:
    """The columns that hold what somebody typed, or what their browser said of itself."""
    return {
        f"{table.name}.{column.name}": column
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.String | sa.JSON | SealedBytes)
        and not isinstance(column.type, sa.Enum)
        and not {table.name, f"{table.name}.{column.name}"} & OUT_OF_REACH
    }


def plant(names: dict[str, Any], *, rows: int, remarks: int) -> set[str]:
    """Fill a street with hostile texts; the names of the columns that hold some now.

    `names` is what the street is made of. There are `rows` of everything, and `remarks`
    comments of each kind. Needs an application context.
    """
    texts = cycle(HOSTILE)
    with transaction() as session:
        said = db.session.get_one(Comment, names["garden_held"])
        for _number in range(rows):
            _add_desk(session, names, said)
            _add_account(session, names)
            _add_demand(session, names)
            _add_requests(session)
            record("look.refused", session, actor_id=names["mira"], reason=next(texts))
        session.add(Rules(blog_id=names["garden"], words="casino"))
    for _number in range(rows):
        _add_feedback(next(texts))
    _add_remarks(said, remarks, names)
    with transaction() as session:
        return {
            name for mapper in Model.registry.mappers for name in _spoil(session, mapper)
        } | SPOILT_FROM_THE_START


def _add_desk(session: Session, names: dict[str, Any], said: Comment) -> None:
    """What moderators write and see at their desk."""
    at, garden = clock.now(), names["garden"]
    item = {"kind": "comment", "item_uid": said.uid}
    session.add_all(
        [
            Ban(blog_id=garden, scope=Scope.EMAIL, email=seal("x"), reason="x",
                ends_at=at + timedelta(days=9)),
            Trust(blog_id=garden, email=seal("x"), name="x"),
            AddressProof(blog_id=garden, email=seal("x")),
            Report(blog_id=garden, item_id=said.id, complaint=Complaint.OTHER, text="x",
                   email=seal("x"), **item),
            Note(blog_id=garden, text="x", **item),
            SavedReply(blog_id=garden, title=secrets.token_hex(9), text="x"),
            ReplacedWords(batch=said.uid, at=at, comment_id=said.id, told="x", text="x",
                          pending_text="x"),
        ]
    )  # fmt: skip


def _add_account(session: Session, names: dict[str, Any]) -> None:
    """What belongs to the account of the one who looks, and to those they invite."""
    odo, later = names["odo"], clock.now() + timedelta(days=9)
    moments = {"created_at": clock.now(), "due_at": later, "expires_at": later}
    session.add_all(
        [
            SignIn(token_hash=secrets.token_bytes(32), user_id=odo, state=SessionState.OPEN,
                   stays=False, expires_at=later, device="x"),
            Passkey(user_id=odo, credential_id=secrets.token_bytes(32), public_key=b"x", label="x"),
            Acceptance(user_id=odo, version=1, text_hash="x", typed_name="x"),
            Invitation(token_hash=secrets.token_bytes(32), blog_id=names["garden"],
                       role=Role.MODERATOR, email=seal("x"), expires_at=later),
            User(username=secrets.token_hex(9), username_folded=secrets.token_hex(9),
                 email=seal(secrets.token_hex(9)), new_email=seal("x")),
            OutgoingMail(template="accounts/reset", message_id=secrets.token_hex(9), problem="x",
                         recipient=seal("x"), **moments),
        ]
    )  # fmt: skip


def _add_demand(session: Session, names: dict[str, Any]) -> None:
    """A legal demand about somebody, as one of the owners entered it."""
    entry = Disclosure(
        kind=Kind.GOOD_FAITH, received_on=clock.now().date(), authority="x", country="x",
        scope=seal("x"), reason=seal("x"), parts="email", accounts=1,
        terms=secrets.token_bytes(32), entered_by=names["odo"],
    )  # fmt: skip
    session.add(entry)
    session.flush()
    session.add(DisclosureSubject(disclosure_id=entry.id, email=seal("x")))


def _add_requests(session: Session) -> None:
    """What was asked with some address about its owner's data."""
    at = clock.now()
    for wish in Wish:
        session.add(Request(wish=wish, email=seal("x"), due_at=at))
        session.add(
            RightsLink(
                wish=wish,
                email=seal("x"),
                token_hash=secrets.token_bytes(32),
                expires_at=at + timedelta(hours=1),
            )
        )


def _add_feedback(text: str) -> None:
    """A card of those words, and the same waiting with an exchange beside it."""
    make_card(text=text, credit=text[:120], name=text[:80])
    waiting = make_feedback(text=text)
    with transaction() as session:
        for number, maker in enumerate(Maker, start=1):
            session.add(
                Answer(
                    feedback_id=waiting.id,
                    number=number,
                    by=maker,
                    text=text,
                    html=render_remark(text),
                    html_version=REMARK_VERSION,
                )
            )


def _add_remarks(said: Comment, number: int, names: dict[str, Any]) -> None:
    """Comments that were approved, and as many that wait."""
    texts = cycle(HOSTILE)
    with transaction() as session:
        made = []
        for _number in range(2 * number):
            text = next(texts)
            made.append(
                Comment(
                    blog_id=said.blog_id,
                    post_id=said.post_id,
                    author_name="x",
                    author_email=seal("x"),
                    text=text,
                    html=render_remark(text),
                    html_version=REMARK_VERSION,
                    status_token_hash=secrets.token_bytes(32),
                )
            )
        session.add_all(made)
        session.flush()
        shown = {comment.id: State.SHOWN for comment in made[:number]}
        change_states(session, shown, at=clock.now())


def _spoil(session: Session, mapper: Mapper) -> Iterator[str]:
    """Put hostile texts into every row of one kind, another one into each."""
    for name, column in _within_reach_of(mapper).items():
        length = getattr(column.type, "length", None) or 10_000
        fitting = [text for text in HOSTILE if len(text) <= length]
        is_sealed = isinstance(column.type, SealedBytes)
        for number, row in enumerate(session.scalars(sa.select(mapper.class_))):
            lap, place = divmod(number, len(fitting))
            text = f"{lap or ''}{fitting[place]}"[:length]
            setattr(row, name, seal(text) if is_sealed else text)
            yield f"{column.table.name}.{column.name}"


def _within_reach_of(mapper: Mapper) -> dict[str, sa.Column]:
    """The columns of one kind of row that are still to be spoilt, by the attribute's name."""
    names = within_reach().keys() - SPOILT_FROM_THE_START
    return {
        mapper.get_property_by_column(column).key: column
        for column in mapper.columns
        if f"{column.table.name}.{column.name}" in names
    }
