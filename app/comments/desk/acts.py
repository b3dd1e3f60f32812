"""What moderators may do to a comment, and in which state."""

import enum

from ..models import State


class Act(enum.StrEnum):
    """A decision, by the word that forms and keys use."""

    APPROVE = "approve"
    SPAM = "spam"
    REJECT = "reject"
    HOLD = "hold"
    #: Of a shown comment whose author changed it: the change is not taken.
    KEEP = "keep"

    @property
    def state(self) -> State:
        """The state a comment is in afterwards."""
        return _STATES[self]

    @property
    def takes_edit(self) -> bool:
        """Whether a change that waits becomes the text; else it is dropped."""
        return self in (Act.APPROVE, Act.HOLD)

    @property
    def past(self) -> str:
        """What was done, in a word."""
        return _PAST[self]

    @property
    def tone(self) -> str:
        """How its button looks: what most want first, what takes away last."""
        return {Act.APPROVE: "yes", Act.HOLD: "plain", Act.KEEP: "plain"}.get(self, "no")

    def label(self, state: State | None = None, *, has_edit: bool = False) -> str:
        """The words on its button for a comment in that state."""
        if self is Act.APPROVE and has_edit:
            return "Take the change"
        return "Not spam" if (self, state) == (Act.APPROVE, State.SPAM) else _LABELS[self]


_STATES = {
    Act.APPROVE: State.SHOWN,
    Act.SPAM: State.SPAM,
    Act.REJECT: State.REJECTED,
    Act.HOLD: State.HELD,
    Act.KEEP: State.SHOWN,
}
_PAST = {
    Act.APPROVE: "approved",
    Act.SPAM: "marked as spam",
    Act.REJECT: "refused",
    Act.HOLD: "put back to wait",
    Act.KEEP: "left as it was before the change",
}
_LABELS = {
    Act.APPROVE: "Approve",
    Act.SPAM: "Spam",
    Act.REJECT: "Refuse",
    Act.HOLD: "Hold",
    Act.KEEP: "Keep the old text",
}

STATE_WORDS = {
    State.HELD: "waiting",
    State.SHOWN: "shown",
    State.REJECTED: "refused",
    State.SPAM: "spam",
    State.REMOVED: "removed by its author",
}

#: What its author removed stays removed.
DECIDABLE = frozenset(State) - {State.REMOVED}


def possible(state: State, *, has_edit: bool = False) -> tuple[Act, ...]:
    """What may be done to a comment in that state, in the order of the buttons."""
    if state not in DECIDABLE:
        return ()
    if has_edit and state is State.SHOWN:
        return (Act.APPROVE, Act.KEEP, Act.SPAM, Act.REJECT, Act.HOLD)
    return tuple(act for act in Act if act.state is not state and act is not Act.KEEP)
