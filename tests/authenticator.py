"""An authenticator made of software: answers ceremonies rightly, or wrongly in one named way."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, CAN_SYNC, IS_SYNCED, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
USUAL = PRESENT | VERIFIED


@dataclass
class Authenticator:
    """One passkey for one site; its counter grows with each use."""

    rp_id: str = "localhost"
    origin: str = "http://localhost"
    algorithm: str = "es256"
    handle: bytes = b"a person's handle"
    flags: int = USUAL
    counter: int = 0
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))

    def __post_init__(self) -> None:
        self.key: Any = {
            "es256": lambda: ec.generate_private_key(ec.SECP256R1()),
            "eddsa": ed25519.Ed25519PrivateKey.generate,
            "rs256": lambda: rsa.generate_private_key(65537, 2048),
            "es384": lambda: ec.generate_private_key(ec.SECP384R1()),
        }[self.algorithm]()

    def make(self, challenge: bytes, **wrong: Any) -> str:
        """The answer to a registration; `wrong` replaces parts of it."""
        data = self._data(wrong, wrong.get("flags", self.flags) | HAS_KEY)
        data += wrong.get("aaguid", bytes(16))
        named = wrong.get("credential_id", self.credential_id)
        data += len(named).to_bytes(2, "big") + named
        data += wrong.get("public_key", self._cose())
        statement = {
            "fmt": wrong.get("fmt", "none"),
            "attStmt": wrong.get("statement", {}),
            "authData": data + wrong.get("tail", b""),
        }
        response = {
            "clientDataJSON": self._client("webauthn.create", challenge, wrong),
            "attestationObject": _text(wrong.get("attestation", cbor2.dumps(statement))),
        }
        return self._credential(response, wrong)

    def use(self, challenge: bytes, **wrong: Any) -> str:
        """The answer to a request; `wrong` replaces parts of it."""
        self.counter += 1
        data = self._data(wrong, wrong.get("flags", self.flags)) + wrong.get("tail", b"")
        client = self._client("webauthn.get", challenge, wrong)
        signed = data + hashlib.sha256(wrong.get("signed_client", _raw(client))).digest()
        response = {
            "clientDataJSON": client,
            "authenticatorData": _text(wrong.get("authenticator_data", data)),
            "signature": _text(wrong.get("signature", self._sign(signed))),
            "userHandle": _text(wrong.get("handle", self.handle)),
        }
        return self._credential(response, wrong)

    def _credential(self, response: dict[str, str], wrong: dict[str, Any]) -> str:
        response = {**response, **wrong.get("response", {})}
        named = _text(self.credential_id)
        whole = {
            "id": named,
            "rawId": named,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {name: part for name, part in response.items() if part is not None},
        }
        return json.dumps({**whole, **wrong.get("credential", {})})

    def _client(self, kind: str, challenge: bytes, wrong: dict[str, Any]) -> str:
        client = {
            "type": kind,
            "challenge": bytes_to_base64url(challenge),
            "origin": self.origin,
            "crossOrigin": False,
            **wrong.get("client", {}),
        }
        written = {name: value for name, value in client.items() if value is not None}
        return bytes_to_base64url(json.dumps(written).encode())

    def _data(self, wrong: dict[str, Any], flags: int) -> bytes:
        named = hashlib.sha256(wrong.get("rp_id", self.rp_id).encode()).digest()
        return named + bytes([flags]) + wrong.get("counter", self.counter).to_bytes(4, "big")

    def _sign(self, signed: bytes) -> bytes:
        if self.algorithm == "eddsa":
            return self.key.sign(signed)
        if self.algorithm == "rs256":
            return self.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(signed, ec.ECDSA(hashes.SHA256()))

    def _cose(self) -> bytes:
        public = self.key.public_key()
        if self.algorithm == "eddsa":
            return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})
        numbers = public.public_numbers()
        if self.algorithm == "rs256":
            return cbor2.dumps({1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: b"\1\0\1"})
        size, curve, name = (48, 2, -35) if self.algorithm == "es384" else (32, 1, -7)
        points = (numbers.x.to_bytes(size, "big"), numbers.y.to_bytes(size, "big"))
        return cbor2.dumps({1: 2, 3: name, -1: curve, -2: points[0], -3: points[1]})


def _text(part: Any) -> Any:
    return bytes_to_base64url(part) if isinstance(part, bytes) else part


def _raw(text: str) -> bytes:
    from webauthn.helpers import base64url_to_bytes

    return base64url_to_bytes(text)
