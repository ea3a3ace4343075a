"""Takes single upright pictures out of a file: those on screen at given times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gateway.decode.clock import FrameClock, Timeline
from gateway.decode.damage import DamageLog
from gateway.decode.header import check_size, orientation_in
from gateway.decode.packets import frames_of, packets_of
from gateway.decode.picture import displayed_size
from gateway.decode.render import Renderer
from gateway.decode.source import DEFAULT_MAX_PIXEL_COUNT, Source, open_source
from reelscribe.v1.media_pb2 import FrameFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """One picture. `rgb`: uint8 (height_px, width_px, 3), upright, with square pixels."""

    start_s: float
    """When the file shows it, from its first displayed picture."""
    rgb: npt.NDArray[np.uint8]


def stills(path: Path, times_s: Sequence[float], *, long_side_px: int, thread_count: int = 1) -> list[Still | None]:
    """The picture on screen at each of the increasing times; after the end, the last. None where none came out.

    Decodes in the order of the file, up to the last time asked for: places of key frames in damaged or joined files
    cannot be trusted, and times come out as those of `decode`. Raises what `open_source` raises, and TooLarge.
    """
    taken: list[Still | None] = []
    renderer: Renderer | None = None
    with open_source(path, thread_count=thread_count) as source:
        held: tuple[Any, float] | None = None
        for frame, start_s in _displayed(source):
            while held is not None and len(taken) < len(times_s) and start_s > times_s[len(taken)]:
                renderer = renderer or _renderer(source, held[0], long_side_px)
                taken.append(_still(renderer, *held))
            if len(taken) == len(times_s):
                return taken
            held = (frame, start_s)
        if held is not None:
            renderer = renderer or _renderer(source, held[0], long_side_px)
            last = _still(renderer, *held)
            taken += [last] * (len(times_s) - len(taken))
    return taken + [None] * (len(times_s) - len(taken))


def _displayed(source: Source) -> Iterator[tuple[Any, float]]:
    """Each displayed picture with its time."""
    if source.video is None:
        return
    clock = FrameClock(
        time_base=source.video.time_base,
        rate_from_header=source.video.average_rate,
        timeline=Timeline(end_from_header=source.end_from_header),
    )
    unsaid = DamageLog()  # the report tells what is wrong with the file
    for packet in packets_of(source, [source.video]):
        for frame in frames_of(packet, unsaid, reason="video_packet_corrupt", what="Packets", at_s=None):
            start = clock.place(pts=frame.pts, dts=frame.dts, duration=frame.duration)
            if start is not None:
                yield frame, float(start)


def _renderer(source: Source, frame: Any, long_side_px: int) -> Renderer:
    check_size(frame.width, frame.height, DEFAULT_MAX_PIXEL_COUNT)
    orientation, pixel_aspect = orientation_in(frame), source.video.sample_aspect_ratio
    width_px, height_px = displayed_size(frame.width, frame.height, pixel_aspect, orientation)
    scale = min(1.0, long_side_px / max(width_px, height_px))
    size = FrameFormat(width_px=max(1, round(width_px * scale)), height_px=max(1, round(height_px * scale)))
    return Renderer(size, orientation=orientation, pixel_aspect=pixel_aspect)


def _still(renderer: Renderer, frame: Any, start_s: float) -> Still | None:
    """None if the scaler can make nothing of the picture."""
    rgb = renderer.render(frame)
    return None if rgb is None else Still(start_s=start_s, rgb=rgb)
