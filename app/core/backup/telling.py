"""What an operator should know after a restore."""

from collections.abc import Iterator

from .making import open_settings
from .restoring import Restored


def report(result: Restored, *, is_trial: bool) -> Iterator[str]:
    """One sentence after the other, the most important first."""
    at = f"{result.manifest.made_at:%Y-%m-%d %H:%M} UTC"
    yield (
        f"This backup of {at} can be restored; nothing was changed."
        if is_trial
        else f"The site is as it was on {at}."
    )
    if result.has_keys:
        yield (
            f"{result.anew.erased} rows that were erased since then were erased again, and "
            f"{result.anew.swept} values deleted whose time is over."
        )
    else:
        yield (
            "The keys are not here, so no email and no address can be read, and the site does not "
            "start: put the key file in place, then run `flask restore --resume`."
        )
    yield from result.problems
    if result.former:
        yield f"What was here before is in {result.former}."
    if result.aside:
        yield f"What was here before is in {result.aside}; delete it when it is of no use."
    yield from _settings(result.manifest.settings)
    if not is_trial:
        yield "Everybody signs in again. Look at /admin/people/: who lost a role since has it back."


def _settings(then: dict[str, str]) -> Iterator[str]:
    now = open_settings()
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            yield f"{name} was {then.get(name, 'not set')}, and is {now.get(name, 'not set')}."
