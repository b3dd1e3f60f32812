"""What email addresses, telephone and card numbers, accounts and keys look like.

Each function yields spans of a text whose letters have their common form. They look at
most a few hundred letters around a sign that is rare in prose, so time grows with the
length of the text and nothing else.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

# An address: the sign, then as far to both sides as addresses go.
_AT = re.compile(r" ?@ ?| ?[(\[{] ?(?:at|@) ?[)\]}] ?", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.+%'~!#$&*/=?^{|}-]{1,64}\Z")
_DOT = r"(?:\.| ?[(\[{] ?(?:dot|\.) ?[)\]}] ?)"
_DOMAIN = re.compile(rf"(?:[^\W_][\w-]{{0,62}}{_DOT}){{1,8}}[^\W\d_]{{2,63}}", re.IGNORECASE)
_SPOKEN = re.compile(
    r"\b[\w+-]{1,64}(?: dot [\w+-]{1,64})? at"
    r" [\w-]{1,63}(?: dot [\w-]{1,63}){0,2} dot [a-z]{2,24}\b",
    re.IGNORECASE,
)

_GROUPS = re.compile(
    r"[+(]{0,2}[0-9]++(?:(?:[ .\-/\u2010-\u2015\xa0]|\) ?|\)[-.]| ?\(| [-/] )[0-9]++)*"
)
_DIGITS = re.compile(r"[0-9]+")
_SPACED = re.compile(r"[0-9]++(?:[ \-\xa0\u2010\u2011][0-9]++)*")
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}([-/.])[0-1]?[0-9]\1[0-3]?[0-9](?:[ ][0-9]{1,2})?"
    r"|[0-3]?[0-9]([-/.])[0-1]?[0-9]\2(?:19|20)?[0-9]{2}(?:[ ][0-9]{1,2})?"
    r"|(?:19|20)[0-9]{2} ?[-/\u2010-\u2015] ?(?:19|20)[0-9]{2}"
)
_NORTH_AMERICAN = re.compile(
    r"(?:1[ .\-])?\(?[2-9][0-9]{2}(?:\) ?|[ .\-])[2-9][0-9]{2}[ .\-][0-9]{4}"
)
_TOLD = re.compile(
    r"\b(?:tel|phone|telephone|mobile|mob|cell|call|fax|whatsapp|signal|handy|telefon"
    r"|t[ée]l[ée]phone|tel[ée]fono)\b[^0-9\n]{0,16}\Z",
    re.IGNORECASE,
)

_ACCOUNT = re.compile(r"\b[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]{2,4}){3,8}(?![A-Za-z0-9])")

_ISSUED = re.compile(
    r"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,64}"
    r"|xox[abeprs]-[\w-]{10,250}|[prs]k_(?:live|test)_\w{10,250}|whsec_\w{16,128}"
    r"|sk-[\w-]{20,250}|AIza[\w-]{30,40}|npm_\w{30,64}|pypi-[\w-]{30,250}"
    r"|SG\.[\w-]{16,64}\.[\w-]{16,64}|eyJ[\w-]{8,1000}\.[\w-]{8,2000}\.[\w-]{0,1000})"
)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_KEY_END = re.compile(r"-----END [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----")
_NAMED = re.compile(
    r"\b(?:pass(?:word|wort|wd|phrase|code)|pwd|pin|secret|token|bearer|(?:api|access|secret|private)"
    r"[ _-]?key)[\"']?(?: ?[:=] ?| )[\"'`]?([^\s\"'`]{4,200})",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+]{1,10}://[^\s/:@]{0,64}:[^\s/@]{1,64}@", re.IGNORECASE)
_TOKEN = re.compile(r"(?<![\w/.=-])[A-Za-z0-9_+]++={0,2}(?![\w/.-])")
_LONG, _LONG_HEX, _LONGEST = 24, 32, 512


def mails(text: str) -> Iterator[Span]:
    """Email addresses, also `ada (at) example (dot) org` and the same in words."""
    for sign in _AT.finditer(text):
        before = text[max(0, sign.start() - 64) : sign.start()]
        local = _LOCAL.search(before)
        domain = _DOMAIN.match(text, sign.end(), sign.end() + 320)
        if local and domain:
            yield sign.start() - (len(before) - local.start()), domain.end()
    for spoken in _SPOKEN.finditer(text):
        yield spoken.span()


def cards(text: str) -> Iterator[Span]:
    """13 to 19 digits, spaced or not, whose check digit is right (ISO/IEC 7812)."""
    for run in _SPACED.finditer(text):
        groups = [group.span() for group in _DIGITS.finditer(text, *run.span())]
        begins = {start for start, _end in groups}
        free_from = run.start()
        for _start, end in groups:
            start = _card_start(text, begins, free_from, end)
            if start is not None:
                yield start, end
                free_from = end


def accounts(text: str) -> Iterator[Span]:
    """Account numbers whose check digits are right (ISO 13616)."""
    for found in _ACCOUNT.finditer(text):
        letters = re.sub("[ -]", "", found[0]).upper()
        if len(letters) <= 34 and _remainder(letters[4:] + letters[:4]) == 1:
            yield found.span()


def phones(text: str) -> Iterator[Span]:
    """Telephone numbers: international, with a leading zero, North American, or said to be one."""
    for found in _GROUPS.finditer(text):
        before = text[max(0, found.start() - 24) : found.start()]
        if before[-1:].isalnum() or before[-1:] in ("_", "#", "."):
            continue
        if _is_phone(found[0], is_told=bool(_TOLD.search(before))):
            yield found.span()


def keys(text: str) -> Iterator[Span]:
    """Keys as well-known services issue them, private keys, passwords, long random words."""
    yield from _private_keys(text)
    for found in _ISSUED.finditer(text):
        yield found.span()
    for found in _IN_ADDRESS.finditer(text):
        yield found.span()
    for found in _NAMED.finditer(text):
        if _is_secret(found[1]):
            yield found.span(1)
    for found in _TOKEN.finditer(text):
        if _is_random(found[0]):
            yield found.span()


def _card_start(text: str, begins: set[int], free_from: int, end: int) -> int | None:
    """Where a card number that ends here begins, or `None`; a long one wins over a short."""
    total = count = 0
    best = None
    for place in range(end - 1, max(free_from, end - 40) - 1, -1):
        if not text[place].isdigit():
            continue
        digit = int(text[place]) * (1 + count % 2)
        total += digit - 9 if digit > 9 else digit
        count += 1
        if count > 19:
            break
        if count >= 13 and place in begins and total % 10 == 0 and text[place] in "23456":
            best = place
    return best


def _remainder(letters: str) -> int:
    return int("".join(str(int(letter, 36)) for letter in letters)) % 97


def _is_phone(number: str, *, is_told: bool) -> bool:
    groups = _DIGITS.findall(number)
    count = sum(map(len, groups))
    if not 7 <= count <= 15 and not (is_told and 5 <= count <= 15):
        return False
    if number.lstrip("(").startswith("+") or is_told:
        return True
    if _DATE.fullmatch(number):
        return False
    if number.startswith(("0", "(0")):
        is_decimal = len(groups) == 2 and number.startswith("0.")
        return count >= 8 and not is_decimal
    if len(groups) == 1:
        return 10 <= count <= 12
    return bool(_NORTH_AMERICAN.fullmatch(number))


def _private_keys(text: str) -> Iterator[Span]:
    last = 0
    for begin in _PRIVATE_KEY.finditer(text):
        if begin.start() >= last:
            end = _PRIVATE_KEY_END.search(text, begin.end())
            # Without its last line, everything after the first may belong to it.
            last = end.end() if end else len(text)
            yield begin.start(), last


def _is_secret(word: str) -> bool:
    """Whether what stands after "password" is one, and not the next word of a sentence."""
    plain = word.rstrip(".,;:!?)")
    has_digit = any(letter.isdigit() for letter in plain)
    has_letter = any(letter.isalpha() for letter in plain)
    return len(plain) >= 4 and has_digit and (has_letter or len(plain) <= 12)


def _is_random(word: str) -> bool:
    if not _LONG <= len(word) <= _LONGEST or not any(letter.isdigit() for letter in word):
        return False
    if all(letter in "0123456789abcdefABCDEF" for letter in word):
        return len(word) >= _LONG_HEX and any(letter.isalpha() for letter in word)
    return any(map(str.isupper, word)) and any(map(str.islower, word))
