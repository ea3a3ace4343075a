from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import grpc
import numpy as np
import pytest

from reelscribe.v1.analyzer_pb2 import AnalyzeRequest, AnalyzeResponse, ListAnalyzersRequest, Setting, Status
from reelscribe.v1.analyzer_pb2_grpc import AnalyzerServiceStub, add_AnalyzerServiceServicer_to_server
from reelscribe.v1.media_pb2 import Damage, EndOfPart, MediaReference, Window, WindowMedia
from services.common.door import AnalyzerDoor
from services.common.time import span
from tests import fakes
from tests.services.common.parts import FRAME, loaded, task
from tests.waiting import until

KINDS = (fakes.Seconds, fakes.Brightness, fakes.Counting, fakes.Failing, fakes.Hanging)


class Door:
    """A service's address, and a connection to it."""

    def __init__(self, address: str, channel: grpc.aio.Channel) -> None:
        self.address = address
        self.stub = AnalyzerServiceStub(channel)

    async def answers(self, *requests: AnalyzeRequest) -> list[AnalyzeResponse]:
        return [answer async for answer in self.stub.Analyze(iter(requests))]

    async def code_of(self, *requests: AnalyzeRequest) -> grpc.StatusCode:
        """By a thread: gRPC's asyncio client may lose the status of a stream that ends while it is written."""

        def ask() -> None:
            with grpc.insecure_channel(self.address) as channel:
                list(AnalyzerServiceStub(channel).Analyze(iter(requests), timeout=10))

        with pytest.raises(grpc.RpcError) as failed:
            await asyncio.to_thread(ask)
        return failed.value.code()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    before = set(threading.enumerate())
    server = grpc.aio.server()
    add_AnalyzerServiceServicer_to_server(AnalyzerDoor(loaded(*KINDS)), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Door(f"127.0.0.1:{port}", channel)
    await server.stop(1)
    left = [thread.name for thread in set(threading.enumerate()) - before]
    assert [name for name in left if name in {kind.name for kind in KINDS} | {"FrameCount"}] == []


def asked(*names: str, **settings: float) -> AnalyzeRequest:
    values = tuple(Setting(name=name.replace("__", "."), number=value) for name, value in settings.items())
    return AnalyzeRequest(task=task("frames-0", *names, settings=values))


def window(index: int, **media: object) -> AnalyzeRequest:
    rgb = np.full((2, 4, 8, 3), 200, np.uint8).tobytes()
    given = {"frame_offset_s": [index, index + 0.5], "frame_index": [2 * index, 2 * index + 1], "data": rgb} | media
    laid = WindowMedia(rendition_id=FRAME.rendition_id, **given)  # type: ignore[arg-type]
    return AnalyzeRequest(window=Window(index=index, span=span(index, index + 1), media=[laid]))


def end(count: int, damage: Damage | None = None) -> AnalyzeRequest:
    return AnalyzeRequest(end=EndOfPart(window_count=count, damage=damage))


async def test_findings_come_first_and_again_in_the_result(door: Door):
    told = await door.answers(asked("seconds"), window(0), window(1), end(2))
    assert [answer.WhichOneof("event") for answer in told] == ["finding", "finding", "result"]
    result = told[-1].result
    assert (result.service, result.status, len(result.findings)) == ("vision", Status.STATUS_OK, 2)


async def test_one_that_fails_leaves_the_others_alone(door: Door):
    told = await door.answers(asked("failing", "counting"), window(0), end(1))
    results = {answer.result.analyzer: answer.result for answer in told if answer.HasField("result")}
    assert {name: result.status for name, result in results.items()} == {
        "failing": Status.STATUS_FAILED,
        "counting": Status.STATUS_OK,
    }


async def test_a_setting_of_the_request_counts_and_a_wrong_one_is_refused(door: Door):
    told = await door.answers(asked("brightness", brightness__threshold=250.0), window(0), end(1))
    assert told[-1].result.status == Status.STATUS_EMPTY
    wrong = asked("brightness", brightness__treshold=250.0)
    assert await door.code_of(wrong, end(0)) == grpc.StatusCode.INVALID_ARGUMENT


async def test_damage_makes_it_partial(door: Door):
    told = await door.answers(asked("seconds"), window(0), end(1, Damage(reason="truncated", message="cut off")))
    assert (told[-1].result.status, told[-1].result.reason.code) == (Status.STATUS_PARTIAL, "truncated")


async def test_an_analyzer_named_twice_answers_once(door: Door):
    told = await door.answers(asked("seconds", "seconds"), window(0), end(1))
    assert [answer.WhichOneof("event") for answer in told] == ["finding", "result"]


@pytest.mark.parametrize(
    "requests",
    [
        (),
        (window(0), end(1)),
        (asked("seconds"),),
        (asked("seconds"), window(0)),
        (asked("minutes"), end(0)),
        (asked("seconds"), window(0, data=b"short"), end(1)),
        (asked("seconds"), window(0, reference=MediaReference(segment="a.b.1")), end(1)),
        (asked("seconds"), window(0, frame_index=[1]), end(1)),
    ],
)
async def test_what_cannot_be_done_is_an_error_and_not_a_silence(door: Door, requests: tuple[AnalyzeRequest, ...]):
    assert await door.code_of(*requests) == grpc.StatusCode.INVALID_ARGUMENT


async def test_a_caller_that_leaves_ends_the_work(door: Door):
    """The fixture looks whether threads are left."""
    call = door.stub.Analyze()
    await call.write(asked("seconds", "counting"))
    await call.write(window(0))
    assert (await call.read()).HasField("finding")
    call.cancel()
    await until(lambda: not any(thread.name in ("seconds", "counting") for thread in threading.enumerate()))


async def test_it_lists_what_there_is(door: Door):
    listed = (await door.stub.ListAnalyzers(ListAnalyzersRequest())).analyzers
    assert [item.name for item in listed] == [kind.name for kind in KINDS]
