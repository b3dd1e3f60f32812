"""Numbered pages of a long list."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import Missing


@dataclass(frozen=True)
class Page:
    """One numbered page in the paging line; the gap between numbers has no address."""

    number: int | None
    address: str | None


@dataclass(frozen=True)
class Paging:
    """Where a page stands among its neighbours."""

    number: int
    total: int
    previous: str | None
    next: str | None
    pages: tuple[Page, ...]


def page_numbers(number: int, total: int, address: Callable[[int], str]) -> Paging:
    """The paging line of page `number` of `total`; the first, the last and the near ones.

    Raises `Missing` when there is no such page; page 1 of an empty list exists.
    """
    total = max(total, 1)
    if not 1 <= number <= total:
        raise Missing
    near = {1, total, *range(max(1, number - 1), min(total, number + 1) + 1)}
    pages: list[Page] = []
    for known in sorted(near):
        if pages and pages[-1].number is not None and known > pages[-1].number + 1:
            pages.append(Page(None, None))
        pages.append(Page(known, address(known)))
    return Paging(
        number,
        total,
        address(number - 1) if number > 1 else None,
        address(number + 1) if number < total else None,
        tuple(pages),
    )
