"""Values that cannot be read by accident: sealed ones, and ones about to be sealed."""

from typing import Any

import sqlalchemy as sa

DOTS = "•••"


class _Unprintable:
    """Whatever turns it into text, or a copy, gets dots."""

    __slots__ = ()

    def __str__(self) -> str:
        return DOTS

    __repr__ = __html__ = __str__

    def __format__(self, _how: str) -> str:
        return DOTS

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        return str, (DOTS,)


class Sealed(_Unprintable):
    """An encrypted value as the database holds it. Only the vault opens it."""

    __slots__ = ("_envelope",)

    def __init__(self, envelope: bytes) -> None:
        self._envelope = envelope


class Unsealed(_Unprintable):
    """A value on its way to a sealed column, which seals it when it is assigned."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text


def seal(text: str) -> Unsealed:
    """Ready a value for a sealed attribute, which binds it to its column and its row."""
    return Unsealed(text)


def envelope_of(sealed: Sealed) -> bytes:
    """What the database holds. For the vault alone."""
    return sealed._envelope


def text_of(unsealed: Unsealed) -> str:
    """What is to be sealed. For the vault alone."""
    return unsealed._text


class SealedBytes(sa.TypeDecorator[Sealed]):
    """The type of a sealed column: bytes in the database, `Sealed` in Python."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        """The envelope. Raises `TypeError` for anything that no vault has sealed."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("a sealed column takes sealed values; compare it with matches()")
        return envelope_of(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Sealed | None:
        """The same envelope, unreadable."""
        return None if value is None else Sealed(bytes(value))
