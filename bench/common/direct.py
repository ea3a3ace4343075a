"""An analyzer given pictures as they are, past gateway and files: for comparisons on the very same pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from reelscribe.v1.analyzer_pb2 import Task
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Part, StreamKind, Video, VideoStream
from services.common.part_run import Event, Found
from services.common.window import FrameBatch, Need

if TYPE_CHECKING:
    from services.common.analyzer import Analyzer


class _Picture:
    """A window that shows one picture for a second, whatever is asked for."""

    def __init__(self, rgb: npt.NDArray[np.uint8], index: int) -> None:
        self.index, self.start_s, self.end_s = index, float(index), float(index + 1)
        self._batch = FrameBatch(rgb=rgb[None], pts_s=np.array([self.start_s]), index=np.array([index], dtype=np.int64))

    def count(self, need: Need) -> int:
        return 1

    def batch(self, need: Need) -> FrameBatch:
        return self._batch


def findings_in(kind: type[Analyzer], pictures: Sequence[npt.NDArray[np.uint8]]) -> list[Finding]:
    """What it finds in (height, width, 3) RGB pictures of one size, shown for a second each as one video.

    Raises RuntimeError if it cannot be loaded.
    """
    from services.common.device import Device
    from services.common.service import Service

    service = Service("vision", [kind], Device(core_count=1))
    service.load()
    if reason := service.describe()[0].unavailable.message:
        raise RuntimeError(reason)
    found: list[Finding] = []

    def take(event: Event) -> None:
        if isinstance(event, Found):
            found.append(event.finding)

    height_px, width_px = pictures[0].shape[:2]
    video = Video(video_stream=VideoStream(width_px=width_px, height_px=height_px))
    part = Part(part_id="frames-0", stream=StreamKind.STREAM_KIND_FRAMES, video=video)
    run = service.start(Task(analysis_id="bench", service="vision", part=part, analyzers=[kind.name]), take)
    for index, rgb in enumerate(pictures):
        run.feed(_Picture(rgb, index))
    run.end()
    run.join()
    return found
