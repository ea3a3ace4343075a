"""The only place that touches media bytes: laid down once by the gateway, mapped read-only by all."""

from __future__ import annotations

import fcntl
import mmap
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

import grpc
import numpy as np
import numpy.typing as npt

from reelscribe.v1.media_pb2 import MediaReference, ReadMediaRequest
from reelscribe.v1.media_pb2_grpc import MediaServiceStub
from services.common.errors import MediaDirectoryFull, MediaLost, NotFound

SEGMENT_NAME = re.compile(r"[a-z0-9]+(\.[a-z0-9-]+)+")
"""A segment's name has no slash and no leading dot, so it cannot leave the media directory."""

CHUNK_BYTES = 1 << 20
"""Size of the pieces in which a segment travels to another host; far under gRPC's default limit."""

FETCH_TIMEOUT_S = 60.0
"""A window that another host has not given by then is lost: a network that went away says nothing."""

ALIGNMENT_BYTES = 64
"""Each array starts at a multiple of this, so that vector loads need no fix-up."""


class MediaStore:
    """The gateway's side: writes segments into a tmpfs directory within a budget and unlinks them when all are done.

    A segment is written once by file writes (writing through a mapping to a full tmpfs would kill the
    process), never truncated, only unlinked. Segments a dead gateway left behind are removed at the start.
    Use as a context manager.
    """

    def __init__(self, directory: Path, budget_bytes: int, media_service_address: str = "") -> None:
        self.directory = directory
        self.budget_bytes = budget_bytes
        self.media_service_address = media_service_address
        self._id = secrets.token_hex(6)
        self._sizes: dict[str, int] = {}
        self._lock = threading.Lock()
        self._number = 0
        self._guard = -1

    def __repr__(self) -> str:
        return f"MediaStore({self.directory}, {self.used_bytes} of {self.budget_bytes} bytes)"

    def __enter__(self) -> MediaStore:
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(self.directory)
        self._guard = _locked(self.directory / f"{self._id}.lock")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for segment in list(self._sizes):
            self.release(segment)
        (self.directory / f"{self._id}.lock").unlink(missing_ok=True)
        os.close(self._guard)

    @property
    def used_bytes(self) -> int:
        """Bytes laid down now."""
        with self._lock:
            return sum(self._sizes.values())

    def used_by(self, analysis_id: str) -> int:
        """Bytes laid down now for one analysis."""
        with self._lock:
            return sum(size for name, size in self._sizes.items() if name.split(".")[1] == analysis_id)

    def write(self, analysis_id: str, arrays: Iterable[npt.NDArray[np.generic]]) -> list[MediaReference]:
        """Lay the arrays down in one new segment; one reference each, in order.

        Raises MediaDirectoryFull if the budget or the file system has no room; nothing is left behind then.
        """
        flat = [np.ascontiguousarray(array).reshape(-1).view(np.uint8) for array in arrays]
        starts = _aligned_starts([array.nbytes for array in flat])
        size_bytes = starts[-1]
        segment = self._claim(analysis_id, size_bytes)
        path = self.directory / segment
        try:
            _write_file(path, flat, starts)
        except OSError as error:
            self.release(segment)
            raise MediaDirectoryFull(f"no room for {size_bytes} bytes in {self.directory}: {error.strerror}") from error
        return [
            MediaReference(
                segment=segment,
                start_bytes=start,
                size_bytes=array.nbytes,
                media_service_address=self.media_service_address,
            )
            for array, start in zip(flat, starts, strict=False)
        ]

    def read(self, segment: str, start_bytes: int, size_bytes: int) -> Iterator[bytes]:
        """The range in chunks of at most CHUNK_BYTES.

        Raises NotFound for a segment not of this store, ValueError for a range past its end.
        """
        with self._lock:
            known_bytes = self._sizes.get(segment)
        if known_bytes is None:
            raise NotFound(f"segment {segment!r} is not laid down here")
        if start_bytes < 0 or size_bytes < 0 or start_bytes + size_bytes > known_bytes:
            raise ValueError(
                f"[{start_bytes}, {start_bytes + size_bytes}) is outside the segment's {known_bytes} bytes"
            )
        try:
            file = (self.directory / segment).open("rb")
        except FileNotFoundError:
            raise NotFound(f"segment {segment!r} was released") from None
        with file:
            file.seek(start_bytes)
            for first in range(0, size_bytes, CHUNK_BYTES):
                yield file.read(min(CHUNK_BYTES, size_bytes - first))

    def release(self, segment: str) -> None:
        """Unlink one segment; who has it mapped keeps it until they let go."""
        (self.directory / segment).unlink(missing_ok=True)
        with self._lock:
            self._sizes.pop(segment, None)

    def _claim(self, analysis_id: str, size_bytes: int) -> str:
        with self._lock:
            used = sum(self._sizes.values())
            if used + size_bytes > self.budget_bytes:
                raise MediaDirectoryFull(
                    f"{size_bytes} bytes do not fit the media budget: {used} of {self.budget_bytes} are in use"
                )
            self._number += 1
            segment = f"{self._id}.{analysis_id}.{self._number}"
            self._sizes[segment] = size_bytes
            return segment


