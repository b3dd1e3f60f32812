"""What `flask doctor` asks about keys, periods and the audit chain."""

import hmac
from datetime import timedelta

from app.core import clock
from app.core.config import ConfigError
from app.core.database import db
from app.core.slots import Check, Finding

from .duties import FEWEST_AHEAD, check_chain
from .heads import BadHead, Head, kept_heads, read_head
from .holders import disagreements
from .keyfile import check_place, key_path, read_ring
from .keys import keep_addresses, known_keys
from .retention import GRACE, standing
from .ring import Ring, id_of, is_root, month_id, name_of

#: A head that is older than this says that nobody takes any.
OLDEST_HEAD = timedelta(days=2)


def key_file() -> Finding:
    """The key file is here, kept as it must be, and the one this database was sealed with."""
    file = key_path()
    try:
        check_place(file)
        keys = read_ring(file)
    except FileNotFoundError:
        return Finding("fail", f"The key file {file} is missing.", f"put back a copy of {file}")
    except ConfigError as problem:
        return Finding("fail", str(problem), f"chmod 600 {file}")
    if wrong := _wrong_keys(keys):
        return Finding(
            "fail",
            f"The key file {file} is not the one that this database was sealed with: key "
            f"{wrong} differs or is missing.",
            f"put the right key file back as {file}",
        )
    opening = "1 key" if len(keys.roots) == 1 else f"{len(keys.roots)} keys"
    return Finding("ok", f"{opening}, sealing under {name_of(keys.current)}.")


def address_keys() -> Finding:
    """The keys of this month and the next two are here, and those of past months are gone."""
    months, now = read_ring(key_path()).months, clock.now()
    if month_id(now) not in months:
        return Finding("fail", "There is no key for this month's addresses.", "flask keys extend")
    if month_id(now + FEWEST_AHEAD) not in months:
        return Finding("warn", "Address keys run out within 60 days.", "flask keys extend")
    if late := _long_due():
        names = ", ".join(name_of(month) for month in late)
        return Finding(
            "fail",
            f"Address keys are still here although their time is over: {names}.",
            "flask keys expire --yes",
        )
    return Finding("ok", f"{name_of(min(months))} to {name_of(max(months))}.")


def machines_agree() -> Finding:
    """Every machine of the site holds the same keys."""
    told = disagreements()
    if not told:
        return Finding("ok", "No other machine holds other keys.")
    named = "; ".join(f"{each.machine} {each.sentence}" for each in told)
    return Finding(
        "fail", f"Machines hold different key files: {named}.", f"copy {key_path()} to each machine"
    )


def nothing_overdue() -> Finding:
    """Nothing personal is here a day after its time is over."""
    late = [due for due in standing() if due.late]
    if not late:
        return Finding("ok", "Nothing is kept past its time.")
    named = ", ".join(f"{due.name} ({due.late})" for due in late)
    return Finding("fail", f"Kept past their time: {named}.", "flask retention run --yes")


def audit_chain() -> Finding:
    """The audit chain is whole, and a head of it was taken lately."""
    verdict = check_chain()
    if verdict.bad:
        return Finding("fail", verdict.sentence, "flask audit verify")
    newest = _newest_head()
    if verdict.entries and (newest is None or newest.moment < clock.now() - OLDEST_HEAD):
        return Finding(
            "warn",
            f"{verdict.sentence} No head of it was taken for two days.",
            "flask audit heads --export",
        )
    return Finding("ok", verdict.sentence)


CHECKS = (
    Check("key file", key_file),
    Check("address keys", address_keys),
    Check("machines", machines_agree),
    Check("retention", nothing_overdue),
    Check("audit chain", audit_chain),
)


def _wrong_keys(keys: Ring) -> str | None:
    """The first key that this database knows otherwise, or knows alone."""
    here, known = dict(keys.checks()), known_keys(db.session)  # type: ignore[arg-type]
    done_with = {name_of(key_id) for key_id in keys.retired}
    for name, value in sorted(known.items()):
        if name in here and not hmac.compare_digest(here[name], value):
            return name
        if name not in here and name not in done_with and is_root(id_of(name)):
            return name
    return None


def _long_due() -> list[int]:
    """The months that a job which runs every day would have destroyed by now."""
    then = clock.now() - GRACE
    return read_ring(key_path()).expired(then.date(), keep_addresses())


def _newest_head() -> Head | None:
    for file in reversed(kept_heads()):
        try:
            return read_head(file)
        except BadHead:
            continue
    return None
