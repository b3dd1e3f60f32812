"""What people typed, without the characters that only do harm."""

import re
import unicodedata

#: More accents than any script stacks upon one letter.
MOST_MARKS = 6

_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, halves of characters, what is no character, and what turns the text after it around.
_HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069]"
)
_BLANKS = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """A text of several lines: composed (NFC), its breaks as line feeds, harmless in a page."""
    text = _HARMFUL.sub("", _LINE_BREAKS.sub("\n", text))
    # Marks first: composing a letter under ten thousand of them takes seconds.
    return unicodedata.normalize("NFC", text if text.isascii() else _few_marks(text))


def clean_line(text: str) -> str:
    """The same for one line: every run of blanks is one space, none at the ends."""
    return _BLANKS.sub(" ", clean_text(text)).strip()


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)
