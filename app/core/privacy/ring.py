"""The keys at work: what each is derived for, and which one seals today."""

import base64
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
MONTHS_AHEAD = 24
FORMAT = 1
#: Ids of roots have the highest bit set; ids of months are numbers such as 202611.
_ROOT_BIT = 0x8000_0000


def month_id(day: date) -> int:
    """The id of the key under which addresses of that day are sealed."""
    return day.year * 100 + day.month


def later(month: int, months: int) -> int:
    """The id of the month that many months later."""
    count = month // 100 * 12 + month % 100 - 1 + months
    return count // 12 * 100 + count % 12 + 1


def end_of(month: int) -> date:
    """The last day of a month."""
    following = later(month, 1)
    return date(following // 100, following % 100, 1) - timedelta(days=1)


def is_root(key_id: int) -> bool:
    """Whether the id is that of a root and not of a month."""
    return bool(key_id & _ROOT_BIT)


def name_of(key_id: int) -> str:
    """An id as people read it: `9f3a21c8` for a root, `2026-11` for a month."""
    return f"{key_id:08x}" if is_root(key_id) else f"{key_id // 100:04d}-{key_id % 100:02d}"


def id_of(name: str) -> int:
    """The id of such a name. Raises `ValueError`."""
    year, dash, month = name.partition("-")
    return int(year) * 100 + int(month) if dash else int(name, 16)


@dataclass(frozen=True)
class Loss:
    """What the audit chain held when its key was lost: nothing before can be checked any more."""

    number: int
    mac: bytes


@dataclass(frozen=True)
class Ring:
    """All keys of a site. It does not change; a new ring takes its place."""

    current: int
    roots: dict[int, bytes] = field(repr=False)
    months: dict[int, bytes] = field(repr=False)
    #: Of roots no longer here: the key that their part of the audit chain is checked with.
    retired: dict[int, bytes] = field(default_factory=dict, repr=False)
    loss: Loss | None = None
    _made: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def new(cls, today: date, loss: Loss | None = None) -> Self:
        """A ring with one root, and keys for addresses for the months to come."""
        key_id, key = _new_root()
        ring = cls(current=key_id, roots={key_id: key}, months={}, loss=loss)
        return ring.extended(today)

    def extended(self, today: date) -> Self:
        """The same ring with a key for every month up to `MONTHS_AHEAD` from now."""
        wanted = [later(month_id(today), ahead) for ahead in range(MONTHS_AHEAD + 1)]
        missing = {month: secrets.token_bytes(KEY_BYTES) for month in wanted}
        return replace(self, months=missing | self.months, _made={})

    def expired(self, today: date, keep: timedelta) -> list[int]:
        """The months whose addresses nobody may read any more, oldest first."""
        return sorted(month for month in self.months if end_of(month) + keep < today)

    def without(self, months: list[int]) -> Self:
        """The same ring with those months destroyed."""
        left = {month: key for month, key in self.months.items() if month not in months}
        return replace(self, months=left, _made={})

    def with_new_root(self) -> tuple[Self, int]:
        """The same ring with one more root, which opens and does not seal yet."""
        key_id, key = _new_root()
        return replace(self, roots=self.roots | {key_id: key}, _made={}), key_id

    def promoted(self, key_id: int) -> Self:
        """The same ring, sealing under another of its roots."""
        return replace(self, current=key_id, _made={})

    def retiring(self, key_id: int) -> Self:
        """The same ring without a root; what it signed in the audit chain can still be checked."""
        left = {known: key for known, key in self.roots.items() if known != key_id}
        kept = self.retired | {key_id: self.audit_key(key_id)}
        return replace(self, roots=left, retired=kept, _made={})

    def derive(self, key_id: int, use: str, about: str = "") -> bytes:
        """The key for one use. Raises `KeyError` when the key it comes from is not here."""
        wanted = (key_id, use, about)
        if wanted not in self._made:
            source = self.roots[key_id] if is_root(key_id) else self.months[key_id]
            self._made[wanted] = _derive(source, f"{use}/{about}" if about else use)
        return self._made[wanted]

    def cipher(self, key_id: int, seal_id: str) -> AESGCMSIV:
        """The cipher of one sealed column. Raises `KeyError` when its key is not here."""
        wanted = (key_id, seal_id)
        if wanted not in self._made:
            self._made[wanted] = AESGCMSIV(self.derive(key_id, "seal", seal_id))
        return self._made[wanted]

    def audit_key(self, key_id: int) -> bytes:
        """The key of a part of the audit chain. Raises `KeyError` when it is not here."""
        return self.retired[key_id] if key_id in self.retired else self.derive(key_id, "audit")

    def head_key(self, key_id: int) -> bytes:
        """The key that heads of the chain are signed with. Raises `KeyError` without its root."""
        return _derive(self.audit_key(key_id), "head")

    def checks(self) -> Iterator[tuple[str, bytes]]:
        """A value for each key that tells it from another, and nothing about it."""
        for key_id in (*self.roots, *self.months):
            yield name_of(key_id), self.derive(key_id, "check")[:16]

    def usable_months(self, now: datetime) -> list[int]:
        """The months under which an address may have been sealed by now."""
        # One more: clocks of two hosts may disagree when the month ends.
        newest = later(month_id(now), 1)
        return [month for month in self.months if month <= newest]

    def to_json(self) -> str:
        """The ring as its file holds it."""
        facts: dict[str, Any] = {
            "format": FORMAT,
            "current": name_of(self.current),
            "roots": _encoded(self.roots),
            "months": _encoded(dict(sorted(self.months.items()))),
            "retired": _encoded(self.retired),
        }
        if self.loss:
            facts["loss"] = {"number": self.loss.number, "mac": _text(self.loss.mac)}
        return json.dumps(facts, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The ring of a file's text. Raises `ValueError` when it is none."""
        try:
            facts = json.loads(text)
            if facts["format"] != FORMAT:
                raise ValueError("unknown format")
            loss = facts.get("loss")
            ring = cls(
                current=id_of(facts["current"]),
                roots=_decoded(facts["roots"]),
                months=_decoded(facts["months"]),
                retired=_decoded(facts["retired"]),
                loss=Loss(int(loss["number"]), _bytes(loss["mac"])) if loss else None,
            )
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError("not a key file") from problem
        if ring.current not in ring.roots or not all(map(is_root, ring.roots)):
            raise ValueError("no current key")
        if not all(1 <= month % 100 <= 12 and month // 100 for month in ring.months):
            raise ValueError("no month")
        return ring


def _new_root() -> tuple[int, bytes]:
    return secrets.randbits(31) | _ROOT_BIT, secrets.token_bytes(KEY_BYTES)


def _derive(source: bytes, use: str) -> bytes:
    info = f"clientflow/1/{use}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(source)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key of another length")
    return key


def _encoded(keys: dict[int, bytes]) -> dict[str, str]:
    return {name_of(key_id): _text(key) for key_id, key in keys.items()}


def _decoded(keys: dict[str, str]) -> dict[int, bytes]:
    return {id_of(name): _bytes(text) for name, text in keys.items()}
