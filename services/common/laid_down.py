"""A window as the gateway announced it, opened when an analyzer reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from reelscribe.v1.media_pb2 import FrameFormat, MediaReference, Rendition, SampleFormat, WindowMedia
from reelscribe.v1.media_pb2 import Window as WireWindow
from services.common.errors import InvalidInput
from services.common.renditions import serve
from services.common.time import span_s
from services.common.window import FrameBatch, Frames, Need, SampleBatch, displayed_at

Opener = Callable[[MediaReference], npt.NDArray[np.uint8]]


class AnnouncedWindow:
    """Serves needs from a wire Window. The media is opened once, here and now, and mapped, not read.

    Opening at the announcement keeps the bytes even if the gateway unlinks the segment while an analyzer still
    works on it.
    """

    def __init__(self, window: WireWindow, renditions: Iterable[Rendition], open_reference: Opener) -> None:
        self.index = window.index
        self.start_s, self.end_s = span_s(window.span)
        self._formats = {rendition.rendition_id: rendition for rendition in renditions}
        self._media = {media.rendition_id: media for media in window.media}
        self._bytes = {media.rendition_id: _bytes_of(media, open_reference) for media in window.media}
        for rendition_id in self._media:
            self._check(rendition_id)

    def count(self, need: Need) -> int:
        rendition_id = self._rendition_id(need)
        media = self._media.get(rendition_id)
        if media is None:
            return 0
        if isinstance(need, Frames):
            return len(self._rows(need, media))
        return media.sample_count

    def batch(self, need: Need) -> FrameBatch | SampleBatch:
        rendition_id = self._rendition_id(need)
        if isinstance(need, Frames):
            return self._frames(need, rendition_id)
        return self._samples(rendition_id)

    def _rendition_id(self, need: Need) -> str:
        return serve(need, self._formats.values())

    def _rows(self, need: Frames, media: WindowMedia) -> npt.NDArray[np.intp]:
        return displayed_at(np.asarray(media.frame_offset_s), self.end_s, need.rate_hz)

    def _frames(self, need: Frames, rendition_id: str) -> FrameBatch:
        shape = self._formats[rendition_id].frames
        media = self._media.get(rendition_id, WindowMedia())
        rows = self._rows(need, media)
        rgb = self._bytes.get(rendition_id, _NOTHING).reshape(-1, shape.height_px, shape.width_px, 3)
        everything = len(rows) == len(media.frame_offset_s)
        picked = rgb if everything else rgb[rows]
        picked.flags.writeable = False
        return FrameBatch(
            rgb=picked,
            pts_s=np.asarray(media.frame_offset_s, dtype=np.float64)[rows],
            index=np.asarray(media.frame_index, dtype=np.int64)[rows],
        )

    def _samples(self, rendition_id: str) -> SampleBatch:
        shape = self._formats[rendition_id].samples
        samples = self._bytes.get(rendition_id, _NOTHING).view(np.float32).reshape(-1, shape.channel_count)
        return SampleBatch(samples=samples, sample_rate_hz=shape.sample_rate_hz, start_s=self.start_s)

    def _check(self, rendition_id: str) -> None:
        """Bytes that do not fit their format are refused here, not as a broadcast error inside an analyzer."""
        rendition = self._formats.get(rendition_id)
        if rendition is None:
            raise InvalidInput(f"window {self.index} names the unknown rendition {rendition_id!r}")
        media, given = self._media[rendition_id], len(self._bytes[rendition_id])
        kind = rendition.frames if rendition.WhichOneof("kind") == "frames" else rendition.samples
        expected = _expected_bytes(kind, media)
        if given != expected or len(media.frame_index) != len(media.frame_offset_s):
            raise InvalidInput(f"window {self.index}, {rendition_id}: {given} bytes where its format takes {expected}")


_NOTHING = np.empty(0, dtype=np.uint8)


def _expected_bytes(kind: FrameFormat | SampleFormat, media: WindowMedia) -> int:
    if isinstance(kind, FrameFormat):
        return len(media.frame_offset_s) * kind.height_px * kind.width_px * 3
    return media.sample_count * kind.channel_count * np.dtype(np.float32).itemsize


def _bytes_of(media: WindowMedia, open_reference: Opener) -> npt.NDArray[np.uint8]:
    if media.WhichOneof("location") == "data":
        return np.frombuffer(media.data, np.uint8)
    return open_reference(media.reference)
