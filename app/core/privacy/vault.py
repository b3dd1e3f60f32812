"""The vault: seals what is assigned to a sealed attribute, and is the only place that opens it.

Every value is bound to its column and to its row: put anywhere else, it does not open.
"""

import functools
import hashlib
import hmac
import logging
import secrets
import uuid
from typing import Any, cast

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Mapper

from app.core import clock
from app.core.database import Model

from .columns import SEALS, Lookup, Personal, declaration_of
from .keys import current_month, ring
from .masks import mask
from .normal import address_bytes, address_text, neighbourhood, normal_email
from .sealed import Sealed, Unsealed, envelope_of, seal, text_of

log = logging.getLogger(__name__)

VERSION = 1
_HEAD, _NONCE, _BLOCK = 5, 12, 32
_APP = b"clientflow"


class Unreadable(Exception):
    """A sealed value that does not open any more."""


class KeyGone(Unreadable):
    """The key was destroyed on purpose, or is lost."""


class Tampered(Unreadable):
    """The value was changed, or belongs to another row or column."""


def masked(row: Any, attribute: str) -> str:
    """As much of a sealed value as may stand in a list; empty when there is none.

    The value is opened inside the vault and only the mask leaves it.
    """
    declared = declaration_of(getattr(type(row), attribute))
    return _masked(declared, row.uid, getattr(row, attribute))


def masked_value(seal_id: str, uid: uuid.UUID, sealed: Sealed | bytes | None) -> str:
    """The same for a row that was read column by column."""
    return _masked(SEALS[seal_id], uid, Sealed(sealed) if isinstance(sealed, bytes) else sealed)


def open_for(row: Any, attribute: str, purpose: str) -> str:
    """A sealed value for a purpose that its column declares.

    Raises `PermissionError` for any other purpose, and `Unreadable`.
    """
    declared = declaration_of(getattr(type(row), attribute))
    if purpose not in declared.uses:
        raise PermissionError(f"{declared.seal} is not held for {purpose}")
    return open_sealed(declared, row.uid, getattr(row, attribute))


def reseal_into(row: Any, attribute: str, target: Any, into: str, *, purpose: str) -> None:
    """Seal a value anew for another row. It does not leave the vault.

    Raises `PermissionError` unless its column declares the purpose, and `Unreadable`.
    """
    setattr(target, into, seal(open_for(row, attribute, purpose)))


def matches(attribute: Any, text: str) -> sa.ColumnElement[bool]:
    """The condition that a sealed column holds that very email or address."""
    return _is_among(attribute, text, is_near=False)


def near(attribute: Any, text: str) -> sa.ColumnElement[bool]:
    """The condition that a sealed column holds an address of the same /24, or /48 of IPv6."""
    return _is_among(attribute, text, is_near=True)


def lookups_of(attribute: Any, text: str) -> list[bytes]:
    """What the lookup beside a sealed column may hold for a value, for statements built once."""
    return _hashes(attribute, text, is_near=False)


def near_lookups_of(attribute: Any, text: str) -> list[bytes]:
    """The same for the neighbourhood of an address."""
    return _hashes(attribute, text, is_near=True)


def every_hash(declared: Personal, text: str, *, is_near: bool = False) -> list[bytes]:
    """The keyed hash of a value under every live key; none of what cannot be such a value."""
    keys = ring()
    key_ids = keys.usable_months(clock.now()) if declared.kind == "ip" else list(keys.roots)
    use, seal_id = "near" if is_near else "lookup", declared.seal or ""
    try:
        normal = _normal(declared, text, is_near=is_near)
    except ValueError:
        return []
    return [hmac.digest(keys.derive(one, use, seal_id), normal, "sha256") for one in key_ids]


def open_sealed(declared: Personal, uid: uuid.UUID, sealed: Sealed | None) -> str:
    """What was sealed. For the vault and what records looks; raises `Unreadable`."""
    if sealed is None:
        raise Unreadable("there is nothing")
    envelope = envelope_of(sealed)
    key_id = int.from_bytes(envelope[1:_HEAD], "big")
    nonce, body = envelope[_HEAD : _HEAD + _NONCE], envelope[_HEAD + _NONCE :]
    try:
        if envelope[:1] != bytes([VERSION]):
            raise ValueError("an envelope of another version")
        cipher = ring().cipher(key_id, declared.seal or "")
        plain = cipher.decrypt(nonce, body, _bound_to(declared, uid))
    except KeyError:
        raise KeyGone(declared.seal) from None
    except (InvalidTag, ValueError):
        raise Tampered(declared.seal) from None
    if declared.kind == "ip":
        return address_text(plain)
    return plain.rstrip(b"\0")[:-1].decode()


