"""Checks of promises that the ground keeps: periods, seals, looks, the record, cookies.

A feature's own promises are checked by functions on its own card.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import sqlalchemy as sa
from werkzeug.datastructures import Headers

from app.core import clock
from app.core.database import Model, db
from app.core.privacy import (
    AuditDetail,
    AuditLink,
    Due,
    Look,
    chain_problem,
    due_months,
    inventory,
    overdue,
    undeclared,
)
from app.core.registry import OPTIONAL, Outcome, registry
from app.core.web import offered_cookies

#: What erases runs once a day and may be late by one.
GRACE = timedelta(days=2)
#: The first byte of everything that the vault has sealed, by its version.
SEALED = (b"\x01", b"\x02")
LOOK = "look"
LONGEST_MONTH = 31
#: What search and the migrations keep beside the tables of the models.
BESIDE = ("search_words", "search_titles", "alembic_version")
BESIDE_COLUMNS = {"search_entries.words", "search_entries.words_of_title"}


def addresses_end() -> Outcome:
    """No network address is older than its period."""
    found = [due for due in overdue(clock.now() - GRACE) if due.entry.declared.kind == "ip"]
    held, late = sum(due.held for due in found), sum(due.due for due in found)
    if late:
        return Outcome(problem=f"{_times(late, 'address', 'addresses')} should be gone by now.")
    ages = [age for due in found if due.held and (age := _oldest(due))]
    if not ages:
        return Outcome("No network address is held.")
    oldest, limit = max(ages)
    return Outcome(
        f"{_times(held, 'address', 'addresses')} held; the oldest for "
        f"{_times(oldest, 'day', 'days')}, the limit is {limit}."
    )


def periods_end() -> Outcome:
    """Nothing personal is older than its declared period."""
    found = overdue(clock.now() - GRACE)
    late = [due for due in found if due.due]
    if late:
        return Outcome(
            problem=f"{_times(sum(due.due for due in late), 'value is', 'values are')} past the "
            f"declared period, in {_times(len(late), 'column', 'columns')}."
        )
    held = sum(due.held for due in found)
    return Outcome(
        f"{_times(held, 'value', 'values')} with a period in {len(found)} columns; none is past it."
    )


def months_end() -> Outcome:
    """No key of a month is left whose addresses nobody may read any more."""
    due = due_months()
    if due:
        return Outcome(
            problem=f"{_times(len(due), 'month key', 'month keys')} should be destroyed."
        )
    return Outcome("No key of a month is left that should be destroyed.")


def values_are_sealed() -> Outcome:
    """Every value of a sealed column is one that the vault has sealed."""
    held = plain = 0
    for entry in inventory():
        if not entry.declared.seal:
            continue
        column = Model.metadata.tables[entry.table].columns[entry.column]
        first = sa.func.substr(sa.type_coerce(column, sa.LargeBinary), 1, 1, type_=sa.LargeBinary)
        counts = sa.select(
            sa.func.count(column), sa.func.count(sa.case((first.not_in(SEALED), column)))
        )
        some, bad = db.session.execute(counts).one()
        held, plain = held + some, plain + bad
    if not held:
        return Outcome("No email, address or secret is held.")
    if plain:
        return Outcome(problem=f"{_times(plain, 'value stands', 'values stand')} there unsealed.")
    return Outcome(
        f"{_times(held, 'email, address or secret', 'emails, addresses and secrets')}"
        " held; each is sealed."
    )


def looks_are_recorded() -> Outcome:
    """Every look at somebody's data names the promise of secrecy it was taken under."""
    looks = sa.select(
        sa.func.count(AuditDetail.id), sa.func.count(sa.case((Look.id.is_(None), AuditDetail.id)))
    )
    looks = (
        looks.select_from(AuditLink)
        .join(AuditDetail, AuditDetail.id == AuditLink.id)
        .outerjoin(Look, Look.id == AuditLink.id)
        .where(AuditLink.kind == LOOK)
    )
    count, bare = db.session.execute(looks).one()
    if bare:
        return Outcome(problem=f"{_times(bare, 'look names', 'looks name')} no agreement.")
    if not count:
        return Outcome("No look is on record.")
    return Outcome(f"{_times(count, 'look', 'looks')} on record, all under a signed agreement.")


def record_is_whole() -> Outcome:
    """Nobody has edited the record, taken from it or cut its end."""
    problem = chain_problem()
    if problem:
        return Outcome(problem=problem)
    count = db.session.scalar(sa.select(sa.func.count(AuditLink.id))) or 0
    return Outcome(f"{_times(count, 'entry', 'entries')} in an unbroken chain.")


def columns_are_declared() -> Outcome:
    """Each column of the code and of the database says what it holds about people, and why."""
    missing = [*undeclared(), *_only_in_the_database()]
    if missing:
        return Outcome(
            problem=f"{_times(len(missing), 'column says', 'columns say')} nothing about itself."
        )
    personal = sum(1 for _entry in inventory())
    count = sum(len(table.columns) for table in Model.metadata.sorted_tables)
    return Outcome(f"{count} columns, all declared; {personal} of them are personal.")


def cookies_wait_for_a_yes() -> Outcome:
    """A browser that said nothing, or no by a signal, is given no optional cookie."""
    allows = registry().allows
    silent = (Headers(), Headers({"Sec-GPC": "1"}), Headers({"DNT": "1"}))
    taken = [name for name in OPTIONAL if allows and any(allows(each, name) for each in silent)]
    if taken:
        return Outcome(problem=f"Cookies for {taken[0]} would be set without a yes.")
    cookies = tuple(offered_cookies())
    optional = sum(1 for cookie in cookies if cookie.category in OPTIONAL)
    return Outcome(
        f"{_times(len(cookies), 'cookie', 'cookies')} declared, {optional} of them optional; "
        "a browser that said nothing gets none."
    )


CHECKS: Mapping[str, Callable[[], Outcome]] = {
    "address-gone-after-period": addresses_end,
    "nothing-past-its-period": periods_end,
    "month-keys-destroyed": months_end,
    "sealed-at-rest": values_are_sealed,
    "look-is-recorded": looks_are_recorded,
    "record-cannot-be-edited": record_is_whole,
    "every-column-declared": columns_are_declared,
    "no-cookie-before-yes": cookies_wait_for_a_yes,
}


def address_in_backups_longer() -> str:
    """How much longer than the site an old backup can show an address: its key is of a month."""
    return f"{LONGEST_MONTH} days"


def _oldest(due: Due) -> tuple[int, int] | None:
    """The age of the oldest value of a column and its limit, in days."""
    table = Model.metadata.tables[due.entry.table]
    column, at = table.columns[due.entry.column], table.columns[due.entry.declared.clock]
    first = db.session.scalar(sa.select(sa.func.min(at)).where(column.is_not(None)))
    period = due.entry.declared.period()
    if first is None or period is None:
        return None
    return (clock.now() - first).days, period.days


def _only_in_the_database() -> set[str]:
    """Columns of the database that no model has."""
    inspector = sa.inspect(db.session.connection())
    found = {
        f"{table}.{column['name']}"
        for table in inspector.get_table_names()
        if not table.startswith(BESIDE)
        for column in inspector.get_columns(table)
    }
    known = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
    }
    return found - known - BESIDE_COLUMNS


def _times(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"
