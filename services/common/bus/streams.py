"""The two JetStream streams: created where they are missing, known by their age, purged by analysis."""

from __future__ import annotations

from typing import Any

from services.common.bus.contract import BusSettings
from services.common.bus.nats import FULL, NatsConnection, NobodyThere, Refused
from services.common.bus.pull import NS_PER_S
from services.common.errors import BusUnavailable, MediaLost, TooMuch

NAME_IN_USE = 10058
WRONG_LAST_SEQUENCE = 10071
"""JetStream's codes for "exists with another configuration" and "that is not what I have last"."""

ACK_PENDING_COUNT = 10_000
"""Tasks of a service that may be worked on at one time, over all replicas."""


class Streams:
    """`tasks` is a work queue, `media` a log with limits, that refuses rather than forgets when it is full."""

    def __init__(self, connection: NatsConnection, settings: BusSettings) -> None:
        self._connection = connection
        self._settings = settings
        self.tasks = f"{settings.prefix}-tasks"
        self.media = f"{settings.prefix}-media"

    def __repr__(self) -> str:
        return f"Streams({self.tasks}, {self.media})"

    async def create(self) -> str:
        """Both, where missing. Returns their epoch: another one means that the server lost one of them."""
        tasks = await self._create(
            {
                "name": self.tasks,
                "subjects": [f"{self._settings.prefix}.task.>"],
                "retention": "workqueue",
                **self._place(),
            }
        )
        return f"{tasks} {await self.create_media()}"

    async def create_media(self) -> str:
        """The media's, if missing. Returns when it was created."""
        return await self._create(
            {
                "name": self.media,
                "subjects": [f"{self._settings.prefix}.media.>"],
                "retention": "limits",
                "discard": "new",
                "max_bytes": self._settings.media_limit_bytes,
                "max_age": int(self._settings.media_age_s * NS_PER_S),
                **self._place(),
            }
        )

    async def create_task_consumer(self, service: str) -> None:
        """The one all replicas of the service pull from. It outlives them: it counts the deliveries."""
        await self.create()
        subject = f"{self._settings.prefix}.task.{service}.>"
        await self._ask(
            f"CONSUMER.CREATE.{self.tasks}.{service}.{subject}",
            stream_name=self.tasks,
            config={
                "name": service,
                "durable_name": service,
                "filter_subject": subject,
                "ack_policy": "explicit",
                "ack_wait": int(self._settings.ack_wait_s * NS_PER_S),
                "max_ack_pending": ACK_PENDING_COUNT,
                "deliver_policy": "all",
            },
        )

    async def store(self, subject: str, data: bytes, headers: dict[str, str]) -> int:
        """Append; returns the sequence. Raises MediaLost, TooMuch, and BusUnavailable where trying again may help."""
        try:
            return await self._connection.store(subject, data, headers)
        except NobodyThere:
            await self.create()
            raise BusUnavailable(f"the stream for {subject} was missing") from None
        except Refused as refused:
            if refused.code == WRONG_LAST_SEQUENCE:
                raise MediaLost(f"the message bus lost what was published on {subject}") from None
            if refused.code in FULL:
                raise TooMuch(f"the message bus is full: {refused}") from None
            raise BusUnavailable(f"the message bus refuses {subject}: {refused}") from None

    async def purge_tasks(self, analysis_id: str) -> None:
        """Remove the analysis's tasks, also those being worked on."""
        await self._purge(self.tasks, f"{self._settings.prefix}.task.*.{analysis_id}.>")

    async def purge_media(self, analysis_id: str) -> None:
        """Remove the analysis's media, and readers that dead replicas left there."""
        subjects = f"{self._settings.prefix}.media.{analysis_id}."
        await self._purge(self.media, f"{subjects}>")
        for consumer in await self._consumers(self.media):
            if (consumer.get("config") or {}).get("filter_subject", "").startswith(subjects):
                await self._forgiving(f"CONSUMER.DELETE.{self.media}.{consumer['name']}")

    async def _consumers(self, stream: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = await self._forgiving(f"CONSUMER.LIST.{stream}", offset=len(found))
            consumers = page.get("consumers") or []
            found += consumers
            if not consumers or len(found) >= page["total"]:
                return found

    async def _purge(self, stream: str, subjects: str) -> None:
        await self._forgiving(f"STREAM.PURGE.{stream}", filter=subjects)

    async def _create(self, config: dict[str, object]) -> str:
        try:
            answer = await self._connection.api(f"STREAM.CREATE.{config['name']}", **config)
        except Refused as refused:
            if refused.code != NAME_IN_USE:
                raise BusUnavailable(f"the stream {config['name']} cannot be created: {refused}") from None
            # Made with other limits, by another version or other settings: the newest word counts.
            answer = await self._ask(f"STREAM.UPDATE.{config['name']}", **config)
        return str(answer["created"])

    async def _ask(self, name: str, /, **fields: object) -> dict[str, Any]:
        try:
            return await self._connection.api(name, **fields)
        except Refused as refused:
            raise BusUnavailable(f"JetStream refuses {name}: {refused}") from None

    async def _forgiving(self, name: str, /, **fields: object) -> dict[str, Any]:
        """What is to be removed from something that is gone is removed."""
        try:
            return await self._connection.api(name, **fields)
        except Refused:
            return {}

    def _place(self) -> dict[str, object]:
        return {"storage": self._settings.storage, "num_replicas": self._settings.server_count}
