"""What happens to keys and to the audit chain by itself, every day."""

import logging
from datetime import timedelta

from app.core import clock
from app.core.database import is_sqlite, transaction

from .audit import record
from .chain import Verdict, verify
from .heads import BadHead, Head, export_head, kept_heads, note_problem, read_head
from .keyfile import key_path, one_at_a_time, read_ring, write_ring
from .keys import keep_addresses, remember_keys
from .ring import MONTHS_AHEAD, later, month_id, name_of

log = logging.getLogger(__name__)

#: More than this many months at once, and it is the clock that is wrong.
MOST_AT_ONCE = 2
FEWEST_AHEAD = timedelta(days=60)


def tend_keys() -> None:
    """Destroy the keys of months whose addresses nobody may read any more, and see ahead.

    With many months due at once nothing is destroyed: `flask keys expire` does it
    after a person has looked at the clock.
    """
    if len(due_months()) > MOST_AT_ONCE:
        log.error("many months of address keys are due; look at the clock, then run keys expire")
    elif due_months():
        expire_months()
    today = clock.now().date()
    months = read_ring(key_path()).months
    if is_sqlite() and later(month_id(today), MONTHS_AHEAD // 2) not in months:
        extend_months()
    elif month_id(today + FEWEST_AHEAD) not in months:
        log.error("address keys run out within 60 days; run keys extend and copy the key file")


def due_months() -> list[int]:
    """The months whose keys have to be destroyed here, oldest first."""
    return read_ring(key_path()).expired(clock.now().date(), keep_addresses())


def expire_months() -> list[str]:
    """Destroy the keys of those months in this machine's key file; their names."""
    file = key_path()
    with one_at_a_time(file), transaction() as session:
        keys = read_ring(file)
        months = keys.expired(clock.now().date(), keep_addresses())
        names = [name_of(month) for month in months]
        if months:
            record("keys.expired", session, facts={"months": names})
            write_ring(file, keys.without(months))
    return names


def extend_months() -> int:
    """Make the keys that are missing for the months to come; how many were made."""
    file = key_path()
    with one_at_a_time(file), transaction() as session:
        keys = read_ring(file)
        extended = keys.extended(clock.now().date())
        made = [name_of(month) for month in sorted(extended.months.keys() - keys.months.keys())]
        if made:
            remember_keys(session, extended)
            record("keys.extended", session, facts={"months": made})
            write_ring(file, extended)
    return len(made)


def check_chain(*further: Head) -> Verdict:
    """Check the audit chain against every head kept here, and note what is wrong.

    A head that cannot be read counts as a problem of its own.
    """
    heads = [*further]
    verdict: Verdict | None = None
    for file in kept_heads():
        try:
            heads.append(read_head(file))
        except BadHead as problem:
            verdict = Verdict(0, (0, str(problem)))
    verdict = verdict or verify(heads)
    _note(verdict)
    return verdict


def watch_chain() -> None:
    """Check the chain, and write its head into a file.

    A broken chain is evidence: it gets no new head, and the retention run forgets nothing of it.
    """
    verdict = check_chain()
    if verdict.bad:
        log.error("the audit chain is broken", extra={"entry": verdict.bad[0]})
        return
    export_head()


def _note(verdict: Verdict) -> None:
    note_problem(verdict.sentence if verdict.bad else None)
