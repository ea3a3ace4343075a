"""How far an analysis is: one lane per analyzer, moved by the events of AnalyzeVideo. Nothing is shown here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from reelscribe.report.account import status_word
from reelscribe.v1.analysis_pb2 import Accepted, AnalyzeVideoResponse, Progress
from reelscribe.v1.analyzer_pb2 import AnalyzerFinding, AnalyzerResult
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import seconds, span_s


@dataclass(slots=True)
class Lane:
    """One analyzer."""

    analyzer: str
    reached_s: float = 0.0
    found_count: int = 0
    latest: Finding | None = None
    ended: AnalyzerResult | None = None
    ended_s: float = 0.0
    """Wall time of the analysis at its end."""

    @property
    def state(self) -> str:
        """ "waiting", "looking", or the status it ended with."""
        if self.ended is not None:
            return status_word(self.ended.status)
        return "looking" if self.reached_s > 0 else "waiting"


@dataclass(slots=True)
class Watch:
    """One analysis, as far as its events tell. Times are seconds of the video, except `elapsed_s`."""

    name: str
    now_s: Callable[[], float] = time.monotonic
    lanes: dict[str, Lane] = field(default_factory=dict)
    decoded_s: float = 0.0
    expected_s: float | None = None
    """Length as the header claims it; None until it is known, and for files whose header does not say."""
    started_s: float = field(init=False)
    accepted: bool = False

    def __post_init__(self) -> None:
        self.started_s = self.now_s()

    @property
    def elapsed_s(self) -> float:
        """Wall time since the analysis was asked for."""
        return self.now_s() - self.started_s

    @property
    def length_s(self) -> float:
        """What the lanes run to: the claimed length, or what was decoded if that is more (headers lie)."""
        return max(self.expected_s or 0.0, self.decoded_s)

    @property
    def share(self) -> float:
        """Of all lanes together, [0, 1]."""
        if not self.lanes:
            return 0.0
        return sum(self.share_of(lane) for lane in self.lanes.values()) / len(self.lanes)

    def share_of(self, lane: Lane) -> float:
        """Of the video's length that the analyzer has taken, [0, 1]; 1 once it has ended."""
        if lane.ended is not None:
            return 1.0
        return min(1.0, lane.reached_s / self.length_s) if self.length_s else 0.0

    def take(self, event: AnalyzeVideoResponse) -> None:
        """Move with the next event; results and the report change nothing here."""
        match event.WhichOneof("event"):
            case "accepted":
                self._accept(event.accepted)
            case "progress":
                self._progress(event.progress)
            case "finding":
                self._find(event.finding)
            case "analyzer_ended":
                self._end(event.analyzer_ended)
            case "report":
                # The header may have promised more or less than there was.
                self.decoded_s = self.expected_s = seconds(event.report.video.duration)
            case "retracted":
                # Which of the findings are gone is not told: the count starts anew rather than be too high.
                lane = self._lane(event.retracted.analyzer)
                lane.found_count, lane.latest = 0, None

    def _accept(self, accepted: Accepted) -> None:
        self.accepted = True
        self.name = accepted.video.name or self.name
        self.expected_s = seconds(accepted.video.duration) or None
        for analyzer in accepted.analyzers:
            self._lane(analyzer)

    def _progress(self, progress: Progress) -> None:
        self.decoded_s = max(self.decoded_s, seconds(progress.decoded_offset))
        if progress.HasField("expected_duration"):
            self.expected_s = seconds(progress.expected_duration)
        for item in progress.analyzers:
            lane = self._lane(item.analyzer)
            lane.reached_s = max(lane.reached_s, seconds(item.reached_offset))

    def _find(self, found: AnalyzerFinding) -> None:
        lane = self._lane(found.analyzer)
        lane.found_count += 1
        lane.latest = found.finding
        lane.reached_s = max(lane.reached_s, span_s(found.finding.span)[0])

    def _end(self, result: AnalyzerResult) -> None:
        lane = self._lane(result.analyzer)
        lane.ended, lane.ended_s = result, self.elapsed_s
        if result.coverage.spans:
            lane.reached_s = span_s(result.coverage.spans[-1])[1]

    def _lane(self, analyzer: str) -> Lane:
        return self.lanes.setdefault(analyzer, Lane(analyzer=analyzer))
