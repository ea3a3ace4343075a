"""How good the picture is, shot by shot: detail, noise, exposure, contrast, blocks, and a learned score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Analyzer
from services.common.device import Device
from services.common.errors import LibraryNotInstalled, WeightsNotInstalled
from services.common.time import span
from services.common.weights import locate
from services.common.window import Frames, Part, Window
from services.vision.percepts.shots import Shots
from services.vision.quality.brisque import Brisque
from services.vision.quality.measures import FrameQuality, measured, summed_up
from services.vision.shot_clock import ShotClock

NEED = Frames(rate_hz=2.0, long_side_px=1280)
"""What text_overlay reads, so it is laid down anyhow; native size for videos up to 1280 px, which noise and blocks
need. A shot that falls between two of these frames is too short to be judged, and gets no finding."""

WEIGHTS = "brisque-live"

SCORE_INTERVAL_S = 2.0
"""Between two frames of a shot that are given the learned score: it costs five times what all measures do."""


class ContentQuality(Analyzer):
    """Sharpness, noise, exposure, contrast and blockiness per shot, in documented units, and BRISQUE's learned score.

    Labels: `shot_quality` for each shot, `overall` for the whole part. Medians over frames sampled at 2 Hz; the frames
    of a gradual change are left out. The measures need no weights; where those of `brisque-live` are installed, they
    are named in the report and `brisque` is set, from frames at least two seconds apart; otherwise it is unset. Noise
    is that of the picture at most 1280 px long, `blockiness` is set only where that is its native size.
    """

    name = "content_quality"
    method = Method.METHOD_SIGNAL
    needs = NEED
    uses = (Shots,)

    _brisque: Brisque | None = None

    def load(self, device: Device) -> None:
        """See Analyzer.load. Weights that are not there cost the learned score only."""
        try:
            import cv2
        except ImportError:
            raise LibraryNotInstalled("opencv-python", "vision") from None
        cv2.setNumThreads(device.threads_per_call)  # one number for the whole process
        try:
            self._brisque = Brisque(locate(WEIGHTS), device)
        except WeightsNotInstalled:
            return
        self.models = (self._brisque.model,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        clock = ShotClock(part.start_s)
        every: list[FrameQuality] = []
        of_shot: list[FrameQuality] = []
        scored_s, end_s = -SCORE_INTERVAL_S, part.start_s
        for window in windows:
            clock.learn(window[Shots])
            batch = window[NEED]
            for pts_s, rgb in zip(batch.pts_s.tolist(), batch.rgb, strict=True):
                for shot in clock.ended_by(pts_s):
                    yield from _findings("shot_quality", shot, of_shot)
                    of_shot = []
                if not clock.is_inside(pts_s):
                    continue
                score = None
                if self._brisque is not None and (not of_shot or pts_s - scored_s >= SCORE_INTERVAL_S):
                    score, scored_s = self._brisque.score(rgb), pts_s
                of_shot.append(measured(rgb, part.video.video_stream, score))
                every.append(of_shot[-1])
            end_s = window.end_s
        for shot in clock.ended_by(end_s):
            yield from _findings("shot_quality", shot, of_shot)
            of_shot = []
        yield from _findings("shot_quality", (clock.start_s, end_s), of_shot)
        yield from _findings("overall", (part.start_s, end_s), every)


def _findings(label: str, shot: tuple[float, float], frames: Sequence[FrameQuality]) -> Iterator[Finding]:
    """One, or none where no frame of the shot was seen."""
    if frames:
        yield Finding(span=span(*shot), label=label, quality=summed_up(frames))
