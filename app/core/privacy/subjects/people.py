"""A person, as far as this site can tell one: a mailbox, and the account that has its address."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa

from app.core.database import Model, db

from ..belonging import (
    ACCOUNTS,
    ByAccount,
    ByEmail,
    ByParent,
    ByUid,
    Link,
    key_of_table,
    linked_models,
    lookup_columns,
)
from ..columns import Lookup
from ..normal import normal_email
from ..vault import every_hash

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whoever opens one mailbox. There always is one, whether anything is held or not."""

    #: What the keyed hashes of their address are, by the name a column is sealed under.
    hashes: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    account_id: int | None = None
    #: Rows that are meant by themselves, whoever they belong to: random names by table.
    rows: Mapping[str, tuple[uuid.UUID, ...]] = field(default_factory=dict)
    email: str = field(default="", repr=False)

    def by_mail_only(self) -> Self:
        """The same mailbox, without what belongs to its account."""
        return replace(self, account_id=None)


def person_of(email: str) -> Person:
    """The person of a mailbox, however its address was typed; with their account if there is one.

    Both keys are used while keys are replaced, so that nobody is lost between them.
    """
    normal = normal_email(email)
    hashes = {declared.seal or "": tuple(every_hash(declared, normal)) for declared in _addresses()}
    person = Person(hashes=hashes, email=normal)
    return replace(person, account_id=_account_of(person))


def holds_anything(person: Person) -> bool:
    """Whether anything is held that does not go by itself within days, as a mail does."""
    for model, links in linked_models():
        lasting = [link for link in links if not link.is_passing]
        query = sa.select(key_of_table(model.__table__))
        if lasting and db.session.scalar(
            query.where(belongs(model.__table__, lasting, person)).limit(1)
        ):
            return True
    return False


def rows_of(
    person: Person, *, before: datetime | None = None
) -> Iterator[tuple[Any, Link, sa.Select[Any]]]:
    """Each table's rows of a person, link by link: the mapped class, the link, and their keys.

    With `before`, only what had come by then.
    """
    for model, links in linked_models():
        table = model.__table__
        for link in links:
            mine = belongs(table, [link], person, before=before)
            yield model, link, sa.select(key_of_table(table)).where(mine)


def belongs(
    table: Any,
    links: Sequence[Link],
    person: Person,
    *,
    before: datetime | None = None,
) -> Condition:
    """The condition that a row of a table belongs to a person by one of some links."""
    ways = [_way(table, link, person, before) for link in links]
    named = person.rows.get(table.name)
    if named and "uid" in table.columns:
        ways.append(table.c.uid.in_(named))
    return sa.or_(sa.false(), *ways)


def uids_of(person: Person, *, before: datetime | None = None) -> sa.SelectBase:
    """The random names of all rows that are a person's own."""
    found = [
        sa.select(model.__table__.c.uid).where(
            belongs(model.__table__, whole, person, before=before)
        )
        for model, whole in _named_rows()
    ]
    return sa.union_all(*found) if len(found) > 1 else found[0]


def _way(table: Any, link: Link, person: Person, before: datetime | None) -> Condition:
    column = table.c[link.column]
    if isinstance(link, ByAccount):
        return column == person.account_id if person.account_id else sa.false()
    if isinstance(link, ByParent):
        parent = Model.metadata.tables[link.parent]
        whose = belongs(parent, _whole_links(link.parent), person, before=before)
        return column.in_(sa.select(key_of_table(parent)).where(whose))
    if isinstance(link, ByUid):
        return column.in_(uids_of(person, before=before))
    hashes = person.hashes.get(column.info["privacy"].seal) or ()
    [lookup] = [each for each in lookup_columns(table, link.column) if not _is_near(each)]
    theirs = lookup.in_(hashes) if hashes else sa.false()
    if before is not None and link.since:
        return sa.and_(theirs, table.c[link.since] <= before)
    return theirs


def _is_near(column: Any) -> bool:
    lookup = column.info["privacy"]
    return isinstance(lookup, Lookup) and lookup.is_near


def _addresses() -> Iterator[Any]:
    """The declarations of the sealed addresses by which rows belong to people."""
    for model, links in linked_models():
        for link in links:
            if isinstance(link, ByEmail):
                yield model.__table__.c[link.column].info["privacy"]


def _whole_links(table: str) -> list[Link]:
    """The links of a table by which a whole row is somebody's, and not a part of it."""
    return [
        link
        for model, links in linked_models()
        if model.__tablename__ == table
        for link in links
        if not link.only
    ]


def _named_rows() -> Iterator[tuple[Any, list[Link]]]:
    """The mapped classes whose rows have random names, with the links that are not by those."""
    for model, links in linked_models():
        whole = [link for link in links if not link.only and not isinstance(link, ByUid)]
        if whole and "uid" in model.__table__.columns:
            yield model, whole


def _account_of(person: Person) -> int | None:
    accounts = Model.metadata.tables[ACCOUNTS]
    is_theirs = belongs(accounts, _whole_links(ACCOUNTS), person)
    proved = sa.select(accounts.c.id).where(is_theirs, accounts.c.email_proved_at.is_not(None))
    return db.session.scalar(proved.order_by(accounts.c.id).limit(1))
