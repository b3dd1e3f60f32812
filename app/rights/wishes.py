"""What a person may wish, and the words for it on pages and in mail."""

import enum
from dataclasses import dataclass


class Wish(enum.StrEnum):
    """One thing a person can have done; a mailed link does one of them and nothing else."""

    SEE = "see"
    EXPORT = "export"
    LOOKS = "looks"
    CORRECT = "correct"
    ERASE = "erase"
    STOP = "stop"


@dataclass(frozen=True)
class Wording:
    """How one wish is called where."""

    #: Beside the button that chooses it.
    label: str
    #: Completes "a link ... ": in mail, and over the page of the link.
    purpose: str
    title: str
    button: str


WORDING = {
    Wish.SEE: Wording(
        "See everything you hold about me",
        "to see everything we hold about you",
        "Everything we hold about you",
        "Show it to me",
    ),
    Wish.EXPORT: Wording(
        "Take it along, as files",
        "to take along everything we hold about you",
        "Take your data along",
        "Download it",
    ),
    Wish.LOOKS: Wording(
        "See who looked at it",
        "to see who looked at your data",
        "Who looked at your data",
        "Show it to me",
    ),
    Wish.CORRECT: Wording(
        "Correct it", "to correct what we hold about you", "Correct your data", "Correct it"
    ),
    Wish.ERASE: Wording("Erase it", "to erase what we hold about you", "Erase your data", "Go on"),
    Wish.STOP: Wording(
        "Stop mail to me", "to stop our mail to you", "Stop our mail to you", "Stop it"
    ),
}
