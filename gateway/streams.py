"""The two streams of a video, pictures and sound: who reads them, how they are cut, and why one cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reelscribe.v1.analyzer_pb2 import Analyzer, AnalyzerResult, Failure, Reason, Setting, Status
from reelscribe.v1.media_pb2 import Damage, Rendition, StreamKind, Video
from services.common.needs import need_from_wire
from services.common.service import unavailable_result
from services.common.settings import GatewaySettings
from services.common.time import seconds
from services.common.window import Need

FRAMES, SAMPLES = StreamKind.STREAM_KIND_FRAMES, StreamKind.STREAM_KIND_SAMPLES

MISSING = {
    FRAMES: Reason(code="no_video_stream", message="the file has no video stream"),
    SAMPLES: Reason(code="no_audio_stream", message="the file has no audio stream"),
}

OTHERS_PREFIX = {FRAMES: "audio_", SAMPLES: "video_"}
"""Reasons of damages that concern the other stream only."""

FALLBACK_RATE_HZ = 60.0
"""Assumed where the header names no frame rate: only for reserving room, never for a time."""

RATE_MARGIN = 1.1
"""Variable rates run a little over what the header says."""

HEADER_SLACK_S = 2.0
"""A file may run on so long after the end its header claims without beginning a new part."""

SHORTEST_RESERVED_S = 10.0
"""Room for at least this much: a header that claims too little must not cut the rest into ever smaller parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPlan:
    """How one stream of a video is cut into parts, and who reads it."""

    kind: StreamKind
    renditions: Sequence[Rendition]
    readers: Mapping[str, Sequence[str]]
    """service -> its analyzers that read this stream."""
    part_s: float
    part_bytes: int
    bytes_per_s: float
    """Estimated from the renditions; what is reserved before a part is decoded."""
    expected_s: float | None
    """Length the header claims."""

    def reservation_bytes(self, start_s: float) -> int:
        """Bytes the part that starts here may take. Beyond the end the header claims, nothing is believed of it."""
        left_s = self.part_s
        if self.expected_s is not None and start_s < self.expected_s:
            left_s = min(self.part_s, max(SHORTEST_RESERVED_S, self.expected_s - start_s + HEADER_SLACK_S))
        return min(self.part_bytes, int(self.bytes_per_s * left_s))


def needs_of(analyzers: Iterable[Analyzer]) -> list[Need]:
    """What the analyzers that can run ask for."""
    return [need_from_wire(need) for item in analyzers if not item.HasField("unavailable") for need in item.needs]


def plan_streams(
    analyzers: Iterable[Analyzer],
    renditions: Sequence[Rendition],
    video: Video,
    settings: GatewaySettings,
    part_bytes: Mapping[StreamKind, int],
) -> list[StreamPlan]:
    """The streams that somebody reads. `analyzers`: those that can."""
    readers: dict[StreamKind, dict[str, list[str]]] = {}
    for analyzer in analyzers:
        readers.setdefault(analyzer.stream, {}).setdefault(analyzer.service, []).append(analyzer.name)
    plans = []
    for kind, services in readers.items():
        own = [item for item in renditions if _kind_of(item) == kind]
        plans.append(
            StreamPlan(
                kind=kind,
                renditions=own,
                readers=services,
                part_s=settings.part_s if kind == FRAMES else settings.sample_part_s,
                part_bytes=part_bytes[kind],
                bytes_per_s=sum(_bytes_per_s(item, video) for item in own),
                expected_s=seconds(video.duration_from_header) if video.HasField("duration_from_header") else None,
            )
        )
    return plans


def answered_without_looking(
    analyzers: Iterable[Analyzer], video: Video, asked: Sequence[Setting] = ()
) -> dict[str, AnalyzerResult]:
    """Results of those whose stream the file lacks, or that could not be loaded, by name."""
    present = {FRAMES: video.HasField("video_stream"), SAMPLES: video.HasField("audio_stream")}
    damages = damages_by_stream(video.damages)
    answered = {}
    for analyzer in analyzers:
        if analyzer.HasField("unavailable"):
            result = unavailable_result(analyzer.name, analyzer.method, analyzer.unavailable)
            answered[analyzer.name] = described(result, analyzer)
        elif not present[analyzer.stream]:
            answered[analyzer.name] = stream_missing_result(analyzer, damages, asked)
    return answered


def stream_missing_result(
    analyzer: Analyzer, damages: Mapping[StreamKind, Damage], asked: Iterable[Setting] = ()
) -> AnalyzerResult:
    """A stream that is there and cannot be decoded is a failure; one that is not there, a reason not to look."""
    damage = damages.get(analyzer.stream)
    result = AnalyzerResult(analyzer=analyzer.name)
    if damage is None:
        result.status = Status.STATUS_SKIPPED
        result.reason.CopyFrom(MISSING[analyzer.stream])
    else:
        result.status = Status.STATUS_FAILED
        result.reason.CopyFrom(Reason(code=damage.reason, message=damage.message))
        result.error.CopyFrom(Failure(type=damage.reason, message=damage.message))
    return described(result, analyzer, asked)


def described(result: AnalyzerResult, analyzer: Analyzer, asked: Iterable[Setting] = ()) -> AnalyzerResult:
    """The result with what is known of its analyzer, where its service did not get to say so.

    `asked`: the request's settings, which go over the service's own.
    """
    result.service = analyzer.service
    result.method = analyzer.method
    if result.HasField("coverage"):
        result.coverage.stream = analyzer.stream
    if not result.settings:
        over = {item.name: item for item in asked}
        result.settings.extend(over.get(item.name, item) for item in analyzer.settings)
    if result.findings and not result.models:
        result.models.extend(analyzer.models)
    return result


def damages_by_stream(damages: Iterable[Damage]) -> dict[StreamKind, Damage]:
    """The first damage that concerns each stream."""
    by_stream: dict[StreamKind, Damage] = {}
    for damage in damages:
        for kind, prefix in OTHERS_PREFIX.items():
            if not damage.reason.startswith(prefix):
                by_stream.setdefault(kind, damage)
    return by_stream


def _kind_of(rendition: Rendition) -> StreamKind:
    return FRAMES if rendition.HasField("frames") else SAMPLES


def _bytes_per_s(rendition: Rendition, video: Video) -> float:
    if rendition.HasField("samples"):
        return rendition.samples.sample_rate_hz * rendition.samples.channel_count * 4.0
    stream = video.video_stream
    claimed_hz = stream.frame_rate_from_header_hz if stream.HasField("frame_rate_from_header_hz") else FALLBACK_RATE_HZ
    rate_hz = min(claimed_hz, rendition.frames.rate_hz) if rendition.frames.HasField("rate_hz") else claimed_hz
    return rendition.frames.width_px * rendition.frames.height_px * 3.0 * rate_hz * RATE_MARGIN
