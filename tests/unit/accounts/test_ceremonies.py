"""Passkey answers that hold, and all the ways in which one does not."""

import json
from typing import Any

import cbor2
import pytest

from app.accounts import ceremonies
from app.accounts.ceremonies import CeremonyRefused, KnownKey, Party
from tests.authenticator import CAN_SYNC, IS_SYNCED, PRESENT, USUAL, VERIFIED, Authenticator

PARTY = Party.at("https://garden.example.org", "Garden")
CHALLENGE = b"c" * 32
OTHER = b"d" * 32


def device(**facts: Any) -> Authenticator:
    return Authenticator(rp_id="garden.example.org", origin="https://garden.example.org", **facts)


def known(made: Authenticator) -> KnownKey:
    key = ceremonies.read_registration(PARTY, made.make(CHALLENGE), CHALLENGE)
    return KnownKey(key.credential_id, key.public_key, key.sign_count, key.is_synced, made.handle)


def check(answer: str, key: KnownKey, challenge: bytes = CHALLENGE) -> int:
    return ceremonies.check_assertion(PARTY, ceremonies.read_assertion(answer), challenge, key)


@pytest.mark.parametrize("algorithm", ["es256", "eddsa", "rs256"])
def test_a_passkey_is_made_and_used(algorithm: str) -> None:
    made = device(algorithm=algorithm)
    key = known(made)
    assert (key.credential_id, key.is_synced) == (made.credential_id, False)
    assert check(made.use(CHALLENGE), key) == 1


def test_a_synced_passkey_without_a_counter_is_used_again_and_again() -> None:
    made = device(flags=USUAL | CAN_SYNC | IS_SYNCED)
    key = known(made)
    assert key.is_synced
    assert [check(made.use(CHALLENGE, counter=0), key) for _ in range(3)] == [0, 0, 0]


def test_the_options_ask_for_a_verified_person_and_no_known_key() -> None:
    text = ceremonies.registration_options(
        PARTY, handle=b"h", username="mira", challenge=CHALLENGE, known=[b"known"]
    )
    asked = json.loads(text)
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert [key["id"] for key in asked["excludeCredentials"]] == ["a25vd24"]
    assert asked["attestation"] == "none"
    asked = json.loads(ceremonies.request_options(PARTY, challenge=CHALLENGE))
    assert (asked["userVerification"], asked["rpId"]) == ("required", "garden.example.org")


def test_challenges_are_long_and_never_repeat() -> None:
    made = {ceremonies.new_challenge() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(challenge) for challenge in made} == {32}


