"""What `flask doctor` asks about promises: what the last daily check left."""

from app.core.slots import Check, Finding

from .queries import kept_promises


def promises_hold() -> Finding:
    """No promise of the policy is broken, and somebody checks them."""
    kept = kept_promises()
    broken = [each for each in kept if each.problem]
    if broken:
        first = broken[0]
        return Finding(
            "fail",
            f"{len(broken)} of {len(kept)} promises not kept; {first.promise.id}: {first.problem}",
            "flask promises check",
        )
    if not kept:
        return Finding("warn", "Nothing is promised.", "write content/policy/promises.toml")
    checked = sum(1 for each in kept if each.checked_at)
    if not checked:
        return Finding("warn", "No promise has been checked yet.", "flask promises check")
    return Finding("ok", f"{len(kept)} promises, {checked} of them checked on live data; all hold.")


CHECK = Check("promises", promises_hold)
