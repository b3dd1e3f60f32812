"""Words that look like personal data are named, and blacked out by span."""

import pytest

from app.moderation import BLACK, LeakKind, blacked_out, leaks_in, look_over, mask_leak

MAILS = (
    "ada@example.org",
    "ada.reads+news@mail.example.co.uk",
    "ada (at) example (dot) org",
    "ada [at] example.org",
    "ada at example dot org",
    "ada＠example．org",
    "a\u200bda@exa\u200bmple.org",
    "Ädä@exämple.org",
)
PHONES = (
    "+49 170 1234567",
    "+1 (212) 555-0142",
    "0049 30 123456",
    "030/1234567",
    "01 23 45 67 89",
    "(212) 555-0142",
    "212.555.0142",
    "2125550142",
    "+４９ １７０ １２３４５６７",
)
CARDS = ("4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444", "378282246310005")
ACCOUNTS = ("DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432")
KEYS = (
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_0123456789abcdefABCDEF0123456789abcd",
    "sk_" + "live_abcdefghij1234567890",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0.abcdef",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "Zm9vYmFyMTIzNDU2Nzg5MEFCQ0RFRg",
    "https://bo:hunter2@",
)
ORDINARY = (
    "I read it on 2026-11-24 at 10:30, and again on 24.11.2026.",
    "Version 1.2.3 served 1,000,000 pages in 2019-2026.",
    "The host is 203.0.113.7 and π is 3.14159265358979.",
    "Order #1234567890 cost 12 000 000 yen.",
    "Meet us at noon; the password is required.",
    "See https://example.org/blog/2026-08-11-what-clientflow-is-and-is-not/",
    "10 20 30 40 50 60, and @ada said so.",
    "4111 1111 1111 1112 fails its own check digit.",
    "",
)


@pytest.mark.parametrize(
    ("kind", "looks"),
    [
        (LeakKind.MAIL, MAILS),
        (LeakKind.PHONE, PHONES),
        (LeakKind.CARD, CARDS),
        (LeakKind.ACCOUNT, ACCOUNTS),
        (LeakKind.KEY, KEYS),
    ],
)
def test_each_is_found_in_a_sentence_with_its_kind(kind: LeakKind, looks: tuple[str, ...]) -> None:
    for look in looks:
        text = f"It is {look}, I think."
        found = [(text[leak.start : leak.end], leak.kind) for leak in leaks_in(text)]
        assert found == [(look, kind)], text


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_and_numbers_are_left_alone(text: str) -> None:
    assert leaks_in(text) == ()


def test_a_number_said_to_be_a_telephone_is_one() -> None:
    assert [leak.kind for leak in leaks_in("Call 555 1234")] == [LeakKind.PHONE]
    assert leaks_in("It took 555 1234 steps") == ()


def test_what_stands_after_password_is_a_key_when_it_looks_like_one() -> None:
    assert mask_leak("password: hunter2.", "all").startswith(f"password: {BLACK}")
    assert leaks_in("password: required") == ()


def test_a_private_key_is_found_to_its_end_or_to_the_end_of_the_text() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----"
    assert mask_leak(f"My key:\n{key}\nis good.", "all") == f"My key:\n{BLACK}\nis good."
    assert mask_leak(f"My key:\n{key[:40]}", "all") == f"My key:\n{BLACK}"


def test_one_leak_is_blacked_out_and_the_others_stay() -> None:
    text = "Mail ada@example.org or bo@example.org."
    first, second = leaks_in(text)
    assert mask_leak(text, second.choice) == f"Mail ada@example.org or {BLACK}."
    assert mask_leak(text, first.choice) == f"Mail {BLACK} or bo@example.org."


@pytest.mark.parametrize("choice", ["", "0-4", "5", "5-", "-1-3", "all ", "9" * 500, "5-20\0"])
def test_a_choice_that_names_no_leak_masks_nothing(choice: str) -> None:
    assert mask_leak("Mail ada@example.org.", choice) == "Mail ada@example.org."


def test_a_black_span_has_one_length_and_swallows_those_it_touches() -> None:
    assert blacked_out("abcdef", [(1, 2)]) == f"a{BLACK}cdef"
    assert blacked_out("abcdef", [(3, 5), (0, 2), (2, 4), (9, 12)]) == f"{BLACK}f"
    assert blacked_out("abcdef", [(4, 4), (5, 3)]) == "abcdef"
    assert blacked_out("abcdef", [(-3, 99)]) == BLACK


def test_the_pieces_of_a_text_are_the_text() -> None:
    looked = look_over("Mail ada@example.org today.")
    assert [piece.text for piece in looked.pieces] == ["Mail ", "ada@example.org", " today."]
    assert [piece.text for piece in looked.found] == ["ada@example.org"]
