"""What most scripts take for the camera: the mean of dense optical flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common.camera_moves import RATE_HZ, Told

BEGINS_PER_S, SHAKES = 0.008, 0.002
"""The tool's thresholds are ours: only the measurement is compared."""


def small_frames(file: Path, until_s: float) -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
    """Every second frame as ours has them: grey, 256 pixels long."""
    import av

    with av.open(str(file)) as container:
        first_s = next_s = None
        for frame in container.decode(video=0):
            pts_s = float(frame.pts * frame.time_base)
            first_s = pts_s if first_s is None else first_s
            if pts_s - first_s >= until_s:
                break
            if next_s is None or pts_s - first_s >= next_s - 1e-3:
                scale = 256 / max(frame.width, frame.height)
                size = {"width": round(frame.width * scale), "height": round(frame.height * scale)}
                yield pts_s - first_s, frame.reformat(format="gray", interpolation="AREA", **size).to_ndarray()
                next_s = pts_s - first_s + 2 / RATE_HZ


def flow_says(frames: Sequence[tuple[float, npt.NDArray[np.uint8]]]) -> Told:
    """Mean flow is pan and tilt, its mean along and across the way to the centre zoom and roll."""
    import cv2

    height, width = frames[0][1].shape
    x, y = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    around = float((x**2 + y**2).mean())
    steps, lengths_s = [], []
    for (before_s, before), (after_s, after) in pairwise(frames):
        flow = cv2.calcOpticalFlowFarneback(before, after, np.empty(0), 0.5, 3, 15, 3, 5, 1.2, 0)
        right, down = flow[..., 0], flow[..., 1]
        grows, turns = (right * x + down * y).mean() / around, (down * x - right * y).mean() / around
        steps.append((-right.mean() / width, down.mean() / height, grows, -turns))
        lengths_s.append(after_s - before_s)
    speeds = np.median(np.array(steps) / np.array(lengths_s)[:, None], axis=0)
    names = (
        ("pan_right", "pan_left"),
        ("tilt_up", "tilt_down"),
        ("zoom_in", "zoom_out"),
        ("roll_clockwise", "roll_counterclockwise"),
    )
    edge = speeds * (1, 1, 0.5, 0.5)
    labels = {
        pair[0] if speed > 0 else pair[1] for pair, speed in zip(names, edge, strict=True) if abs(speed) >= BEGINS_PER_S
    }
    if np.std(np.array(steps)[:, :2], axis=0).max() >= SHAKES:
        labels.add("handheld")
    return Told(
        labels=frozenset(labels or {"static"}),
        speeds=(float(speeds[0]), float(speeds[1]), float(np.expm1(speeds[2])), float(np.degrees(speeds[3]))),
    )
