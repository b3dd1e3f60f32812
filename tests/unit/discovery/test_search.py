"""Searching the site."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app.core import clock
from tests.folder import ContentFolder

pytestmark = pytest.mark.database

HOSTILE = (
    '"',
    '"unfinished phrase',
    "tulips OR roses AND NOT ferns",
    "NEAR(tulips roses, 3)",
    "title : tulips",
    "^tulips",
    "tulips*roses*",
    "-tulips",
    "tulips & | ! <-> roses",
    "'; DROP TABLE posts; --",
    "tulips'",
    "% _ \\",
    "((((((((((",
    "🌷",
    "\u202etulips\u202c",
    "e\u0301" * 100,
    "\x01\x02\x03tulips",
    " ".join(f"word{number}" for number in range(200)),
    "t" * 200,
    "ﬁn ǅ ß İ",
    "tulips\0roses",
)


def found(client: FlaskClient, query: str, page: int = 1) -> str:
    answer = client.get(f"/search/?q={quote(query)}&page={page}")
    assert answer.status_code == 200
    return answer.text


def results(page: str) -> list[str]:
    """The addresses of a page of results, in their order."""
    return [part.split('"')[0] for part in page.split('<h2><a href="')[1:]]


def test_a_word_of_the_text_finds_the_post(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "They grow from bulbs.")
    content.post("roses", "They have thorns.")
    read()
    assert results(found(client, "bulbs")) == ["/garden/tulips/"]


def test_all_words_must_be_there(client: FlaskClient, content: ContentFolder, read: Any) -> None:
    content.post("tulips", "They grow from bulbs.")
    read()
    assert results(found(client, "bulbs thorns")) == []


def test_another_form_of_a_word_is_found_and_marked(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "Planting them is easy.")
    read()
    page = found(client, "planted")
    assert results(page) == ["/garden/tulips/"]
    assert "<mark>Planting</mark>" in page


def test_the_last_word_may_be_unfinished(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "A herbaceous border.")
    read()
    assert results(found(client, "border herba")) == ["/garden/tulips/"]
    assert results(found(client, "herba border")) == []


def test_a_word_in_the_title_comes_before_a_newer_one_in_the_text(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("old", title="Compost for beginners", date="2020-01-01")
    content.post("new", "It needs compost.", date="2026-01-01")
    read()
    assert results(found(client, "compost")) == ["/garden/old/", "/garden/new/"]


def test_of_texts_the_newest_comes_first(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    for year in (2021, 2023, 2022):
        content.post(f"in-{year}", "It needs compost.", date=f"{year}-01-01")
    read()
    addresses = ["/garden/in-2023/", "/garden/in-2022/", "/garden/in-2021/"]
    assert results(found(client, "compost")) == addresses


def test_tags_and_pages_are_found_too(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", tags=["perennial"])
    content.page("about", "We are a cooperative.")
    read()
    assert results(found(client, "perennial")) == ["/garden/tulips/"]
    assert results(found(client, "cooperative")) == ["/about/"]


def test_what_is_marked_cannot_become_markup(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", "Write `<script>alert(1)</script>` about <mark>tulips</mark>.")
    read()
    page = found(client, "alert")
    assert "&lt;script&gt;<mark>alert</mark>(1)" in page
    assert "<script>alert" not in page


def test_the_excerpt_shows_the_passage_of_the_hit(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", f"{'Sun and rain. ' * 100} Then a hedgehog came. {'More rain. ' * 100}")
    read()
    assert "Then a <mark>hedgehog</mark> came." in found(client, "hedgehog")


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_is_an_error(
    client: FlaskClient, content: ContentFolder, read: Any, query: str
) -> None:
    content.post("tulips")
    read()
    found(client, query)


def test_a_query_without_words_says_so(client: FlaskClient, read: Any) -> None:
    read()
    assert "There is no word in that." in found(client, "?!")


def test_an_endless_query_is_named_and_not_run(
    client: FlaskClient, read: Any, statements: list[str]
) -> None:
    read()
    statements.clear()
    answer = client.get(f"/search/?q={'tulips+' * 100}")
    assert "A few words are enough." in answer.text
    assert not any("search_entries" in statement for statement in statements)


def test_a_search_takes_three_statements(
    client: FlaskClient, content: ContentFolder, read: Any, statements: list[str]
) -> None:
    for number in range(30):
        content.post(f"post-{number}", "It needs compost.")
    read()
    statements.clear()
    assert len(results(found(client, "compost"))) == 20
    assert len(statements) <= 3


def test_results_go_on_page_by_page_and_end(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    for number in range(45):
        content.post(f"post-{number}", "It needs compost.", date=f"2026-01-{1 + number % 28:02}")
    read()
    pages = [results(found(client, "compost", page)) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert len({address for page in pages for address in page}) == 45


@pytest.mark.parametrize("page", ["0", "-1", "11", "99999999999999999999"])
def test_a_page_that_cannot_be_is_missing(client: FlaskClient, read: Any, page: str) -> None:
    read()
    assert client.get(f"/search/?q=tulips&page={page}").status_code == 404


def test_when_nothing_is_found_subjects_are_offered(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    content.post("tulips", tags=["Bulbs"])
    read()
    assert 'href="/garden/tags/bulbs/"' in found(client, "nothing")


def test_a_post_is_found_from_the_moment_it_is_published_until_it_is_not(
    client: FlaskClient, content: ContentFolder, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content.post("tulips", "A secret.", publish="2026-05-01 12:00", unpublish="2026-06-01 12:00")
    read()
    shown = []
    for month, day in ((4, 30), (5, 2), (6, 2)):
        moment = datetime(2026, month, day, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        shown.append(results(found(client, "secret")))
    assert shown == [[], ["/garden/tulips/"], []]


def test_what_is_removed_or_changed_is_no_longer_found(
    client: FlaskClient, content: ContentFolder, read: Any
) -> None:
    path = content.post("tulips", "They have thorns.")
    read()
    content.post("tulips", "They have bulbs.")
    read()
    assert results(found(client, "thorns")) == []
    assert results(found(client, "bulbs")) == ["/garden/tulips/"]
    content.remove(path)
    read()
    assert results(found(client, "bulbs")) == []
