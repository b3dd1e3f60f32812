"""What those who keep the register read about it."""

from collections.abc import Mapping

from app.core.privacy import Need
from app.core.privacy.disclosures import OUTCOMES, Outcome

NEEDED: Mapping[Need, str] = {
    Need.ROLE: "be an owner or an administrator",
    Need.AGREEMENT: "accept the confidentiality agreement",
    Need.SECOND_FACTOR: "set up a second factor",
    Need.RECENT_SIGN_IN: "sign in again",
}
ALONE = (
    "Only one account of this site could approve, and two different ones have to: nothing can be "
    "given to an authority. A second owner or administrator, who is another person, would change "
    "that. Until then a demand can be entered and refused."
)


def state_in_words(outcome: Outcome | None, approvals: int) -> str:
    """Where a demand stands."""
    if outcome is not None:
        return OUTCOMES[outcome]
    return f"Open, {min(approvals, 2)} of 2 approvals"
