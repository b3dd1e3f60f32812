"""The page, the table beside each chart, and the files: one text, told in four ways."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from justhtml import JustHTML

from app.core.database import db
from app.trends.exports import as_csv
from app.trends.figures import Figures, Row, Table
from tests.factories import publish_month
from tests.unit.trends.conftest import Readers

pytestmark = pytest.mark.database

HEAVIEST = 60_000
MOST_CHARTS = 12


@pytest.fixture(autouse=True)
def published(readers: Readers) -> Iterator[None]:
    """September, a day after it is over."""
    with time_machine.travel(datetime(2026, 10, 2, 1, tzinfo=UTC), tick=False):
        with readers.app.app_context():
            publish_month(date(2026, 9, 1))
            db.session.remove()
        yield


@pytest.fixture
def page(readers: Readers) -> JustHTML:
    """The page of the month."""
    return JustHTML(readers.client.get("/trends/2026-09/").text, sanitize=False)


def text_of(element: Any) -> str:
    return str(element.to_text()).strip()


def of_page(page: JustHTML) -> set[tuple[str, str, str]]:
    """Table, label and number of every row of a table beside a chart."""
    return {
        (figure.attrs["id"], text_of(row.query("th")[0]), text_of(row.query("td")[0]))
        for figure in page.query("figure.chart")
        for row in figure.query("tbody tr")
    }


def of_charts(page: JustHTML) -> set[tuple[str, str, str]]:
    """The same of what the bars say that lie."""
    return {
        (figure.attrs["id"], text_of(words[n]), text_of(words[n + 1]))
        for figure in page.query("figure.chart")
        for words in [figure.query("svg text:not(.bars__foot)")]
        for n in range(0, len(words), 2)
    }


@pytest.mark.promise("same-numbers-everywhere")
def test_both_files_hold_the_figures_of_the_page_and_no_others(
    readers: Readers, page: JustHTML
) -> None:
    told = json.loads(readers.client.get("/trends/2026-09.json").data)
    lines = list(csv.DictReader(io.StringIO(readers.client.get("/trends/2026-09.csv").text)))
    of_json = {
        (table["key"], row["label"], f"{row['count']:,}")
        for table in told["tables"]
        for row in table["rows"]
    }
    tables = {table["key"] for table in told["tables"]}
    of_csv = {
        (line["table"], line["label"], f"{int(line['count']):,}")
        for line in lines
        if line["table"] in tables
    }
    assert of_json == of_csv == of_page(page)
    assert len(of_json) == 10
    assert of_json - {row for row in of_json if row[0] == "hours"} == of_charts(page)
    sums = {line["table"]: line["count"] for line in lines if line["table"] not in tables}
    assert sums == {"total": "900", "visits": "400"}
    assert [text_of(sum_) for sum_ in page.query(".sums strong")] == ["900", "400"]
    assert (told["total"], told["visits"]) == (900, 400)


@pytest.mark.promise("same-numbers-everywhere")
def test_the_share_that_agreed_is_in_the_table_as_on_the_page() -> None:
    figures = Figures(date(2026, 9, 1), 900, agreed_percent=60)
    assert 'agreed,,"Agreed, of those who answered",,60\r\n' in as_csv(figures)
    assert "agreed" not in as_csv(Figures(date(2026, 9, 1), 900))


def test_no_cell_of_the_table_is_a_formula() -> None:
    row = Row("=cmd", "@SUM(A1)", 90, 100)
    table = Table("sources", "Where visits began", "visits", 90, (row,), 0, 0)
    file = as_csv(Figures(date(2026, 9, 1), 900, tables=(table,)))
    assert "sources,'=cmd,'@SUM(A1),90,100\r\n" in file


def test_the_json_file_has_the_hash_that_the_page_tells(readers: Readers, page: JustHTML) -> None:
    data = readers.client.get("/trends/2026-09.json").data
    assert text_of(page.query("#files code")[0]) == hashlib.sha256(data).hexdigest()


def test_files_are_files(readers: Readers) -> None:
    for kind, ending in (("text/csv", "csv"), ("application/json", "json")):
        answer = readers.client.get(f"/trends/2026-09.{ending}")
        assert answer.mimetype == kind
        assert f"trends-2026-09.{ending}" in answer.headers["Content-Disposition"]


def test_every_chart_has_a_name_and_its_table(page: JustHTML) -> None:
    charts = page.query("svg.bars")
    assert 5 <= len(charts) <= MOST_CHARTS
    for chart in charts:
        assert chart.attrs["role"] == "img"
        (name,) = chart.query("title")
        assert name.attrs["id"] == chart.attrs["aria-labelledby"]
        assert text_of(name)
        (table,) = page.query(f"#{chart.attrs['aria-describedby']}")
        assert table.name == "table"


def test_nothing_is_styled_in_the_page_itself(readers: Readers) -> None:
    text = readers.client.get("/trends/2026-09/").text
    assert " style=" not in text
    assert "<style" not in text


def test_a_month_with_every_table_full_is_light(app: Flask, readers: Readers) -> None:
    from app.trends.models import Dimension
    from app.trends.reports import publish_due
    from tests.factories import count_month

    full = {
        Dimension.TOTAL: {"": 90_000},
        Dimension.PAGE: {f"/{'long-' * 20}{n}/": 400 for n in range(40)},
        Dimension.SOURCE: {f"{'long-' * 10}{n}.example.net": 400 for n in range(40)},
        Dimension.BROWSER: {f"Samsung Internet {n} to {n + 9}": 400 for n in range(40)},
        Dimension.LANGUAGE: {f"{n:02}": 400 for n in range(40)},
        Dimension.HOUR: {f"{n:02}": 400 for n in range(24)},
    }
    with time_machine.travel(datetime(2026, 11, 2, 1, tzinfo=UTC), tick=False), app.app_context():
        count_month(date(2026, 10, 1), full)
        publish_due()
    answer = readers.client.get("/trends/2026-10/")
    assert len(answer.data) <= HEAVIEST
    assert answer.text.count('class="chart"') == 5
