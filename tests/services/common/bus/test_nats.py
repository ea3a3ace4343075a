"""What only a bus over a network can meet: no server, a server that restarts, a replica that is killed."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reelscribe.v1.bus_pb2 import ResultConfirmation
from services.common.bus import (
    BusLost,
    BusSettings,
    BusUnavailable,
    GatewayGone,
    MediaLost,
    MediaSilent,
    ResultRequest,
    TooMuch,
)
from services.common.bus.jetstream import JetStreamBus
from services.common.bus.nats import NatsConnection
from tests.nats_server import NatsServer
from tests.services.common.bus.sites import (
    QUICK,
    SOON_S,
    NatsSite,
    delivery,
    end,
    publish_part,
    read_part,
    room,
    task,
    update,
    window,
)

pytestmark = pytest.mark.timeout(180)

OWN_RETRIES_S = 45.0
"""The client's own patience is minutes; with ours it is a second a call, and the rest is for a busy machine."""

REPOSITORY = Path(__file__).parents[4]


@asynccontextmanager
async def site_on(server: NatsServer, **settings) -> AsyncIterator[NatsSite]:
    site = NatsSite(server.url, replace(QUICK, **settings))
    await site.open()
    try:
        yield site
    finally:
        await site._opened.aclose()


# -- the connection --------------------------------------------------------------------------------------------


async def test_without_a_server_the_bus_is_unavailable_within_its_time():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    start_s = time.monotonic()
    quick = replace(BusSettings(), connect_timeout_s=1.0)
    with pytest.raises(BusUnavailable, match=f"127.0.0.1:{port} does not answer") as caught:
        async with JetStreamBus(f"nats://someone:secret@127.0.0.1:{port}", quick):
            pass
    assert time.monotonic() - start_s < OWN_RETRIES_S
    assert "secret" not in str(caught.value)


async def test_something_that_is_no_nats_server_is_unavailable_too():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        start_s = time.monotonic()
        quick = replace(BusSettings(), connect_timeout_s=1.0)
        with pytest.raises(BusUnavailable):
            async with JetStreamBus(f"nats://127.0.0.1:{mute.getsockname()[1]}", quick):
                pass
        assert time.monotonic() - start_s < OWN_RETRIES_S


async def test_who_is_subscribed_is_known_to_the_server():
    """Nothing that is published from then on is missed: a ping was answered that came after the subscription."""
    lines: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"a","version":"2.9.0","headers":true,"max_payload":1048576}\r\n')
        while line := await reader.readline():
            lines.append(line.split(b" ")[0].strip())
            if lines[-1] == b"PING":
                writer.write(b"PONG\r\n")
        writer.close()

    async def take(_message: object) -> None:
        """Nothing comes."""

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with NatsConnection(f"nats://127.0.0.1:{port}", QUICK) as connection:
            async with connection.subscribed("a", take):
                told = list(lines)
            assert b"PING" in told[told.index(b"SUB") :]


async def test_a_server_without_jetstream_is_named(tmp_path: Path, own_nats_server: NatsServer):
    own_nats_server.stop()
    own_nats_server.start(jetstream=False)
    with pytest.raises(BusUnavailable, match="runs without JetStream"):
        async with JetStreamBus(own_nats_server.url, replace(QUICK, connect_timeout_s=1.0)):
            pass


async def test_two_installations_on_one_server_do_not_see_each_other(nats_server: NatsServer, nats_site: NatsSite):
    async with site_on(nats_server) as other:
        await nats_site.gateway.publish_task(task())
        await publish_part(nats_site.gateway, 2)
        async with (
            nats_site.gateway.gather("a1"),
            other.gateway.tasks("vision", room()) as tasks,
            other.gateway.cancellations() as cancellations,
        ):
            await nats_site.gateway.cancel("a1")
            for iterator in (tasks, cancellations):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.3):
                        await anext(iterator)
            assert not await other.gateway.lease_held("a1")
        with pytest.raises(MediaSilent):
            await read_part(other.gateway, silence_s=0.3)
        await other.close()


async def test_streams_take_the_newest_settings(nats_site: NatsSite):
    larger = replace(nats_site.settings, media_limit_bytes=2 * nats_site.settings.media_limit_bytes, ack_wait_s=7.0)
    async with (
        JetStreamBus(nats_site.url, larger) as bus,
        bus.tasks("vision", room()),
        NatsConnection(nats_site.url, larger) as connection,
    ):
        stream = await connection.api(f"STREAM.INFO.{larger.prefix}-media")
        consumer = await connection.api(f"CONSUMER.INFO.{larger.prefix}-tasks.vision")
    assert stream["config"]["max_bytes"] == larger.media_limit_bytes
    assert consumer["config"]["ack_wait"] == 7_000_000_000


