"""Files clients send: written as they arrive, checked, kept for a while, removed."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from reelscribe.v1.analysis_pb2 import UploadStart, UploadVideoRequest
from services.common.errors import InvalidInput, NotFound, TooLarge, TooMuch
from services.common.settings import GatewaySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that arrived whole."""

    upload_id: str
    name: str
    path: Path
    size_bytes: int
    sha256: str
    expire_time_s: float
    """When it is forgotten, seconds since the epoch."""


class Uploads:
    """All uploads of one gateway. Use as a context manager: at the end nothing is left on disk."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._directory = settings.upload_directory / secrets.token_hex(6)
        self._limit_bytes = settings.upload_bytes
        self._keep_s = settings.upload_keep_s
        self._uploads: dict[str, Upload] = {}
        self._users: Counter[str] = Counter()
        """How many analyses read each now."""

    def __enter__(self) -> Uploads:
        self._directory.mkdir(parents=True, mode=0o700)
        return self

    def __exit__(self, *reason: object) -> None:
        for file in self._directory.iterdir():
            file.unlink(missing_ok=True)
        self._directory.rmdir()

    def __repr__(self) -> str:
        return f"Uploads({len(self._uploads)} kept in {self._directory})"

    async def take(self, requests: AsyncIterator[UploadVideoRequest]) -> Upload:
        """Receive one file. One that stops half-way, is over the limit or is not what it said leaves nothing behind."""
        self._forget_old()
        start = await _first(requests)
        upload_id = secrets.token_urlsafe(16)
        path = self._directory / upload_id
        try:
            size_bytes, sha256 = await self._write(path, start, requests)
            _check(start, size_bytes, sha256)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise TooMuch(f"no room for the upload: {error.strerror}") from error
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        upload = Upload(
            upload_id=upload_id,
            name=Path(start.name).name or "upload",
            path=path,
            size_bytes=size_bytes,
            sha256=sha256,
            expire_time_s=time.time() + self._keep_s,
        )
        self._uploads[upload_id] = upload
        return upload

    def find(self, upload_id: str) -> Upload:
        """Raises NotFound for one that never was, or has expired."""
        self._forget_old()
        upload = self._uploads.get(upload_id)
        if upload is None or upload.expire_time_s <= time.time():
            raise NotFound(f"no upload is called {upload_id!r}; it may have expired")
        return upload

    @contextmanager
    def using(self, upload_id: str) -> Iterator[Upload]:
        """The upload, which is not forgotten meanwhile. Raises NotFound."""
        upload = self.find(upload_id)
        self._users[upload_id] += 1
        try:
            yield upload
        finally:
            self._users[upload_id] -= 1

    async def _write(
        self, path: Path, start: UploadStart, requests: AsyncIterator[UploadVideoRequest]
    ) -> tuple[int, str]:
        digest, size_bytes = hashlib.sha256(), 0
        if start.HasField("size_bytes"):
            self._check_limit(start.size_bytes)
        with path.open("wb") as file:
            async for request in requests:
                if request.WhichOneof("step") != "chunk":
                    raise InvalidInput("after the first message an upload has chunks only")
                size_bytes += len(request.chunk)
                self._check_limit(size_bytes)
                await asyncio.to_thread(_append, file, digest, request.chunk)
        return size_bytes, digest.hexdigest()

    def _check_limit(self, size_bytes: int) -> None:
        if size_bytes > self._limit_bytes:
            raise TooLarge(f"the upload is over this gateway's limit of {self._limit_bytes} bytes")

    def _forget_old(self) -> None:
        now_s = time.time()
        for upload in [item for item in self._uploads.values() if item.expire_time_s <= now_s]:
            if not self._users[upload.upload_id]:
                upload.path.unlink(missing_ok=True)
                del self._uploads[upload.upload_id], self._users[upload.upload_id]


def _append(file: BinaryIO, digest: Any, chunk: bytes) -> None:
    """Both in a thread: hashing holds up the event loop as much as the disk does."""
    digest.update(chunk)
    file.write(chunk)


async def _first(requests: AsyncIterator[UploadVideoRequest]) -> UploadStart:
    request = await anext(requests, None)
    if request is None or request.WhichOneof("step") != "start":
        raise InvalidInput("an upload starts with its name")
    return request.start


def _check(start: UploadStart, size_bytes: int, sha256: str) -> None:
    if start.HasField("size_bytes") and start.size_bytes != size_bytes:
        raise InvalidInput(f"{size_bytes} bytes arrived where {start.size_bytes} were announced")
    if start.HasField("sha256") and start.sha256.lower() != sha256:
        raise InvalidInput("the file that arrived is not the one announced: its SHA-256 differs")
    if size_bytes == 0:
        raise InvalidInput("the upload is empty")
