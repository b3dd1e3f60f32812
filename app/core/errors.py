"""Refusals: expected answers of "no", each with a sentence for the visitor.

A refusal is raised wherever the rule lives and becomes a page in one place
(`core.web.refusals`). Anything that is not a refusal is a fault of ours.
"""

from typing import ClassVar


class Refusal(Exception):
    """Something the visitor asked for is not given; says what and what to do instead."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "That request could not be read"
    message: ClassVar[str] = "Something in the address or the form did not make sense to us."
    advice: ClassVar[str | None] = "Go back, check what was sent, and try again."

    def __init__(
        self,
        message: str | None = None,
        *,
        advice: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        """`message` and `advice` replace the general sentences; `retry_after` is in seconds."""
        super().__init__(message or self.message)
        self.sentence = message or self.message
        self.hint = advice or self.advice
        self.retry_after = retry_after


class Moved(Exception):
    """What was asked for is now at another address of this site, for good."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Elsewhere(Exception):
    """Something has to be done first at another address; `back` is where it goes on."""

    title: ClassVar[str]
    action: ClassVar[str]

    def __init__(self, address: str, back: str) -> None:
        super().__init__(address)
        self.address = address
        self.back = back


class SignedOut(Elsewhere):
    """Nobody is signed in, and this is for members."""

    title = "You were signed out meanwhile"
    action = "Log in"


class Unconfirmed(Elsewhere):
    """The sign-in is too long ago for what was asked."""

    title = "First confirm that it is you"
    action = "Confirm"


class Malformed(Refusal):
    """The request breaks a rule of the protocol."""


class Forbidden(Refusal):
    """The visitor may not do this, and signing in again would not help."""

    status = 403
    title = "That is not open to you"
    message = "This address, or this way of sending a form, is not allowed."
    advice = "If you followed a form from another site, open it here and send it again."


class Missing(Refusal):
    """Nothing is published at this address, or nothing this viewer may know of."""

    status = 404
    title = "There is no page here"
    message = "The address may be mistyped, or the page has moved."
    advice = "Search for what you were after, or start from the home page."


class MethodRefused(Refusal):
    """The address exists, and does not take this kind of request."""

    status = 405
    title = "This address does not take that"
    message = "The page can be read, and what was sent to it cannot be accepted."
    advice = "Open the page itself and use its own form."


class Conflict(Refusal):
    """Somebody else was faster, or the thing has changed meanwhile."""

    status = 409
    title = "This has changed meanwhile"
    message = "What you acted on is no longer in the state you saw."
    advice = "Reload the page, look at the new state, and decide again."


class Gone(Refusal):
    """Something was published here and has been taken back for good."""

    status = 410
    title = "This page was removed"
    message = "It was published here once and has been taken down on purpose."
    advice = "It will not come back at this address. The archive lists what there is."


class LengthRequired(Refusal):
    """A body without a stated length."""

    status = 411
    title = "The length is missing"
    message = "What was sent did not say how long it is, so it was not read."
    advice = "Send the form from a browser, or add a Content-Length."


class TooLarge(Refusal):
    """More bytes, fields or characters than this address takes."""

    status = 413
    title = "That is too large"
    message = "What was sent is larger than this address accepts."
    advice = "Shorten it and send it again."


class AddressTooLong(TooLarge):
    """A request target longer than any of ours."""

    status = 414
    title = "That address is too long"
    message = "No address of this site is that long."
    advice = "Check the link you followed."


class Unacceptable(Refusal):
    """Well-formed, and not acceptable as it stands."""

    status = 422
    title = "Some of that needs another look"
    message = "What was sent is readable, and part of it cannot be accepted."
    advice = "Correct the fields named on the page and send it again."


class TooMany(Refusal):
    """A limit on how often this may be done."""

    status = 429
    title = "That was a little too fast"
    message = "This has been asked for more often than the limit allows."
    advice = "Wait a moment and try again; nothing was lost."


class HeadersTooLarge(TooLarge):
    """More header bytes than any browser sends."""

    status = 431
    title = "The request's headers are too large"
    message = "The browser sent more header data than this site reads."
    advice = "Clear the cookies of this site and try again."


class Unavailable(Refusal):
    """A part this page needs is not answering just now."""

    status = 503
    title = "Not available just now"
    message = "A part of the site is not answering. It is being looked at."
    advice = "Try again in a minute."


#: Every refusal by its status, so that one table serves both our own raises and Werkzeug's.
BY_STATUS: dict[int, type[Refusal]] = {
    kind.status: kind
    for kind in (
        Malformed,
        Forbidden,
        Missing,
        MethodRefused,
        Conflict,
        Gone,
        LengthRequired,
        TooLarge,
        AddressTooLong,
        Unacceptable,
        TooMany,
        HeadersTooLarge,
        Unavailable,
    )
}
