"""Whoever wants to be erased is gone from every table, and everybody else is as before."""

import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import User
from app.accounts.models import Acceptance
from app.accounts.roles import LastOwner
from app.blog import Post
from app.comments import Comment, State
from app.comments.editing import remove_comment
from app.core import clock
from app.core.database import Model, db, transaction
from app.core.mail import enqueue, kept_folder, send_due
from app.core.privacy import (
    Scope,
    collect,
    erase,
    forget_deleted_words,
    holds_anything,
    person_of,
    replay_erasures,
    scrub,
    seal,
    tend_ledger,
)
from app.core.privacy.subjects.ledger import ErasureEntry, kept_files
from app.core.registry import registry
from app.feedback.models import Feedback
from app.feedback.records import Card, Credit, Grant
from app.moderation import Ban, Complaint, Note, Report, Trust, is_banned
from app.moderation import Scope as BanScope
from tests.factories import make_comment, make_feedback, publish_feedback
from tests.folder import ContentFolder
from tests.people import make_member

BO, ADA = "bo@example.org", "ada@example.org"
CANARY = "zanzibar"
PHRASE = f"A phrase of {CANARY} that nobody else would say"
ADDRESS = "198.51.100.77"


@pytest.fixture
def tulips(content: ContentFolder, read: Any) -> None:
    """A post of the garden blog."""
    content.post("tulips")
    read()


@pytest.fixture
def garden(app: Flask, tulips: None) -> Any:
    """Within the app, with the garden blog read."""
    with app.app_context():
        yield
        db.session.remove()


def bo() -> Any:
    """The person who is erased here."""
    return person_of(BO)


def rows(table: str, *, but: set[int] = frozenset()) -> list[tuple[Any, ...]]:  # type: ignore[assignment]
    """A table's rows as the database holds them."""
    found = db.session.execute(sa.text(f"SELECT * FROM {table} ORDER BY id")).all()
    db.session.rollback()
    return [tuple(row) for row in found if row.id not in but]


def states() -> list[tuple[int, str, str]]:
    """Each comment's number, state and text."""
    query = sa.select(Comment.id, Comment.state, Comment.text).order_by(Comment.id)
    return [(row.id, row.state.value, row.text) for row in db.session.execute(query)]


def in_files(words: str) -> list[str]:
    """The files of the instance in which some words are."""
    folder = Path(db.engine.url.database.removeprefix("file:").partition("?")[0])
    files = [*folder.parent.glob(f"{folder.name}*"), *kept_folder().glob("*")]
    return [file.name for file in files if words.encode() in file.read_bytes()]


def in_tables(words: str) -> list[str]:
    """The columns in which some words are, on whatever database."""
    found = []
    for table in sa.inspect(db.engine).get_table_names():
        for row in db.session.execute(sa.text(f'SELECT * FROM "{table}"')).mappings():
            found += [
                f"{table}.{name}"
                for name, value in row.items()
                if words.lower() in str(value).lower()
                or (isinstance(value, bytes | memoryview) and words.encode() in bytes(value))
            ]
    return sorted(set(found))


# -- Everything ------------------------------------------------------------------------------


@pytest.mark.promise("erase-everywhere")
def test_a_comment_without_answers_is_gone_and_one_with_answers_is_an_empty_place(
    garden: None,
) -> None:
    make_comment(text=PHRASE)
    asked = make_comment(text="Which bulbs?")
    answer = make_comment(text="Any.", name="Ada", email=ADA, parent=asked)
    erased = erase(bo(), Scope.EVERYTHING)
    assert states() == [(asked.id, "removed", ""), (answer.id, "shown", "Any.")]
    assert erased.removed["comments"] == 2
    assert not holds_anything(bo())


def test_a_place_in_the_middle_of_a_thread_stays_and_goes_with_its_last_answer(
    garden: None,
) -> None:
    first = make_comment(name="Ada", email=ADA, text="1")
    second = make_comment(text="2", parent=first)
    third = make_comment(name="Ada", email=ADA, text="3", parent=second)
    fourth = make_comment(text="4", parent=third)
    make_comment(name="Mo", email="mo@example.org", text="5", parent=fourth)
    left = [first.id, second.id, third.id]
    erase(bo(), Scope.EVERYTHING)
    assert [state for _id, state, _text in states()] == [
        *("shown", "removed", "shown", "removed", "shown")
    ]
    erase(person_of("mo@example.org"), Scope.EVERYTHING)
    assert [number for number, _state, _text in states()] == left
    erase(person_of(ADA), Scope.EVERYTHING)
    assert states() == []


