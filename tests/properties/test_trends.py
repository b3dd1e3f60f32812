"""Whatever a table holds, nobody can work out what was hidden in it."""

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.trends.cells import HITS, LEAST_TOTAL, NOTHING, PEOPLE, Tally, Told, percent, tell

EVERY_DAY = (1 << 30) - 1
SMALL = range(1, 11)
RULES = {"new": PEOPLE}
NAMES = ("a", "b", "c", "d", "e", "f", "g", "h", "new")


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    count = draw(st.one_of(st.integers(0, 12), st.integers(40, 70), st.integers(0, 900)))
    most = min(count, 30)
    days = draw(st.integers(min(1, most), most))
    return Tally(count, (1 << days) - 1)


tables = st.dictionaries(st.sampled_from(NAMES), tallies(), min_size=1)


def published(cells: dict[str, Tally], most: int) -> Told:
    return tell(cells, rules=RULES, most=most)


def could_be_another(cells: dict[str, Tally], name: str, told: Told, most: int) -> bool:
    """Whether another table, with another number in that cell, is published just the same."""
    for other, step in product(cells, (1, -1)):
        if other == name:
            continue
        changed = dict(cells)
        changed[name] = Tally(cells[name].count + step, cells[name].days)
        changed[other] = Tally(cells[other].count - step, cells[other].days)
        if min(changed[name].count, changed[other].count) < 0:
            continue
        if published(changed, most) == told:
            return True
    return False


@pytest.mark.promise("trends-thresholds")
@settings(max_examples=300, deadline=None)
@given(tables, st.integers(1, 9))
@example({"a": Tally(400, EVERY_DAY), "b": Tally(50, EVERY_DAY), "c": Tally(1, 1)}, 9)
@example({"a": Tally(400, EVERY_DAY), "b": Tally(200, EVERY_DAY), "c": Tally(3, 1)}, 9)
@example({"a": Tally(520, EVERY_DAY), "new": Tally(10, 7)}, 9)
@example({"a": Tally(60, EVERY_DAY), "new": Tally(11, EVERY_DAY), "c": Tally(1, 1)}, 9)
def test_no_hidden_number_can_be_worked_out(cells: dict[str, Tally], most: int) -> None:
    """Somebody knows the rules, every name, the total, and all that is told."""
    if sum(tally.count for tally in cells.values()) < LEAST_TOTAL:
        return
    told = published(cells, most)
    if told.total is None:
        return
    named = dict(told.named)
    for name, tally in cells.items():
        if name not in named and tally.count in SMALL:
            assert could_be_another(cells, name, told, most), (cells, told)


@settings(max_examples=200, deadline=None)
@given(tables, tallies(), st.integers(1, 9))
def test_all_that_is_told_is_common_enough_and_adds_up(
    cells: dict[str, Tally], unnamed: Tally, most: int
) -> None:
    told = tell(cells, unnamed=unnamed, rules=RULES, most=most)
    if told.total is None:
        assert told.named == ()
        return
    assert len(told.named) <= most
    assert told.total == sum(tally.count for tally in cells.values()) + unnamed.count
    for name, count in told.named:
        assert count == cells[name].count
        assert RULES.get(name, HITS).admits(cells[name])
    hidden = sum((cells[name] for name in cells.keys() - dict(told.named).keys()), unnamed)
    assert hidden.count == told.rest
    assert told.rest == 0 or HITS.admits(hidden)


@given(st.integers(50, 10**7), st.integers(0, 10**7))
def test_shares_are_steps_of_five(count: int, more: int) -> None:
    share = percent(count, count + more)
    assert share % 5 == 0
    assert 0 <= share <= 100


def test_a_table_of_nothing_tells_nothing_and_hides_nothing() -> None:
    assert tell({}) == Told((), 0)
    assert tell({"a": NOTHING}) == Told((), 0)
    assert percent(0, 0) == 0
