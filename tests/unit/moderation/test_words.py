"""The word list: whole words, stars, remarks, and letters in whatever dress."""

from dataclasses import replace

import pytest

from app.moderation.words import LONGEST_LINE, MOST_LINES, WordList, fold, lines_of, problems_in


def found(typed: str, text: str) -> list[str]:
    """The pieces of a text at which a list points."""
    return [text[match.start : match.end] for match in WordList(typed).find(text)]


def test_a_word_is_found_whole_and_not_within_another() -> None:
    assert found("press", "WordPress, press and pressure") == ["press"]


@pytest.mark.parametrize(
    ("line", "hits", "misses"),
    [
        ("casino*", "casinos casino", "mycasino"),
        ("*casino", "mycasino casino", "casinos"),
        ("*casino*", "mycasinos", "cas ino"),
        ("v*gra", "viagra v1gra vgra", "viagras"),
        ("a*b*c*d", "axbxcxd abcd", "axcxbxd acd"),
    ],
)
def test_a_star_stands_for_any_letters(line: str, hits: str, misses: str) -> None:
    assert found(line, hits) == hits.split()
    assert found(line, misses) == []


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("casino", "CaSiNo", "CaSiNo"),
        ("cafe", "the Café", "Café"),
        ("Café", "cafe", "cafe"),
        ("casino", "cas\u200bino", "cas\u200bino"),
        ("casino", "ｃａｓｉｎｏ", "ｃａｓｉｎｏ"),
        ("strasse", "Straße 5", "Straße"),
        ("schön", "scho\u0308n", "scho\u0308n"),
        ("ﬁne", "fine", "fine"),
    ],
)
def test_case_accents_and_letter_forms_do_not_hide_a_word(
    line: str, text: str, expected: str
) -> None:
    assert found(line, text) == [expected]


def test_a_phrase_is_found_whatever_stands_between_its_words() -> None:
    assert found("buy now", "Buy -- NOW! now buy") == ["Buy -- NOW"]
    assert found("bad.example", "at bad.example/x") == ["bad.example"]


def test_where_words_have_no_spaces_they_are_found_anywhere() -> None:
    assert found("赌博", "我要赌博了") == ["赌博"]


def test_signs_alone_are_found_too() -> None:
    assert found("$$$", "make $$$ fast") == ["$$$"]


def test_remarks_and_empty_lines_look_for_nothing() -> None:
    typed = "# all of it\n\nspam # the tin\n * \n"
    assert list(lines_of(typed)) == [(3, "spam")]
    assert found(typed, "all of it * spam") == ["spam"]


def test_a_match_names_its_line() -> None:
    assert [match.line for match in WordList("one\ntwo\nt*ee").find("two three")] == [2, 3]


def test_an_unusable_list_is_explained() -> None:
    assert problems_in("good\nw*rd") == []
    assert "Line 2" in problems_in("x\n" + "y" * (LONGEST_LINE + 1))[0]
    assert "nearly everything" in problems_in("a*")[0]
    too_many = "\n".join(f"w{number}" for number in range(MOST_LINES + 1))
    assert f"{MOST_LINES:,} are the most" in problems_in(too_many)[0]


def test_folding_remembers_where_each_letter_stood() -> None:
    folded = fold("Straße")
    assert folded.text == "strasse"
    assert folded.original(4, 6) == (4, 5)
    assert folded.original(0, 7) == (0, 6)


def test_a_long_list_of_stars_asks_only_words_that_could_match() -> None:
    listed = WordList("\n".join(f"*w{number}*x*" for number in range(200)))
    asked: list[str] = []

    class Counting:
        def fullmatch(self, word: str) -> None:
            asked.append(word)

    listed.wild = [replace(wild, shape=Counting()) for wild in listed.wild]
    assert list(listed.find("foo w17 bar w17 " * 600)) == []
    assert asked == ["w17", "w17"]  # the lines of w1 and of w17, each different word once


def test_a_run_of_letters_without_end_is_looked_at_only_so_far() -> None:
    listed = WordList("*a*b*c*d\nx*")
    assert list(listed.find("ab" * 5_000 + "cd")) == []
    assert len(list(listed.find("x" + "y" * 5_000))) == 1
