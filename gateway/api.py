"""The gateway's gRPC door: VideoAnalysisService and MediaService."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.analyses import Analyses, report_events
from gateway.sources import source
from gateway.uploads import Uploads
from reelscribe.v1.analysis_pb2 import (
    AnalyzeVideoRequest,
    AnalyzeVideoResponse,
    CancelAnalysisRequest,
    CancelAnalysisResponse,
    GetAnalysisRequest,
    GetAnalysisResponse,
    Progress,
    UploadVideoRequest,
    UploadVideoResponse,
    VideoAnalysisServiceListAnalyzersRequest,
    VideoAnalysisServiceListAnalyzersResponse,
)
from reelscribe.v1.analysis_pb2_grpc import VideoAnalysisServiceServicer
from reelscribe.v1.media_pb2 import ReadMediaRequest, ReadMediaResponse
from reelscribe.v1.media_pb2_grpc import MediaServiceServicer
from services.common.errors import InvalidInput, ReelscribeError
from services.common.grpc_errors import abort
from services.common.media import MediaStore
from services.common.settings import GatewaySettings
from services.common.time import seconds


class VideoAnalysisDoor(VideoAnalysisServiceServicer):
    """Each method: what the request means, the call, and errors as status codes."""

    def __init__(self, analyses: Analyses, uploads: Uploads, settings: GatewaySettings) -> None:
        self._analyses = analyses
        self._uploads = uploads
        self._settings = settings

    async def AnalyzeVideo(  # noqa: N802  (the proto's name)
        self, request: AnalyzeVideoRequest, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[AnalyzeVideoResponse]:
        try:
            async with source(request, self._uploads, self._settings) as found:
                events = self._analyses.analyze(
                    found.path,
                    name=found.name,
                    analyzers=request.analyzers,
                    settings=request.settings,
                    deadline_s=_deadline_s(request, self._settings),
                )
                async with aclosing(events):
                    async for event in events:
                        yield event
        except ReelscribeError as error:
            await abort(context, error)

    async def UploadVideo(  # noqa: N802  (the proto's name)
        self, request_iterator: AsyncIterator[UploadVideoRequest], context: grpc.aio.ServicerContext
    ) -> UploadVideoResponse:
        try:
            upload = await self._uploads.take(request_iterator)
        except ReelscribeError as error:
            await abort(context, error)
        expire_time = Timestamp()
        expire_time.FromSeconds(int(upload.expire_time_s))
        return UploadVideoResponse(
            upload_id=upload.upload_id, size_bytes=upload.size_bytes, sha256=upload.sha256, expire_time=expire_time
        )

    async def GetAnalysis(  # noqa: N802  (the proto's name)
        self, request: GetAnalysisRequest, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[GetAnalysisResponse]:
        try:
            state = self._analyses.state(request.analysis_id)
        except ReelscribeError as error:
            await abort(context, error)
        if isinstance(state, Progress):
            yield GetAnalysisResponse(progress=state)
            return
        for event in report_events(state):
            if event.HasField("result"):
                yield GetAnalysisResponse(result=event.result)
            else:
                yield GetAnalysisResponse(report=event.report)

    async def CancelAnalysis(  # noqa: N802  (the proto's name)
        self, request: CancelAnalysisRequest, context: grpc.aio.ServicerContext
    ) -> CancelAnalysisResponse:
        try:
            self._analyses.cancel(request.analysis_id)
        except ReelscribeError as error:
            await abort(context, error)
        return CancelAnalysisResponse()

    async def ListAnalyzers(  # noqa: N802  (the proto's name)
        self, request: VideoAnalysisServiceListAnalyzersRequest, context: grpc.aio.ServicerContext
    ) -> VideoAnalysisServiceListAnalyzersResponse:
        return VideoAnalysisServiceListAnalyzersResponse(analyzers=await self._analyses.analyzers())


class MediaDoor(MediaServiceServicer):
    """Segments for services on other hosts."""

    def __init__(self, store: MediaStore) -> None:
        self._store = store

    async def ReadMedia(  # noqa: N802  (the proto's name)
        self, request: ReadMediaRequest, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[ReadMediaResponse]:
        try:
            for data in self._store.read(request.segment, request.start_bytes, request.size_bytes):
                yield ReadMediaResponse(data=data)
        except ReelscribeError as error:
            await abort(context, error)
        except ValueError as error:
            await context.abort(grpc.StatusCode.OUT_OF_RANGE, str(error))


def _deadline_s(request: AnalyzeVideoRequest, settings: GatewaySettings) -> float:
    """What is asked for, within the gateway's own limit."""
    if not request.HasField("deadline_duration"):
        return settings.deadline_s
    wanted_s = seconds(request.deadline_duration)
    if wanted_s <= 0:
        raise InvalidInput(f"a deadline of {wanted_s:g} s has passed before it begins")
    return min(wanted_s, settings.deadline_s)
