"""Everything about one person is found by their mailbox, and nothing about anybody else."""

from pathlib import Path
from typing import Any

import pytest

from app.comments import Comment
from app.core import clock
from app.core.database import db, transaction
from app.core.privacy import (
    Person,
    collect,
    holds_anything,
    looks_at,
    person_of,
    reveal,
    seal,
)
from app.core.privacy.renewal import add_root, promote_root
from app.moderation import Complaint, Note, Report, Trust
from tests.people import make_member

from .conftest import Watcher, comment


def values(person: Person, table: str) -> list[dict[str, Any]]:
    """What a table's rows say of a person."""
    rows = collect(person).by_table().get(table, [])
    return [{item.name: item.value for item in row.items} for row in rows]


def test_a_comment_is_collected_with_its_sealed_address(leave: Any) -> None:
    leave("bo@example.org", text="Tulips at last.")
    leave("ada@example.org", text="Roses.")
    [row] = values(person_of("bo@example.org"), "comments")
    assert row["text"] == "Tulips at last."
    assert row["author_email"] == "bo@example.org"
    assert row["author_ip"] == "203.0.113.9"


def test_each_value_says_why_it_is_held_and_when_it_goes(leave: Any) -> None:
    leave("bo@example.org")
    [row] = collect(person_of("bo@example.org")).rows
    items = {item.name: item for item in row.items}
    email, address = items["author_email"], items["author_ip"]
    assert "so that an administrator can answer" in email.sentence
    assert address.ends_at is not None
    assert address.ends_at > clock.now()
    # Each further comment lets its period begin anew, so that no day can be named.
    assert email.ends_at is None


@pytest.mark.parametrize("typed", ["BO@Example.ORG", " bo@example.org "])
def test_the_same_mailbox_is_found_however_it_is_typed(leave: Any, typed: str) -> None:
    leave("bo@example.org")
    assert len(values(person_of(typed), "comments")) == 1


def test_a_domain_in_other_letters_is_the_same_mailbox(leave: Any) -> None:
    leave("bo@bücher.example")
    assert len(values(person_of("bo@xn--bcher-kva.example"), "comments")) == 1


def test_a_person_is_found_by_both_keys_while_they_are_replaced(leave: Any, own_keys: Path) -> None:
    leave("bo@example.org", text="Before.")
    promote_root(add_root())
    leave("bo@example.org", text="After.")
    found = {row["text"] for row in values(person_of("bo@example.org"), "comments")}
    assert found == {"Before.", "After."}


def test_what_belongs_to_a_comment_belongs_to_its_author(leave: Any) -> None:
    said = comment(leave("bo@example.org"))
    with transaction() as session:
        session.add(Note(blog_id=said.blog_id, kind="comment", item_uid=said.uid, text="Rude."))
    [row] = collect(person_of("bo@example.org")).by_table()["notes"]
    assert row.items[0].value is None
    assert row.items[0].withheld
    assert "notes" not in collect(person_of("ada@example.org")).by_table()


def test_reports_and_trust_are_found_by_the_same_mailbox(leave: Any) -> None:
    said = comment(leave("ada@example.org"))
    with transaction() as session:
        session.add(Trust(blog_id=said.blog_id, email=seal("bo@example.org"), name="Bo"))
        session.add(
            Report(
                blog_id=said.blog_id,
                kind="comment",
                item_id=said.id,
                item_uid=said.uid,
                complaint=Complaint.SPAM,
                text="An advertisement.",
                email=seal("bo@example.org"),
            )
        )
    assert [*collect(person_of("bo@example.org")).by_table()] == ["reports", "trust"]


def test_an_account_is_found_by_its_address_and_keeps_its_secrets(inside: None) -> None:
    user = make_member("bo", "bo@example.org")
    person = person_of("bo@example.org")
    assert person.account_id == user.id
    [row] = values(person, "users")
    assert row["username"] == "bo"
    assert row["email"] == "bo@example.org"
    with transaction() as session:
        session.merge(user).password_hash = "a hash"
    assert values(person, "users")[0]["password_hash"] is None


def test_nothing_is_held_about_a_stranger(leave: Any) -> None:
    leave("bo@example.org")
    assert holds_anything(person_of("bo@example.org"))
    assert not holds_anything(person_of("ada@example.org"))
    assert collect(person_of("no address at all")).rows == ()


def test_a_look_is_told_with_its_purpose_and_without_its_name(leave: Any, mira: Watcher) -> None:
    said = comment(leave("bo@example.org"))
    reveal(said, "author_email", mira, "abuse")
    [seen] = looks_at(person_of("bo@example.org"))
    assert (seen.field, seen.purpose, seen.blog_id) == (
        "comment.email",
        "stopping abuse",
        said.blog_id,
    )
    assert "mira" not in repr(seen)
    assert looks_at(person_of("ada@example.org")) == []


def test_the_address_of_a_person_is_not_printed(leave: Any) -> None:
    assert "bo@example.org" not in repr(person_of("bo@example.org"))
    leave("bo@example.org")
    assert "bo@example.org" not in repr(collect(person_of("bo@example.org")))
    assert db.session.query(Comment).count() == 1
