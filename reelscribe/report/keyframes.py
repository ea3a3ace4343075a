"""One picture for each shot: which moment stands for it, and the picture of that moment as a small file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from reelscribe.report.outputs import Keyframe
from reelscribe.v1.analysis_pb2 import Report
from services.common.time import seconds, span_s

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

STEP_S = 5.0
"""Without shots, a picture for each stretch of this length."""

MAX_COUNT = 240
"""Pictures of a report; of more shots, the longest keep theirs. At 20 kB each, five megabytes."""

LONG_SIDE_PX = 640
SMALL_LONG_SIDE_PX = 400
MANY_COUNT = 48
"""From so many pictures on they are small ones: nobody looks at each of them at full size."""

GOLDEN_RATIO = 0.6180339887
"""Its multiples, taken modulo 1, fill the line evenly however many there are."""

QUALITY = 74
"""Of WebP, of 100: about 20 kB for 360 x 640."""


def moments(report: Report) -> tuple[tuple[float, float, float], ...]:
    """(start_s, end_s, at_s) of each stretch that gets a picture: shots, without them stretches of five seconds.

    A shot is stood for by its scene's representative frame where that lies within it, else by its middle.
    """
    stretches = _shots(report) or _steps(seconds(report.video.duration))
    stretches = [stretches[index] for index in longest(stretches, MAX_COUNT)]
    chosen = [
        seconds(finding.scene.representative_offset)
        for result in report.results
        for finding in result.findings
        if finding.WhichOneof("shape") == "scene"
    ]
    told = []
    for start_s, end_s in stretches:
        inside = [time_s for time_s in chosen if start_s <= time_s < end_s]
        told.append((start_s, end_s, inside[0] if inside else (start_s + end_s) / 2))
    return tuple(told)


def longest(stretches: Sequence[tuple[float, float]], most: int) -> list[int]:
    """Indices of the longest so many, in order; of equally long ones some from everywhere, not the first."""

    def rank(index: int) -> tuple[float, float]:
        start_s, end_s = stretches[index]
        return -round(end_s - start_s, 1), index * GOLDEN_RATIO % 1

    return sorted(sorted(range(len(stretches)), key=rank)[:most])


def keyframes(report: Report, video: Path) -> tuple[Keyframe, ...]:
    """The pictures of `moments`, those that can be decoded. Raises ReelscribeError for what is no video.

    Decodes up to the last of them, for about as long as a player would need on one core at full speed.
    """
    from gateway.decode import stills

    wanted = moments(report) if report.video.HasField("video_stream") else ()
    long_side_px = LONG_SIDE_PX if len(wanted) < MANY_COUNT else SMALL_LONG_SIDE_PX
    found = stills(video, [at_s for _, _, at_s in wanted], long_side_px=long_side_px) if wanted else []
    return tuple(
        Keyframe(
            number=number,
            start_s=start_s,
            end_s=end_s,
            at_s=still.start_s,
            width_px=still.rgb.shape[1],
            height_px=still.rgb.shape[0],
            webp=_webp(still.rgb),
        )
        for number, ((start_s, end_s, _), still) in enumerate(zip(wanted, found, strict=True), start=1)
        if still is not None
    )


def kept_keyframes(report: Report, directory: Path) -> tuple[Keyframe, ...]:
    """Those that an earlier run left in the directory, where they are still of a stretch of `moments`."""
    from PIL import Image

    kept = []
    for number, (start_s, end_s, _) in enumerate(moments(report), start=1):
        for path in sorted(directory.glob(f"shot-{number:03d}-*.webp"))[:1]:
            at_s = float(path.stem.rsplit("-", 1)[1])
            with Image.open(path) as picture:
                width_px, height_px = picture.size
            if start_s <= at_s <= end_s:
                kept.append(
                    Keyframe(
                        number=number,
                        start_s=start_s,
                        end_s=end_s,
                        at_s=at_s,
                        width_px=width_px,
                        height_px=height_px,
                        webp=path.read_bytes(),
                    )
                )
    return tuple(kept)


def _shots(report: Report) -> list[tuple[float, float]]:
    spans = (
        span_s(finding.span)
        for result in report.results
        for finding in result.findings
        if finding.WhichOneof("shape") == "shot"
    )
    return sorted((start_s, end_s) for start_s, end_s in spans if end_s > start_s)


def _steps(duration_s: float) -> list[tuple[float, float]]:
    edges = [STEP_S * number for number in range(int(duration_s / STEP_S) + 1)]
    edges += [duration_s] if duration_s > edges[-1] else []
    return list(pairwise(edges))


def _webp(rgb: npt.NDArray[np.uint8]) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "WEBP", quality=QUALITY)
    return stream.getvalue()
