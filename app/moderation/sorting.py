"""The sorter at work: it reads the log of decisions and says what waiting items look like.

It works in the background alone. Neither posting nor deciding waits for it, and nothing it
says holds, publishes or refuses anything.
"""

import hmac
import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.blog import Blog
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import signing_key
from app.core.registry import registry

from .classifier import LIKE_FINE, LIKE_SPAM, Likelihood, Look, packed, traits_of
from .lessons import LASTS, Guess, Lesson, Sorter, make_room, schooling_of, taught, unlearn
from .records import Decision

#: Later than any moderator can take a decision back: what was undone was never learnt.
AFTER = timedelta(minutes=20)
#: Decisions and items in one transaction, which keeps others from writing meanwhile.
BATCH = 200
BATCHES = 10
#: A guess is made anew when the sorter has learnt a tenth more than it knew.
GROWN = 0.9
LESSONS = {"spam": True, "shown": False, "open": False}


def learn() -> int:
    """Read on in the log of decisions; how many decisions were read."""
    read = 0
    for blog_id in db.session.scalars(sa.select(Blog.id).order_by(Blog.id)).all():
        for _ in range(BATCHES):
            number = _learn_batch(blog_id)
            read += number
            if number < BATCH:
                break
    return read


def sort_waiting() -> int:
    """Say of waiting items, and of those in the spam folder, what they look like; how many."""
    schooling = schooling_of(frozenset(db.session.scalars(sa.select(Blog.id))))
    return sum(_guess(blog_id) for blog_id in sorted(schooling) if schooling[blog_id].is_ready)


def learn_anew() -> int:
    """Forget every lesson, and learn again from decisions about what is still there."""
    with transaction() as session:
        for table in (Guess, Lesson, Sorter):
            session.execute(sa.delete(table))
    read = 0
    while number := learn():
        read += number
    return read


def forget_lost() -> int:
    """Unlearn items that are no longer there, however they went; how many.

    Lessons whose time is nearly over go too: many were learnt in one act, and the sweep of
    everything that is overdue asks a person when much is due at once.
    """
    lost: list[uuid.UUID] = []
    for table in (Lesson, Guess):
        uids = list(db.session.scalars(sa.select(table.item_uid)))
        for start in range(0, len(uids), BATCH):
            some = uids[start : start + BATCH]
            lost += set(some) - _texts(some).keys()
    with transaction() as session:
        for start in range(0, len(lost), BATCH):
            unlearn(session, lost[start : start + BATCH])
        is_old = Lesson.created_at < clock.now() - LASTS + timedelta(days=2)
        session.execute(sa.delete(Lesson).where(is_old))
    return len(set(lost))


def is_guessed(item_uid: Any, moment: Any, changes: int) -> sa.ColumnElement[bool]:
    """The condition that an item, worded at some moment, has a guess that is recent enough."""
    return (
        sa.exists()
        .where(Guess.item_uid == item_uid, Guess.changes >= changes, Guess.created_at >= moment)
        .correlate_except(Guess)
    )


def looks_like(item_uid: Any, look: Look) -> sa.ColumnElement[bool]:
    """The condition that the sorter takes an item for something; `item_uid` is its column."""
    percent = {
        Look.SPAM: Guess.percent >= LIKE_SPAM,
        Look.FINE: Guess.percent < LIKE_FINE,
        Look.UNSURE: Guess.percent.between(LIKE_FINE, LIKE_SPAM - 1),
    }[look]
    return sa.exists().where(Guess.item_uid == item_uid, percent).correlate_except(Guess)


def _learn_batch(blog_id: int) -> int:
    key = signing_key("sorter")
    known = db.session.scalar(sa.select(Sorter).where(Sorter.blog_id == blog_id))
    if known and known.key_check == _check_of(key) and not _decisions(db.session(), known):
        # Nothing is written, and nobody kept from writing, where nothing is new.
        return 0
    with transaction() as session:
        sorter = _sorter(session, blog_id, key)
        rows = _decisions(session, sorter)
        if not rows:
            return 0
        sorter.read_to, sorter.read_id = rows[-1].created_at, rows[-1].id
        # The last word on an item counts; rows are in the order of the log.
        last = {row.item_uid: row for row in rows if row.actor_id and row.undone_at is None}
        if last:
            _replace_lessons(session, blog_id, last, key)
            sorter.changes += len(last)
            make_room(session, blog_id)
    return len(rows)


