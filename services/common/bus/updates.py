"""How an update that is too large for one message becomes several."""

from __future__ import annotations

from collections.abc import Iterator

from reelscribe.v1.bus_pb2 import TaskUpdate
from reelscribe.v1.finding_pb2 import Finding
from services.common.bus.contract import MESSAGE_LIMIT_BYTES, MessageTooLarge

FRAME_BYTES = 8
"""Tag and length of a finding inside an update, at most; also what a first_position may grow by."""


def split_update(update: TaskUpdate, *, limit_bytes: int = MESSAGE_LIMIT_BYTES) -> list[TaskUpdate]:
    """The update as it is if it fits, else several with its findings in order and their own first_position.

    Raises MessageTooLarge for a single finding that fits no message.
    """
    if update.ByteSize() <= limit_bytes:
        return [update]
    head = TaskUpdate()
    head.CopyFrom(update)
    head.ClearField("findings")
    pieces: list[TaskUpdate] = []
    position = update.first_position
    for findings in _batches(update, limit_bytes - head.ByteSize() - FRAME_BYTES):
        piece = TaskUpdate(findings=findings)
        piece.MergeFrom(head)
        piece.first_position = position
        position += len(findings)
        pieces.append(piece)
    return pieces


def _batches(update: TaskUpdate, room_bytes: int) -> Iterator[list[Finding]]:
    batch: list[Finding] = []
    taken_bytes = 0
    for finding in update.findings:
        size_bytes = finding.ByteSize() + FRAME_BYTES
        if size_bytes > room_bytes:
            raise MessageTooLarge("Finding", size_bytes)
        if batch and taken_bytes + size_bytes > room_bytes:
            yield batch
            batch, taken_bytes = [], 0
        batch.append(finding)
        taken_bytes += size_bytes
    if batch:
        yield batch