async def test_a_full_bus_refuses_instead_of_forgetting(nats_server: NatsServer):
    async with site_on(nats_server, media_limit_bytes=20_000) as site:
        published: list[int] = []

        async def publish_until_full() -> None:
            for index in range(1000):
                await site.gateway.publish_media("a1", "part-0", window(index))
                published.append(index)

        with pytest.raises(TooMuch, match="full"):
            await publish_until_full()
        async with site.gateway.media("a1", "part-0") as media:
            assert [(await anext(media)).window.index for _ in published] == published
        await site.close()


# -- replicas and readers --------------------------------------------------------------------------------------


async def test_the_task_of_a_killed_process_goes_to_another(nats_site: NatsSite):
    command = ("-m", "tests.services.common.bus.replica_process", nats_site.url, nats_site.settings.prefix)
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await nats_site.gateway.publish_task(task())
    assert await process.stdout.readline() == b"1\n"
    async with nats_site.gateway.tasks("vision", room()) as tasks:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5 * QUICK.ack_wait_s):
                await anext(tasks)
        process.kill()
        await process.wait()
        async with asyncio.timeout(SOON_S), await anext(tasks) as lease:
            assert lease.attempt == 2
            assert await lease.done()


async def test_a_reader_whose_consumer_vanished_goes_on_where_it_was(nats_site: NatsSite):
    await nats_site.gateway.publish_media("a1", "part-0", window(0))
    async with nats_site.gateway.media("a1", "part-0") as media, _connected(nats_site) as connection:
        assert (await anext(media)).window.index == 0
        await _delete_readers(connection, f"{nats_site.settings.prefix}-media")
        await nats_site.gateway.publish_media("a1", "part-0", window(1))
        await nats_site.gateway.publish_media("a1", "part-0", end(2))
        assert (await anext(media)).window.index == 1
        assert (await anext(media)).HasField("end")


async def test_replicas_whose_consumer_vanished_go_on(nats_site: NatsSite):
    async with nats_site.gateway.tasks("vision", room()) as tasks, _connected(nats_site) as connection:
        waiting = asyncio.create_task(anext(tasks))
        await asyncio.sleep(0.3)
        await _delete_readers(connection, f"{nats_site.settings.prefix}-tasks")
        await nats_site.gateway.publish_task(task())
        async with await waiting as lease:
            await lease.done()


async def test_forgetting_removes_the_readers_of_dead_replicas(nats_site: NatsSite):
    await publish_part(nats_site.gateway, 1)
    replica = await nats_site.replica()
    async with replica.media("a1", "part-0") as media:
        await anext(media)
        assert await nats_site.reader_count() == 1
        await nats_site.gateway.forget("a1")
        assert await nats_site.left_behind() == ""


async def test_media_published_after_their_stream_was_deleted_are_lost_by_name(nats_site: NatsSite):
    await nats_site.gateway.publish_media("a1", "part-0", window(0))
    async with nats_site.gateway.media("a1", "part-0") as media, _connected(nats_site) as connection:
        await anext(media)
        await connection.api(f"STREAM.DELETE.{nats_site.settings.prefix}-media")
        with pytest.raises(MediaLost):
            await nats_site.gateway.publish_media("a1", "part-0", window(1))
        with pytest.raises(MediaLost):
            await anext(media)
    await publish_part(nats_site.gateway, 2, analysis_id="a2")
    assert await read_part(nats_site.gateway, analysis_id="a2") == [0, 1]


async def test_an_undecodable_task_is_ended_and_the_next_one_taken(nats_site: NatsSite):
    prefix = nats_site.settings.prefix
    async with _connected(nats_site) as connection:
        await connection.store(f"{prefix}.task.vision.a1.part-0", b"\xff\xff", {})
    await nats_site.gateway.publish_task(task(part_id="part-1"))
    async with nats_site.gateway.tasks("vision", room()) as tasks, await anext(tasks) as lease:
        assert lease.task.part.part_id == "part-1"
        await lease.done()
    assert await nats_site.left_behind() == ""


# -- the server restarts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suddenly", [False, True])
async def test_a_server_that_forgot_everything_is_told_to_everybody(own_nats_server: NatsServer, suddenly: bool):
    async with site_on(own_nats_server) as site:
        replica = await site.replica()
        await site.gateway.publish_media("a1", "part-0", window(0))
        await site.gateway.publish_task(task())
        async with (
            site.gateway.gather("a1") as events,
            replica.tasks("vision", room(2)) as tasks,
            await anext(tasks) as lease,
            replica.media("a1", "part-0", silence_s=30.0) as media,
        ):
            await anext(media)
            own_nats_server.stop(suddenly=suddenly)
            own_nats_server.start()
            with pytest.raises(BusLost):
                await anext(events)
            with pytest.raises(MediaLost):
                await anext(media)
            with pytest.raises(MediaLost):
                await site.gateway.publish_media("a1", "part-0", window(1))
            assert not await lease.done()
            await _the_bus_works(site, tasks, analysis_id="a2")


