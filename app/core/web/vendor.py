"""Files made by others that we serve: recorded by hash, checked offline, fetched again at will.

`static/vendor/vendor.toml` holds one `[[file]]` for each: the npm `package` and `version` it is
from, the `integrity` of that package's archive, the `source` inside it, the `target` inside
`static/`, the `sha256` of the target and its `licence`. A `derived` file was made from its
source, for example by leaving letters out of a font, and is only ever checked.
"""

import base64
import hashlib
import io
import subprocess
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import click

STATIC = Path(__file__).parents[3] / "static"
RECORD = Path("vendor") / "vendor.toml"


class VendorError(Exception):
    """A vendored file is not what the record says; the text names it."""


@dataclass(frozen=True, kw_only=True)
class VendoredFile:
    """One recorded file."""

    package: str
    version: str
    integrity: str
    source: str
    target: str
    sha256: str
    licence: str
    derived: bool = False


def recorded_files(static: Path = STATIC) -> list[VendoredFile]:
    """Answer what the record says.

    Raises `VendorError` when it is missing, cannot be read, or names a place outside `static`.
    """
    try:
        entries = tomllib.loads((static / RECORD).read_text())["file"]
        files = [VendoredFile(**entry) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise VendorError(f"{RECORD} cannot be read: {problem}") from problem
    for file in files:
        if not (static / file.target).resolve().is_relative_to(static.resolve()):
            raise VendorError(f"{file.target} lies outside of the static folder")
    return files


def problems(static: Path = STATIC) -> list[str]:
    """Answer one sentence for each recorded file that is missing or changed."""
    found = []
    for file in recorded_files(static):
        path = static / file.target
        if not path.is_file():
            found.append(f"{file.target} is missing: run `make vendor`")
        elif _sha256(path.read_bytes()) != file.sha256:
            found.append(f"{file.target} is not the file that was recorded: run `make vendor`")
    return found


def fetch(static: Path = STATIC) -> list[str]:
    """Put every recorded file that is not derived in its place again; answer their targets.

    Nothing is written unless every archive and every file is what the record says. Raises
    `VendorError` otherwise.
    """
    files = recorded_files(static)
    archives = {
        (package, integrity): _archive(package, integrity)
        for package, integrity in {(_package(file), file.integrity) for file in files}
    }
    contents = {
        file.target: _content(file, archives[_package(file), file.integrity])
        for file in files
        if not file.derived
    }
    for target, content in contents.items():
        path = static / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(contents)


def _package(file: VendoredFile) -> str:
    return f"{file.package}@{file.version}"


def _archive(package: str, integrity: str) -> bytes:
    """Fetch one archive with npm, running nothing of it; answer it once it is trusted."""
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", place]
        try:
            subprocess.run([*command, "--", package], check=True, capture_output=True, text=True)
        except FileNotFoundError:
            raise VendorError("npm is needed to fetch packages: install it, try again") from None
        except subprocess.CalledProcessError as problem:
            raise VendorError(f"{package} could not be fetched: {problem.stderr}") from None
        archive = next(Path(place).glob("*.tgz")).read_bytes()
    actual = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if actual != integrity:
        raise VendorError(f"{package} is not the archive that was recorded: it is {actual}")
    return archive


def _content(file: VendoredFile, archive: bytes) -> bytes:
    """Answer one file of an archive, once it is trusted."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        try:
            member = packed.extractfile(f"package/{file.source}")
        except KeyError:
            member = None
        content = member.read() if member else b""
    if _sha256(content) != file.sha256:
        raise VendorError(f"{file.source} of {file.package} is not the file that was recorded")
    return content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@click.group("vendor")
def commands() -> None:
    """Files made by others that this site serves."""


@commands.command("verify")
def verify_command() -> None:
    """Compare every vendored file with its recorded hash, offline."""
    try:
        found = problems()
    except VendorError as problem:
        raise click.ClickException(str(problem)) from None
    if found:
        raise click.ClickException("\n".join(found))
    click.echo(f"{len(recorded_files())} vendored files are what was recorded.")


@commands.command("fetch")
def fetch_command() -> None:
    """Fetch every vendored file again with npm, refusing what differs from its record."""
    try:
        targets = fetch()
    except VendorError as problem:
        raise click.ClickException(str(problem)) from None
    for target in targets:
        click.echo(target)
