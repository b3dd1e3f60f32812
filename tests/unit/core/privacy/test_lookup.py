"""Finding sealed values: by every spelling of the same mailbox, and by neighbourhood."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts import User
from app.comments import Comment
from app.core.database import db
from app.core.privacy import matches, near
from app.core.privacy.normal import neighbourhood, normal_email

from .conftest import comment

pytestmark = pytest.mark.database


def found(condition: Any) -> list[int]:
    return list(db.session.scalars(sa.select(Comment.id).where(condition).order_by(Comment.id)))


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("jane@example.org", "jane@example.org"),
        ("  Jane@Example.ORG ", "jane@example.org"),
        ("JANE@EXAMPLE.ORG", "jane@example.org"),
        ("jane+news@example.org", "jane+news@example.org"),
        ("j.a.n.e@example.org", "j.a.n.e@example.org"),
        ("jane@bücher.example", "jane@xn--bcher-kva.example"),
        ("jane@BÜCHER.example", "jane@xn--bcher-kva.example"),
        ("jane@bu\u0308cher.example", "jane@xn--bcher-kva.example"),
        ("jane@xn--bcher-kva.example", "jane@xn--bcher-kva.example"),
        ("jane@faß.example", "jane@xn--fa-hia.example"),
        ("jose\u0301@example.org", "josé@example.org"),
        ("JOSÉ@example.org", "josé@example.org"),
        ("jane@例え.example", "jane@xn--r8jz45g.example"),
        ("jane@-broken-.example", "jane@-broken-.example"),
        ('"a@b"@example.org', '"a@b"@example.org'),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_spellings_of_one_mailbox_have_one_form(typed: str, normal: str) -> None:
    assert normal_email(typed) == normal
    assert normal_email(normal) == normal


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("203.0.113.255", "203.0.113.0/24"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("2001:db8:1::/48", "2001:db8:1::/48"),
    ],
)
def test_neighbours_share_a_network(typed: str, network: str) -> None:
    assert neighbourhood(typed) == network.encode()


def test_an_email_is_found_by_any_spelling(leave: Any) -> None:
    mine = leave(email="José@Bücher.example")
    leave(email="other@example.org")
    for spelling in ("jose\u0301@bücher.example", " JOSÉ@xn--bcher-kva.example"):
        assert found(matches(Comment.author_email, spelling)) == [mine]


def test_an_address_is_found_exactly_and_by_its_neighbourhood(leave: Any) -> None:
    first, second, _far = (leave(ip=f"203.0.{net}.9") for net in ("113", "113", "114"))
    third = leave(ip="203.0.113.77")
    assert found(matches(Comment.author_ip, "203.0.113.9")) == [first, second]
    assert found(near(Comment.author_ip, "203.0.113.1")) == [first, second, third]


def test_equal_values_have_equal_hashes_within_a_column(leave: Any) -> None:
    first, second = comment(leave()), comment(leave(email="BO@EXAMPLE.ORG"))
    assert first.author_email_lookup == second.author_email_lookup
    assert first.author_ip_near == second.author_ip_near
    assert first.author_ip_lookup not in (first.author_ip_near, first.author_email_lookup)


def test_hashes_of_two_columns_tell_nothing_about_each_other(leave: Any, mira: Any) -> None:
    row = comment(leave(email="mira@example.org"))
    account = db.session.get_one(User, mira.id)
    assert row.author_email_lookup != account.email_lookup


@pytest.mark.parametrize("rubbish", ["", "nonsense", "203.0.113", "203.0.113.9.9", "::g", "1" * 99])
def test_a_search_for_what_is_no_address_finds_nothing(leave: Any, rubbish: str) -> None:
    leave()
    assert found(matches(Comment.author_ip, rubbish)) == []
    assert found(near(Comment.author_ip, rubbish)) == []


def test_addresses_are_found_over_months(leave: Any) -> None:
    now = datetime.now(UTC)
    ids = [leave()]
    for days in (31, 62):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            ids.append(leave())
            assert found(matches(Comment.author_ip, "203.0.113.9")) == ids
            assert found(near(Comment.author_ip, "203.0.113.1")) == ids
    assert len({comment(each).author_ip_lookup for each in ids}) > 1


@pytest.mark.usefixtures("inside")
def test_a_column_without_a_hash_cannot_be_searched() -> None:
    with pytest.raises(TypeError, match="no column to find it by"):
        near(Comment.author_email, "bo@example.org")


def test_a_search_works_through_an_alias(leave: Any) -> None:
    mine = leave()
    other = sa.orm.aliased(Comment)
    condition = matches(other.author_email, "bo@example.org")
    assert list(db.session.scalars(sa.select(other.id).where(condition))) == [mine]
