"""A made report with a finding of every shape, and one of any length, for tests of the page."""

from __future__ import annotations

from reelscribe.v1 import finding_pb2 as of
from reelscribe.v1.analysis_pb2 import Completeness, Decoding, Report, Shortfall, ShortfallCause, Summary
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, Coverage, Method, ModelUse, PerceptCost, Reason, Status
from reelscribe.v1.finding_pb2 import Finding, Subject, TextKind
from reelscribe.v1.media_pb2 import AudioStream, Video, VideoStream
from services.common.time import duration, span
from tests.reelscribe.report.stories import people, picture, sound, telling
from tests.reelscribe.report.stories.length import LENGTH_S

__all__ = ["LENGTH_S", "full", "long"]


def full(name: str = "kaffee.mp4") -> Report:
    """Somebody tells three tips about coffee: every shape there is, every kind of status."""
    results = [
        _result("cut_analysis", *picture.cuts()),
        _result("scene_segmentation", *picture.scenes()),
        _result("camera_analysis", *picture.camera()),
        _result("visual_effects", *picture.effects()),
        _result("object_detection", *people.tracks(), models=[_model("yolo11n", "AGPL-3.0-only")]),
        _result("product_detection", people.product()),
        _result("body_pose", *people.bodies(), models=[_model("yolo11n-pose", "AGPL-3.0-only")]),
        _result("eye_tracking", *people.gaze(), models=[_model("face-landmarker", "Apache-2.0")]),
        _result("age_estimation", people.age(), models=[_model("dlib-age", "CC0-1.0")]),
        _result("face_emotion", people.emotion()),
        _result("text_overlay", *picture.texts()),
        _result("background_segmentation", *picture.regions()),
        _result("composition_analysis", picture.composition()),
        _result("color_analysis", *picture.colors()),
        _result("content_quality", picture.quality()),
        _result("speech_transcription", *sound.speech(), models=[_model("faster-whisper-base", "MIT")]),
        _result("speech_rate", *sound.rates()),
        _result("speech_flow", *sound.flow()),
        _result("audio_analysis", *sound.sound()),
        _result("audio_environment", sound.scores()),
        _result("sound_effects", sound.event()),
        _result("qwen2_vl_temporal", *telling.descriptions(), models=[_model("qwen2-vl-2b", "Apache-2.0")]),
        _result("temporal_flow", *telling.story()),
        _result("comment_cta_detection", *telling.calls()),
        _result("cross_analyzer_intelligence", *telling.checks()),
        AnalyzerResult(
            analyzer="speech_emotion",
            service="audio",
            status=Status.STATUS_SKIPPED,
            reason=Reason(
                code="weights_not_installed",
                message="the weights 'ser' are not installed",
                fix="reelscribe models pull ser",
            ),
        ),
        AnalyzerResult(
            analyzer="strange_analyzer",
            service="vision",
            status=Status.STATUS_FAILED,
            reason=Reason(code="broke", message="window 3 broke it"),
        ),
        AnalyzerResult(analyzer="quiet_analyzer", service="vision", status=Status.STATUS_EMPTY),
    ]
    return _report(name, LENGTH_S, results)


def long(length_s: float, *, cut_every_s: float = 2.0, people_count: int = 3) -> Report:
    """Of any length, as dense as a quick clip: cuts, words all the time, people followed and drawn, curves."""
    shots, changes, words, tracks, poses, texts = [], [], [], [], [], []
    for number in range(int(length_s / cut_every_s)):
        start_s = number * cut_every_s
        shots.append(Finding(span=span(start_s, start_s + cut_every_s), label="shot", shot=of.Shot(index=number)))
        if number:
            changes.append(picture.cut(start_s))
        for person in range(people_count):
            moments = [start_s + 0.2 * step for step in range(int(cut_every_s / 0.2))]
            track_id = number * people_count + person
            boxes = [
                of.TrackedBox(offset=duration(each), box=people.box(each, person), confidence=0.8) for each in moments
            ]
            tracks.append(
                Finding(
                    span=span(start_s, start_s + cut_every_s),
                    label="person",
                    track=of.Track(track_id=track_id, boxes=boxes),
                )
            )
            poses.append(
                Finding(
                    span=span(start_s, start_s + cut_every_s),
                    label="pose_track",
                    subject=Subject(track_id=track_id),
                    pose=of.PoseTrack(poses=[people.pose(each, person) for each in moments]),
                )
            )
        texts.append(
            picture.text(f"Untertitel Nummer {number}", start_s, start_s + cut_every_s, TextKind.TEXT_KIND_CAPTION)
        )
        words.append(
            sound.utterance([(f"Wort{step}", start_s + 0.3 * step, start_s + 0.3 * step + 0.28) for step in range(6)])
        )
    results = [
        _result("cut_analysis", *shots, *changes),
        _result("object_detection", *tracks),
        _result("body_pose", *poses),
        _result("text_overlay", *texts),
        _result("speech_transcription", *words),
        _result("audio_analysis", sound.loudness(length_s)),
    ]
    return _report("lang.mp4", length_s, results)


def _report(name: str, length_s: float, results: list[AnalyzerResult]) -> Report:
    for result in results:
        for number, finding in enumerate(result.findings):
            finding.id = f"{result.analyzer}/{number}"
    return Report(
        analysis_id="0123456789abcdef",
        reelscribe_version="0.1.0",
        video=Video(
            name=name,
            duration=duration(length_s),
            video_stream=VideoStream(codec="h264", width_px=360, height_px=640),
            audio_stream=AudioStream(codec="aac", sample_rate_hz=44100, channel_count=2),
        ),
        results=results,
        summary=Summary(requested_count=len(results), finding_count=sum(len(each.findings) for each in results)),
        completeness=Completeness(
            score=0.83,
            evidence_share=1.0,
            kinds_score=0.9,
            description_share=0.25,
            shortfalls=[
                Shortfall(
                    kind="description",
                    missing_second_count=9,
                    gain=0.15,
                    cause=ShortfallCause.SHORTFALL_CAUSE_FOUND_ELSEWHERE,
                )
            ],
        ),
        decoding=Decoding(peak_media_bytes=84_000_000),
        cost=Cost(wall_duration=duration(9.5), cpu_duration=duration(15)),
        percept_costs=[PerceptCost(percept="Shots", service="vision", cost=Cost(cpu_duration=duration(3)))],
    )


def _result(analyzer: str, *findings: Finding, models: list[ModelUse] | None = None) -> AnalyzerResult:
    return AnalyzerResult(
        analyzer=analyzer,
        service="vision",
        status=Status.STATUS_OK,
        method=Method.METHOD_MODEL if models else Method.METHOD_SIGNAL,
        models=models,
        findings=findings,
        coverage=Coverage(spans=[span(0, LENGTH_S)]),
        cost=Cost(cpu_duration=duration(0.4), wall_duration=duration(2)),
    )


def _model(name: str, licence: str) -> ModelUse:
    return ModelUse(library="onnxruntime 1.22", name=name, sha256="ab" * 32, licence=licence, device="cpu")
