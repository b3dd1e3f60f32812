"""What a form about cookies says: its buttons name where it stood and what was pressed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.core.errors import Refusal

from .choices import DARK, LIGHT, Choice
from .models import Method


class Unanswered(Refusal):
    """A form that says neither yes nor no."""

    status: ClassVar[int] = 422
    title: ClassVar[str] = "That was neither yes nor no"
    message: ClassVar[str] = "The form about cookies came without an answer, so nothing changed."
    advice: ClassVar[str | None] = "Nothing optional is on unless you said so. Choose once more."


@dataclass(frozen=True)
class Answer:
    """One answer, and with what it was given."""

    method: Method
    preferences: bool
    measurement: bool
    colours: str | None = None

    def applied_to(self, choice: Choice) -> Choice:
        """The choice that holds from now on."""
        return choice.answered(
            preferences=self.preferences, measurement=self.measurement, colours=self.colours
        )


def read_answer(form: Mapping[str, str], before: Choice, offered: frozenset[str]) -> Answer:
    """The answer of a sent form; whatever was not agreed to in so many words is refused.

    Raises `Unanswered` when no button of ours was pressed.
    """
    pressed = [(method, form[method]) for method in Method if method in form]
    match pressed:
        case [(Method.BANNER | Method.FOOTER as method, "refuse")]:
            return Answer(method, preferences=False, measurement=False)
        case [(Method.BANNER, "accept")]:
            return Answer(
                Method.BANNER,
                preferences="preferences" in offered,
                measurement="measurement" in offered,
                colours=before.colours,
            )
        case [(Method.COLOURS, "keep")] if "preferences" in offered:
            # Asked for at its own place: measurement stays as it was.
            return Answer(
                Method.COLOURS,
                preferences=True,
                measurement=before.measurement,
                colours=_colours(form),
            )
        case [(Method.PAGE, "save")]:
            return Answer(
                Method.PAGE,
                preferences="preferences" in offered and form.get("preferences") == "yes",
                measurement="measurement" in offered and form.get("measurement") == "yes",
                colours=_colours(form),
            )
    raise Unanswered


def _colours(form: Mapping[str, str]) -> str | None:
    chosen = form.get("scheme")
    return chosen if chosen in (LIGHT, DARK) else None
