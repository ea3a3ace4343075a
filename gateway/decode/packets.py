"""Reads packets in the order of the file and decodes each, counting what is damaged instead of stopping at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import av

from gateway.decode.damage import DamageLog
from gateway.decode.source import Source


@dataclass(frozen=True, slots=True)
class Flush:
    """Stands after the last packet of a file that broke off: decoding it empties the stream's decoder."""

    stream: Any
    size = 0
    is_corrupt = False

    def decode(self) -> list[Any]:
        """The frames the decoder still held; none if it was emptied before."""
        try:
            return list(self.stream.codec_context.decode(None))
        except av.EOFError:
            return []


def packets_of(source: Source, streams: Sequence[Any]) -> Iterator[Any]:
    """The packets of these streams, then for each stream one without bytes that empties its decoder."""
    if not streams:
        return
    try:
        yield from source.container.demux(list(streams))
    except av.FFmpegError as error:
        source.damages.note("container_damaged", f"The file cannot be read to its end: {error.strerror}.")
        yield from (Flush(stream) for stream in streams)
    except IndexError:
        # PyAV fails so at the end of a file in which a stream appeared that was not there when it was opened.
        yield from (Flush(stream) for stream in streams)


def frames_of(packet: Any, damages: DamageLog, *, reason: str, what: str, at_s: float | None) -> list[Any]:
    """The frames a packet completes; a packet that is corrupt or refused by the decoder is counted as damage."""
    refused = False
    frames: list[Any] = []
    try:
        frames = packet.decode()
    except av.FFmpegError:
        refused = True
    if refused or packet.is_corrupt:
        damages.count(reason, what, at_s)
    return frames