def seal_text(declared: Personal, uid: uuid.UUID, text: str) -> Sealed:
    """A text sealed for one column of one row."""
    keys = ring()
    if declared.kind == "ip":
        key_id, plain = current_month(), address_bytes(text)
    else:
        key_id, plain = keys.current, text.encode() + b"\x80"
        plain += bytes(-len(plain) % _BLOCK)
    nonce = secrets.token_bytes(_NONCE)
    body = keys.cipher(key_id, declared.seal or "").encrypt(nonce, plain, _bound_to(declared, uid))
    return Sealed(bytes([VERSION]) + key_id.to_bytes(4, "big") + nonce + body)


def key_of(sealed: Sealed) -> int:
    """The id of the key that a value is sealed under."""
    return int.from_bytes(envelope_of(sealed)[1:_HEAD], "big")


def hash_of(declared: Personal, text: str, *, is_near: bool, key_id: int) -> bytes:
    """The keyed hash of a value. Raises `ValueError` for what cannot be such a value."""
    key = ring().derive(key_id, "near" if is_near else "lookup", declared.seal or "")
    return hmac.digest(key, _normal(declared, text, is_near=is_near), hashlib.sha256)


@functools.cache
def siblings(model: Any, attribute: str) -> dict[str, Lookup]:
    """The keyed hashes of a sealed attribute, by their own names."""
    mapper: Mapper[Any] = sa.inspect(model).mapper
    found = {entry.key: entry.columns[0].info.get("privacy") for entry in mapper.column_attrs}
    return {
        name: lookup
        for name, lookup in found.items()
        if isinstance(lookup, Lookup) and lookup.of == attribute
    }


def _bound_to(declared: Personal, uid: uuid.UUID) -> bytes:
    parts = (_APP, bytes([VERSION]), (declared.seal or "").encode(), uid.bytes)
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _masked(declared: Personal, uid: uuid.UUID, sealed: Sealed | None) -> str:
    if sealed is None:
        return ""
    try:
        return mask(declared.kind, open_sealed(declared, uid, sealed))
    except KeyGone:
        return "no longer readable"
    except Tampered:
        # One bad row must not take a whole list with it; opening it still refuses.
        log.error("a sealed value was changed", extra={"column": declared.seal, "row": str(uid)})
        return "damaged"


def _is_among(attribute: Any, text: str, *, is_near: bool) -> sa.ColumnElement[bool]:
    names = [
        name
        for name, lookup in siblings(attribute.class_, str(attribute.key)).items()
        if lookup.is_near is is_near
    ]
    if not names:
        raise TypeError(f"{attribute} has no column to find it by")
    hashes = _hashes(attribute, text, is_near=is_near)
    column: sa.ColumnElement[Any] = getattr(attribute.parent.entity, names[0])
    return column.in_(hashes) if hashes else sa.false()


def _hashes(attribute: Any, text: str, *, is_near: bool) -> list[bytes]:
    return every_hash(declaration_of(attribute), text, is_near=is_near)


def _normal(declared: Personal, text: str, *, is_near: bool) -> bytes:
    if is_near:
        return neighbourhood(text)
    if declared.kind == "ip":
        return address_bytes(text)
    return normal_email(text).encode() if declared.kind == "email" else text.strip().encode()


def _bind(row: Any, value: Any, attribute: Any) -> Sealed | None:
    """What a sealed attribute becomes when it is assigned; its keyed hashes follow."""
    declared = declaration_of(attribute)
    found = siblings(cast(Any, type(row)), attribute.key)
    if value is None:
        for name in found:
            setattr(row, name, None)
        return None
    if not isinstance(value, Unsealed):
        raise TypeError(f"{attribute} takes what seal() makes")
    if row.uid is None:
        row.uid = uuid.uuid4()
    text = text_of(value)
    sealed = seal_text(declared, row.uid, text)
    for name, lookup in found.items():
        hashed = hash_of(declared, text, is_near=lookup.is_near, key_id=key_of(sealed))
        setattr(row, name, hashed)
    return sealed


@sa.event.listens_for(Model, "attribute_instrument", propagate=True)
def _watch(_model: type, _name: str, attribute: Any) -> None:
    """Bind what is assigned to every sealed attribute."""
    columns = getattr(attribute.property, "columns", None)
    declared = columns[0].info.get("privacy") if columns else None
    if isinstance(declared, Personal) and declared.seal:

        def assign(row: Any, value: Any, _old: Any, _initiator: Any) -> Sealed | None:
            return _bind(row, value, attribute)

        sa.event.listen(attribute, "set", assign, retval=True)


@sa.event.listens_for(Model, "init", propagate=True)
def _name_row(row: Any, _arguments: Any, values: dict[str, Any]) -> None:
    """Give a new row its own name before anything is bound to it."""
    if hasattr(type(row), "uid"):
        given = {"uid": uuid.uuid4()} | values
        values.clear()
        values.update(given)
