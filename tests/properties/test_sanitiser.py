"""Whatever goes in: both filters agree, and only what is on the list comes out."""

import re
from html.parser import HTMLParser
from itertools import product

import bleach
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.markup import render_article, sanitise
from app.core.markup.sanitiser import ATTRIBUTES, SCHEMES, TAGS
from tests.provision import LONG

CALLS = ("alert(1)", "alert`1`", "top[8680439..toString(30)](1)")
ELEMENTS = ("script", "svg", "math", "iframe", "object", "embed", "style", "form", "base", "link",
            "meta", "template", "noscript", "textarea", "title", "xmp", "plaintext", "frameset",
            "isindex", "applet", "audio", "video", "input", "button", "select", "marquee",
            "foreignObject", "annotation-xml", "mglyph", "image", "portal", "dialog")  # fmt: skip
HANDLERS = ("onerror", "onload", "onclick", "onfocus", "onmouseover", "ontoggle", "onbegin",
            "onanimationstart", "onpointerenter", "oncontentvisibilityautostatechange")  # fmt: skip
ADDRESSES = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
             "java&#10;script:alert(1)", "&#106;avascript:alert(1)",
             "&#x6A;avascript&colon;alert(1)", "data:text/html,<script>alert(1)</script>",
             " javascript:alert(1)", "\x01javascript:alert(1)", "java&#1;script:alert(1)",
             "java&NewLine;script:alert(1)", "vbscript:x",
             "data:image/svg+xml;base64,PHN2Zz4=", "file:///etc/passwd", "blob:x", "view-source:x",
             "feed:javascript:alert(1)", "javascript&#0000058alert(1)")  # fmt: skip
SHAPES = (
    "<{e}>{c}</{e}>", "<{e} {h}={c}>", "<{e}/{h}={c}//", "<p {h}='{c}'>x</p>", "<b><{e}>{c}",
    "<a href='x' {h}=\"{c}\">x</a>", "<{e}<{e}>>{c}</{e}>", "<!--><{e} {h}={c}>-->",
)  # fmt: skip
TRICKS = (
    "<svg><p><style><g title='</style><img src=x onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img id='--&gt;&lt;img src=1 onerror=x&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<p id='x\" onmouseover=\"alert(1)'>x</p>",
    "<a title='\"><script>alert(1)</script>'>x</a>",
    "<div data-language='\"><script>alert(1)</script>'>x</div>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<b class=x\x00y onclick=alert(1)>x</b>",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
    "<<script>alert(1)//<</script>",
    "<script\x0d\x0a>alert(1)</script>",
    "<a href=\"//evil.example.org\" target=_blank ping=x>x</a>",
    "<time datetime='x' onfocus=alert(1) autofocus tabindex=1>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "\x3cscript\x3ealert(1)\x3c/script\x3e",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
)  # fmt: skip
PLACES = ("{0}", "> [!note] {0}", "| {0} |\n|---|\n| {0} |", "```\n{0}\n```", "x[^1]\n\n[^1]: {0}",
          "## {0}")  # fmt: skip
PAYLOADS = [
    *(shape.format(e=e, h=h, c=CALLS[(i + j) % 3])
      for (i, e), (j, h), shape in product(enumerate(ELEMENTS), enumerate(HANDLERS[:3]), SHAPES)),
    *(f"<p {handler}=alert(1)>x</p>" for handler in HANDLERS),
    *(f'<a href="{address}">x</a>' for address in ADDRESSES),
    *(f'<img src="{address}" alt=x>' for address in ADDRESSES),
    *TRICKS,
]  # fmt: skip

_pieces = st.sampled_from(
    [*(f"<{tag}>" for tag in (*ELEMENTS, "p", "a", "b", "table", "tr", "td", "pre", "code", "h2")),
     *(f"</{tag}>" for tag in (*ELEMENTS, "p", "a", "b", "table", "pre")),
     *(f" {handler}=alert(1) " for handler in HANDLERS), *(f'<a href="{a}">' for a in ADDRESSES),
     "<", ">", '"', "'", "&", "&lt;", "&#60;", "<!--", "-->", "]]>", "<![CDATA[", "`",
     "\n", "=", "x"]
)  # fmt: skip
markup = st.lists(st.one_of(_pieces, st.text(max_size=5)), max_size=25).map("".join)


class Elements(HTMLParser):
    """Everything in a piece of HTML that is not on the list."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.foreign.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, frozenset()):
                self.foreign.append(f"{tag} {name}")
            if name in ("href", "src") and not is_harmless(value or ""):
                self.foreign.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.foreign.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.foreign.append(f"declaration {decl}")


def is_harmless(address: str) -> bool:
    """Whether a browser sees one of our schemes, or none."""
    seen = re.sub(r"^[\x00-\x20]+|[\t\r\n]", "", address).lower()
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", seen)
    return scheme is None or scheme[1] in SCHEMES


def by_nh3(text: str) -> str:
    """The second filter alone."""
    return nh3.clean(
        text,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def test_there_are_hundreds_of_payloads() -> None:
    assert len(set(PAYLOADS)) > 500


def test_no_payload_leaves_anything_that_is_not_on_the_list() -> None:
    left = {payload: Elements(sanitise(payload)).foreign for payload in PAYLOADS}
    assert {payload: foreign for payload, foreign in left.items() if foreign} == {}


def test_no_payload_in_markdown_leaves_anything_that_is_not_on_the_list() -> None:
    left = {}
    for payload in PAYLOADS[:: 1 if LONG else 12]:
        for place in PLACES:
            text = place.format(payload)
            try:
                found = Elements(render_article(text).html).foreign
            except ValueError:
                continue
            if found:
                left[text] = found
    assert left == {}


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_markdown_link_carries_a_scheme_that_is_not_on_the_list(address: str) -> None:
    for text in (f"[x]({address})", f"[x](<{address}>)", f"[x]\n\n[x]: {address}", f"<{address}>"):
        assert Elements(render_article(text).html).foreign == []


@settings(max_examples=1_000 if LONG else 150, deadline=None)
@given(markup)
def test_only_what_is_on_the_list_comes_out(text: str) -> None:
    assert Elements(sanitise(text)).foreign == []


@settings(max_examples=1_000 if LONG else 150, deadline=None)
@given(markup)
def test_what_came_out_comes_out_the_same_again(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once


@settings(max_examples=1_000 if LONG else 150, deadline=None)
@given(markup)
def test_the_second_filter_finds_nothing_left_to_do(text: str) -> None:
    safe = sanitise(text)
    assert by_nh3(safe) == safe


@settings(max_examples=1_000 if LONG else 150, deadline=None)
@given(markup)
def test_each_filter_alone_lets_only_the_list_through(text: str) -> None:
    first = bleach.clean(
        text,
        tags=TAGS,
        attributes={tag: list(names) for tag, names in ATTRIBUTES.items()},
        protocols=SCHEMES,
        strip=True,
    )
    assert Elements(first).foreign == []
    assert Elements(by_nh3(text.encode("utf-8", "replace").decode())).foreign == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_character_that_feeds_or_databases_refuse_comes_out(text: str) -> None:
    safe = sanitise(text)
    safe.encode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", safe)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_an_article_or_a_refusal(text: str) -> None:
    try:
        article = render_article(text)
    except ValueError:
        return
    assert Elements(article.html).foreign == []
    assert article.reading_minutes >= 1