@pytest.mark.promise("erase-everywhere")
def test_nothing_of_it_is_left_on_the_page_or_in_its_number_of_comments(
    app: Flask, tulips: None, client: FlaskClient
) -> None:
    with app.app_context():
        make_comment(text=PHRASE, name="Bo Berg")
        answered = make_comment(text=f"{PHRASE} again")
        make_comment(text="Indeed.", name="Ada", email=ADA, parent=answered)
    assert CANARY in client.get("/garden/tulips/").text
    with app.app_context():
        erase(bo(), Scope.EVERYTHING)
    page = client.get("/garden/tulips/").text
    assert CANARY not in page
    assert "Bo Berg" not in page
    assert "Removed by its author." in page
    with app.app_context():
        assert db.session.scalar(sa.select(Post.comment_count).where(Post.slug == "tulips")) == 1


@pytest.mark.promise("erase-everywhere")
def test_published_feedback_is_gone_from_wall_feed_and_search(
    app: Flask, tulips: None, client: FlaskClient
) -> None:
    with app.app_context():
        publish_feedback(make_feedback(text=PHRASE))
    places = ("/feedback/", "/feedback/feed.xml", f"/search/?q={CANARY}")
    before = [client.get(place) for place in places]
    assert CANARY in before[0].text
    with app.app_context():
        erase(bo(), Scope.EVERYTHING)
        assert db.session.query(Card).filter(Card.live.is_(True)).count() == 0
        assert in_tables(CANARY) == []
    assert [PHRASE in client.get(place).text for place in places] == [False] * 3


def test_what_moderation_and_mail_know_goes_too(garden: None) -> None:
    said = make_comment()
    with transaction() as session:
        kind = {"blog_id": said.blog_id, "kind": "comment", "item_uid": said.uid}
        session.add(Note(**kind, text=PHRASE))
        session.add(Trust(blog_id=said.blog_id, email=seal(BO), name="Bo"))
        report = {**kind, "item_id": said.id, "complaint": Complaint.SPAM}
        session.add(Report(**report, text=PHRASE, email=seal(BO)))
        session.add(Report(**report, text="An advertisement.", email=seal(ADA)))
    enqueue("accounts/nobody", to=BO)
    erase(bo(), Scope.EVERYTHING)
    assert collect(bo()).rows == ()
    assert [row.text for row in db.session.scalars(sa.select(Report))] == ["An advertisement."]
    assert [len(rows(table)) for table in ("notes", "trust", "outbox")] == [0, 0, 0]


def test_a_kept_letter_to_somebody_with_a_longer_address_stays(garden: None) -> None:
    make_comment(email=BO)
    kept_folder().mkdir(parents=True, exist_ok=True)
    others = kept_folder() / "1.eml"
    others.write_text("To: Jumbo <jumbo@example.org>\n\nHello.\n")
    own = kept_folder() / "2.eml"
    own.write_text("To: Bo <BO@Example.org>\n\nHello.\n")
    erase(bo(), Scope.EVERYTHING)
    assert [others.exists(), own.exists()] == [True, False]


def test_it_is_told_though_the_bytes_must_wait(garden: None, monkeypatch: Any) -> None:
    make_comment(email=BO)

    def busy() -> None:
        raise sa.exc.OperationalError("VACUUM", {}, Exception("database is locked"))

    monkeypatch.setattr("app.core.privacy.subjects.erasing.scrub", busy)
    assert erase(bo(), Scope.EVERYTHING).is_anything
    assert not holds_anything(bo())


def test_a_ban_outlasts_it_as_a_hash_until_its_own_end(garden: None) -> None:
    blog_id = make_comment().blog_id
    ends_at = clock.now() + timedelta(days=7)
    with transaction() as session:
        session.add(
            Ban(
                blog_id=blog_id,
                scope=BanScope.EMAIL,
                email=seal(BO),
                reason="spam",
                ends_at=ends_at,
            )
        )
    erased = erase(bo(), Scope.EVERYTHING)
    [ban] = db.session.scalars(sa.select(Ban)).all()
    assert ban.email is None
    assert is_banned(blog_id, BO, None) is not None
    assert ends_at in [kept.until for kept in erased.kept]


