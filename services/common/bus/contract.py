"""What the bus promises: the seam between the gateway and the services, its settings and its errors."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from google.protobuf.message import Message

from reelscribe.v1.analyzer_pb2 import Task
from reelscribe.v1.bus_pb2 import MediaMessage, Presence, ResultConfirmation, ResultDelivery, TaskUpdate
from services.common.bus.lease import TaskLease
from services.common.errors import ReelscribeError

MESSAGE_LIMIT_BYTES = 512 * 1024
"""Half of a stock server's limit: with its headers, no message of ours is ever refused for its size."""


class MessageTooLarge(ReelscribeError):
    """One message is over MESSAGE_LIMIT_BYTES and cannot be split."""

    reason = "message_too_large"

    def __init__(self, kind: str, size_bytes: int) -> None:
        super().__init__(f"a {kind} of {size_bytes} bytes is over the bus's limit of {MESSAGE_LIMIT_BYTES}")
        self.size_bytes = size_bytes


class GatewayGone(ReelscribeError):
    """Nobody gathers this analysis any more: what a service found for it is for nobody."""

    reason = "gateway_gone"

    def __init__(self, analysis_id: str) -> None:
        super().__init__(f"no gateway gathers the analysis {analysis_id!r}")
        self.analysis_id = analysis_id


class MediaSilent(ReelscribeError):
    """No media arrived for a while, and the part has not ended. The reader can be asked again."""

    reason = "media_silent"

    def __init__(self, analysis_id: str, part_id: str, silence_s: float) -> None:
        super().__init__(f"no media of {part_id!r} of the analysis {analysis_id!r} for {silence_s:g} s")
        self.silence_s = silence_s


class BusLost(ReelscribeError):
    """The server forgot what was entrusted to it (it restarted without its storage): tasks and media are gone."""

    reason = "bus_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusSettings:
    """How a bus behaves. The in-process one needs `max_attempts` and `announce_s` only."""

    prefix: str = "reelscribe"
    """First token of every subject and stream: installations with different ones share a server unseen."""
    ack_wait_s: float = 30.0
    """A task whose replica gave no sign of life for this long goes to another."""
    heartbeat_s: float = 5.0
    """How often a replica says that it still works on a task."""
    max_attempts: int = 3
    """Deliveries of a task that are worked on; the next one is `exhausted`."""
    announce_s: float = 2.0
    """How often a replica announces itself."""
    connect_timeout_s: float = 3.0
    """Without a server for this long at the start: BusUnavailable."""
    request_timeout_s: float = 2.0
    """A request without an answer for this long is sent again."""
    outage_s: float = 30.0
    """Trying in vain for this long ends a call with BusUnavailable; the connection itself is retried for ever."""
    gone_after_s: float = 3.0
    """A gateway that nobody can see for this long is gone, not reconnecting."""
    pull_beat_s: float = 1.0
    """How often the server says that it still holds a pull; three missed ones: it forgot."""
    storage: Literal["memory", "file"] = "memory"
    """Where the server keeps tasks and media. `file` survives its restart."""
    server_count: int = 1
    """Servers of a cluster that keep a copy."""
    media_limit_bytes: int = 64 * 1024 * 1024
    """Messages about media (not the media) at one time; a minute of video takes about 100 KB."""
    media_age_s: float = 6 * 3600.0
    """What a dead gateway left behind is dropped after this long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRequest:
    """A result that waits for the gateway's verdict. Its service holds the task until `confirm` was called."""

    delivery: ResultDelivery
    confirm: Callable[[ResultConfirmation.Verdict], Awaitable[None]]


GatherEvent = TaskUpdate | ResultRequest


class Bus(Protocol):
    """Tasks, media references and findings between the gateway and the replicas of the services.

    Identifiers (analysis, part, service) are tokens of [A-Za-z0-9_-]. Every iterator belongs to one reader and
    ends when its context is left. Every call may raise BusUnavailable, each publishing one MessageTooLarge.
    """

    # -- the gateway's side ------------------------------------------------------------------------------------

    def gather(self, analysis_id: str) -> AbstractAsyncContextManager[AsyncIterator[GatherEvent]]:
        """Hold the analysis's lease and receive what its services send. Open it before publishing the first task.

        A result comes after every update its replica published before it (as far as those arrived: updates are
        not confirmed). Raises BusLost from the iterator if the server lost the analysis's tasks or media.
        """

    async def publish_task(self, task: Task) -> None:
        """Queue it for one replica of `task.service`."""

    async def publish_media(self, analysis_id: str, part_id: str, message: MediaMessage) -> None:
        """Append to the part's media; returns when it is kept. One publisher per part, one call at a time.

        Raises MediaLost if what was published of the part before is gone, TooMuch if the bus is full.
        """

    async def cancel(self, analysis_id: str) -> None:
        """Take back the tasks nobody pulled, and tell all replicas to stop."""

    async def forget(self, analysis_id: str) -> None:
        """Remove every trace. Only after all tasks have ended, since replicas replay media at their own pace."""

    def presences(self) -> AbstractAsyncContextManager[AsyncIterator[Presence]]:
        """Signs of life of all replicas: those that exist answer at once, then each every `announce_s`."""

    # -- a service's side --------------------------------------------------------------------------------------

    def announcing(self, presence: Callable[[], Presence]) -> AbstractAsyncContextManager[None]:
        """Announce what `presence` returns, now, regularly and whenever a gateway asks; at the end not ready."""

    def tasks(self, service: str, room: Semaphore) -> AbstractAsyncContextManager[AsyncIterator[TaskLease]]:
        """Tasks of a service, one for each place in `room`, which the lease returns at its end.

        Every lease must be entered (`async with lease:`). Leaving this context only ends the pulling.
        """

    def media(
        self, analysis_id: str, part_id: str, *, silence_s: float = 10.0
    ) -> AbstractAsyncContextManager[AsyncIterator[MediaMessage]]:
        """The part's media from the first message to EndOfPart, however late the reader comes.

        Raises MediaSilent after `silence_s` without a message (the iterator can be asked again), MediaLost if
        messages that were published can no longer be had.
        """

    async def publish_update(self, update: TaskUpdate) -> None:
        """Send findings, in several messages if need be; not confirmed."""

    async def deliver_result(self, delivery: ResultDelivery) -> ResultConfirmation:
        """Send until the gateway confirms. Raises GatewayGone if nobody gathers the analysis."""

    async def lease_held(self, analysis_id: str) -> bool:
        """Whether a gateway still gathers the analysis."""

    def cancellations(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Identifiers of analyses that are cancelled from now on."""


class Semaphore(Protocol):
    """What `tasks` needs of an asyncio.Semaphore."""

    async def acquire(self) -> Literal[True]: ...

    def release(self) -> None: ...


def packed(message: Message) -> bytes:
    """The bytes that travel. Raises MessageTooLarge."""
    data = message.SerializeToString()
    if len(data) > MESSAGE_LIMIT_BYTES:
        raise MessageTooLarge(message.DESCRIPTOR.name, len(data))
    return data


def token(name: str) -> str:
    """The name, fit for a subject. Raises ValueError for one that would reach beyond its own place in it."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise ValueError(f"{name!r} cannot name an analysis, part or service: only [A-Za-z0-9_-]")
    return name
