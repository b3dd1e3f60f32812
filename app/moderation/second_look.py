"""The second look: what makes a submission odd, and the token that confirms it once.

Nothing is refused here. An odd submission is answered with its preview and a token for
this form, good for a day; sent back with it, the item is taken, and what was odd is told
to screening. The token's number is stored with the item, so that sending it twice finds
the same item.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from app.core import clock
from app.core.privacy import signing_key, signing_keys
from app.core.web import stamp, stamp_problem

GOOD_FOR = timedelta(days=1)
#: Two hosts' clocks may differ by this much.
SKEW = timedelta(minutes=1)

_SIGNS = ("trap", "fetch", "missing", "forged", "young", "old")
_LONGEST = 300


@dataclass(frozen=True)
class Confirmation:
    """A token that came back: its number as the item keeps it, and what had been odd."""

    number: bytes
    suspicions: tuple[str, ...]


@dataclass(frozen=True)
class SecondLook:
    """The form of a name about one subject, such as a post, and what is signed for it."""

    form: str
    subject: object

    def stamp(self, given: str | None = None) -> str:
        """The stamp for the form, shown now.

        A form that came back keeps the stamp it was `given` while nothing is odd about it:
        who has just read a preview has not filled the form in two seconds.
        """
        if given and stamp_problem(self.form, self.subject, given) is None:
            return given
        return stamp(self.form, self.subject)

    def suspicions(self, *, stamp: str | None, trap: str | None, site: str | None) -> list[str]:
        """What is odd about a submission; empty for nearly everybody.

        `site` is what the browser says about the page it was sent from.
        """
        found = ["trap"] if trap else []
        if site is None:
            found.append("fetch")
        problem = stamp_problem(self.form, self.subject, stamp)
        return [*found, problem] if problem else found

    def new_check(self, found: list[str]) -> str:
        """A token for sending it once more."""
        moment = str(int(clock.now().timestamp()))
        message = ".".join([moment, secrets.token_hex(16), "+".join(found)])
        return f"{message}.{self._signature(signing_key('check'), message)}"

    def confirmation_of(self, token: str | None) -> Confirmation | None:
        """A token that is ours, for this form, and not too old; or `None`."""
        if not token or len(token) > _LONGEST:
            return None
        message, _, signature = token.rpartition(".")
        given = signature.encode("utf-8", "replace")
        if not any(
            hmac.compare_digest(self._signature(key, message).encode(), given)
            for key in signing_keys("check")
        ):
            return None
        moment, number, found = message.split(".")
        age = clock.now() - datetime.fromtimestamp(int(moment), UTC)
        if not -SKEW <= age <= GOOD_FOR:
            return None
        known = tuple(name for name in found.split("+") if name in _SIGNS)
        return Confirmation(sha256(number.encode()).digest(), known)

    def _signature(self, key: bytes, message: str) -> str:
        signed = f"{self.form}\n{self.subject}\n{message}"
        return hmac.digest(key, signed.encode("utf-8", "replace"), "sha256").hex()
