from __future__ import annotations

from collections.abc import AsyncIterator

import grpc
import pytest

from gateway.api import VideoAnalysisDoor
from reelscribe.v1.analysis_pb2 import CancelAnalysisRequest, CancelAnalysisResponse
from reelscribe.v1.analysis_pb2_grpc import VideoAnalysisServiceStub, add_VideoAnalysisServiceServicer_to_server
from services.common.errors import (
    AnalysisCancelled,
    BusUnavailable,
    DecodingFailed,
    InvalidInput,
    InvalidSetting,
    MediaDirectoryFull,
    NoService,
    NotAVideo,
    NotFound,
    PathNotAllowed,
    ReelscribeError,
    TooLarge,
    TooMuch,
    UnknownAnalyzer,
    WeightsNotInstalled,
)
from services.common.grpc_errors import abort, from_rpc_error, to_status

ERRORS: list[tuple[ReelscribeError, grpc.StatusCode, type[ReelscribeError]]] = [
    (InvalidInput("no"), grpc.StatusCode.INVALID_ARGUMENT, InvalidInput),
    (NotAVideo("no video"), grpc.StatusCode.INVALID_ARGUMENT, InvalidInput),
    (UnknownAnalyzer("cuts", ("a", "b")), grpc.StatusCode.INVALID_ARGUMENT, InvalidInput),
    (InvalidSetting("bad"), grpc.StatusCode.INVALID_ARGUMENT, InvalidInput),
    (PathNotAllowed("outside"), grpc.StatusCode.INVALID_ARGUMENT, InvalidInput),
    (TooLarge("large"), grpc.StatusCode.INVALID_ARGUMENT, InvalidInput),
    (NotFound("gone"), grpc.StatusCode.NOT_FOUND, NotFound),
    (TooMuch("busy", retry_after_s=7.5), grpc.StatusCode.RESOURCE_EXHAUSTED, TooMuch),
    (MediaDirectoryFull("full"), grpc.StatusCode.RESOURCE_EXHAUSTED, TooMuch),
    (BusUnavailable("no bus"), grpc.StatusCode.UNAVAILABLE, BusUnavailable),
    (NoService("nobody"), grpc.StatusCode.UNAVAILABLE, BusUnavailable),
    (AnalysisCancelled("cancelled"), grpc.StatusCode.ABORTED, AnalysisCancelled),
    (WeightsNotInstalled("yolo"), grpc.StatusCode.INTERNAL, ReelscribeError),
    (DecodingFailed("broken"), grpc.StatusCode.INTERNAL, ReelscribeError),
]


class Raising(VideoAnalysisDoor):
    """A gateway whose every cancellation fails with `error`."""

    error: ReelscribeError

    def __init__(self) -> None:
        pass

    async def CancelAnalysis(
        self, request: CancelAnalysisRequest, context: grpc.aio.ServicerContext
    ) -> CancelAnalysisResponse:
        await abort(context, self.error)
        raise AssertionError("abort does not return")


@pytest.fixture
async def stub() -> AsyncIterator[VideoAnalysisServiceStub]:
    server = grpc.aio.server()
    add_VideoAnalysisServiceServicer_to_server(Raising(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield VideoAnalysisServiceStub(channel)
    await server.stop(None)


@pytest.mark.parametrize(("error", "code", "kind"), ERRORS, ids=lambda value: type(value).__name__)
async def test_an_error_crosses_the_border_and_is_understood(
    stub: VideoAnalysisServiceStub, error: ReelscribeError, code: grpc.StatusCode, kind: type[ReelscribeError]
):
    Raising.error = error
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await stub.CancelAnalysis(CancelAnalysisRequest())
    assert failed.value.code() == code
    understood = from_rpc_error(failed.value)
    assert isinstance(understood, kind)
    assert (str(understood), understood.reason, understood.fix) == (str(error), error.reason, error.fix)
    if isinstance(error, TooMuch):
        assert isinstance(understood, TooMuch)
        assert understood.retry_after_s == error.retry_after_s


def test_only_what_may_be_tried_again_says_when():
    for error, _, _ in ERRORS:
        names = [detail.TypeName() for detail in to_status(error).details]
        assert ("google.rpc.RetryInfo" in names) == isinstance(error, TooMuch)
        assert names[0] == "google.rpc.ErrorInfo"


async def test_a_gateway_that_is_not_there_is_told_so():
    async with grpc.aio.insecure_channel("127.0.0.1:1") as channel:
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await VideoAnalysisServiceStub(channel).CancelAnalysis(CancelAnalysisRequest())
    assert isinstance(from_rpc_error(failed.value), BusUnavailable)
    assert from_rpc_error(failed.value).reason == "unavailable"
