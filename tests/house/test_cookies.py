"""No public page sets a cookie, or even looks at one."""

import pytest
from flask import Flask

from tests.crawl import SEEDS, Visited, crawl

pytestmark = pytest.mark.database

FORGED = "session=eyJhIjoxfQ.Zz.forged; remember_token=1|f00; consent=all; x=" + "y" * 500


@pytest.fixture(scope="module")
def as_remembered(shipped: Flask) -> dict[str, Visited]:
    return crawl(shipped, headers={"Cookie": FORGED, "Authorization": "Basic eDp5"})


def test_no_answer_sets_a_cookie(
    pages: dict[str, Visited], as_remembered: dict[str, Visited]
) -> None:
    for visited in (pages, as_remembered):
        assert [
            visit.address for visit in visited.values() if "Set-Cookie" in visit.answer.headers
        ] == []


def test_no_answer_varies_by_cookie(pages: dict[str, Visited]) -> None:
    allowed = {"", "Accept-Encoding"}
    assert {visit.answer.headers.get("Vary", "") for visit in pages.values()} <= allowed


def test_everybody_gets_the_same_bytes(
    pages: dict[str, Visited], as_remembered: dict[str, Visited]
) -> None:
    assert pages.keys() == as_remembered.keys()
    assert [
        address
        for address, visit in pages.items()
        if visit.answer.data != as_remembered[address].answer.data
        or visit.answer.headers.get("ETag") != as_remembered[address].answer.headers.get("ETag")
    ] == []


@pytest.mark.parametrize("address", [*SEEDS, "/no-such-page/", "/about", "/%ff/", "/metrics"])
def test_refusals_and_redirects_set_none_either(shipped: Flask, address: str) -> None:
    answer = shipped.test_client().get(address, headers={"Cookie": FORGED})
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
