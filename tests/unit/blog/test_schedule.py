"""Posts that appear and disappear by the clock, without a sync, everywhere at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.folder import ContentFolder

pytestmark = pytest.mark.database

LISTS = (
    *("/", "/garden/", "/garden/feed.xml", "/garden/feed.json", "/sitemap.xml"),
    *("/search/?q=wordmark", "/search/?q=nothingofthiskind", "/garden/neighbour/"),
    *("/garden/elder/", "/garden/tags/", "/garden/tags/bulbs/", "/garden/tags/bulbs/feed.xml"),
    *("/garden/tags/rare/", "/garden/tags/rare/feed.xml", "/garden/authors/"),
    *("/garden/authors/mira/", "/garden/authors/mira/feed.xml", "/garden/authors/noor/"),
    *("/garden/archive/", "/garden/archive/2026/", "/garden/archive/2026/03/"),
    *("/garden/series/", "/garden/series/a-year/", "/garden/series/rare-things/"),
    *(
        "/garden/zanzibar/",
        "/garden/zanzibar/card.png",
        "/garden/zanzibar-before/",
        "/garden/page/2/",
    ),
)
TRACES = re.compile("zanzibar|rare|noor", re.IGNORECASE)


@pytest.fixture
def traces(client: FlaskClient) -> Callable[[], dict[str, set[str]]]:
    """A function that answers the addresses on which the hidden post leaves a trace."""

    def everywhere() -> dict[str, set[str]]:
        found = {}
        for address in LISTS:
            with client.get(address) as answer:
                text = answer.get_data().decode(errors="replace")
            if answer.status_code == 200 and (traces := set(TRACES.findall(text))):
                found[address] = traces
        return found

    return everywhere


@pytest.fixture
def plant(content: ContentFolder, read: Any) -> Callable[..., None]:
    """A function that publishes three posts, the middle one hidden in the way that is given."""

    def plant(**front: Any) -> None:
        content.page("home", sections=[{"type": "posts", "title": "Latest"}])
        shared = {"tags": ["bulbs"], "authors": ["mira"], "series": {"name": "A year", "part": 1}}
        content.post("elder", date="2026-03-01", **shared)
        content.post(
            "zanzibar",
            "A wordmark grows here.",
            **{
                "title": "The zanzibar",
                "date": "2026-03-02",
                "tags": ["bulbs", "rare"],
                "authors": ["mira", "noor"],
                "series": {"name": "Rare things", "part": 2},
                "aliases": ["zanzibar-before"],
            }
            | front,
        )
        content.post("neighbour", date="2026-03-03", **shared)
        assert read().problems == []

    return plant


def test_a_shown_post_leaves_traces_on_all_lists(plant: Any, traces: Any, at: Any) -> None:
    at("2026-04-01 00:00+00:00")
    plant()
    assert len(traces()) >= 18


@pytest.mark.parametrize(
    "front",
    [
        {"draft": True},
        {"date": "2026-06-01"},
        {"publish": "2026-06-01"},
        {"unpublish": "2026-03-15"},
    ],
    ids=["draft", "future", "scheduled", "expired"],
)
def test_a_hidden_post_leaves_no_trace(plant: Any, traces: Any, at: Any, front: Any) -> None:
    at("2026-04-01 00:00+00:00")
    plant(**front)
    assert traces() == {}


def test_a_post_appears_when_its_time_comes_without_a_sync(
    client: FlaskClient, plant: Any, traces: Any, at: Any
) -> None:
    at("2026-04-01 00:00+00:00")
    plant(publish="2026-04-01 09:00")
    at("2026-04-01 08:59:59+00:00")
    assert traces() == {}
    at("2026-04-01 09:00+00:00")
    assert client.get("/garden/zanzibar/").status_code == 200
    assert len(traces()) >= 18


def test_a_post_disappears_when_its_time_is_over_without_a_sync(
    client: FlaskClient, plant: Any, traces: Any, at: Any
) -> None:
    at("2026-04-01 00:00+00:00")
    plant(unpublish="2026-05-01")
    at("2026-05-01 00:00+00:00")
    assert traces() == {}
    assert client.get("/garden/zanzibar/").status_code == 410


def test_a_sync_after_its_time_is_over_changes_nothing_that_is_seen(
    plant: Any, traces: Any, at: Any, read: Any
) -> None:
    at("2026-04-01 00:00+00:00")
    plant(unpublish="2026-05-01")
    at("2026-05-01 00:00+00:00")
    read()
    assert traces() == {}


def test_a_post_whose_time_is_over_comes_back_when_its_file_says_so(
    client: FlaskClient, content: ContentFolder, plant: Any, at: Any, read: Any
) -> None:
    at("2026-05-01 00:00+00:00")
    plant(unpublish="2026-04-01")
    content.post("zanzibar", "Back.", date="2026-03-02")
    read()
    assert client.get("/garden/zanzibar/").status_code == 200


def test_pages_have_no_gap_before_the_sync_that_follows(
    client: FlaskClient, content: ContentFolder, read: Any, at: Any
) -> None:
    at("2026-04-01 00:00+00:00")
    content.write("blogs/garden/blog.toml", 'title = "Garden"\nper_page = 2\n')
    for day in range(1, 6):
        ends = {"unpublish": "2026-05-01"} if day == 4 else {}
        content.post(f"day-{day}", date=f"2026-03-0{day}", **ends)
    read()
    at("2026-05-01 00:00+00:00")
    pages = [client.get(f"/garden/{page}").text for page in ("", "page/2/")]
    shown = [re.findall(r'href="/garden/(day-\d)/"', page) for page in pages]
    assert [list(dict.fromkeys(found)) for found in shown] == [
        ["day-5", "day-3"],
        ["day-2", "day-1"],
    ]
    assert client.get("/garden/page/3/").status_code == 404


def test_neighbours_pass_over_a_post_that_is_not_shown(
    client: FlaskClient, plant: Any, at: Any
) -> None:
    at("2026-04-01 00:00+00:00")
    plant(unpublish="2026-03-20")
    assert 'href="/garden/elder/"' in client.get("/garden/neighbour/").text
    assert 'href="/garden/neighbour/"' in client.get("/garden/elder/").text
