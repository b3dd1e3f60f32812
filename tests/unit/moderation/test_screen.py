"""Screening: show or hold, every rule with its sentence and its place; nothing is dropped."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from app.core import clock
from app.core.database import transaction
from app.moderation import Action, Move, Submission, record_decision, remember, screen, undo
from app.moderation.models import Rules, Trace
from app.moderation.rules import ATTACK, Known, is_loud, judge, mixed_words
from app.moderation.screening import TRACES_KEPT, drop_old_traces, forget
from tests.cast import MIRA
from tests.people import member

pytestmark = pytest.mark.database

TEXT = "A long and friendly text about tulips in the garden."
TRUSTED = Known(is_trusted=True)


def said(text: str = TEXT, **facts: Any) -> Submission:
    """A submission from a proved address."""
    return Submission(text=text, **{"kind": "comment", "blog_id": 1, "is_proved": True} | facts)


def rules(submission: Submission, known: Known | None = None) -> list[str]:
    """The names of the rules that speak; of those that the database knows, without `known`."""
    reasons = judge(submission, known) if known else screen(submission).reasons
    return [reason.rule for reason in reasons]


@pytest.mark.parametrize(
    ("facts", "known", "expected"),
    [
        ({}, Known(is_trusted=True), []),
        ({}, Known(), ["first"]),
        ({"is_proved": False}, Known(is_trusted=True), ["first"]),
        ({"approved_before": 3}, Known(), ["untrusted"]),
        ({"approved_before": 3, "is_proved": False}, Known(), ["unproved"]),
        ({}, Known(publishes_first=True), []),
        ({}, Known(publishes_first=True, strangers_waiting=ATTACK + 1), ["attack"]),
        ({}, Known(strangers_waiting=ATTACK + 1), ["attack"]),
        ({}, Known(is_trusted=True, strangers_waiting=ATTACK + 1), []),
    ],
)
def test_strangers_wait_and_an_unproved_address_is_a_strangers(
    facts: dict[str, Any], known: Known, expected: list[str]
) -> None:
    assert rules(said(**facts), known) == expected


def test_more_links_than_may_pass_are_shown_one_by_one() -> None:
    text = f"{TEXT} https://a.example.org and https://b.example.org"
    found = judge(said(text), TRUSTED)
    assert {reason.rule for reason in found} == {"links"}
    assert [text[reason.start : reason.end] for reason in found] == [
        *("https://a.example.org", "https://b.example.org")
    ]
    one = said(f"{TEXT} https://a.example.org")
    assert rules(one, TRUSTED) == []
    assert rules(one, replace(TRUSTED, links_allowed=0)) == ["links"]


@pytest.mark.parametrize(
    ("facts", "known", "expected"),
    [
        ({"text": "buy casino chips, casino"}, {"words": "casino"}, ["words", "words"]),
        ({"name": "Casino"}, {"words": "casino"}, ["words"]),
        ({"name": "www.example.org"}, {}, ["name"]),
        ({"text": "https://example.org"}, {}, ["bare"]),
        ({"text": "[https://a.org](https://b.org) says all that there is"}, {}, ["disguise"]),
        ({"text": "Visit my Сasino today"}, {}, ["mixed"]),
        ({"name": "Аdmin"}, {}, ["mixed"]),
        ({"text": "THIS IS THE BEST GARDEN OF ALL"}, {}, ["loud"]),
        ({}, {"was_seen": True}, ["repeated"]),
        ({"text": f"{TEXT} https://bad.org"}, {"refused_hosts": frozenset({"bad.org"})}, ["host"]),
        ({"suspicions": ("trap", "young")}, {}, ["form-trap", "form-young"]),
        ({"suspicions": ("unheard",)}, {}, ["form-unheard"]),
    ],
)
def test_each_rule_speaks_for_trusted_people_too(
    facts: dict[str, Any], known: dict[str, Any], expected: list[str]
) -> None:
    assert rules(said(**facts), replace(TRUSTED, **known)) == expected


def test_every_reason_has_a_sentence_without_personal_data() -> None:
    email, ip, name = "bo@example.org", "203.0.113.7", "Bo Secret"
    text = f"{name} {email} {ip} CASINO https://a.example.org https://b.example.org"
    submission = said(
        text, name=name, email=email, ip=ip, is_proved=False, suspicions=("trap", "busy")
    )
    found = judge(submission, Known(words=f"{email}\ncasino\nsecret", was_seen=True))
    assert len({reason.rule for reason in found}) >= 5
    for reason in found:
        assert reason.sentence.endswith(".")
        assert [it for it in (email, ip, name, "Secret", "example") if it in reason.sentence] == []


def test_a_text_of_nothing_but_marks_is_not_marked_a_thousand_times() -> None:
    assert len(judge(said("casino " * 1_000), Known(words="casino"))) < 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain", []), ("пример", []), ("exаmple", ["exаmple"]), ("日本go", []), ("αbc-ok", ["αbc"])],
)
def test_a_word_of_two_alphabets_is_found(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in mixed_words(text)] == expected


@pytest.mark.parametrize(
    ("text", "loud"),
    [
        ("NASA AND ESA", False),
        ("WHY DOES NOBODY ANSWER ME HERE", True),
        ("日本語" * 20, False),
        ("Quiet words, and NASA", False),
    ],
)
def test_capitals_throughout_are_loud(text: str, loud: bool) -> None:
    assert is_loud(text) is loud


def test_the_rules_of_the_blog_count(garden: int, workshop: int) -> None:
    with transaction() as session:
        session.add(Rules(blog_id=garden, words="casino", publishes_first=True, links_allowed=0))
    assert screen(said("The casino garden", blog_id=garden)).action is Action.HOLD
    assert screen(said(blog_id=garden)).action is Action.SHOW
    assert rules(said(blog_id=workshop)) == ["first"]


def test_the_same_text_is_known_again_in_other_dress_and_on_another_blog(
    garden: int, workshop: int
) -> None:
    item = uuid.uuid4()
    first = said(blog_id=garden)
    remember(first, screen(first), item)
    assert "repeated" in rules(said(TEXT.title().replace(" ", "  "), blog_id=workshop))
    assert "repeated" not in rules(said(blog_id=garden, item_uid=item))
    forget(item)
    assert "repeated" not in rules(said(blog_id=garden))


def test_thanks_may_be_said_twice(garden: int) -> None:
    thanks = said("Thanks a lot!", blog_id=garden)
    remember(thanks, screen(thanks), uuid.uuid4())
    assert "repeated" not in rules(thanks)


def test_a_host_is_remembered_from_what_was_refused_and_forgotten_when_that_is_undone(
    garden: int,
) -> None:
    item, mira = uuid.uuid4(), member(MIRA).id
    linked = said(f"{TEXT} https://bad.example.org/1", blog_id=garden)
    remember(linked, screen(linked), item)
    next_one = said("Something else, see https://www.bad.example.org/2", blog_id=garden)
    assert "host" not in rules(next_one)
    way = {"from_state": "held", "to_state": "spam"}
    move = Move(kind="comment", blog_id=garden, item_id=1, item_uid=item, **way)
    batch = record_decision(move, actor_id=mira)
    assert "host" in rules(next_one)
    undo(batch, blogs=frozenset({garden}), actor_id=mira)
    assert "host" not in rules(next_one)


def test_when_many_strangers_come_at_once_all_of_them_wait(garden: int) -> None:
    with transaction() as session:
        session.add(Rules(blog_id=garden, publishes_first=True))
    assert screen(said(blog_id=garden)).action is Action.SHOW
    for number in range(ATTACK + 1):
        came = said(f"{TEXT} {number}", blog_id=garden, is_proved=False)
        remember(came, screen(came), uuid.uuid4())
    assert rules(said(blog_id=garden)) == ["attack"]


def test_old_fingerprints_go(garden: int) -> None:
    with transaction() as session:
        for age in (TRACES_KEPT * 1.1, TRACES_KEPT * 0.9):
            trace = Trace(blog_id=garden, item_uid=uuid.uuid4(), is_text=True, print=b"x" * 16)
            trace.created_at = clock.now() - age
            session.add(trace)
    assert drop_old_traces() == 1
    assert drop_old_traces() == 0
