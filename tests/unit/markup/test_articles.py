"""Markdown becomes what readers, screen readers and search need."""

import re

import pytest

from app.core.markup import PictureTag, TextRefused, plain_text, render_article

PICTURE = PictureTag(
    "/media/a-800.webp", "/media/a-480.webp 480w", 1_000, 500, "/media/a-1000.webp"
)


def made(text: str) -> str:
    """The HTML of a text."""
    return render_article(text, {"a.png": PICTURE}).html


def has(html: str, element: str, *attributes: str) -> bool:
    """Whether one such element has all these attributes, in any order."""
    opened = re.findall(rf"<{element}\b[^>]*>", html)
    return any(all(attribute in tag for attribute in attributes) for tag in opened)


def ids(text: str) -> list[str]:
    """The fragments of a text's headings."""
    return re.findall(r'<h\d id="([^"]*)"', made(text))


@pytest.mark.parametrize(
    ("words", "minutes"), [(0, 1), (1, 1), (230, 1), (345, 2), (460, 2), (2_300, 10)]
)
def test_reading_takes_a_minute_for_230_words(words: int, minutes: int) -> None:
    assert render_article("word " * words).reading_minutes == minutes


def test_code_counts_half() -> None:
    assert render_article("```\n" + "word " * 1_840 + "\n```").reading_minutes == 4


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Sun and shade", "sun-and-shade"),
        ("Über Öl", "über-öl"),
        ("`code` & <b>more</b>", "code-more"),
        ("???", "section"),
        ("Main", "main-section"),
    ],
)
def test_a_heading_is_found_by_its_own_words(heading: str, expected: str) -> None:
    assert ids(f"## {heading}") == [expected]


def test_the_anchor_of_a_heading_stays_when_others_change() -> None:
    before = ids("## One\n\n## Two\n\n## Three")
    after = ids("## Zero\n\n## Two\n\n### Inner\n\n## Three")
    assert {"two", "three"} <= set(before) & set(after)


def test_headings_of_the_same_words_have_fragments_of_their_own() -> None:
    assert len(set(ids("## One\n\n## One\n\n## One"))) == 3


def test_an_anchor_says_where_it_leads() -> None:
    html = made("## One")
    assert has(html, "a", 'class="anchor"', 'href="#one"', 'aria-label="Link to: One"')
    assert html.endswith("#</a></h2>")


def test_the_first_level_belongs_to_the_title_of_the_page() -> None:
    assert "<h1" not in made("# One\n\n## Two")


def test_contents_have_the_second_and_third_level() -> None:
    found = render_article("## One\n\n### Two & a half\n\n#### Three").contents
    assert [(entry.level, entry.text) for entry in found] == [(2, "One"), (3, "Two & a half")]


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "NOTE"])
def test_a_callout_is_a_note_with_a_title(kind: str) -> None:
    html = made(f"> [!{kind}]\n> Mind the *step*.")
    assert has(html, "aside", f'class="callout callout--{kind.lower()}"', 'role="note"')
    assert f'<p class="callout__title">{kind.title()}</p>' in html
    assert "<p>Mind the <em>step</em>.</p>" in html


def test_an_unknown_callout_is_a_quotation() -> None:
    assert made("> [!danger]\n> Mind.").startswith("<blockquote>")


def test_callouts_that_follow_one_another_are_two() -> None:
    html = made("> [!note]\n> One.\n\n> [!warning]\n> Two.\n>\n> More.\n\nAfter.")
    assert html.count("<aside") == 2
    assert re.search(r"Two\.</p>\s*<p>More\.</p>\s*</aside>\s*<p>After", html)


def test_a_callout_after_a_quotation_is_its_own() -> None:
    html = made("> Said.\n\n> [!tip]\n> One.")
    assert re.search(r"<blockquote>\s*<p>Said\.</p>\s*</blockquote>\s*<aside", html)


def test_code_has_its_language_and_classes_only() -> None:
    html = made("```python\nprint('<x>')\n```")
    assert '<p class="code__label">python</p>' in html
    assert 'class="nb">print</span>' in html
    assert "style=" not in html
    assert "&lt;x&gt;" in html


@pytest.mark.parametrize("text", ["```\nx\n```", "    x\n", "```nonesuch\nx\n```"])
def test_code_of_no_known_language_is_shown_as_it_is(text: str) -> None:
    assert re.search(r'<code class="highlight">\s*x\s*</code>', made(text))


def test_quotes_and_dashes_are_set_in_text_and_not_in_code() -> None:
    html = made('"One" -- two...\n\n`"a" -- b...`\n\n```\n"a" -- b...\n```')
    assert "“One” – two…" in html
    assert html.count("-- b...") == 2
    assert "“a”" not in html


def test_a_table_scrolls_in_a_region_with_a_name() -> None:
    html = made("| Plant | Sun |\n|---|--:|\n| Fern | 2 |")
    label = 'aria-label="Table: Plant, Sun"'
    assert has(html, "div", 'class="table"', 'role="region"', 'tabindex="0"', label)
    assert '<td class="end">2</td>' in html
    assert 'scope="col"' in html


def test_a_footnote_leads_there_and_back() -> None:
    html = made("One[^a].\n\n[^a]: Note.")
    assert has(html, "a", 'href="#fn-a"', 'id="fnref-a"')
    assert 'aria-label="Back to reference 1"' in html
    assert 'href="#fnref-a"' in html


def test_a_picture_alone_is_a_figure_that_leads_to_its_largest_version() -> None:
    html = made('![A tulip](a.png "In spring")')
    assert '<figure><a href="/media/a-1000.webp"><img' in html
    assert "<figcaption>In spring</figcaption></figure>" in html
    assert 'width="1000"' in html
    assert 'loading="eager"' in html


def test_a_picture_in_a_sentence_stays_there_and_later_ones_wait() -> None:
    html = made("See ![A](a.png) here.\n\n![B](a.png)")
    assert html.count("<figure>") == 1
    assert html.count('loading="lazy"') == 1


@pytest.mark.parametrize("text", ["![](a.png)", "![ ](a.png)", "![A](b.png)", "<img src=a.png>"])
def test_a_picture_nobody_could_use_is_refused(text: str) -> None:
    with pytest.raises(TextRefused):
        made(text)


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(TextRefused, match="nested too deeply"):
        made("".join(f"{'    ' * depth}- x\n" for depth in range(400)))


def test_search_gets_the_words_without_marks_and_labels() -> None:
    html = made("## One\n\nTwo `three` & <b>four</b>[^1].\n\n[^1]: Five.\n\n```python\nsix\n```")
    assert plain_text(html) == "One Two three & four . six Five."


def test_the_same_text_is_the_same_page() -> None:
    text = "## One\n\nTwo[^1]\n\n[^1]: Three\n\n```python\nx = 1\n```"
    assert made(text) == made(text)
