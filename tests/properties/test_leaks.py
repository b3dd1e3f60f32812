"""Whatever a text holds: leaks are found in order, can be blacked out, and cost no time."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from app.moderation import BLACK, blacked_out, leaks_in, look_over, mask_leak

PLANTED = ("ada@example.org", "+49 170 1234567", "4111 1111 1111 1111", "AKIAIOSFODNN7EXAMPLE",
           "DE89 3704 0044 0532 0130 00")  # fmt: skip
#: Each makes some pattern begin at every place, or look far ahead.
HOSTILE = ("@", "a@", "a@a.", "a@a.a", "@ ", "1", "1 ", "4 ", "41-", "4111 1111 1111 1111 ", "0",
           "+1", "+", "(", "(1)", "0-", "0 1-", "a", "a.", "a-a.", "A1", "a1B2", "DE89", "DE89 ",
           "sk_live_", "-----BEGIN PRIVATE KEY-----", "password:", "password ", "password: a1 ",
           "://", "a://a:", "a://", "eyJ", "eyJaaaaaaaa.", "aaaaaaaa.", " at ", " dot ",
           "a at a dot ", "(at)", "a(at)a(dot)", "=", "＠", "a\u0300", "\u200b", "tel 1 ",
           "AKIA", "xoxb-", "SG.", "1\xa0", "sk-a")  # fmt: skip

_pieces = st.one_of(
    st.sampled_from([*HOSTILE, *PLANTED, BLACK]), st.text(max_size=6), st.sampled_from(" \n.,")
)
texts = st.lists(_pieces, max_size=24).map("".join)


@given(texts)
def test_leaks_stand_in_order_inside_the_text_and_never_overlap(text: str) -> None:
    leaks = leaks_in(text)
    places = [place for leak in leaks for place in (leak.start, leak.end)]
    assert places == sorted(places)
    assert all(leak.start < leak.end <= len(text) for leak in leaks)
    assert "".join(piece.text for piece in look_over(text).pieces) == text


@given(texts, st.sampled_from(PLANTED), texts)
def test_what_is_planted_between_words_does_not_survive_the_mask(
    before: str, planted: str, after: str
) -> None:
    masked = mask_leak(f"{before}\n\n{planted}\n\n{after}", "all")
    assert f"\n{planted}\n" not in masked


@given(texts, st.lists(st.tuples(st.integers(-5, 200), st.integers(-5, 200)), max_size=6))
def test_what_is_outside_the_spans_stays_as_it_was(text: str, spans: list[tuple[int, int]]) -> None:
    kept = "".join(
        letter
        for place, letter in enumerate(text)
        if not any(start <= place < end for start, end in spans)
    )
    assert blacked_out(text, spans).replace(BLACK, "") == kept.replace(BLACK, "")


@settings(max_examples=len(HOSTILE), deadline=None)
@given(st.sampled_from(HOSTILE), st.sampled_from(("", "a@", "+49 ")))
def test_ten_thousand_hostile_characters_take_a_moment(hostile: str, first: str) -> None:
    text = (first + hostile * 10_000)[:10_000]
    began = time.process_time()
    leaks_in(text)
    assert time.process_time() - began < 1
