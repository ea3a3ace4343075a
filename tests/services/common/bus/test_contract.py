"""What both buses promise."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from reelscribe.v1.bus_pb2 import ResultConfirmation, TaskUpdate
from reelscribe.v1.media_pb2 import Part, Video
from services.common.bus import (
    MESSAGE_LIMIT_BYTES,
    GatewayGone,
    MediaLost,
    MediaSilent,
    MessageTooLarge,
    ResultRequest,
    TaskLease,
)
from tests.services.common.bus.sites import (
    QUICK,
    SOON_S,
    Site,
    delivery,
    end,
    presence,
    publish_part,
    read_part,
    room,
    task,
    update,
    window,
)

pytestmark = pytest.mark.timeout(120)

MOMENT_S = 0.3
"""Long enough for a message to arrive, where a test shows that none does."""


async def nothing_comes(iterator, within_s: float = MOMENT_S) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(within_s):
            raise AssertionError(f"came: {await anext(iterator)!r}")


# -- tasks -----------------------------------------------------------------------------------------------------


async def test_each_task_is_pulled_by_exactly_one_of_two_replicas(site: Site):
    first, second = await site.replica(), await site.replica()
    names = [f"part-{index}" for index in range(20)]
    pulled: list[str] = []
    complete = asyncio.Event()

    async def work(bus):
        async with bus.tasks("vision", room(2)) as tasks:
            async for lease in tasks:
                async with lease:
                    pulled.append(lease.task.part.part_id)
                    assert await lease.done()
                if len(pulled) == len(names):
                    complete.set()

    workers = [asyncio.create_task(work(bus)) for bus in (first, second)]
    for name in names:
        await site.gateway.publish_task(task(part_id=name))
    await complete.wait()
    await asyncio.sleep(MOMENT_S)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    assert sorted(pulled) == sorted(names)


async def test_a_task_waits_for_its_service(site: Site):
    await site.gateway.publish_task(task(service="audio"))
    async with site.gateway.tasks("vision", room()) as vision, site.gateway.tasks("audio", room()) as audio:
        await nothing_comes(vision)
        async with await anext(audio) as lease:
            assert lease.task == task(service="audio")
            await lease.done()


async def test_a_replica_takes_no_more_than_it_has_room_for(site: Site):
    for index in range(3):
        await site.gateway.publish_task(task(part_id=f"part-{index}"))
    async with site.gateway.tasks("vision", room(2)) as tasks:
        first, second = await anext(tasks), await anext(tasks)
        async with second:
            async with first:
                await nothing_comes(tasks)
                await first.done()
            async with await anext(tasks) as third:
                assert third.task.part.part_id == "part-2"
                await third.done()
            await second.done()


async def test_a_dead_replicas_task_goes_to_another(site: Site):
    first, second = await site.replica(), await site.replica()
    await site.gateway.publish_task(task())
    async with first.tasks("vision", room()) as tasks, second.tasks("vision", room()) as others:
        lease = await anext(tasks)
        await site.die_holding(lease)
        async with await anext(others) as again:
            assert again.task == lease.task
            assert (lease.attempt, again.attempt) == (1, 2)
            await again.done()


async def test_a_replica_that_works_long_keeps_its_task(site: Site):
    other = await site.replica()
    await site.gateway.publish_task(task())
    async with site.gateway.tasks("vision", room()) as tasks, other.tasks("vision", room()) as others:
        async with await anext(tasks) as lease:
            await nothing_comes(others, within_s=2 * QUICK.ack_wait_s)
            assert await lease.done()
        await nothing_comes(others, within_s=1.2 * QUICK.ack_wait_s)


async def test_a_task_given_back_goes_to_another_at_once(patient_site: Site):
    other = await patient_site.replica()
    await patient_site.gateway.publish_task(task())
    async with patient_site.gateway.tasks("vision", room()) as tasks:
        lease = await anext(tasks)
    async with lease, other.tasks("vision", room()) as others:
        assert await lease.give_back()
        async with asyncio.timeout(SOON_S), await anext(others) as again:
            assert again.attempt == 2
            await again.done()


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
async def test_leaving_a_lease_by_an_error_gives_the_task_back(patient_site: Site, error: type[BaseException]):
    await patient_site.gateway.publish_task(task())
    async with patient_site.gateway.tasks("vision", room()) as tasks:
        with pytest.raises(error):
            async with await anext(tasks):
                raise error
        async with asyncio.timeout(SOON_S), await anext(tasks) as again:
            assert again.attempt == 2
            await again.done()


async def test_after_the_last_attempt_a_lease_is_exhausted_and_ends_by_termination(site: Site):
    await site.gateway.publish_task(task())
    seen: list[tuple[int, bool]] = []
    async with site.gateway.tasks("vision", room()) as tasks:
        for _ in range(QUICK.max_attempts):
            async with await anext(tasks) as lease:
                seen.append((lease.attempt, lease.exhausted))
        async with await anext(tasks) as lease:
            seen.append((lease.attempt, lease.exhausted))
            assert await lease.terminate()
        await nothing_comes(tasks, within_s=1.5 * QUICK.ack_wait_s)
    assert seen == [(1, False), (2, False), (3, False), (4, True)]


async def test_a_lease_is_settled_once(site: Site):
    await site.gateway.publish_task(task())
    async with site.gateway.tasks("vision", room()) as tasks, await anext(tasks) as lease:
        await lease.done()
        with pytest.raises(RuntimeError, match="already settled"):
            await lease.give_back()


async def test_a_replica_that_stops_listening_takes_nothing(site: Site):
    places = room()
    async with site.gateway.tasks("vision", places) as tasks:
        await nothing_comes(tasks)
    await site.gateway.publish_task(task())
    async with site.gateway.tasks("vision", places) as tasks, await anext(tasks) as lease:
        assert lease.attempt == 1
        await lease.done()


async def test_a_task_that_arrives_while_a_replica_stops_goes_to_another_at_once(patient_site: Site):
    leaving, staying = await patient_site.replica(), await patient_site.replica()
    async with leaving.tasks("vision", room()) as tasks:
        await nothing_comes(tasks)
        await patient_site.gateway.publish_task(task())
        await asyncio.sleep(MOMENT_S)
    async with (
        asyncio.timeout(SOON_S),
        staying.tasks("vision", room()) as others,
        await anext(others) as lease,
    ):
        await lease.done()


async def test_an_iterator_over_tasks_ends_with_its_context(site: Site):
    ended = asyncio.Event()

    async def listen(tasks):
        async for _ in tasks:
            raise AssertionError("nothing was published")
        ended.set()

    async with site.gateway.tasks("vision", room()) as tasks:
        listener = asyncio.create_task(listen(tasks))
        await asyncio.sleep(MOMENT_S)
    await ended.wait()
    await listener


@pytest.mark.parametrize("name", ["", "a.b", "a b", "*", ">", "ä"])
async def test_names_that_reach_beyond_their_place_are_refused(site: Site, name: str):
    with pytest.raises(ValueError, match="cannot name"):
        await site.gateway.publish_task(task(analysis_id=name))
    with pytest.raises(ValueError, match="cannot name"):
        await site.gateway.publish_media("a1", name, end(0))


# -- media -----------------------------------------------------------------------------------------------------


async def test_a_late_reader_gets_the_media_from_the_start(site: Site):
    await publish_part(site.gateway, 5)
    assert await read_part(await site.replica()) == [0, 1, 2, 3, 4]


async def test_readers_are_independent(site: Site):
    first, second = await site.replica(), await site.replica()
    async with first.media("a1", "part-0") as early:
        await site.gateway.publish_media("a1", "part-0", window(0))
        await site.gateway.publish_media("a1", "part-0", window(1))
        assert (await anext(early)).window.index == 0
        async with second.media("a1", "part-0") as late:
            assert [(await anext(late)).window.index for _ in range(2)] == [0, 1]
        assert (await anext(early)).window.index == 1


async def test_five_hundred_messages_arrive_complete_and_in_order(site: Site):
    reading = asyncio.create_task(read_part(await site.replica()))
    await publish_part(site.gateway, 499)
    assert await reading == list(range(499))


async def test_parts_do_not_mix(site: Site):
    await publish_part(site.gateway, 2, part_id="part-1")
    await publish_part(site.gateway, 3, part_id="part-10")
    await publish_part(site.gateway, 4, analysis_id="a2", part_id="part-1")
    assert await read_part(site.gateway, part_id="part-1") == [0, 1]


async def test_media_end_with_the_end_of_the_part(site: Site):
    await publish_part(site.gateway, 1)
    async with site.gateway.media("a1", "part-0") as media:
        assert (await anext(media)).HasField("window")
        assert (await anext(media)).end.window_count == 1
        for _ in range(2):
            with pytest.raises(StopAsyncIteration):
                await anext(media)


async def test_silence_is_an_error_after_which_the_reader_goes_on(site: Site):
    async with site.gateway.media("a1", "part-0", silence_s=10 * MOMENT_S) as media:
        await site.gateway.publish_media("a1", "part-0", window(0))
        assert (await anext(media)).window.index == 0
        with pytest.raises(MediaSilent):
            await anext(media)
        await site.gateway.publish_media("a1", "part-0", window(1))
        assert (await anext(media)).window.index == 1


async def test_an_end_that_counts_more_windows_than_arrived_says_that_media_are_lost(site: Site):
    await site.gateway.publish_media("a1", "part-0", window(0))
    await site.gateway.publish_media("a1", "part-0", end(2))
    with pytest.raises(MediaLost, match="1 of 2 windows"):
        await read_part(site.gateway)


# -- findings and results --------------------------------------------------------------------------------------


async def test_updates_arrive_in_order_and_before_the_result_that_counts_them(site: Site):
    replica = await site.replica()

    async def work():
        for index in range(200):
            await replica.publish_update(update(str(index)))
        return await replica.deliver_result(delivery(finding_count=200))

    async with site.gateway.gather("a1") as events:
        working = asyncio.create_task(work())
        labels = []
        async for event in events:
            if isinstance(event, ResultRequest):
                assert event.delivery == delivery(finding_count=200)
                await event.confirm(ResultConfirmation.VERDICT_TAKEN)
                break
            labels += [finding.label for finding in event.findings]
        assert labels == [str(index) for index in range(200)]
        assert (await working).verdict == ResultConfirmation.VERDICT_TAKEN


@pytest.mark.parametrize(
    "verdict",
    [ResultConfirmation.VERDICT_TAKEN, ResultConfirmation.VERDICT_RESEND, ResultConfirmation.VERDICT_DROP],
)
async def test_the_gateways_verdict_comes_through(site: Site, verdict):
    replica = await site.replica()
    async with site.gateway.gather("a1") as events:
        delivering = asyncio.create_task(replica.deliver_result(delivery()))
        request = await anext(events)
        await request.confirm(verdict)
        assert (await delivering).verdict == verdict


async def test_a_gateway_that_takes_its_time_gets_the_result(site: Site):
    replica = await site.replica()
    async with site.gateway.gather("a1") as events:
        delivering = asyncio.create_task(replica.deliver_result(delivery()))
        request = await anext(events)
        await asyncio.sleep(1.5 * QUICK.request_timeout_s)
        await request.confirm(ResultConfirmation.VERDICT_TAKEN)
        # Over a network the result may have been sent again meanwhile: every copy is answered.
        while not delivering.done():
            answering = asyncio.ensure_future(anext(events))
            await asyncio.wait({answering, delivering}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                await answering.result().confirm(ResultConfirmation.VERDICT_TAKEN)
            else:
                answering.cancel()
        assert (await delivering).verdict == ResultConfirmation.VERDICT_TAKEN


async def test_a_result_for_nobody_says_that_the_gateway_is_gone(site: Site):
    with pytest.raises(GatewayGone):
        await site.gateway.deliver_result(delivery())


async def test_a_gateway_that_leaves_with_a_result_in_hand_is_gone(site: Site):
    replica = await site.replica()
    async with site.gateway.gather("a1") as events:
        delivering = asyncio.create_task(replica.deliver_result(delivery()))
        await anext(events)
    with pytest.raises(GatewayGone):
        await delivering


async def test_a_lease_is_held_while_the_gateway_gathers(site: Site):
    replica = await site.replica()
    async with site.gateway.gather("a1"):
        assert await replica.lease_held("a1")
        assert not await replica.lease_held("a2")
    assert not await replica.lease_held("a1")


async def test_updates_for_nobody_are_dropped(site: Site):
    await site.gateway.publish_update(update("cut"))
    async with site.gateway.gather("a1") as events:
        await nothing_comes(events)


async def test_a_large_update_arrives_in_pieces_with_their_positions(site: Site):
    large = update(*("x" * 60_000 for _ in range(20)))
    large.first_position = 7
    async with site.gateway.gather("a1") as events:
        await site.gateway.publish_update(large)
        arrived: list[TaskUpdate] = []
        while sum(len(piece.findings) for piece in arrived) < 20:
            arrived.append(await anext(events))
    assert len(arrived) > 1
    assert [piece.first_position for piece in arrived] == [7, 7 + len(arrived[0].findings), *_rest(arrived)]


def _rest(pieces: list[TaskUpdate]) -> list[int]:
    counts = [len(piece.findings) for piece in pieces]
    return [7 + sum(counts[:index]) for index in range(2, len(counts))]


async def test_messages_over_the_limit_are_refused_by_name(site: Site):
    name = "x" * MESSAGE_LIMIT_BYTES
    large = task()
    large.part.CopyFrom(Part(part_id="part-0", video=Video(name=name)))
    with pytest.raises(MessageTooLarge, match="Task of"):
        await site.gateway.publish_task(large)
    with pytest.raises(MessageTooLarge, match="Finding"):
        await site.gateway.publish_update(update(name))
    talkative = delivery()
    talkative.result.error.message = name
    async with site.gateway.gather("a1"):
        with pytest.raises(MessageTooLarge, match="ResultDelivery"):
            await site.gateway.deliver_result(talkative)


# -- the end of an analysis ------------------------------------------------------------------------------------


async def test_cancelling_reaches_all_replicas_and_takes_back_what_nobody_pulled(site: Site):
    first, second = await site.replica(), await site.replica()
    for name in ("a1", "a2"):
        await site.gateway.publish_task(task(analysis_id=name))
    async with first.cancellations() as one, second.cancellations() as two:
        await site.gateway.cancel("a1")
        assert [await anext(one), await anext(two)] == ["a1", "a1"]
    async with first.tasks("vision", room(2)) as tasks:
        async with await anext(tasks) as lease:
            assert lease.task.analysis_id == "a2"
            await lease.done()
        await nothing_comes(tasks)


async def test_a_cancelled_task_in_hand_does_not_come_back(site: Site):
    await site.gateway.publish_task(task())
    async with site.gateway.tasks("vision", room()) as tasks:
        async with await anext(tasks) as lease:
            await site.gateway.cancel("a1")
            await lease.give_back()
        await nothing_comes(tasks)


async def test_forgetting_leaves_nothing_of_the_analysis_and_all_of_the_others(site: Site):
    for name in ("a1", "a2"):
        await site.gateway.publish_task(task(analysis_id=name))
        await publish_part(site.gateway, 3, analysis_id=name)
    async with site.gateway.media("a1", "part-0") as media:
        await anext(media)
        await site.gateway.forget("a1")
    assert await read_part(site.gateway, analysis_id="a2") == [0, 1, 2]
    await site.gateway.forget("a2")
    assert await site.left_behind() == ""


async def test_media_of_a_forgotten_analysis_are_silent(site: Site):
    await publish_part(site.gateway, 3)
    await site.gateway.forget("a1")
    with pytest.raises(MediaSilent):
        await read_part(site.gateway, silence_s=MOMENT_S)


# -- presence --------------------------------------------------------------------------------------------------


async def test_a_late_gateway_learns_at_once_who_is_there(patient_site: Site):
    async with AsyncExitStack() as running:
        for name in ("r1", "r2"):
            replica = await patient_site.replica()
            await running.enter_async_context(replica.announcing(lambda name=name: presence(name)))
        async with asyncio.timeout(SOON_S), patient_site.gateway.presences() as presences:
            seen: set[str] = set()
            while seen != {"r1", "r2"}:
                seen.add((await anext(presences)).replica_id)


async def test_a_replica_announces_what_it_has_become_and_that_it_leaves(site: Site):
    state = presence("r1", ready=False)
    replica = await site.replica()
    async with site.gateway.presences() as presences:
        async with replica.announcing(lambda: state):
            assert not (await anext(presences)).ready
            state = presence("r1", ready=True)
            while not (await anext(presences)).ready:
                pass
        while (await anext(presences)).ready:
            pass
        await nothing_comes(presences, within_s=1.5 * QUICK.announce_s)


async def test_what_a_bus_holds_can_be_read_in_a_log_line(site: Site):
    await site.gateway.publish_task(task())
    async with site.gateway.tasks("vision", room()) as tasks, await anext(tasks) as lease:
        assert repr(lease) == "TaskLease(a1/part-0, attempt 1, held)"
        await lease.done()
        assert isinstance(lease, TaskLease)
        assert repr(lease) == "TaskLease(a1/part-0, attempt 1, DONE)"
    assert "Bus(" in repr(site.gateway)
