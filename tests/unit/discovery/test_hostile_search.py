"""Whatever is asked of search: no fault, no mark-up, nothing that is not shown."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.discovery import search
from tests.folder import ContentFolder

pytestmark = pytest.mark.database


def find(client: FlaskClient, query: str, **more: Any) -> Any:
    return client.get("/search/", query_string={"q": query, **more})


def addresses(page: Any) -> list[str]:
    return re.findall(r'<h2><a href="([^"]+)"', page.text)


@pytest.mark.parametrize(
    "front", [{"draft": True}, {"date": "2099-01-01"}, {"unpublish": "2026-04-01"}]
)
def test_what_is_not_shown_is_not_found(
    client: FlaskClient, content: ContentFolder, read: Any, front: dict[str, Any]
) -> None:
    content.post("secret", "A rhododendron in hiding.", **front)
    read()
    for query in ("rhododendron", "secret", "hiding"):
        assert "/garden/secret/" not in find(client, query).text


def test_hits_are_marked_and_everything_else_is_escaped(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post(
        "elements",
        "Write `<script>alert(1)</script>` & <b>compost</b> in a `<mark>` element.",
        title="The <script> element & compost",
    )
    read()
    page = find(client, "compost").text
    shown = page[page.index('<ol class="results"') :].partition("</ol>")[0]
    assert "<mark>compost</mark>" in shown
    assert set(re.findall(r"<(\w+)", shown)) <= {"ol", "li", "h2", "a", "p", "span", "time", "mark"}
    title = re.sub("</?mark>", "", shown[shown.index("<h2>") : shown.index("</h2>")])
    assert unescape(re.sub(r"<[^>]+>", "", title)) == "The <script> element & compost"


def test_control_characters_in_content_make_no_marks(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("odd", "A \x02 sign \x03 and compost.")
    read()
    page = find(client, "compost").text
    assert page.count("<mark>") == page.count("</mark>")


def test_the_query_is_shown_escaped(client: FlaskClient, read: Any) -> None:
    read()
    page = find(client, '"><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;script&gt;' in page


HOSTILE = (
    *('"', '""', '"""', '" *', "*", "a*", "NEAR(", "NEAR(a b, 5)", "NEAR/5", "AND", "OR", "NOT"),
    *("a AND", "AND a", "a NOT b", "NOT a", "^", "^a", "a:b", "title:compost", "title : compost"),
    *("{title}:a", "-title:a", ":", "-", "--", "-a", "a-b", "+", "a + b", "(", ")", "(a", "a)"),
    *("&", "|", "!", "a & b", "a | b", "!a", "a <-> b", "a <2> b", ":*", "a:*", "a:ABCD", "'a'"),
    *("'", "''", "\\", "\\'", "a\\", "%", "_", "%a%", "a_b", "__", "a%' --", "' OR 1=1 --"),
    *("\x00", "a\x00b", "\x02a\x03", "\x1f", "\u202eabc", "\u200b", "\ufeff", "🌷", "🌷 compost"),
    *("é", "e\u0301", "ß", "İ", "ﬁ", "ǅ", "日本語", "שלום", "हिन्दी", "ไทย", "²", "١٢٣", "Ⅷ"),
    *(".", "...", "?!", "—", "  ", "\t\n", "a" * 199, "a " * 100, "compost " * 20, "9" * 200),
    *("x" * 10_000, "word " * 2_000, " ".join(f"w{n}" for n in range(200)), "🌷" * 3_000),
)


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_is_a_fault_or_costs_more(
    client: FlaskClient, content: ContentFolder, read: Any, statements: list[str], query: str
) -> None:
    content.post("tulips", "Compost and bulbs.")
    read()
    # What hangs on content alone is read once by a process, here by this first look.
    find(client, "nothing of this kind")
    statements.clear()
    if len(query) > 1_500:
        # Longer than an address may be; the form field stops much earlier.
        assert find(client, query).status_code == 414
        assert search.words_of(query) == search.words_of(query[: search.LONGEST_QUERY])
        return
    page = find(client, query)
    assert page.status_code == 200
    assert len([sent for sent in statements if not sent.startswith("SET LOCAL")]) <= 3


def test_the_words_of_a_query_have_a_bound() -> None:
    assert len(search.words_of(" ".join(f"w{number}" for number in range(200)))) <= 8
    assert search.words_of("a A a") == ["a"]
    assert search.words_of("?!") == []
    assert all(len(word) <= search.LONGEST_QUERY for word in search.words_of("x" * 10_000))


def test_an_empty_search_is_a_form(client: FlaskClient, read: Any) -> None:
    read()
    for address in ("/search/", "/search/?q=", "/search/?q=%20", "/search/?page=1"):
        page = client.get(address)
        assert page.status_code == 200
        assert '<form class="finder" action="/search/"' in page.text
        assert 'class="results"' not in page.text


def test_results_are_not_for_search_engines(client: FlaskClient, read: Any) -> None:
    read()
    assert 'content="noindex, follow"' in find(client, "compost").text