def test_an_account_is_closed_with_all_that_belongs_to_it(garden: None) -> None:
    make_member("otto", owner=True)
    user = make_member("bo", BO, role="moderator", blog="garden")
    spoke = make_comment(name="bo", email=None, ip=None, user_id=user.id, is_by_author=True)
    erased = erase(bo(), Scope.EVERYTHING)
    db.session.expire_all()
    closed = db.session.get_one(User, user.id)
    assert closed.closed_at is not None
    assert closed.username == f"closed-{user.id}"
    assert len(rows("memberships")) == 0
    answer = db.session.get_one(Comment, spoke.id)
    assert (answer.author_name, answer.user_id) == ("Anonymous", None)
    assert answer.text == "Tulips at last."
    assert any("answers you gave" in kept.what for kept in erased.kept)
    assert len(rows("outbox")) == 0


def test_the_only_owner_is_told_and_nothing_is_erased(garden: None) -> None:
    make_member("bo", BO, owner=True)
    make_comment()
    with pytest.raises(LastOwner):
        erase(bo(), Scope.EVERYTHING)
    assert states()[0][1] == "shown"
    assert kept_files() == []


def test_whoever_promised_confidentiality_stays_known_to_the_log_and_is_told(garden: None) -> None:
    make_member("otto", owner=True)
    user = make_member("bo", BO)
    with transaction() as session:
        promise = {"version": 1, "text_hash": "0" * 64, "typed_name": "Bo Berg"}
        session.add(Acceptance(user_id=user.id, **promise))
    kept = {each.what: each for each in erase(bo(), Scope.EVERYTHING).kept}
    assert kept["your username"].until == "the last look of yours is forgotten"
    assert "your promise of confidentiality" in kept
    assert all(each.why and each.until for each in kept.values())


# -- The address only ------------------------------------------------------------------------


def test_with_the_address_alone_the_words_stay_and_nobody_signs_them(garden: None) -> None:
    said = make_comment(text=PHRASE, name="Bo Berg", wants_replies=True)
    erase(bo(), Scope.ADDRESS)
    db.session.expire_all()
    left = db.session.get_one(Comment, said.id)
    assert (left.author_name, left.text, left.state) == ("Anonymous", PHRASE, State.SHOWN)
    assert (left.author_email, left.author_email_lookup, left.author_ip) == (None, None, None)
    assert left.author_ip_near is None
    assert not left.wants_replies
    assert not holds_anything(bo())


def test_with_the_address_alone_a_card_stays_up_without_a_name(garden: None) -> None:
    number = publish_feedback(credit=Credit.FULL, name="Bo Berg").id
    ends = db.session.scalars(sa.select(Grant.ends_at)).all()
    erase(bo(), Scope.ADDRESS)
    db.session.expire_all()
    [grant] = db.session.scalars(sa.select(Grant).where(Grant.live.is_(True))).all()
    assert (grant.credit_line, [grant.ends_at]) == ("Anonymous", ends)
    assert db.session.scalars(sa.select(Card.live)).all() == [True]
    left = db.session.get_one(Feedback, number)
    assert (left.sender_name, left.sender_email) == (None, None)
    assert in_tables("Bo Berg") == []


def test_with_the_address_alone_an_account_stays_and_its_person_is_told(garden: None) -> None:
    make_member("bo", BO)
    make_comment()
    erased = erase(bo(), Scope.ADDRESS)
    assert "your account" in [kept.what for kept in erased.kept]
    assert bo().account_id is not None
    assert "users" not in erased.removed


# -- Nobody else -----------------------------------------------------------------------------


