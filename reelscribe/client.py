"""The Python client of a gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import grpc

from reelscribe.analyst import Analyst
from reelscribe.v1.analysis_pb2 import (
    AnalyzeVideoRequest,
    AnalyzeVideoResponse,
    UploadStart,
    UploadVideoRequest,
    UploadVideoResponse,
    VideoAnalysisServiceListAnalyzersRequest,
)
from reelscribe.v1.analysis_pb2_grpc import VideoAnalysisServiceStub
from reelscribe.v1.analyzer_pb2 import Analyzer, Setting
from services.common.background import to_the_end
from services.common.errors import InvalidInput, NotFound
from services.common.grpc_errors import from_rpc_error
from services.common.time import duration

CHUNK_BYTES = 1 << 20
"""Pieces in which a file is uploaded."""


class Gateway:
    """A gateway as an Analyst: the file is uploaded, then analyzed. Made by `connect`.

    Uploads go through gRPC's threads: its asyncio client may lose the status of a stream that the server ends while
    it is written, and an upload that was refused would fail without a reason (grpc/grpc#36066).
    """

    def __init__(self, channel: grpc.aio.Channel, upload_channel: grpc.Channel) -> None:
        self._stub = VideoAnalysisServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
        self._upload_stub = VideoAnalysisServiceStub(upload_channel)  # type: ignore[no-untyped-call]  # generated

    async def analyze(
        self,
        path: Path,
        *,
        analyzers: Sequence[str] = (),
        settings: Sequence[Setting] = (),
        deadline_s: float | None = None,
    ) -> AsyncIterator[AnalyzeVideoResponse]:
        """Upload and analyze. Raises the ReelscribeError the gateway meant."""
        _check_readable(path)
        try:
            upload_id = await self._upload(path)
            request = AnalyzeVideoRequest(upload_id=upload_id, analyzers=analyzers, settings=settings)
            if deadline_s is not None:
                request.deadline_duration.CopyFrom(duration(deadline_s))
            call = self._stub.AnalyzeVideo(request)
            try:
                async for event in call:
                    yield event
            finally:
                call.cancel()
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error

    async def analyzers(self) -> list[Analyzer]:
        """All that this gateway's services can do."""
        try:
            answer = await self._stub.ListAnalyzers(VideoAnalysisServiceListAnalyzersRequest())
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error
        return list(answer.analyzers)

    async def _upload(self, path: Path) -> str:
        loop, done = asyncio.get_running_loop(), asyncio.Event()
        call = self._upload_stub.UploadVideo.future(upload_requests(path))
        call.add_done_callback(lambda _: loop.call_soon_threadsafe(done.set))
        try:
            await done.wait()
        finally:
            call.cancel()
            await to_the_end(done.wait())
        upload: UploadVideoResponse = call.result()
        return upload.upload_id


@asynccontextmanager
async def connect(address: str) -> AsyncIterator[Analyst]:
    """A connection to the gateway at host:port."""
    async with grpc.aio.insecure_channel(address) as channel:
        with grpc.insecure_channel(address) as upload_channel:
            yield Gateway(channel, upload_channel)


def _check_readable(path: Path) -> None:
    """A file that cannot be read would end the upload as if somebody had cancelled it."""
    if not path.is_file():
        raise NotFound(f"{str(path)!r} is not a file")
    try:
        path.open("rb").close()
    except OSError as error:
        raise InvalidInput(f"{str(path)!r} cannot be read: {error.strerror}") from error


def upload_requests(path: Path) -> Iterator[UploadVideoRequest]:
    """A file as the messages of UploadVideo."""
    yield UploadVideoRequest(start=UploadStart(name=path.name, size_bytes=path.stat().st_size))
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield UploadVideoRequest(chunk=chunk)
