from __future__ import annotations

import pytest

from gateway.plan import plan
from gateway.streams import (
    FRAMES,
    SAMPLES,
    answered_without_looking,
    damages_by_stream,
    described,
    needs_of,
    plan_streams,
    stream_missing_result,
)
from reelscribe.v1.analyzer_pb2 import Analyzer, AnalyzerResult, Method, ModelUse, Reason, Setting, Status
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.media_pb2 import AudioStream, Damage, StreamKind, Video, VideoStream
from services.common.needs import need_to_wire
from services.common.settings import GatewaySettings
from services.common.time import duration
from services.common.window import Frames, Samples

FRAME_NEED = Frames(rate_hz=None, long_side_px=256)
SAMPLE_NEED = Samples(sample_rate_hz=16000)
PART_BYTES = {FRAMES: 10**9, SAMPLES: 10**8}


def analyzer(name: str, stream: StreamKind = FRAMES, service: str = "vision", **fields: object) -> Analyzer:
    need = FRAME_NEED if stream == FRAMES else SAMPLE_NEED
    settings = [Setting(name=f"{name}.threshold", number=0.5)]
    return Analyzer(
        name=name,
        service=service,
        stream=stream,
        method=Method.METHOD_MODEL,
        needs=[need_to_wire(need)],
        settings=settings,
        **fields,  # type: ignore[arg-type]
    )


CUTS = analyzer("cuts")
SPEECH = analyzer("speech", SAMPLES, "audio")
MISSING = analyzer("describe", FRAMES, "vlm", unavailable=Reason(code="weights_not_installed", message="no weights"))


def video(*, sound: bool = True, pictures: bool = True, length_s: float | None = 100.0, rate_hz: float = 30) -> Video:
    made = Video()
    if pictures:
        stream = VideoStream(width_px=1080, height_px=1920, frame_rate_from_header_hz=rate_hz)
        made.video_stream.CopyFrom(stream)
    if sound:
        made.audio_stream.CopyFrom(AudioStream(sample_rate_hz=48000, channel_count=2))
    if length_s is not None:
        made.duration_from_header.CopyFrom(duration(length_s))
    return made


def test_needs_are_those_of_analyzers_that_can_run():
    assert needs_of([CUTS, SPEECH, MISSING]) == [FRAME_NEED, SAMPLE_NEED]


def test_each_stream_has_its_own_readers_renditions_and_size():
    renditions = plan(needs_of([CUTS, SPEECH]), video())
    frames, samples = plan_streams(
        [CUTS, analyzer("colors"), analyzer("describe", FRAMES, "vlm"), SPEECH],
        renditions,
        video(),
        GatewaySettings(),
        PART_BYTES,
    )
    assert frames.readers == {"vision": ["cuts", "colors"], "vlm": ["describe"]}
    assert samples.readers == {"audio": ["speech"]}
    assert [item.rendition_id for item in frames.renditions] == ["frames-256"]
    assert [item.rendition_id for item in samples.renditions] == ["samples-16000-1"]
    assert (frames.part_s, samples.part_s) == (60, 600)
    assert (frames.part_bytes, samples.part_bytes) == (10**9, 10**8)
    assert frames.bytes_per_s == pytest.approx(144 * 256 * 3 * 30, rel=0.15)
    assert samples.bytes_per_s == 64_000


@pytest.mark.parametrize(
    ("length_s", "start_s", "expected_s"),
    [(100.0, 0.0, 60.0), (100.0, 60.0, 42.0), (100.0, 99.5, 10.0), (100.0, 100.0, 60.0), (None, 0.0, 60.0)],
)
def test_a_part_reserves_what_the_header_lets_expect(length_s: float | None, start_s: float, expected_s: float):
    """Beyond the end that the header claims, it is not believed any more."""
    renditions = plan([FRAME_NEED], video())
    (frames,) = plan_streams([CUTS], renditions, video(length_s=length_s), GatewaySettings(), PART_BYTES)
    assert frames.reservation_bytes(start_s) == int(frames.bytes_per_s * expected_s)


def test_a_part_reserves_no_more_than_it_may_be_large():
    (frames,) = plan_streams([CUTS], plan([FRAME_NEED], video()), video(), GatewaySettings(), {FRAMES: 1000})
    assert frames.reservation_bytes(0) == 1000


def test_who_cannot_look_is_answered_for_at_once():
    answered = answered_without_looking([CUTS, SPEECH, MISSING], video(sound=False))
    assert {name: (item.status, item.reason.code) for name, item in answered.items()} == {
        "speech": (Status.STATUS_SKIPPED, "no_audio_stream"),
        "describe": (Status.STATUS_SKIPPED, "weights_not_installed"),
    }
    assert answered["speech"].settings[0].name == "speech.threshold"
    assert not answered["speech"].HasField("coverage")


def test_a_stream_that_cannot_be_decoded_is_a_failure_not_an_absence():
    damages = damages_by_stream([Damage(reason="audio_undecodable", message="unknown codec")])
    result = stream_missing_result(SPEECH, damages)
    assert (result.status, result.reason.code) == (Status.STATUS_FAILED, "audio_undecodable")
    assert result.error.message == "unknown codec"
    assert stream_missing_result(CUTS, damages).status == Status.STATUS_SKIPPED


def test_damages_are_told_to_the_streams_they_concern():
    truncated, sound = Damage(reason="truncated"), Damage(reason="audio_packet_corrupt")
    assert damages_by_stream([sound, truncated]) == {FRAMES: truncated, SAMPLES: sound}
    assert damages_by_stream([]) == {}


def test_the_echo_of_settings_is_what_was_asked_for_over_the_services_own():
    asked = [Setting(name="cuts.threshold", number=0.9), Setting(name="speech.threshold", number=0.1)]
    echoed = described(AnalyzerResult(analyzer="cuts"), CUTS, asked)
    assert [(item.name, item.number) for item in echoed.settings] == [("cuts.threshold", 0.9)]


def test_what_a_service_said_itself_is_left_as_it_is():
    said = AnalyzerResult(settings=[Setting(name="cuts.threshold", number=0.7)], models=[ModelUse(name="own")])
    assert described(said, CUTS).settings[0].number == 0.7


def test_findings_of_one_that_was_given_up_name_their_models():
    known = analyzer("objects", models=[ModelUse(name="yolo11n")])
    partial = AnalyzerResult(status=Status.STATUS_PARTIAL, findings=[Finding(label="cup")])
    assert [model.name for model in described(partial, known).models] == ["yolo11n"]
    assert not described(AnalyzerResult(status=Status.STATUS_TIMED_OUT), known).models
