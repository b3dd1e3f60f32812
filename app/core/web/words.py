"""Numbers as people say them."""

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def in_words(seconds: int) -> str:
    """A length of time in its largest unit, never too short: 61 seconds are two minutes."""
    for size, name in _UNITS:
        if seconds >= size or size == 1:
            count = -(-seconds // size)
            return f"{count} {name}{'' if count == 1 else 's'}"
    raise AssertionError("a second is the smallest unit")