class MediaReader:
    """A service's side: bytes of a reference, mapped from the media directory or read through the MediaService."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._channels: dict[str, grpc.Channel] = {}
        self._opening = threading.Lock()

    def open(self, reference: MediaReference) -> npt.NDArray[np.uint8]:
        """(size_bytes,) uint8, read-only. Raises MediaLost if neither the directory nor the gateway has it."""
        if not SEGMENT_NAME.fullmatch(reference.segment):
            raise MediaLost(f"{reference.segment!r} is not a segment's name")
        try:
            return self._map(reference)
        except FileNotFoundError:
            return self._fetch(reference)

    def close(self) -> None:
        """Close the connections to gateways on other hosts."""
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()

    def _map(self, reference: MediaReference) -> npt.NDArray[np.uint8]:
        if reference.size_bytes == 0:
            return np.empty(0, dtype=np.uint8)
        with (self.directory / reference.segment).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        end_bytes = reference.start_bytes + reference.size_bytes
        if end_bytes > len(mapped):
            raise MediaLost(f"segment {reference.segment!r} has {len(mapped)} bytes, not {end_bytes}")
        return np.frombuffer(mapped, np.uint8, count=reference.size_bytes, offset=reference.start_bytes)

    def _fetch(self, reference: MediaReference) -> npt.NDArray[np.uint8]:
        address = reference.media_service_address
        if not address:
            raise MediaLost(
                f"segment {reference.segment!r} is not in {self.directory}, and its gateway offers no other way"
            )
        channel = self._channel(address)
        request = ReadMediaRequest(
            segment=reference.segment, start_bytes=reference.start_bytes, size_bytes=reference.size_bytes
        )
        try:
            stub = MediaServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
            data = b"".join(answer.data for answer in stub.ReadMedia(request, timeout=FETCH_TIMEOUT_S))
        except grpc.RpcError as error:
            raise MediaLost(
                f"segment {reference.segment!r} could not be read from {address}: {error.details()}"
            ) from error
        if len(data) != reference.size_bytes:
            raise MediaLost(f"{address} gave {len(data)} of {reference.size_bytes} bytes of {reference.segment!r}")
        return np.frombuffer(data, np.uint8)

    def _channel(self, address: str) -> grpc.Channel:
        with self._opening:
            if address not in self._channels:
                self._channels[address] = grpc.insecure_channel(address)
            return self._channels[address]


def _aligned_starts(sizes_bytes: list[int]) -> list[int]:
    """Start of each array, and last of all the segment's size."""
    starts = [0]
    for size in sizes_bytes:
        starts.append(-(-(starts[-1] + size) // ALIGNMENT_BYTES) * ALIGNMENT_BYTES)
    return starts


def _write_file(path: Path, arrays: list[npt.NDArray[np.uint8]], starts: list[int]) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        if starts[-1]:
            os.posix_fallocate(descriptor, 0, starts[-1])
        for array, start in zip(arrays, starts, strict=False):
            _write_all(descriptor, array.data, start)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: memoryview, start: int) -> None:
    while data:
        written = os.pwrite(descriptor, data, start)
        data, start = data[written:], start + written


def _locked(path: Path) -> int:
    """A new file, open and locked. Another gateway's sweep may remove it before the lock: then it is made again."""
    while True:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
        os.close(descriptor)


def _sweep(directory: Path) -> None:
    """Remove what gateways left behind that no longer hold their lock."""
    for lock in directory.glob("*.lock"):
        try:
            descriptor = os.open(lock, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            for segment in directory.glob(f"{lock.stem}.*"):
                segment.unlink(missing_ok=True)
        finally:
            os.close(descriptor)
