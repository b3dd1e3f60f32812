"""Whatever a visitor types: nothing raises, nothing runs, and nothing takes long."""

import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.markup import remarks, render_remark
from app.core.markup.remarks import ATTRIBUTES, LONGEST, MOST_EFFORT, SCHEMES, TAGS, effort
from tests.properties.test_sanitiser import ADDRESSES, PAYLOADS, is_harmless
from tests.provision import LONG

PLACES = ("{0}", "> {0}", "- {0}", "```\n{0}\n```", "`{0}`", "**{0}**", "[{0}](https://e.org)",
          "[x](https://e.org/{0})", "[x]({0})", "\\{0}", "    {0}")  # fmt: skip

#: Each is hostile to some engine when it is repeated.
HOSTILE = ("[", "![", "<![", "[](", "<a ", "<![CDATA[", "*", "**", "*a ", "**a ", "***a", "_a ",
           "__a ", "`", "``", "` ``", "> ", "- ", "1. ", "- a\n", "> a\n", "  - a\n    - b\n",
           "a\n", "a\n\n", "\\", "\\*", "&", "&#x", "[a](", "[a](http://", "http://", "http://(",
           "http://a ", "```\n", "~~~\n", "<!--", "\t", "\x02", "***a*b**", "**a *b* c** ",
           "* * ", "[a]: http://b\n", "x\n===\n", "    a\n\n", "](")  # fmt: skip
#: Function calls for any text: some 15 milliseconds.
MOST_CALLS = 130_000

_pieces = st.one_of(
    st.sampled_from([*HOSTILE, *ADDRESSES, *PAYLOADS[::9]]),
    st.text(max_size=6),
    st.sampled_from(["*a*", "**b**", "`c`", "[d](https://e.org)", "\n\n", "\n", "    ", "](", ")"]),
)
texts = st.lists(_pieces, max_size=20).map("".join)


class Elements(HTMLParser):
    """What a browser would find that no remark may hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.foreign.append(tag)
        for name, value in attrs:
            if (tag, name, value) == ("a", "rel", "ugc nofollow noopener"):
                continue
            if name not in ATTRIBUTES.get(tag, ()):
                self.foreign.append(f"{tag} {name}")
            if name == "href" and not (is_harmless(value or "") and ":" in (value or "")):
                self.foreign.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.foreign.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.foreign.append(f"declaration {decl}")


def by_nh3(text: str) -> str:
    """The second filter alone, leaving `rel` as it is."""
    attributes = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    return nh3.clean(
        text,
        tags=set(TAGS),
        attributes=attributes | {"a": {"href", "rel"}},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def calls(work: Callable[[], Any]) -> int:
    """How many functions, ours and built-in ones, were called."""
    count = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_no_payload_leaves_anything_that_is_not_on_the_list() -> None:
    assert len(PAYLOADS) > 500
    left = {payload: Elements(render_remark(payload)).foreign for payload in PAYLOADS}
    assert {payload: foreign for payload, foreign in left.items() if foreign} == {}


@pytest.mark.parametrize("place", PLACES)
def test_no_payload_within_markdown_leaves_anything_either(place: str) -> None:
    texts = [place.format(payload) for payload in PAYLOADS[::4]]
    left = {text: Elements(render_remark(text)).foreign for text in texts}
    assert {text: foreign for text, foreign in left.items() if foreign} == {}


@settings(max_examples=1_000 if LONG else 150, deadline=None)
@given(texts)
def test_only_what_is_on_the_list_comes_out(text: str) -> None:
    assert Elements(render_remark(text)).foreign == []


@settings(max_examples=1_000 if LONG else 150, deadline=None)
@given(texts)
def test_the_filters_find_nothing_left_to_do(text: str) -> None:
    html = render_remark(text)
    assert by_nh3(html) == html
    assert remarks._last_filter(html) == html


@settings(max_examples=1_000 if LONG else 150, deadline=None)
@given(texts)
def test_both_filters_read_what_is_written_the_same_way(text: str) -> None:
    rough = remarks._rough(remarks._readable(text))
    assert by_nh3(remarks._FIRST_FILTER.clean(rough)) == by_nh3(rough)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_text_at_all_is_a_remark(text: str) -> None:
    render_remark(text).encode()


@settings(max_examples=1_000 if LONG else 100, deadline=None)
@given(texts, texts)
def test_a_remark_says_nothing_of_the_one_before(before: str, text: str) -> None:
    render_remark(before)
    after_another = render_remark(text)
    remarks._PARSER.renew()
    assert after_another == render_remark(text)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_costs_no_more_than_any_other(piece: str) -> None:
    """Counted in function calls: a clock would measure the machine."""
    render_remark("warm *up*")
    just_taken = _largest(piece)
    texts = [(piece * size)[:size] for size in (100, 1_000, 10_000, 100_000)]
    for text in [*texts, just_taken, just_taken.ljust(LONGEST, "a")]:
        most = max(MOST_CALLS, 5 * len(text))
        assert calls(lambda text=text: render_remark(text)) < most


def _largest(piece: str) -> str:
    """As many repetitions as are still rendered."""
    low, high = 0, LONGEST // len(piece)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if effort(piece * middle) <= MOST_EFFORT else (low, middle - 1)
    return piece * low
