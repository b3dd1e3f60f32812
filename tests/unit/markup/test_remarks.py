"""A visitor's Markdown: few shapes, everything else as it was typed."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.core.markup import render_remark

REL = ' rel="ugc nofollow noopener"'


def link(address: str, text: str | None = None) -> str:
    """A link as a remark shows it."""
    return f'<a href="{address}"{REL}>{text or address}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* _b_", "<p><em>a</em> <em>b</em></p>"),
        ("**a** __b__", "<p><strong>a</strong> <strong>b</strong></p>"),
        ("***a***", "<p><strong><em>a</em></strong></p>"),
        ("**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>"),
        ("*a **b** c*", "<p><em>a <strong>b</strong> c</em></p>"),
        ("un*frigging*believable", "<p>un<em>frigging</em>believable</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("`a <b> *c*`", "<p><code>a &lt;b&gt; *c*</code></p>"),
        ("``a`b``", "<p><code>a`b</code></p>"),
        (r"\*a\* \[b\]", "<p>*a* [b]</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("", ""),
    ],
)
def test_words_may_be_stressed_and_code_is_code(text: str, html: str) -> None:
    assert render_remark(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("> a\n> b", "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("```python\na < b\n\nc\n```", "<pre><code>a &lt; b\n\nc\n</code></pre>"),
        ("~~~\n```\n~~~\nx", "<pre><code>```\n</code></pre>\n<p>x</p>"),
        ("```\nnever closed", "<pre><code>never closed\n</code></pre>"),
        ("    a < b", "<pre><code>a &lt; b\n</code></pre>"),
    ],
)
def test_quotes_lists_and_blocks_of_code_keep_their_shape(text: str, html: str) -> None:
    assert render_remark(text) == html


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("[a *b*](https://example.org/x)", link("https://example.org/x", "a <em>b</em>")),
        ("[`a`](http://example.org)", link("http://example.org", "<code>a</code>")),
        ("[a](mailto:a@example.org)", link("mailto:a@example.org", "a")),
        ("https://example.org/a_b_c.", link("https://example.org/a_b_c") + "."),
        ("<https://example.org>", link("https://example.org")),
        ("(https://example.org/F_(x))", "(" + link("https://example.org/F_(x)") + ")"),
        ("**https://example.org**", "<strong>" + link("https://example.org") + "</strong>"),
        ("[https://a.example.org](https://b.example.org)",
         link("https://b.example.org", "https://a.example.org")),
        ("https://example.org/?a=1&b=2", link("https://example.org/?a=1&amp;b=2")),
    ],
)  # fmt: skip
def test_a_link_says_that_a_visitor_set_it(text: str, inside: str) -> None:
    assert render_remark(text) == f"<p>{inside}</p>"


@pytest.mark.parametrize(
    "text",
    ["[a](javascript:alert(1))", "[a](/garden/)", "[a](data:text/html,x)", "[a](//example.org)",
     "<a@example.org>", "ftp://example.org", "[a]", "a@example.org", "[a](ht\ntp://example.org)"],
)  # fmt: skip
def test_what_is_no_link_to_the_web_stays_text(text: str) -> None:
    assert "<a" not in render_remark(text)


@pytest.mark.parametrize(
    "text",
    ["# a", "a\n===", "---", "![a](https://example.org/a.png)", "<b>a</b>", "<!-- a -->",
     "<script>alert(1)</script>", "| a |\n|---|", "[a]: https://example.org\n\n[a]"],
)  # fmt: skip
def test_headings_pictures_html_and_references_stay_text(text: str) -> None:
    html = render_remark(text)
    for element in ("<h", "<hr", "<img", "<b>", "<script", "<!--", "<table"):
        assert element not in html


def test_characters_that_would_turn_the_page_around_are_marked() -> None:
    assert render_remark("a\u202eb\x02klzzwxh:0000\x03\ud800") == "<p>a�b�klzzwxh:0000��</p>"


@pytest.mark.parametrize(
    "text", ["*a* " * 200, "> " * 8 + "a", "- " * 8 + "a", "x" * 9_999 + " *a*", "<" * 700]
)
def test_more_markup_than_people_write_is_shown_as_typed(text: str) -> None:
    html = render_remark(text)
    assert "<em>" not in html
    assert "<ul>" not in html
    assert "<blockquote>" not in html
    assert html.startswith("<p>")


def test_long_code_is_still_code() -> None:
    lines = "\n".join(f"        rows[{number}] = f_{number}(*a, **b)" for number in range(130))
    assert render_remark(f"Try:\n\n```\n{lines}\n```").count("<code>") == 1


def test_a_long_and_careful_comment_keeps_its_shapes() -> None:
    part = "I *do* agree with **this**, see [the page](https://example.org/x), `code` too.\n\n"
    assert render_remark(part * 20).count("<strong>") == 20


def test_two_threads_never_mix_what_they_render() -> None:
    """Visitors write at the same time, and a parser keeps what it reads."""
    mixed: list[str] = []

    def render(name: str) -> None:
        expected = f"<p>{name} <em>{name}</em></p>"
        for _ in range(100):
            mixed.extend({render_remark(f"{name} *{name}*")} - {expected})

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(render, ("Bo", "Ada", "Mira", "Noor")))
    finally:
        sys.setswitchinterval(before)
    assert mixed == []
