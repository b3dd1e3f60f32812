"""Whatever two texts say, the way between them gives both back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.differences import pieces_between, sides, stretches

WORDS = st.text(alphabet="ab ,.ü\n", min_size=1, max_size=30)
TEXTS = st.lists(WORDS, max_size=8).map(tuple)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_the_way_between_two_texts_gives_both(
    before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    assert sides(stretches(before, after)) == (before, after)


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS)
def test_pieces_give_both_paragraphs(before: str, after: str) -> None:
    pieces = pieces_between(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
