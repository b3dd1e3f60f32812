"""Passkey ceremonies (WebAuthn): what is asked of a browser, and whether its answer holds.

Knows no table and no request. The library checks signatures, origins, counters and
flags; what it leaves open is checked here: where the page stood, whose key it is, and
that nothing larger than any real answer is even parsed.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, parse_authenticator_data
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

CHALLENGE_BYTES = 32
#: A real answer with its attestation is about 2 KB.
LONGEST_ANSWER = 16_000
LONGEST_ID = 1_023
_ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
# We ask for none; a key may still vouch for itself. Makers' certificates are not looked at.
_ATTESTATIONS = ("none", "packed")


class CeremonyRefused(ValueError):
    """The browser's answer does not hold; the text is for the log and for tests."""


@dataclass(frozen=True)
class Party:
    """The site as passkeys know it: the name they are bound to, and the one origin it has."""

    id: str
    origin: str
    name: str

    @classmethod
    def at(cls, address: str, name: str) -> "Party":
        """The party behind the site's own address."""
        parts = urlsplit(address)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", name)

    @property
    def takes_passkeys(self) -> bool:
        """Whether browsers make passkeys here: a name, on HTTPS or on this machine."""
        try:
            ip_address(self.id)
        except ValueError:
            return self.origin.startswith("https://") or self.id == "localhost"
        return False


@dataclass(frozen=True)
class NewKey:
    """A passkey just made: what has to be kept of it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    is_synced: bool


@dataclass(frozen=True)
class KnownKey:
    """A passkey on record, and the handle of the person it belongs to."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    is_synced: bool
    handle: bytes


@dataclass(frozen=True)
class Assertion:
    """A browser's answer to "who is there?", read and not yet believed."""

    credential_id: bytes
    handle: bytes | None
    credential: dict[str, Any]


def new_challenge() -> bytes:
    """Random bytes to be signed once."""
    return secrets.token_bytes(CHALLENGE_BYTES)


def registration_options(
    party: Party, *, handle: bytes, username: str, challenge: bytes, known: Iterable[bytes]
) -> str:
    """What the browser needs to make a passkey, as JSON; `known` ones are not made twice."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=handle,
        user_name=username,
        user_display_name=username,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        supported_pub_key_algs=_ALGORITHMS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(options)


def request_options(party: Party, *, challenge: bytes, allowed: Iterable[bytes] = ()) -> str:
    """What the browser needs to use a passkey, as JSON; no `allowed` ones: any it has for us."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        allow_credentials=_descriptors(allowed),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def read_registration(party: Party, answer: str, challenge: bytes) -> NewKey:
    """The new passkey in a browser's answer. Raises `CeremonyRefused` unless all of it holds."""
    credential = _parse(answer)
    _check_place(credential)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except Exception as problem:
        # Whatever a hostile answer breaks in the parsers below is a "no" like any other.
        raise CeremonyRefused(f"registration: {type(problem).__name__}: {problem}") from problem
    if made.fmt not in _ATTESTATIONS:
        raise CeremonyRefused(f"registration: attestation {made.fmt}")
    if len(made.credential_id) > LONGEST_ID or made.credential_id != _bytes(credential, "rawId"):
        raise CeremonyRefused("registration: two names for one key")
    is_synced = made.credential_device_type == "multi_device"
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count, is_synced)


def read_assertion(answer: str) -> Assertion:
    """Which key a browser's answer claims to be from. Raises `CeremonyRefused`."""
    credential = _parse(answer)
    handle = credential["response"].get("userHandle")
    given = None if handle in (None, "") else _bytes(credential["response"], "userHandle")
    return Assertion(_bytes(credential, "rawId"), given, credential)


def check_assertion(party: Party, assertion: Assertion, challenge: bytes, key: KnownKey) -> int:
    """The key's new signature count. Raises `CeremonyRefused` unless all of the answer holds."""
    if assertion.credential_id != key.credential_id:
        raise CeremonyRefused("assertion: another key")
    if assertion.handle is not None and assertion.handle != key.handle:
        raise CeremonyRefused("assertion: another person's key")
    _check_place(assertion.credential)
    try:
        used = webauthn.verify_authentication_response(
            credential=assertion.credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
        data = _bytes(assertion.credential["response"], "authenticatorData")
        is_synced = parse_authenticator_data(data).flags.be
    except Exception as problem:
        raise CeremonyRefused(f"assertion: {type(problem).__name__}: {problem}") from problem
    if is_synced != key.is_synced:
        # Fixed when a key is made; a change means another authenticator answers with its name.
        raise CeremonyRefused("assertion: the key changed its nature")
    return used.new_sign_count


def _descriptors(ids: Iterable[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=known) for known in ids]


def _parse(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise CeremonyRefused("the answer is too long")
    try:
        credential = json.loads(answer)
    except (ValueError, RecursionError):
        raise CeremonyRefused("the answer is no JSON") from None
    if not isinstance(credential, dict) or not isinstance(credential.get("response"), dict):
        raise CeremonyRefused("the answer is no credential")
    return credential


def _check_place(credential: dict[str, Any]) -> None:
    """Refuse an answer made inside somebody else's page."""
    try:
        client = json.loads(_bytes(credential["response"], "clientDataJSON"))
    except (ValueError, RecursionError):
        raise CeremonyRefused("the client data is no JSON") from None
    if not isinstance(client, dict):
        raise CeremonyRefused("the client data is no object")
    if client.get("crossOrigin", False) is not False or "topOrigin" in client:
        raise CeremonyRefused("made in a frame of another site")


def _bytes(values: dict[str, Any], name: str) -> bytes:
    value = values.get(name)
    if not isinstance(value, str):
        raise CeremonyRefused(f"{name} is missing")
    try:
        return base64url_to_bytes(value)
    except ValueError:
        raise CeremonyRefused(f"{name} is not base64url") from None