def test_everybody_else_is_left_to_the_byte(garden: None) -> None:
    mine = [make_comment(text=PHRASE)]
    theirs = make_comment(name="Ada", email=ADA, parent=mine[0])
    mine.append(make_comment(parent=theirs))
    kept = publish_feedback(make_feedback(name="Ada", email=ADA, text="Fine."))
    make_member("ada", ADA)
    gone = {each.id for each in mine}
    tables = ("feedback", "feedback_wordings", "feedback_grants", "users", "posts")
    before = {table: rows(table) for table in tables}
    theirs_before = rows("comments", but=gone)
    erase(bo(), Scope.EVERYTHING)
    assert rows("comments", but=gone) == theirs_before
    after = {table: rows(table) for table in tables}
    # The post counts its comments.
    assert {table: after[table] == before[table] for table in tables[:-1]} == dict.fromkeys(
        tables[:-1], True
    )
    assert kept.id


def test_erasing_twice_changes_nothing(garden: None) -> None:
    asked = make_comment()
    make_comment(name="Ada", email=ADA, parent=asked)
    assert erase(bo(), Scope.EVERYTHING).is_anything
    tables = [table.name for table in Model.metadata.sorted_tables]
    before = {table: rows(table) for table in tables if table != "looks"}
    again = erase(bo(), Scope.EVERYTHING)
    assert not again.is_anything
    assert again.kept == ()
    assert {table: rows(table) for table in before} == before


def test_a_stranger_leaves_no_trace_on_the_ledger(garden: None) -> None:
    assert not erase(bo(), Scope.EVERYTHING).is_anything
    assert rows("erasures") == []


# -- Down to the bytes -----------------------------------------------------------------------


@pytest.mark.promise("erase-everywhere")
def test_no_byte_is_left_in_any_file(garden: None, on_postgresql: bool, caplog: Any) -> None:
    named = {"name": f"Bo {CANARY.title()}", "email": f"{CANARY}@example.org"}
    answered = make_comment(text=PHRASE, **named, ip=ADDRESS)
    make_comment(text="Indeed.", name="Ada", email=ADA, parent=answered)
    for number in range(20):
        make_comment(text=f"{PHRASE} {number}", **named, ip=ADDRESS)
    publish_feedback(make_feedback(text=PHRASE, **named))
    enqueue("accounts/nobody", to=named["email"])
    send_due()
    person = person_of(named["email"])
    assert in_tables(CANARY)
    erase(person, Scope.EVERYTHING)
    assert in_tables(CANARY) == []
    assert CANARY not in caplog.text
    db.session.rollback()
    if not on_postgresql:
        assert in_files(CANARY) == []
        assert in_files(CANARY.title()) == []
    entry = db.session.scalars(sa.select(ErasureEntry)).one()
    assert entry.scrubbed_at is not None


def test_a_reader_makes_the_bytes_wait_and_the_job_does_it_again(
    garden: None, on_postgresql: bool
) -> None:
    if on_postgresql:
        pytest.skip("PostgreSQL has no log to cut off")
    make_comment(text=PHRASE)
    with db.engines["read"].connect() as reader:
        reader.execute(sa.text("SELECT count(*) FROM comments"))
        with transaction() as session:
            session.add(ErasureEntry(at=clock.now(), until=clock.now(), scope="rows", facts={}))
        remove_comment(1)
        assert not scrub(attempts=1).is_clean
    assert scrub(attempts=1).is_clean
    assert db.session.query(ErasureEntry).filter(ErasureEntry.scrubbed_at.is_(None)).count() == 0


class Interrupted:
    """An eraser that lets somebody write while its turn is on."""

    def __init__(self, write: Any) -> None:
        self.write = write

    def __call__(self, _erasure: Any) -> None:
        """Write once."""
        write, self.write = self.write, None
        if write:
            write()


def test_what_is_posted_meanwhile_is_erased_or_comes_later(
    garden: None, app: Flask, monkeypatch: pytest.MonkeyPatch, on_postgresql: bool
) -> None:
    make_comment(text=PHRASE)
    written = threading.Event()

    def post() -> None:
        with app.app_context():
            make_comment(text=f"{PHRASE} too")
        written.set()

    poster = threading.Thread(target=post)

    def begin() -> None:
        poster.start()
        # PostgreSQL lets it in between; on SQLite it waits for its turn.
        written.wait(5 if on_postgresql else 0)

    inner = registry().every

    def every(slot: str) -> Any:
        if slot == "erasers":
            yield meanwhile
        yield from inner(slot)

    meanwhile = Interrupted(begin)
    monkeypatch.setattr(registry(), "every", every)
    erased = erase(bo(), Scope.EVERYTHING)
    poster.join()
    left = db.session.scalars(sa.select(Comment.text)).all()
    if on_postgresql:
        assert (erased.removed["comments"], left) == (2, [])
    else:
        assert (erased.removed["comments"], left) == (1, [f"{PHRASE} too"])


