"""What moderators may do to a feedback, and in which state."""

import enum

from ..models import State


class Act(enum.StrEnum):
    """A decision, by the word that forms and keys use. None of them makes anything public."""

    OPEN = "open"
    SPAM = "spam"
    DECLINE = "decline"
    HOLD = "hold"

    @property
    def state(self) -> State:
        """The state a feedback is in afterwards."""
        return _STATES[self]

    @property
    def past(self) -> str:
        """What was done, in a word."""
        return _PAST[self]

    @property
    def tone(self) -> str:
        """How its button looks: what most want first, what takes away last."""
        return {Act.OPEN: "yes", Act.HOLD: "plain"}.get(self, "no")

    def label(self, state: State | None = None) -> str:
        """The words on its button for a feedback in that state."""
        return "Not spam" if (self, state) == (Act.OPEN, State.SPAM) else _LABELS[self]


_STATES = {
    Act.OPEN: State.OPEN,
    Act.SPAM: State.SPAM,
    Act.DECLINE: State.DECLINED,
    Act.HOLD: State.HELD,
}
_PAST = {
    Act.OPEN: "kept open",
    Act.SPAM: "marked as spam",
    Act.DECLINE: "declined",
    Act.HOLD: "put back to wait",
}
_LABELS = {
    Act.OPEN: "Keep open",
    Act.SPAM: "Spam",
    Act.DECLINE: "Decline",
    Act.HOLD: "Hold",
}
STATE_WORDS = {
    State.HELD: "waiting",
    State.OPEN: "open",
    State.DECLINED: "declined",
    State.SPAM: "spam",
    State.REMOVED: "removed by its sender",
}


def possible(state: State, *, is_public: bool = False) -> tuple[Act, ...]:
    """What may be done to a feedback in that state, in the order of the buttons.

    What is public is first taken off the wall; what its sender removed stays removed.
    """
    if is_public or state is State.REMOVED:
        return ()
    return tuple(act for act in Act if act.state is not state)
