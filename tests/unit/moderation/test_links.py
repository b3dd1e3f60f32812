"""Links in what a visitor typed."""

import pytest

from app.moderation import count_links, hosts_in, links_in
from app.moderation.links import disguised_in, is_only_links


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("no link at all: node.js, 3.14, a.b", 0),
        ("http://example.org", 1),
        ("HTTPS://EXAMPLE.ORG/a and www.example.org", 2),
        ("[text](https://example.org)", 1),
        ("[https://example.org](https://example.org)", 1),
        ("<https://example.org>", 1),
        ("[me](mailto:a@example.org)", 1),
        ("me@www.example.org", 0),
        ("https://a.example.org https://a.example.org", 2),
    ],
)
def test_links_are_counted(text: str, number: int) -> None:
    assert count_links(text) == number


def test_a_host_is_the_same_in_any_case_and_with_www() -> None:
    text = "https://WWW.Example.org/a, www.example.org. https://example.org:80/?q#f"
    assert hosts_in(text) == {"example.org"}


def test_the_host_of_a_link_is_not_who_is_named_before_it() -> None:
    assert hosts_in("https://good.example.org@bad.example.org/") == {"bad.example.org"}


def test_a_link_says_where_it_stands() -> None:
    text = "see https://example.org/a now"
    assert [text[link.start : link.end] for link in links_in(text)] == ["https://example.org/a"]


@pytest.mark.parametrize(
    ("text", "is_disguised"),
    [
        ("[https://good.example.org](https://bad.example.org)", True),
        ("[see www.good.example.org](https://bad.example.org)", True),
        ("[https://good.example.org](https://www.good.example.org/x)", False),
        ("[good](https://bad.example.org)", False),
    ],
)
def test_a_link_that_shows_another_host_is_disguised(text: str, is_disguised: bool) -> None:
    assert bool(list(disguised_in(text))) is is_disguised


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("https://example.org", True),
        ("look: https://example.org !!!", True),
        ("I wrote about this at length: https://example.org", False),
        ("words", False),
        ("", False),
    ],
)
def test_a_text_of_links_alone_says_nothing(text: str, bare: bool) -> None:
    assert is_only_links(text) is bare
