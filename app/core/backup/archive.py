"""The one file of a backup: a ZIP archive that any program opens, with every byte under a seal.

The seal is the comment at the end of the archive: the hash of all bytes before it, and a
MAC over that hash under a key of the site. Nothing in the file is looked at before both fit.
"""

import hashlib
import hmac
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.core.errors import Refusal
from app.core.privacy import signing_key, signing_keys

from .manifest import LARGEST, Manifest, Part
from .problems import BackupProblem

BLOCK = 1 << 20
MANIFEST = "manifest.json"
_USE = "backup"
_SEAL = re.compile(rb"clientflow backup 1 ([0-9a-f]{64}) ([0-9a-f]{64})\n")
_SEAL_LENGTH = len(b"clientflow backup 1 ") + 64 + 1 + 64 + 1
_PACKED_ALREADY = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".woff2")
#: Of the nine levels the first: half as large again would be what takes four times as long.
_LEVEL = 1

#: Told how many bytes have passed since it was last told.
Progress = Callable[[int], None]


def no_progress(_count: int) -> None:
    """Nobody watches."""


class Writer:
    """An archive on its way: parts are added one after the other, as they come."""

    def __init__(self, file: Path) -> None:
        opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self.out: BinaryIO = os.fdopen(opened, "w+b")
        self.archive = zipfile.ZipFile(self.out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self.parts: list[Part] = []

    def add(self, name: str, blocks: Iterable[bytes]) -> Part:
        """Write one part, however large; what it has become."""
        digest, size = hashlib.sha256(), 0
        is_packed = name.lower().endswith(_PACKED_ALREADY)
        self.archive.compression = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        with self.archive.open(name, "w", force_zip64=True) as target:
            for block in blocks:
                digest.update(block)
                size += len(block)
                target.write(block)
        part = Part(name, size, digest.hexdigest())
        self.parts.append(part)
        return part

    def finish(self, manifest: Manifest) -> None:
        """Close the archive with its manifest, seal it, and see it onto the disk."""
        self.archive.compression = zipfile.ZIP_DEFLATED
        with self.archive.open(MANIFEST, "w") as target:
            target.write(manifest.to_json())
        self.archive.comment = bytes(_SEAL_LENGTH)
        self.archive.close()
        self.out.flush()
        digest = _digest(self.out)
        mac = hmac.digest(signing_key(_USE), digest, "sha256")
        self.out.seek(-_SEAL_LENGTH, os.SEEK_END)
        self.out.write(f"clientflow backup 1 {digest.hex()} {mac.hex()}\n".encode())
        self.out.flush()
        os.fsync(self.out.fileno())
        self.out.close()

    def close(self) -> None:
        """Let go of an archive, which came to nothing unless it is finished."""
        # It would otherwise want to write its end as it is forgotten.
        self.archive.fp = None
        self.out.close()


class Archive:
    """A backup that is read. `is_ours` tells whether its seal could be checked with a key."""

    def __init__(self, archive: zipfile.ZipFile, *, is_ours: bool) -> None:
        self.archive = archive
        self.is_ours = is_ours
        self.manifest = Manifest.from_json(self._manifest())
        self._compare()

    def read(self, part: Part, progress: Progress = no_progress) -> Iterator[bytes]:
        """The bytes of a part. Raises `BackupProblem` at the latest after the last of them.

        Whoever writes them somewhere uses that only when this came to its end.
        """
        digest, left = hashlib.sha256(), part.size
        try:
            with self.archive.open(part.name) as source:
                while block := source.read(min(BLOCK, left + 1)):
                    left -= len(block)
                    if left < 0:
                        raise BackupProblem(_not_as_packed(part.name))
                    digest.update(block)
                    progress(len(block))
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise BackupProblem(_not_as_packed(part.name)) from None
        if left or not hmac.compare_digest(digest.hexdigest(), part.sha256):
            raise BackupProblem(_not_as_packed(part.name))

    def _manifest(self) -> bytes:
        try:
            with self.archive.open(MANIFEST) as source:
                text = source.read(LARGEST + 1)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            raise BackupProblem("This backup has no manifest.") from None
        if len(text) > LARGEST:
            raise BackupProblem("The manifest of this backup cannot be used.")
        return text

    def _compare(self) -> None:
        """The archive has exactly the parts that the manifest names, as plain files."""
        found = {entry.filename: entry for entry in self.archive.infolist()}
        named = {part.name: part.size for part in self.manifest.parts}
        if len(found) != len(self.archive.infolist()) or found.keys() - {MANIFEST} != named.keys():
            raise BackupProblem("This backup holds other parts than its manifest names.")
        for name, size in named.items():
            entry = found[name]
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if entry.file_size != size or kind not in (0, stat.S_IFREG) or entry.flag_bits & 1:
                raise BackupProblem(_not_as_packed(name))


@contextmanager
def opened(file: Path) -> Iterator[Archive]:
    """A backup whose seal was found in order. Raises `BackupProblem`."""
    try:
        source = file.open("rb")
    except OSError as fault:
        raise BackupProblem(f"{file} cannot be read ({fault.strerror}).") from None
    with source:
        is_ours = _check_seal(file, source)
        try:
            archive = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
            raise BackupProblem(f"{file} is no backup of Clientflow.") from None
        with archive:
            yield Archive(archive, is_ours=is_ours)


def _check_seal(file: Path, source: BinaryIO) -> bool:
    """Whether the seal is one of this site; `False` when there are no keys to tell by."""
    size = source.seek(0, os.SEEK_END)
    source.seek(max(0, size - _SEAL_LENGTH))
    seal = _SEAL.fullmatch(source.read())
    if seal is None:
        raise BackupProblem(f"{file} is no backup of Clientflow, or its end is missing.")
    digest = _digest(source)
    if not hmac.compare_digest(digest.hex().encode(), seal[1]):
        raise BackupProblem(f"{file} was damaged or changed since it was made.")
    try:
        keys = signing_keys(_USE)
    except Refusal:
        return False
    macs = [hmac.digest(key, digest, "sha256").hex().encode() for key in keys]
    if not any(hmac.compare_digest(mac, seal[2]) for mac in macs):
        raise BackupProblem(
            f"{file} was not made with the keys that this site has; put the key file in place that "
            "it had then."
        )
    return True


def _digest(source: BinaryIO) -> bytes:
    """The hash of everything before the seal."""
    left = source.seek(0, os.SEEK_END) - _SEAL_LENGTH
    source.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (block := source.read(min(BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.digest()


def _not_as_packed(name: str) -> str:
    return f"The part {name} of this backup is not as it was packed."
