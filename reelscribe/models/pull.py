"""A pull of weights: what is missing, what it would cost, and its fetching, file by file, source by source."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reelscribe.models.digests import complaint_about
from reelscribe.models.hub import Announcement, SourceFailed, announce, url_of
from reelscribe.models.sources import Sources, describe
from services.common.catalogue import ArchiveSource, HubSource, Source, Weights, WeightsFile
from services.common.weights import RECEIPT_NAME, file_sha256, read_receipt

SourceKind = Literal["hub", "archive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Bytes of one file so far; `total_bytes` is None where nobody says it beforehand."""

    weights: str
    file: str
    source: str
    done_bytes: int
    total_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One source did not give one file; the next one, if there is one, is tried."""

    weights: str
    file: str
    source: str
    reason: str


Event = Progress | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a pull of one set of weights would do. Packaged files are never fetched and so never missing here."""

    weights: Weights
    missing: tuple[WeightsFile, ...]

    @property
    def size_bytes(self) -> int | None:
        """Bytes that will lie on disk; None where a size is known to the hub only."""
        sizes = [file.size_bytes for file in self.missing]
        return None if None in sizes else sum(size for size in sizes if size is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the pull of one set of weights ended; `reason` is empty where it is now whole."""

    name: str
    file_count: int
    fetched_bytes: int
    wall_s: float
    sources: tuple[str, ...]
    reason: str = ""


def plan(weights: Sequence[Weights], *, directory: Path) -> tuple[Planned, ...]:
    """What `pull` would have to fetch into `directory`; a damaged file counts as missing. Reads, never writes."""
    return tuple(Planned(weights=entry, missing=_missing(entry, directory / entry.name)) for entry in weights)


def ask_size(planned: Planned) -> int | None:
    """Bytes that will lie on disk, asking the hub for sizes the catalogue does not have; None where it cannot say."""
    total = 0
    for file in planned.missing:
        size = file.size_bytes
        if size is None:
            urls = [url_of(source) for source in file.sources if isinstance(source, HubSource) and not source.member]
            try:
                size = announce(urls[0]).size_bytes if urls else None
            except SourceFailed:
                return None
        if size is None:
            return None
        total += size
    return total


def pull(
    planned: Sequence[Planned],
    *,
    directory: Path,
    only: SourceKind | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
) -> tuple[Outcome, ...]:
    """Fetch what is planned; one set that fails does not hold up the others. `only` forbids the other kind of source.

    Files appear under their names only when verified; an interrupted pull goes on where it stopped.
    """
    with _alone_in(directory):
        sources = Sources(directory / ".fetching")
        outcomes = tuple(_pull_one(entry, directory / entry.weights.name, only, sources, on_event) for entry in planned)
        # After a failure, packages that did arrive stay for the next run.
        if not any(outcome.reason for outcome in outcomes):
            sources.discard()
        return outcomes


def _missing(weights: Weights, home: Path) -> tuple[WeightsFile, ...]:
    receipt = read_receipt(home)
    return tuple(
        file
        for file in weights.files
        if not file.packaged and not _is_whole(home / file.path, file.sha256 or receipt.get(file.path))
    )


def _is_whole(path: Path, sha256: str | None) -> bool:
    return sha256 is not None and path.is_file() and file_sha256(path) == sha256


def _pull_one(
    planned: Planned, home: Path, only: SourceKind | None, sources: Sources, on_event: Callable[[Event], None]
) -> Outcome:
    begun_s = time.monotonic()
    home.mkdir(parents=True, exist_ok=True)
    used: list[str] = []
    fetched_bytes = 0
    reason = _no_room(planned, home)
    for file in () if reason else planned.missing:
        try:
            used.append(_pull_file(planned.weights.name, file, home, only, sources, on_event))
            fetched_bytes += (home / file.path).stat().st_size
        except (SourceFailed, OSError) as error:
            reason = f"{file.path}: {error}"
            break
    return Outcome(
        name=planned.weights.name,
        file_count=len(planned.missing),
        fetched_bytes=fetched_bytes,
        wall_s=time.monotonic() - begun_s,
        sources=tuple(dict.fromkeys(used)),
        reason=reason,
    )


def _no_room(planned: Planned, home: Path) -> str:
    """Why the known sizes do not fit the disk; empty where they do."""
    needed_bytes, free_bytes = planned.size_bytes or 0, shutil.disk_usage(home).free
    if needed_bytes <= free_bytes:
        return ""
    return f"{needed_bytes} bytes do not fit the {free_bytes} that are free under {home}"


def _pull_file(
    name: str,
    file: WeightsFile,
    home: Path,
    only: SourceKind | None,
    sources: Sources,
    on_event: Callable[[Event], None],
) -> str:
    """Fetch one file from the first source that gives its right bytes; returns that source's description."""
    reasons: list[str] = []
    for source in allowed(file.sources, only):
        label = describe(source)

        def on_bytes(done: int, total: int | None, label: str = label) -> None:
            on_event(Progress(weights=name, file=file.path, source=label, done_bytes=done, total_bytes=total))

        try:
            sha256 = _fetch_verified(file, source, home / file.path, sources, on_bytes)
        except SourceFailed as error:
            on_event(Refused(weights=name, file=file.path, source=label, reason=str(error)))
            reasons.append(str(error) if isinstance(source, HubSource) else f"{label}: {error}")
            continue
        _note(home, file.path, sha256)
        return label
    raise SourceFailed("; ".join(reasons) or f"no source of kind {only!r} is listed for it")


def allowed(sources: Sequence[Source], only: SourceKind | None) -> Iterator[HubSource | ArchiveSource]:
    """The sources a pull may ask, in order."""
    for source in sources:
        if isinstance(source, HubSource) and only in (None, "hub"):
            yield source
        if isinstance(source, ArchiveSource) and only in (None, "archive"):
            yield source


def _fetch_verified(
    file: WeightsFile, source: Source, target: Path, sources: Sources, on_bytes: Callable[[int, int | None], None]
) -> str:
    """Fetch into a part file, verify, rename. Returns the sha256. Raises SourceFailed; wrong bytes are deleted."""
    announced = sources.announcement(source) if not (file.sha256 or file.md5) else Announcement()
    part = target.with_name(target.name + ".part")
    resumed = part.exists()
    sources.fetch(source, part, limit_bytes=file.size_bytes, on_bytes=on_bytes)
    complaint = complaint_about(part, file, announced)
    if complaint and resumed and isinstance(source, HubSource):
        # The bytes of an earlier run may be another version's: once more, from the start.
        part.unlink()
        sources.fetch(source, part, limit_bytes=file.size_bytes, on_bytes=on_bytes)
        complaint = complaint_about(part, file, announced)
    if complaint:
        part.unlink()
        raise SourceFailed(complaint)
    sha256 = file_sha256(part)
    os.replace(part, target)
    return sha256


def _note(home: Path, path: str, sha256: str) -> None:
    receipt = dict(read_receipt(home)) | {path: sha256}
    new = home / f"{RECEIPT_NAME}.part"
    new.write_text(json.dumps(receipt, indent=2) + "\n")
    os.replace(new, home / RECEIPT_NAME)


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Two pulls into one directory would write the same part files: the second waits for the first."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
