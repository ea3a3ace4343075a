"""A service's own gRPC door: one modality without the gateway, media carried inside the messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import grpc
import numpy as np
import numpy.typing as npt

from reelscribe.v1.analyzer_pb2 import (
    AnalyzeRequest,
    AnalyzeResponse,
    AnalyzerFinding,
    AnalyzerResult,
    ListAnalyzersRequest,
    ListAnalyzersResponse,
    Task,
)
from reelscribe.v1.analyzer_pb2_grpc import AnalyzerServiceServicer
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import MediaReference
from services.common.background import in_thread, to_the_end
from services.common.errors import InvalidInput, ReelscribeError
from services.common.grpc_errors import abort
from services.common.laid_down import AnnouncedWindow
from services.common.part_run import Ended, Event, Found, PartRun
from services.common.service import Service


class AnalyzerDoor(AnalyzerServiceServicer):
    """Calls what the bus worker calls. Takes bytes only: a caller can name no segment of the media directory."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def ListAnalyzers(  # noqa: N802  (the proto's name)
        self, request: ListAnalyzersRequest, context: grpc.aio.ServicerContext
    ) -> ListAnalyzersResponse:
        return ListAnalyzersResponse(analyzers=self._service.describe())

    async def Analyze(  # noqa: N802  (the proto's name)
        self, request_iterator: AsyncIterator[AnalyzeRequest], context: grpc.aio.ServicerContext
    ) -> AsyncIterator[AnalyzeResponse]:
        try:
            async with aclosing(self._analyze(request_iterator)) as responses:
                async for response in responses:
                    yield response
        except ReelscribeError as error:
            await abort(context, error)

    async def _analyze(self, requests: AsyncIterator[AnalyzeRequest]) -> AsyncGenerator[AnalyzeResponse, None]:
        task = await _first_step(requests)
        if not task.analyzers:
            task.analyzers.extend(self._service.names_for(task.part.stream))
        events: asyncio.Queue[Event | BaseException] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def sink(event: Event) -> None:
            loop.call_soon_threadsafe(events.put_nowait, event)

        self._service.check(task)
        run = await in_thread(lambda: self._service.start(task, sink), _stop)
        feeding = asyncio.create_task(_feed(requests, task, run, events))
        try:
            findings: dict[str, list[Finding]] = {}
            owed = set(task.analyzers)
            while owed:
                event = await events.get()
                if isinstance(event, BaseException):
                    raise event
                if isinstance(event, Found):
                    findings.setdefault(event.analyzer, []).append(event.finding)
                    yield AnalyzeResponse(finding=AnalyzerFinding(analyzer=event.analyzer, finding=event.finding))
                elif isinstance(event, Ended):
                    owed.discard(event.analyzer)
                    yield AnalyzeResponse(result=_whole(event.result, findings.get(event.analyzer, [])))
        finally:
            feeding.cancel()
            run.cancel()
            await to_the_end(_over(run, feeding))


async def _first_step(requests: AsyncIterator[AnalyzeRequest]) -> Task:
    first = await anext(requests, None)
    if first is None or first.WhichOneof("step") != "task":
        raise InvalidInput("the first message must be the task")
    return first.task


async def _feed(
    requests: AsyncIterator[AnalyzeRequest], task: Task, run: PartRun, events: asyncio.Queue[Event | BaseException]
) -> None:
    try:
        async for request in requests:
            if request.WhichOneof("step") == "window":
                run.feed(AnnouncedWindow(request.window, task.part.renditions, _refuse))
            elif request.WhichOneof("step") == "end":
                run.end(request.end.damage if request.end.HasField("damage") else None)
                return
        raise InvalidInput("the stream ended before the part's end")
    except Exception as error:
        run.cancel()
        events.put_nowait(error)


async def _over(run: PartRun, feeding: asyncio.Task[None]) -> None:
    await asyncio.gather(feeding, return_exceptions=True)
    await run.over()


def _stop(run: PartRun) -> None:
    run.cancel()
    run.join()


def _refuse(reference: MediaReference) -> npt.NDArray[np.uint8]:
    raise InvalidInput("media must come inside the message here; references are the gateway's")


def _whole(result: AnalyzerResult, findings: list[Finding]) -> AnalyzerResult:
    whole = AnalyzerResult()
    whole.CopyFrom(result)
    whole.findings.extend(findings)
    return whole
