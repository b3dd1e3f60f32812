"""Archives that somebody with a grudge could hand over, sealed as if they were ours."""

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.core.privacy import signing_key

Parts = dict[str, bytes]


def forged(file: Path, change: Callable[[Parts, dict[str, Any]], None], *, to: Path) -> Path:
    """A backup whose parts and manifest were changed, with hashes and a seal that fit again."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    change(parts, manifest)
    for part in manifest.get("parts", ()):
        if part["name"] in parts:
            content = parts[part["name"]]
            part |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))
    return sealed(held.getvalue(), to=to)


def sealed(archive: bytes, *, to: Path) -> Path:
    """Bytes of a ZIP archive under a seal of this site."""
    empty = b"clientflow backup 1 " + b"0" * 64 + b" " + b"0" * 64 + b"\n"
    # An archive ends with the length of its comment, and then with that.
    body = archive[:-2] + len(empty).to_bytes(2, "little")
    digest = hashlib.sha256(body).digest()
    mac = hmac.digest(signing_key("backup"), digest, "sha256")
    to.write_bytes(body + f"clientflow backup 1 {digest.hex()} {mac.hex()}\n".encode())
    return to


def add(parts: Parts, manifest: dict[str, Any], name: str, content: bytes = b"x") -> None:
    """One more part, named in the manifest as it should be."""
    parts[name] = content
    manifest["parts"].append({"name": name, "size": 0, "sha256": ""})