# -- After a restore -------------------------------------------------------------------------


def put_back(table: str, saved: list[dict[str, Any]]) -> None:
    """Rows as an older database has them."""
    with transaction() as session:
        mapped = Model.metadata.tables[table]
        session.execute(sa.delete(mapped))
        session.execute(sa.insert(mapped), saved)


def saved(table: str) -> list[dict[str, Any]]:
    """A table's rows, to be put back."""
    mapped = Model.metadata.tables[table]
    return [dict(row) for row in db.session.execute(sa.select(mapped)).mappings()]


@pytest.mark.promise("restore-keeps-erasures")
def test_a_restored_database_is_erased_again_and_what_came_later_stays(garden: None) -> None:
    make_comment(text=PHRASE)
    make_comment(name="Ada", email=ADA, text="Hello.")
    before = saved("comments")
    erase(bo(), Scope.EVERYTHING)
    put_back("comments", before)
    with transaction() as session:
        session.execute(sa.delete(ErasureEntry))
    make_comment(text="Back again.", created_at=clock.now() + timedelta(seconds=1))
    replayed = replay_erasures()
    assert (replayed.entries, replayed.removed, replayed.unreadable) == (1, {"comments": 1}, 0)
    assert [text for _id, _state, text in states()] == ["Hello.", "Back again."]
    assert replay_erasures().rows == 0
    assert db.session.query(ErasureEntry).count() == 1


@pytest.mark.promise("restore-keeps-erasures")
def test_what_its_author_took_back_is_taken_back_again(garden: None) -> None:
    said = make_comment(text=PHRASE, email=None)
    before = saved("comments")
    remove_comment(said.id)
    put_back("comments", before)
    assert replay_erasures().removed == {"comments": 1}
    assert in_tables(CANARY) == []
    assert replay_erasures().rows == 0


@pytest.mark.promise("restore-keeps-erasures")
def test_an_account_is_closed_again(garden: None) -> None:
    make_member("otto", owner=True)
    user = make_member("bo", BO)
    before = saved("users")
    erase(bo(), Scope.EVERYTHING)
    with transaction() as session:
        for row in before:
            session.execute(sa.update(User.__table__).where(User.id == row["id"]).values(row))  # type: ignore[arg-type]
    assert replay_erasures().removed == {"users": 1}
    db.session.expire_all()
    assert db.session.get_one(User, user.id).email is None
    assert replay_erasures().rows == 0


def test_a_file_of_the_ledger_that_somebody_changed_is_not_believed(garden: None) -> None:
    make_comment()
    erase(bo(), Scope.EVERYTHING)
    [file] = kept_files()
    assert BO not in file.read_text()
    file.write_text(re.sub(r'"scope": "\w+"', '"scope": "address"', file.read_text()))
    with transaction() as session:
        session.execute(sa.delete(ErasureEntry))
    assert replay_erasures().unreadable == 1


def test_files_that_are_missing_are_written_and_old_ones_dropped(
    garden: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_comment()
    erase(bo(), Scope.EVERYTHING)
    [file] = kept_files()
    file.unlink()
    assert tend_ledger() == 1
    assert kept_files() == [file]
    whole = file.read_bytes()
    file.write_bytes(b"\xff" + whole)
    assert tend_ledger() == 1
    assert file.read_bytes() == whole
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert tend_ledger() == 0
    assert kept_files() == []


def test_nothing_is_put_on_the_ledger_by_what_did_not_hold(garden: None) -> None:
    said = make_comment()
    with transaction() as session:
        remove_comment(said.id)
        session.rollback()
    make_comment(text="Something else.")
    assert kept_files() == []
    assert rows("erasures") == []


def test_words_of_dropped_documents_are_forgotten_again_without_harm(garden: None) -> None:
    forget_deleted_words()
    forget_deleted_words()