def _sorter(session: Session, blog_id: int, key: bytes) -> Sorter:
    """How far a blog's log was read; from the beginning when the key is another one."""
    check = _check_of(key)
    found = session.scalar(sa.select(Sorter).where(Sorter.blog_id == blog_id).with_for_update())
    if found and found.key_check == check:
        return found
    for table in (Guess, Lesson):
        session.execute(sa.delete(table).where(table.blog_id == blog_id))
    found = found or Sorter(blog_id=blog_id, changes=0)
    found.read_to, found.read_id, found.key_check = clock.now() - LASTS, 0, check
    session.add(found)
    return found


def _decisions(session: Session, sorter: Sorter) -> Sequence[Any]:
    place = sa.tuple_(Decision.created_at, Decision.id)
    return session.execute(
        sa.select(
            *(Decision.id, Decision.created_at, Decision.item_uid, Decision.to_state),
            *(Decision.actor_id, Decision.undone_at),
        )
        .where(
            Decision.blog_id == sorter.blog_id,
            Decision.created_at <= clock.now() - AFTER,
            # The first says the same as the second in words that an index understands.
            Decision.created_at >= sorter.read_to,
            place > sa.tuple_(sa.literal(sorter.read_to, Decision.created_at.type), sorter.read_id),
        )
        .order_by(Decision.created_at, Decision.id)
        .limit(BATCH)
    ).all()


def _replace_lessons(
    session: Session, blog_id: int, last: dict[uuid.UUID, Any], key: bytes
) -> None:
    """Learn what was decided last about some items, instead of anything learnt of them before."""
    guesses = sa.select(Guess.item_uid, Guess.percent).where(Guess.item_uid.in_(last))
    guessed: dict[uuid.UUID, int] = dict(session.execute(guesses).all())
    texts = _texts([uid for uid, row in last.items() if row.to_state in LESSONS])
    session.execute(sa.delete(Lesson).where(Lesson.item_uid.in_(last)))
    settled = [uid for uid, row in last.items() if row.to_state not in ("held", "spam")]
    session.execute(sa.delete(Guess).where(Guess.item_uid.in_(settled)))
    session.add_all(
        Lesson(
            blog_id=blog_id,
            item_uid=uid,
            is_spam=LESSONS[last[uid].to_state],
            traits=packed(traits_of(text, key)),
            guessed=guessed.get(uid),
            created_at=last[uid].created_at,
        )
        for uid, text in texts.items()
    )


def _guess(blog_id: int) -> int:
    changes = db.session.scalar(sa.select(Sorter.changes).where(Sorter.blog_id == blog_id)) or 0
    enough = int(changes * GROWN)
    asked = [
        (uid, text)
        for kind in registry().every("moderated")
        for uid, text in kind.to_sort(blog_id, enough, BATCH * BATCHES)
    ]
    if not asked:
        return 0
    key = signing_key("sorter")
    sorter, learnt = taught(db.session(), blog_id)
    for start in range(0, len(asked), BATCH):
        found = [
            (uid, sorter.judge(traits_of(text, key), own=learnt.get(uid)))
            for uid, text in asked[start : start + BATCH]
        ]
        _keep_guesses(blog_id, dict(found), changes)
    return len(asked)


def _keep_guesses(blog_id: int, found: dict[uuid.UUID, Likelihood], changes: int) -> None:
    same = {"blog_id": blog_id, "changes": changes, "created_at": clock.now()}
    with transaction() as session:
        session.execute(sa.delete(Guess).where(Guess.item_uid.in_(found)))
        # What was erased meanwhile has no words that could look like anything.
        rows = [
            same | {"item_uid": uid, "percent": found[uid].percent, "places": found[uid].places}
            for uid in _texts(found)
        ]
        if rows:
            session.execute(sa.insert(Guess), rows)


def _check_of(key: bytes) -> bytes:
    return hmac.digest(key, b"sorter", sha256)[:8]


def _texts(uids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The words of items that are still there."""
    found: dict[uuid.UUID, str] = {}
    for kind in registry().every("moderated"):
        found |= kind.texts(list(uids))
    return found