async def test_a_server_that_keeps_files_forgets_nothing(own_nats_server: NatsServer):
    async with site_on(own_nats_server, storage="file", ack_wait_s=10.0) as site:
        replica = await site.replica()
        await site.gateway.publish_media("a1", "part-0", window(0))
        await site.gateway.publish_task(task())
        async with (
            site.gateway.gather("a1") as events,
            replica.tasks("vision", room(2)) as tasks,
            await anext(tasks) as lease,
            replica.media("a1", "part-0", silence_s=30.0) as media,
        ):
            await anext(media)
            own_nats_server.stop()
            own_nats_server.start()
            await site.gateway.publish_media("a1", "part-0", window(1))
            await site.gateway.publish_media("a1", "part-0", end(2))
            assert (await anext(media)).window.index == 1
            assert (await anext(media)).HasField("end")
            delivering = asyncio.create_task(replica.deliver_result(delivery()))
            request = await anext(events)
            assert isinstance(request, ResultRequest)
            await request.confirm(ResultConfirmation.VERDICT_TAKEN)
            assert (await delivering).verdict == ResultConfirmation.VERDICT_TAKEN
            assert await lease.done()
            await _the_bus_works(site, tasks, analysis_id="a2")


async def test_while_the_server_is_away_calls_fail_in_their_time_and_later_work_again(own_nats_server: NatsServer):
    async with site_on(own_nats_server, outage_s=1.0) as site, site.gateway.tasks("vision", room()) as tasks:
        own_nats_server.stop()
        start_s = time.monotonic()
        for call in (
            site.gateway.publish_task(task()),
            site.gateway.publish_media("a1", "part-0", window(0)),
            site.gateway.lease_held("a1"),
            site.gateway.deliver_result(delivery()),
            site.gateway.forget("a1"),
        ):
            with pytest.raises(BusUnavailable):
                await call
        with pytest.raises(MediaSilent):
            await read_part(site.gateway, silence_s=0.5)
        await site.gateway.publish_update(update("cut"))
        assert time.monotonic() - start_s < OWN_RETRIES_S
        own_nats_server.start()
        await _the_bus_works(site, tasks, analysis_id="a1")


async def test_a_gateway_away_for_a_moment_is_not_gone(nats_server: NatsServer):
    async with site_on(nats_server, gone_after_s=2.0) as site:
        replica = await site.replica()
        delivering = asyncio.create_task(replica.deliver_result(delivery()))
        await asyncio.sleep(0.3)
        async with site.gateway.gather("a1") as events:
            request = await anext(events)
            await request.confirm(ResultConfirmation.VERDICT_TAKEN)
            assert (await delivering).verdict == ResultConfirmation.VERDICT_TAKEN
        with pytest.raises(GatewayGone):
            await replica.deliver_result(delivery())
        await site.close()


async def test_leaving_while_the_server_is_away_does_not_hang(own_nats_server: NatsServer):
    async with asyncio.timeout(60):
        async with (
            site_on(own_nats_server, outage_s=1.0) as site,
            site.gateway.tasks("vision", room()) as tasks,
            site.gateway.media("a1", "part-0", silence_s=0.3) as media,
            site.gateway.cancellations(),
            site.gateway.gather("a1"),
        ):
            await site.gateway.publish_task(task())
            async with await anext(tasks):
                with pytest.raises(MediaSilent):
                    await anext(media)
                own_nats_server.stop()


async def _the_bus_works(site: NatsSite, tasks, analysis_id: str) -> None:
    await site.gateway.publish_task(task(analysis_id=analysis_id))
    async with await anext(tasks) as lease:
        assert lease.task.analysis_id == analysis_id
        await publish_part(site.gateway, 2, analysis_id=analysis_id)
        assert await read_part(site.gateway, analysis_id=analysis_id) == [0, 1]
        assert await lease.done()


@asynccontextmanager
async def _connected(site: NatsSite) -> AsyncIterator[NatsConnection]:
    async with NatsConnection(site.url, site.settings) as connection:
        yield connection


async def _delete_readers(connection: NatsConnection, stream: str) -> None:
    for consumer in (await connection.api(f"CONSUMER.LIST.{stream}"))["consumers"]:
        await connection.api(f"CONSUMER.DELETE.{stream}.{consumer['name']}")
