"""Bans: open, for one blog, for a while, by email, address or neighbourhood, and one gate."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.database import db
from app.core.errors import Missing, Unacceptable
from app.core.privacy import AuditLink, masked
from app.moderation import (
    Ban,
    BanDraft,
    Banned,
    Scope,
    ban,
    ban_author,
    is_banned,
    lift_ban,
    may_take_part,
    warning,
)
from tests.cast import MIRA
from tests.factories import make_comment
from tests.people import member

pytestmark = pytest.mark.database

EMAIL, IP = "bo@example.org", "203.0.113.7"


def keep_out(blog_id: int, scope: Scope, value: str, **more: Any) -> Ban:
    """A ban that Mira typed in."""
    return ban(BanDraft(blog_id, scope, **{"reason": "Insults"} | more), value,
               actor_id=member(MIRA).id)  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "value", "meets", "passes"),
    [
        (Scope.EMAIL, EMAIL, ("BO@Example.org", None), ("bob@example.org", IP)),
        (Scope.ADDRESS, IP, (None, IP), (None, "203.0.113.8")),
        (Scope.NEIGHBOURHOOD, IP, (EMAIL, "203.0.113.200"), (EMAIL, "203.0.114.7")),
        (Scope.ADDRESS, "2001:db8::1", (None, "2001:db8:0::1"), (None, "2001:db8::2")),
        (Scope.NEIGHBOURHOOD, "2001:db8::1", (None, "2001:db8:0:ffff::9"),
         (None, "2001:db8:1::1")),
    ],
)  # fmt: skip
def test_a_ban_meets_whom_it_is_about_and_nobody_else(
    garden: int, workshop: int, scope: Scope, value: str, meets: Any, passes: Any
) -> None:
    made = keep_out(garden, scope, value)
    met = is_banned(garden, *meets)
    assert met
    assert met.id == made.id
    assert is_banned(garden, *passes) is None
    assert is_banned(workshop, *meets) is None
    assert is_banned(garden, None, None) is None


def test_the_gate_says_why_and_until_when(garden: int) -> None:
    may_take_part(garden, EMAIL, IP)
    made = keep_out(garden, Scope.EMAIL, EMAIL, reason="Insults.", lasts="week")
    with pytest.raises(Banned) as refused:
        may_take_part(garden, EMAIL, IP)
    assert refused.value.status == 403
    assert f"{made.ends_at:%-d %B %Y}" in refused.value.sentence
    assert "The reason given: Insults." in refused.value.sentence
    assert EMAIL not in refused.value.sentence


def test_a_ban_ends_by_itself(garden: int) -> None:
    made = keep_out(garden, Scope.EMAIL, EMAIL, lasts="day")
    assert is_banned(garden, EMAIL, None, at=made.ends_at - timedelta(seconds=1))
    may_take_part(garden, EMAIL, None, at=made.ends_at)


def test_a_ban_of_an_address_does_not_outlast_what_is_known_of_it(app: Any, garden: int) -> None:
    made = keep_out(garden, Scope.NEIGHBOURHOOD, IP, lasts="longest")
    kept = timedelta(days=app.config["KEEP_COMMENT_IP_DAYS"])
    assert made.ends_at - clock.now() <= kept


def test_an_author_is_kept_out_without_anybody_seeing_who_it_is(garden: int) -> None:
    comment = make_comment(email=EMAIL, ip=IP)
    by_mail = ban_author(
        BanDraft(garden, Scope.EMAIL, "Spam"), comment, "author_email", actor_id=member(MIRA).id
    )
    ban_author(
        BanDraft(garden, Scope.NEIGHBOURHOOD, "Spam"), comment, "author_ip",
        actor_id=member(MIRA).id,
    )  # fmt: skip
    assert is_banned(garden, EMAIL, None)
    assert is_banned(garden, None, "203.0.113.99")
    assert by_mail.item_uid == comment.uid
    assert masked(by_mail, "email") == "b•••@e•••.org"


def test_what_is_no_longer_known_cannot_be_kept_out(garden: int) -> None:
    comment = make_comment(email=None)
    with pytest.raises(Unacceptable, match="not known any more"):
        ban_author(BanDraft(garden, Scope.EMAIL, ""), comment, "author_email", actor_id=1)


@pytest.mark.parametrize(
    ("scope", "value"), [(Scope.EMAIL, "nobody"), (Scope.ADDRESS, "300.1.1.1"), (Scope.ADDRESS, "")]
)
def test_what_is_neither_email_nor_address_is_refused(
    garden: int, scope: Scope, value: str
) -> None:
    with pytest.raises(Unacceptable):
        keep_out(garden, scope, value)
    with pytest.raises(Unacceptable):
        keep_out(garden, Scope.EMAIL, EMAIL, lasts="for ever")


def test_the_same_ban_again_is_the_same_ban_and_lasts_as_long_as_the_longer(garden: int) -> None:
    first = keep_out(garden, Scope.EMAIL, EMAIL, lasts="week")
    again = keep_out(garden, Scope.EMAIL, EMAIL.upper(), lasts="month")
    shorter = keep_out(garden, Scope.EMAIL, EMAIL, lasts="day")
    assert first.id == again.id == shorter.id
    assert shorter.ends_at - clock.now() > timedelta(days=29)


def test_a_lifted_ban_keeps_nobody_out_and_each_act_is_recorded_once(
    garden: int, workshop: int
) -> None:
    made, mira = keep_out(garden, Scope.EMAIL, EMAIL), member(MIRA).id
    with pytest.raises(Missing):
        lift_ban(made.id, blogs=frozenset({workshop}), actor_id=mira)
    with pytest.raises(Missing):
        lift_ban(made.id + 1, blogs=frozenset({garden}), actor_id=mira)
    for _ in range(2):
        lift_ban(made.id, blogs=frozenset({garden}), actor_id=mira)
    assert is_banned(garden, EMAIL, None) is None
    kinds = db.session.scalars(sa.select(AuditLink.kind).order_by(AuditLink.id)).all()
    assert [kind for kind in kinds if kind.startswith("ban.")] == ["ban.set", "ban.lift"]


@pytest.mark.parametrize(
    ("scope", "authors", "words"),
    [
        (Scope.EMAIL, 5, "nobody else"),
        (Scope.ADDRESS, 0, "Nobody is known to have written from this address"),
        (Scope.ADDRESS, 1, "One author is known"),
        (Scope.NEIGHBOURHOOD, 1_200, "All 1,200 authors known"),
    ],
)
def test_a_ban_says_beforehand_whom_it_hits(scope: Scope, authors: int, words: str) -> None:
    assert words in warning(scope, authors)