@pytest.mark.parametrize(
    ("address", "takes"),
    [
        ("https://garden.example.org", True),
        ("http://localhost:8000", True),
        ("http://garden.example.org", False),
        ("http://127.0.0.1:8000", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_passkeys_need_a_name_and_a_safe_way(address: str, takes: bool) -> None:
    assert Party.at(address, "Garden").takes_passkeys is takes


def other_key() -> bytes:
    return device(algorithm="es384")._cose()


#: Answers to a registration, each wrong in one way.
BAD_REGISTRATIONS: dict[str, dict[str, Any]] = {
    "origin of another site": {"client": {"origin": "https://evil.example"}},
    "origin of a subdomain": {"client": {"origin": "https://www.garden.example.org"}},
    "origin with another port": {"client": {"origin": "https://garden.example.org:444"}},
    "origin without TLS": {"client": {"origin": "http://garden.example.org"}},
    "origin with a tail": {"client": {"origin": "https://garden.example.org.evil.example"}},
    "no origin": {"client": {"origin": None}},
    "made in a foreign frame": {"client": {"crossOrigin": True}},
    "foreign frame named": {"client": {"topOrigin": "https://evil.example"}},
    "frame flag of another type": {"client": {"crossOrigin": "false"}},
    "another party": {"rp_id": "evil.example"},
    "parent party": {"rp_id": "example.org"},
    "another challenge": {"client": {"challenge": "ZGRk"}},
    "no challenge": {"client": {"challenge": None}},
    "empty challenge": {"client": {"challenge": ""}},
    "answer to a request": {"client": {"type": "webauthn.get"}},
    "unknown type of ceremony": {"client": {"type": "payment.get"}},
    "nobody present": {"flags": VERIFIED},
    "nobody verified": {"flags": PRESENT},
    "synced though it cannot be": {"flags": USUAL | IS_SYNCED},
    "algorithm we did not offer": {"public_key": other_key()},
    "key of no kind": {"public_key": cbor2.dumps({1: 99, 3: -7})},
    "key that is no map": {"public_key": cbor2.dumps([1, 2])},
    "no key": {"public_key": b""},
    "no credential id": {"credential_id": b""},
    "two names for one key": {"credential_id": b"x" * 32},
    "attestation of no kind": {"fmt": "invented"},
    "none with a statement": {"statement": {"sig": b"x"}},
    "packed with a wrong signature": {"fmt": "packed", "statement": {"alg": -7, "sig": b"x" * 70}},
    "data with a tail": {"tail": b"\0\0"},
    "attestation is no map": {"attestation": cbor2.dumps([1])},
    "attestation is no cbor": {"attestation": b"\xff\xff"},
    "attestation is empty": {"attestation": b""},
    "attestation nests too deep": {"attestation": b"\x81" * 5000},
    "attestation is no text": {"response": {"attestationObject": 7}},
    "attestation is missing": {"response": {"attestationObject": None}},
    "client data is missing": {"response": {"clientDataJSON": None}},
    "client data is no base64": {"response": {"clientDataJSON": "é"}},
    "client data is no JSON": {"response": {"clientDataJSON": "AAAA"}},
    "client data is a list": {"response": {"clientDataJSON": "W10"}},
    "another kind of credential": {"credential": {"type": "password"}},
    "id and raw id differ": {"credential": {"id": "AAAA"}},
    "no raw id": {"credential": {"rawId": None}},
    "response is a list": {"credential": {"response": []}},
    "far too long": {"credential": {"padding": "x" * 20_000}},
}


@pytest.mark.parametrize("wrong", BAD_REGISTRATIONS.values(), ids=BAD_REGISTRATIONS)
def test_a_registration_that_does_not_hold_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CeremonyRefused):
        ceremonies.read_registration(PARTY, device().make(CHALLENGE, **wrong), CHALLENGE)


def test_a_registration_answers_its_own_challenge_only() -> None:
    with pytest.raises(CeremonyRefused):
        ceremonies.read_registration(PARTY, device().make(CHALLENGE), OTHER)


#: Answers to a request, each wrong in one way.
BAD_ASSERTIONS: dict[str, dict[str, Any]] = {
    "origin of another site": {"client": {"origin": "https://evil.example"}},
    "origin of a subdomain": {"client": {"origin": "https://www.garden.example.org"}},
    "origin with another port": {"client": {"origin": "https://garden.example.org:444"}},
    "origin without TLS": {"client": {"origin": "http://garden.example.org"}},
    "null origin": {"client": {"origin": "null"}},
    "made in a foreign frame": {"client": {"crossOrigin": True}},
    "foreign frame named": {"client": {"topOrigin": "https://evil.example"}},
    "another party": {"rp_id": "evil.example"},
    "another challenge": {"client": {"challenge": "ZGRk"}},
    "no challenge": {"client": {"challenge": None}},
    "answer to a registration": {"client": {"type": "webauthn.create"}},
    "nobody present": {"flags": VERIFIED},
    "nobody verified": {"flags": PRESENT},
    "counter stands still": {"counter": 5},
    "counter runs back": {"counter": 4},
    "counter lost": {"counter": 0},
    "key became synced": {"flags": USUAL | CAN_SYNC},
    "synced though it cannot be": {"flags": USUAL | IS_SYNCED},
    "signature of nothing": {"signature": b""},
    "signature of noise": {"signature": b"x" * 70},
    "signed other client data": {"signed_client": b"{}"},
    "data swapped after signing": {"authenticator_data": b"x" * 37},
    "data too short": {"authenticator_data": b"x" * 36},
    "data with a tail": {"tail": b"\0"},
    "another person's handle": {"handle": b"somebody else"},
    "handle of another type": {"response": {"userHandle": 7}},
    "signature is missing": {"response": {"signature": None}},
    "signature is a list": {"response": {"signature": [1]}},
    "data is missing": {"response": {"authenticatorData": None}},
    "client data is missing": {"response": {"clientDataJSON": None}},
    "client data is no JSON": {"response": {"clientDataJSON": "AAAA"}},
    "another kind of credential": {"credential": {"type": "password"}},
    "another key's name": {"credential": {"id": "AAAA", "rawId": "AAAA"}},
    "id and raw id differ": {"credential": {"id": "AAAA"}},
    "raw id is a number": {"credential": {"rawId": 7}},
    "no response": {"credential": {"response": None}},
    "far too long": {"credential": {"padding": "x" * 20_000}},
}


@pytest.mark.parametrize("wrong", BAD_ASSERTIONS.values(), ids=BAD_ASSERTIONS)
def test_an_assertion_that_does_not_hold_is_refused(wrong: dict[str, Any]) -> None:
    made = device(counter=5)
    key = known(made)
    with pytest.raises(CeremonyRefused):
        check(made.use(CHALLENGE, **wrong), key)


def test_an_assertion_answers_its_own_challenge_only() -> None:
    made = device()
    key = known(made)
    with pytest.raises(CeremonyRefused):
        check(made.use(CHALLENGE), key, OTHER)


def test_an_assertion_signed_by_another_key_is_refused() -> None:
    made, other = device(), device()
    key = known(made)
    other.credential_id = made.credential_id
    with pytest.raises(CeremonyRefused):
        check(other.use(CHALLENGE), key)


@pytest.mark.parametrize(
    "answer", ["", "null", "[]", "7", '"text"', "{}", '{"response": 1}', "{" * 9000, "[" * 9000]
)
def test_what_is_no_credential_at_all_is_refused(answer: str) -> None:
    with pytest.raises(CeremonyRefused):
        ceremonies.read_assertion(answer)
    with pytest.raises(CeremonyRefused):
        ceremonies.read_registration(PARTY, answer, CHALLENGE)
