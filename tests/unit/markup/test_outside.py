"""Media of other sites become cards: title, host, a link that says where it goes, and no more."""

import contextlib
import re
import time

import pytest

from app.core.markup import TextRefused, render_article

LOADING = re.compile(
    r"<(?:iframe|video|audio|object|embed|source|img|link|script)\b", re.IGNORECASE
)


def card(text: str) -> str:
    html = render_article(text).html
    assert not LOADING.search(html)
    found = re.search(r"<aside.*?</aside>", html, re.DOTALL)
    assert found, html
    return found[0]


def links(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', html)


@pytest.mark.parametrize(
    ("written", "to"),
    [
        ("https://www.youtube.com/watch?v=a--b_c_d", "https://www.youtube.com/watch?v=a--b_c_d"),
        ("https://youtu.be/abc?t=3&x=1", "https://youtu.be/abc?t=3&amp;x=1"),
        ("<https://vimeo.com/123>", "https://vimeo.com/123"),
        ("https://player.vimeo.com/video/123?h=9", "https://vimeo.com/123"),
        ("https://media.ccc.de/v/talk", "https://media.ccc.de/v/talk"),
    ],
)
def test_a_video_s_address_alone_in_its_paragraph_is_a_card(written: str, to: str) -> None:
    found = card(f"Before.\n\n{written}\n\nAfter.")
    ((address, words),) = links(found)
    assert address == to
    host = address.split("/")[2].removeprefix("www.")
    assert words == f"Go to {host}"
    assert f"Video at {host}" in found


def test_a_link_alone_gives_the_card_its_title() -> None:
    found = card("[How *we* test](https://youtu.be/abc)")
    assert '<p class="callout__title">How *we* test</p>' in found
    assert 'aria-label="How *we* test"' in found


@pytest.mark.parametrize(
    "written",
    [
        '<iframe src="https://www.youtube.com/embed/ab-c?rel=0" title="A talk"></iframe>',
        '<iframe\nsrc="https://www.youtube-nocookie.com/embed/ab-c"\ntitle="A\n talk">\n</iframe>',
        "<IFRAME SRC='//www.youtube.com/embed/ab-c' TITLE='A talk' allowfullscreen></IFRAME>",
    ],
)
def test_a_frame_is_a_card_that_leads_to_the_page_of_the_video(written: str) -> None:
    found = card(f"Before.\n\n{written}\n\nAfter.")
    assert links(found) == [("https://www.youtube.com/watch?v=ab-c", "Go to youtube.com")]
    assert '<p class="callout__title">A talk</p>' in found


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ('<iframe src="https://maps.example.org/x"></iframe>', "Page"),
        ('<video controls><source src="https://films.example.org/a.mp4">Sorry</video>', "Video"),
        ('<video src="https://films.example.org/a.mp4"></video>', "Video"),
        ('<audio src="https://tones.example.org/a.mp3"></audio>', "Recording"),
        ('<object data="https://x.example.org/a"><p>Sorry</p></object>', "Page"),
        ('<object><embed src="https://x.example.org/a"></object>', "Page"),
        ('<embed src="https://x.example.org/a">', "Page"),
        ('<iframe src="https://x.example.org/a">', "Page"),
    ],
)
def test_anything_embedded_is_a_card(written: str, kind: str) -> None:
    found = card(f"Before.\n\n{written}\n\nAfter.")
    assert f"{kind} at " in found
    assert "Sorry" not in found
    assert "After." in render_article(f"Before.\n\n{written}\n\nAfter.").html


def test_within_a_sentence_it_is_a_link() -> None:
    html = render_article(
        'See <iframe src="https://x.example.org/a" title="A map"></iframe> here.'
    ).html
    assert html.strip() == (
        '<p>See <a href="https://x.example.org/a">A map at x.example.org</a> here.</p>'
    )


@pytest.mark.parametrize(
    "written",
    [
        "See https://youtu.be/abc for more",
        "[a page](https://example.org/page)",
        "https://example.org/watch?v=1",
        "https://youtube.com.evil.example/watch",
        "https://notyoutube.com/watch",
    ],
)
def test_other_addresses_stay_what_they_were(written: str) -> None:
    assert "<aside" not in render_article(written).html


def test_code_about_frames_stays_code() -> None:
    html = render_article(
        '    <iframe src="https://x.example/a"></iframe>\n\n`<video>` is a tag.'
    ).html
    assert "<aside" not in html
    assert "iframe" in html


@pytest.mark.parametrize(
    "source",
    ["javascript:alert(1)", "data:text/html,x", "/own/page", "", "x.mp4", "https://", "http://["],
)
def test_what_has_no_address_on_the_web_is_refused(source: str) -> None:
    with pytest.raises(TextRefused, match="without an address"):
        render_article(f'<iframe src="{source}"></iframe>')


def test_a_title_is_text_and_never_markup() -> None:
    found = card(
        '<iframe src="https://x.example/a?&quot;onload=x" '
        'title="&lt;script&gt;x&lt;/script&gt;"></iframe>'
    )
    assert "<script" not in found
    assert "&lt;script&gt;x&lt;/script&gt;" in found
    assert "onload" not in re.sub(r'"[^"]*"', "", found)


@pytest.mark.parametrize(
    "piece", ["<iframe ", "<iframe>", "<video><source>", "</iframe>", "<p><embed "]
)
def test_broken_markup_without_end_takes_no_time(piece: str) -> None:
    began = time.process_time()
    with contextlib.suppress(TextRefused):
        render_article(piece * 2_000)
    assert time.process_time() - began < 2
