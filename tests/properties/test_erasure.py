"""Whatever people have done with each other: of whoever goes nothing is left, and all else is."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.comments import Comment
from app.core.database import Model, db, transaction
from app.core.mail import enqueue
from app.core.privacy import Scope, collect, erase, holds_anything, person_of, seal
from app.moderation import AddressProof, Complaint, Note, Report, Trust
from tests.factories import make_comment, make_feedback, publish_feedback
from tests.folder import ContentFolder
from tests.people import make_member

PEOPLE = ("ada", "bo", "cy", "di")
#: Counts of what everybody did; the chain, which grows; and the ledger, which begins.
SHARED = {
    *("posts", "comment_counts", "feedback_figures", "search_entries"),
    *("audit_chain", "audit_details", "erasures"),
}


@pytest.fixture
def garden(app: Flask, content: ContentFolder, read: Any) -> Iterator[None]:
    """Within the app, with a post to talk about."""
    content.post("tulips")
    read()
    with app.app_context():
        yield
        db.session.remove()


def email_of(who: str) -> str:
    """Somebody's address."""
    return f"{who}@example.org"


class History:
    """What some people did, one thing after the other."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.comments: list[int] = []

    def live(self, steps: int) -> None:
        """Let them do so many things."""
        acts = (self.comment, self.comment, self.comment, self.report, self.note, self.trust)
        acts += (self.write, self.publish, self.mail, self.join, self.ask)
        for _ in range(steps):
            self.chance.choice(acts)(self.chance.choice(PEOPLE))

    def comment(self, who: str) -> None:
        """Say something, or answer somebody."""
        parent = None
        if self.comments and self.chance.random() < 0.7:
            parent = db.session.get(Comment, self.chance.choice(self.comments))
        ip = f"203.0.113.{PEOPLE.index(who)}"
        made = make_comment(
            text=f"{who} says {self.chance.random()}",
            name=who,
            email=email_of(who),
            ip=ip,
            parent=parent,
        )
        self.comments.append(made.id)

    def report(self, who: str) -> None:
        """Report a comment."""
        if said := self._some():
            with transaction() as session:
                session.add(
                    Report(
                        **self._about(said),
                        item_id=said.id,
                        complaint=Complaint.SPAM,
                        text=f"{who} thinks so.",
                        email=seal(email_of(who)),
                    )
                )

    def note(self, _who: str) -> None:
        """Have a moderator note something about a comment."""
        if said := self._some():
            with transaction() as session:
                session.add(Note(**self._about(said), text="Seen."))

    def trust(self, who: str) -> None:
        """Be trusted."""
        if said := self._some():
            with transaction() as session:
                session.add(Trust(blog_id=said.blog_id, email=seal(email_of(who)), name=who))

    def ask(self, who: str) -> None:
        """Be asked whether an address is theirs."""
        if said := self._some():
            with transaction() as session:
                session.add(AddressProof(blog_id=said.blog_id, email=seal(email_of(who))))

    def write(self, who: str) -> None:
        """Write to the site."""
        make_feedback(text=f"{who} writes {self.chance.random()}", name=who, email=email_of(who))

    def publish(self, who: str) -> None:
        """Write to the site, and let it be public."""
        text = f"{who} praises {self.chance.random()}"
        publish_feedback(make_feedback(text=text, name=who, email=email_of(who)))

    def mail(self, who: str) -> None:
        """Be written to."""
        enqueue("accounts/nobody", to=email_of(who))

    def join(self, who: str) -> None:
        """Have an account."""
        make_member(who, email_of(who))

    def _some(self) -> Comment | None:
        return db.session.get(Comment, self.chance.choice(self.comments)) if self.comments else None

    def _about(self, said: Comment) -> dict[str, Any]:
        return {"blog_id": said.blog_id, "kind": "comment", "item_uid": said.uid}


def rows_of_others(gone: dict[str, set[int]]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row, to the byte, but those of whoever goes, and those that stand on their feedback."""
    found = {}
    for table in Model.metadata.sorted_tables:
        if table.name in SHARED:
            continue
        rows = db.session.execute(sa.text(f'SELECT * FROM "{table.name}" ORDER BY id')).mappings()
        found[table.name] = [
            tuple(row.values())
            for row in rows
            if row["id"] not in gone.get(table.name, ())
            and row.get("feedback_id") not in gone.get("feedback", ())
        ]
    db.session.rollback()
    return found


@pytest.mark.promise("erase-everywhere")
@pytest.mark.parametrize("seed", range(6))
def test_nothing_of_theirs_is_left_and_all_else_is_as_it_was(garden: None, seed: int) -> None:
    make_member("otto", owner=True)
    history = History(seed)
    history.live(35)
    person = person_of(email_of("bo"))
    scope = Scope.EVERYTHING if seed % 3 else Scope.ADDRESS
    gone: dict[str, set[int]] = {}
    for row in collect(person).rows:
        gone.setdefault(row.table, set()).add(row.number)
    before = rows_of_others(gone)
    erase(person, scope)
    after = rows_of_others(gone)
    assert after == before
    if scope is Scope.EVERYTHING:
        assert not holds_anything(person_of(email_of("bo")))
        told = {row.table for row in collect(person_of(email_of("bo"))).rows}
        assert told == set()
        assert "bo says" not in str(db.session.scalars(sa.select(Comment.text)).all())
    left = db.session.execute(
        sa.select(Comment.id).where(Comment.author_email_lookup.in_(person.hashes["comment.email"]))
    ).all()
    assert left == []
