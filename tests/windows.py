"""Windows for an analyzer under test, from arrays or from a file, without gateway or service."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from fractions import Fraction
from itertools import takewhile
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import Video, VideoStream
from services.common.analyzer import Analyzer, needs_of
from services.common.window import FrameBatch, Frames, Need, Part, SampleBatch, Samples, Window, displayed_at


def part_of(analyzer: Analyzer, *, video: Video | None = None, **settings: Any) -> Part:
    values = analyzer.settings.model_dump() | settings
    return Part(
        analysis_id="test",
        part_id="part-0",
        index=0,
        start_s=0.0,
        own_start_s=0.0,
        video=video or Video(),
        settings=type(analyzer.settings)(**values),
    )


def windows_of_frames(
    frames: Sequence[np.ndarray], pts_s: Sequence[float], end_s: float, needs: tuple[Need, ...], length_s: float = 1.0
) -> Iterator[Window]:
    """Windows of about length_s seconds of uint8 RGB frames of one size (sizes may change from window to window)."""
    times = np.asarray(pts_s, dtype=np.float64)
    starts = [0]
    for row, time_s in enumerate(times):
        if time_s - times[starts[-1]] >= length_s - 1e-6:
            starts.append(row)
    for index, (first, last) in enumerate(zip(starts, [*starts[1:], len(times)], strict=True)):
        window_end_s = float(times[last]) if last < len(times) else end_s
        contents: dict[Hashable, Any] = {}
        for need in needs:
            assert isinstance(need, Frames)
            rows = first + displayed_at(times[first:last], window_end_s, need.rate_hz)
            contents[need] = FrameBatch(
                rgb=np.stack([_sized(frames[row], need.long_side_px) for row in rows]) if len(rows) else _nothing(),
                pts_s=times[rows],
                index=rows.astype(np.int64),
            )
        yield Window(index=index, start_s=float(times[first]), end_s=window_end_s, contents=contents)


def windows_of_file(path: Path, analyzer: Analyzer, until_s: float = math.inf) -> Iterator[Window]:
    """The frames of a small upright SDR file that begin before `until_s`, decoded at once."""
    with av.open(str(path)) as container:
        timed = ((frame, frame.pts * frame.time_base) for frame in container.decode(video=0))
        shown = takewhile(lambda each: each[1] < until_s, timed)
        decoded = [(frame.to_ndarray(format="rgb24"), time) for frame, time in shown]
    first: Fraction = decoded[0][1]
    pts_s = [float(time - first) for _, time in decoded]
    step_s = pts_s[-1] - pts_s[-2] if len(pts_s) > 1 else 0.04
    yield from windows_of_frames([frame for frame, _ in decoded], pts_s, pts_s[-1] + step_s, needs_of(analyzer))


def windows_of_samples(samples: np.ndarray, need: Samples, length_s: float = 1.0) -> Iterator[Window]:
    """Windows of float32 samples (n,) or (n, channels) that already have the need's rate and channels."""
    shaped = samples.reshape(len(samples), -1).astype(np.float32)
    step = round(length_s * need.sample_rate_hz)
    for index, first in enumerate(range(0, len(shaped), step)):
        chunk = shaped[first : first + step]
        start_s = first / need.sample_rate_hz
        batch = SampleBatch(samples=chunk, sample_rate_hz=need.sample_rate_hz, start_s=start_s)
        end_s = start_s + len(chunk) / need.sample_rate_hz
        yield Window(index=index, start_s=start_s, end_s=end_s, contents={need: batch})


def samples_of_file(path: Path, sample_rate_hz: int = 16000) -> np.ndarray:
    """(n,) float32 mono in [-1, 1]."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=sample_rate_hz)
    with av.open(str(path)) as container:
        blocks = [block for frame in container.decode(audio=0) for block in resampler.resample(frame)]
        blocks += resampler.resample(None)
    return np.concatenate([block.to_ndarray().reshape(-1) for block in blocks]).astype(np.float32)


def findings_of(analyzer: Analyzer, windows: Iterator[Window], **settings: Any) -> list[Finding]:
    return list(analyzer.analyze(part_of(analyzer, **settings), windows))


def video_of(width_px: int, height_px: int) -> Video:
    return Video(video_stream=VideoStream(width_px=width_px, height_px=height_px))


def _sized(frame: np.ndarray, long_side_px: int | None) -> np.ndarray:
    height, width = frame.shape[:2]
    if long_side_px is None or max(height, width) <= long_side_px:
        return frame
    scale = long_side_px / max(height, width)
    return cv2.resize(frame, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)


def _nothing() -> np.ndarray:
    return np.empty((0, 1, 1, 3), dtype=np.uint8)
