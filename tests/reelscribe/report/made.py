"""A made report of 12 s in which every kind of evidence occurs, with times and words that tests know."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf.timestamp_pb2 import Timestamp

from reelscribe.v1.analysis_pb2 import Completeness, Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Coverage
from reelscribe.v1.finding_pb2 import (
    Box,
    CallChannel,
    CallToAction,
    CameraMove,
    CrossCheck,
    Description,
    Emphasis,
    Finding,
    Gesture,
    KeyMoment,
    Loudness,
    PacingCurve,
    Pause,
    Region,
    RegionShares,
    Scene,
    Shot,
    ShotScale,
    SoundEvent,
    StoryPhase,
    Subject,
    Tempo,
    Text,
    TextKind,
    Track,
    TrackedBox,
    Transition,
    TransitionKind,
    Verdict,
    Word,
)
from reelscribe.v1.media_pb2 import AudioStream, StreamKind, Video, VideoStream
from services.common.time import duration, span
from tests.reelscribe.report import reports

FRAME_RATE_HZ = 25.0
LENGTH_S = 12.0
CUT_S = 4.0
FADE_S = (8.0, 8.4)
SHA256 = "ab" * 32
FIRST_WORDS = ("Das", "ist", "ein", "Hund.")
SECOND_WORDS = ("Und", "das", "hier", "ist", "eine", "Katze,", "glaube", "ich.")


def box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left=left, top=top, right=right, bottom=bottom)


def found(label: str, start_s: float, end_s: float, **shape: object) -> Finding:
    return Finding(label=label, span=span(start_s, end_s), **shape)


def said(words: Sequence[str], start_s: float, speaker_id: int | None = None, word_s: float = 0.5) -> Finding:
    """One word after the other, each `word_s` long, without silence between them."""
    spans = [span(start_s + word_s * number, start_s + word_s * (number + 1)) for number in range(len(words))]
    timed = [Word(content=word, span=each) for word, each in zip(words, spans, strict=True)]
    text = Text(content=" ".join(words), kind=TextKind.TEXT_KIND_SPEECH, language_code="de", words=timed)
    subject = None if speaker_id is None else Subject(speaker_id=speaker_id)
    return found("speech", start_s, start_s + word_s * len(words), text=text, subject=subject)


def followed(label: str, track_id: int, places: Sequence[tuple[float, Box]], end_s: float) -> Finding:
    boxes = [TrackedBox(offset=duration(at_s), box=place, confidence=0.9) for at_s, place in places]
    return found(label, places[0][0], end_s, confidence=0.9, track=Track(track_id=track_id, boxes=boxes))


def shot(index: int, start_s: float, end_s: float) -> Finding:
    start, end = round(start_s * FRAME_RATE_HZ), round(end_s * FRAME_RATE_HZ)
    return found("shot", start_s, end_s, shot=Shot(index=index, start_frame_index=start, end_frame_index=end))


def story() -> Report:
    """Two shots and a fade between the second and the third; a dog, then a man who waves; two voices; a bark."""
    seen = [
        followed(
            "dog",
            1,
            [(0.0, box(0.1, 0.5, 0.3, 0.7)), (0.2, box(0.2, 0.5, 0.4, 0.7)), (1.0, box(0.6, 0.5, 0.8, 0.7))],
            4.0,
        ),
        followed("person", 2, [(4.0, box(0.4, 0.2, 0.6, 0.9)), (4.2, box(0.4, 0.2, 0.6, 0.9))], 8.0),
    ]
    cut = Transition(kind=TransitionKind.TRANSITION_KIND_HARD_CUT, frame_index=100)
    fade = Transition(kind=TransitionKind.TRANSITION_KIND_DISSOLVE, frame_index=200)
    cuts = [
        shot(0, 0.0, CUT_S),
        found("hard_cut", CUT_S, CUT_S + 0.04, confidence=0.99, transition=cut),
        shot(1, CUT_S, FADE_S[0]),
        found("dissolve", *FADE_S, transition=fade),
        shot(2, FADE_S[1], LENGTH_S),
    ]
    scenes = [
        found("scene", 0.0, 4.0, scene=Scene(index=0, shot_indices=[0], representative_offset=duration(2.0))),
        found("scene", 4.0, 12.0, scene=Scene(index=1, shot_indices=[1, 2], representative_offset=duration(6.0))),
    ]
    camera = [
        found("pan_right", 0.0, 3.0, camera=CameraMove(pan_per_s=0.2)),
        found("medium_shot", 4.0, 8.0, shot_scale=ShotScale(body_height=0.7)),
    ]
    title = Text(content="HUND & <Katze>", kind=TextKind.TEXT_KIND_TITLE, box=box(0.2, 0.1, 0.8, 0.2))
    gesture = found("waving", 5.0, 6.5, gesture=Gesture(frequency_hz=2.0), subject=Subject(track_id=2))
    setting = RegionShares(regions=[Region(name="grass", share=0.6), Region(name="sky", share=0.4)])
    heard = [
        reports.scores("bark", 9.5, [0.9, 0.8]),
        found("bark", 9.6, 10.2, confidence=0.9, sound_event=SoundEvent(rise_db=20, peak_dbfs=-3)),
        found("tempo", 0.0, 12.0, tempo=Tempo(beats_per_minute=120)),
    ]
    curve = Loudness(
        integrated_lufs=-14.0,
        step_duration=duration(0.1),
        momentary_lufs=[-40.0 + number / 4 for number in range(116)],
        short_term_lufs=[-20.0] * 116,
    )
    speaking = [
        found("pause", 3.0, 4.5, pause=Pause(word_before="Hund.", word_after="Und")),
        found("emphasis", 7.0, 7.5, emphasis=Emphasis(word="Katze,", prominence=2.0), subject=Subject(speaker_id=2)),
    ]
    flow = [
        found(
            "hook", 0.0, 3.0, phase=StoryPhase(mean_pace=0.5, reasons=["first_3_s"]), evidence_ids=["cut_analysis/1"]
        ),
        found("ending", 9.0, 12.0, phase=StoryPhase(mean_pace=0.2, reasons=["call_to_action"])),
        found(
            "pacing",
            0.0,
            12.0,
            pacing_curve=PacingCurve(step_duration=duration(1.0), values=[0.1 * n for n in range(10)] + [0.5, 0.0]),
        ),
        found("key_moment", 4.0, 4.5, key_moment=KeyMoment(reasons=["cut"])),
    ]
    call = CallToAction(
        action="follow", channel=CallChannel.CALL_CHANNEL_SPEECH, phrase="Folgt mir", language_code="de"
    )
    check = CrossCheck(
        verdict=Verdict.VERDICT_CONTRADICTS, topic="described_and_detected", claim="a cat", counterpart="dog"
    )
    described = Description(content="A dog runs across a meadow.", language_code="en", frame_count=8)
    return report(
        result("cut_analysis", *cuts),
        result("scene_segmentation", *scenes),
        result("camera_analysis", *camera),
        result("object_detection", *seen),
        result("body_pose", gesture),
        result("background_segmentation", found("setting", 0.0, 4.0, regions=setting)),
        result("text_overlay", found("title", 0.5, 3.5, confidence=0.98, text=title)),
        result("color_analysis", reports.palette(0.0, 4.0, green=0.7, light_blue=0.3)),
        result("speech_transcription", said(FIRST_WORDS, 1.0, 1), said(SECOND_WORDS, 4.5, 2)),
        result("audio_environment", *heard, stream=StreamKind.STREAM_KIND_SAMPLES),
        result("audio_analysis", found("loudness", 0.0, 12.0, loudness=curve), stream=StreamKind.STREAM_KIND_SAMPLES),
        result("speech_flow", *speaking, stream=StreamKind.STREAM_KIND_SAMPLES),
        result("temporal_flow", *flow),
        result("comment_cta_detection", found("call_to_action", 10.0, 11.0, call_to_action=call)),
        result("cross_analyzer_intelligence", found("described_and_detected", 0.0, 4.0, cross_check=check)),
        result("qwen2_vl_temporal", found("description", 0.0, 4.0, description=described)),
        reports.skipped("eye_tracking", fix="reelscribe models pull face-mesh"),
    )


def result(analyzer: str, *findings: Finding, stream: int = StreamKind.STREAM_KIND_FRAMES) -> AnalyzerResult:
    made = reports.result(analyzer, *findings, coverage=Coverage(stream=stream))
    for number, finding in enumerate(made.findings, 1):
        finding.id = f"{analyzer}/{number}"
    return made


def report(*results: AnalyzerResult) -> Report:
    made = reports.report(*results)
    made.analysis_id = "0123456789abcdef"
    made.reelscribe_version = "9.9"
    made.create_time.CopyFrom(Timestamp(seconds=1_800_000_000))
    made.video.CopyFrom(
        Video(
            name="story & more.mp4",
            sha256=SHA256,
            duration=duration(LENGTH_S),
            video_stream=VideoStream(
                codec="h264", width_px=720, height_px=1280, frame_rate_from_header_hz=FRAME_RATE_HZ, frame_count=300
            ),
            audio_stream=AudioStream(codec="aac"),
        )
    )
    made.completeness.CopyFrom(Completeness(score=0.55, evidence_share=0.9, kinds_score=0.45, description_share=1 / 3))
    return made
