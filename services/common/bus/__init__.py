"""The bus between the gateway and the services: one contract, in-process (`memory`) or NATS JetStream (`nats`)."""

from __future__ import annotations

from services.common.bus.contract import (
    MESSAGE_LIMIT_BYTES,
    Bus,
    BusLost,
    BusSettings,
    GatewayGone,
    GatherEvent,
    MediaSilent,
    MessageTooLarge,
    ResultRequest,
)
from services.common.bus.lease import TaskLease
from services.common.bus.updates import split_update
from services.common.errors import BusUnavailable, MediaLost, TooMuch

__all__ = [
    "MESSAGE_LIMIT_BYTES",
    "Bus",
    "BusLost",
    "BusSettings",
    "BusUnavailable",
    "GatewayGone",
    "GatherEvent",
    "MediaLost",
    "MediaSilent",
    "MessageTooLarge",
    "ResultRequest",
    "TaskLease",
    "TooMuch",
    "split_update",
]
