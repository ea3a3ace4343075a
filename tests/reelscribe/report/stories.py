"""A made report with a finding of every shape, and one of any length, for tests of the page."""

from __future__ import annotations

import math

from reelscribe.v1 import finding_pb2 as of
from reelscribe.v1.analysis_pb2 import Completeness, Decoding, Report, Shortfall, ShortfallCause, Summary
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Cost, Coverage, Method, ModelUse, PerceptCost, Reason, Status
from reelscribe.v1.finding_pb2 import Box, Finding, Subject, TextKind, Word
from reelscribe.v1.media_pb2 import AudioStream, Video, VideoStream
from services.common.time import duration, span

LENGTH_S = 12.0
"""Three shots of 4 s."""

WORDS = (
    ("Drei", 0.4, 0.8), ("schnelle", 0.8, 1.3), ("Tipps", 1.3, 1.9), ("für", 2.7, 2.9), ("besseren", 2.9, 3.5),
    ("Kaffee.", 3.5, 4.1), ("Folge", 9.0, 9.4), ("mir", 9.4, 9.6), ("für", 9.6, 9.8), ("mehr!", 9.8, 10.3),
)  # fmt: skip


def full(name: str = "kaffee.mp4") -> Report:
    """Somebody tells three tips about coffee: every shape there is, every kind of status."""
    results = [
        _result("cut_analysis", *_cuts()),
        _result("scene_segmentation", *_scenes()),
        _result("camera_analysis", *_camera()),
        _result("visual_effects", *_effects()),
        _result("object_detection", *_tracks(), models=[_model("yolo11n", "AGPL-3.0-only")]),
        _result("product_detection", _product()),
        _result("body_pose", *_bodies(), models=[_model("yolo11n-pose", "AGPL-3.0-only")]),
        _result("eye_tracking", *_gaze(), models=[_model("face-landmarker", "Apache-2.0")]),
        _result("age_estimation", _age(), models=[_model("dlib-age", "CC0-1.0")]),
        _result("face_emotion", _emotion()),
        _result("text_overlay", *_texts()),
        _result("background_segmentation", *_regions()),
        _result("composition_analysis", _composition()),
        _result("color_analysis", *_colors()),
        _result("content_quality", _quality()),
        _result("speech_transcription", *_speech(), models=[_model("faster-whisper-base", "MIT")]),
        _result("speech_rate", *_rates()),
        _result("speech_flow", *_flow()),
        _result("audio_analysis", *_sound()),
        _result("audio_environment", _scores()),
        _result("sound_effects", _event()),
        _result("qwen2_vl_temporal", *_descriptions(), models=[_model("qwen2-vl-2b", "Apache-2.0")]),
        _result("temporal_flow", *_story()),
        _result("comment_cta_detection", *_calls()),
        _result("cross_analyzer_intelligence", *_checks()),
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
            changes.append(_cut(start_s))
        for person in range(people_count):
            moments = [start_s + 0.2 * step for step in range(int(cut_every_s / 0.2))]
            track_id = number * people_count + person
            boxes = [of.TrackedBox(offset=duration(each), box=_box(each, person), confidence=0.8) for each in moments]
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
                    pose=of.PoseTrack(poses=[_pose(each, person) for each in moments]),
                )
            )
        texts.append(_text(f"Untertitel Nummer {number}", start_s, start_s + cut_every_s, TextKind.TEXT_KIND_CAPTION))
        words.append(
            _utterance([(f"Wort{step}", start_s + 0.3 * step, start_s + 0.3 * step + 0.28) for step in range(6)])
        )
    results = [
        _result("cut_analysis", *shots, *changes),
        _result("object_detection", *tracks),
        _result("body_pose", *poses),
        _result("text_overlay", *texts),
        _result("speech_transcription", *words),
        _result("audio_analysis", _loudness(length_s)),
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


def _box(at_s: float, person: int) -> Box:
    left = 0.08 + 0.28 * person + 0.04 * math.sin(at_s)
    return Box(left=left, top=0.25, right=left + 0.25, bottom=0.8)


def _pose(at_s: float, person: int) -> of.Pose:
    box = _box(at_s, person)
    spots = (
        (0.5, 0.08),
        (0.55, 0.06),
        (0.45, 0.06),
        (0.6, 0.07),
        (0.4, 0.07),
        (0.75, 0.2),
        (0.25, 0.2),
        (0.85, 0.36),
        (0.15, 0.36),
        (0.8, 0.5),
        (0.2, 0.5),
        (0.65, 0.55),
        (0.35, 0.55),
        (0.65, 0.75),
        (0.35, 0.75),
        (0.65, 0.97),
        (0.35, 0.97),
    )
    joints = [
        of.Keypoint(
            point=of.Point(x=box.left + x * (box.right - box.left), y=box.top + y * (box.bottom - box.top)),
            confidence=0.9,
        )
        for x, y in spots
    ]
    return of.Pose(offset=duration(at_s), box=box, confidence=0.9, keypoints=joints)


def _cut(at_s: float) -> Finding:
    kind = of.TransitionKind.TRANSITION_KIND_HARD_CUT
    change = of.Transition(kind=kind, frame_index=round(30 * at_s), detector_probability=0.98)
    return Finding(span=span(at_s, at_s + 1 / 30), label="hard_cut", confidence=0.98, transition=change)


def _cuts() -> list[Finding]:
    shots = [
        Finding(span=span(4 * number, 4 * number + 4), label="shot", shot=of.Shot(index=number)) for number in range(3)
    ]
    pacing = of.Pacing(
        cuts_per_minute=10,
        median_shot_duration=duration(4),
        shortest_shot_duration=duration(4),
        longest_shot_duration=duration(4),
    )
    return [*shots, _cut(4), _cut(8), Finding(span=span(0, LENGTH_S), label="pacing", pacing=pacing)]


def _scenes() -> list[Finding]:
    return [
        Finding(
            span=span(start_s, end_s),
            label="scene",
            scene=of.Scene(index=index, representative_offset=duration(start_s + 1)),
        )
        for index, start_s, end_s in ((0, 0, 8), (1, 8, 12))
    ]


def _camera() -> list[Finding]:
    move = of.CameraMove(pan_per_s=0.2, zoom_per_s=1.0, inlier_share=0.8)
    scale = of.ShotScale(basis=of.ShotScaleBasis.SHOT_SCALE_BASIS_FACE, face_height=0.3, frame_count=8)
    return [
        Finding(span=span(0, 4), label="pan_right", camera=move),
        Finding(span=span(4, 12), label="static", camera=of.CameraMove(zoom_per_s=1.0)),
        Finding(span=span(0, 4), label="medium_close_up", shot_scale=scale),
    ]


def _effects() -> list[Finding]:
    zoom = of.VisualEffect(zoom=of.ZoomPunch(scale=1.3))
    bars = of.VisualEffect(layout=of.Layout(surround="blurred", boxes=[Box(left=0, top=0.2, right=1, bottom=0.8)]))
    return [
        Finding(span=span(5, 5.1), label="zoom_punch", effect=zoom),
        Finding(span=span(8, 12), label="letterbox", effect=bars),
    ]


def _tracks() -> list[Finding]:
    moments = [0.2 * step for step in range(20)]
    boxes = [of.TrackedBox(offset=duration(each), box=_box(each, 1), confidence=0.8) for each in moments]
    cup = [
        of.TrackedBox(offset=duration(each), box=Box(left=0.6, top=0.6, right=0.8, bottom=0.75), confidence=0.6)
        for each in moments
    ]
    return [
        Finding(span=span(0, 4), label="person", confidence=0.8, track=of.Track(track_id=1, boxes=boxes)),
        Finding(span=span(0, 4), label="cup", confidence=0.6, track=of.Track(track_id=2, boxes=cup)),
    ]


def _product() -> Finding:
    product = of.Product(category="kitchenware", visible_duration=duration(3.8), screen_share=0.03, texts=["BREW"])
    return Finding(span=span(0, 4), label="cup", confidence=0.6, subject=Subject(track_id=2), product=product)


def _bodies() -> list[Finding]:
    who = Subject(track_id=1)
    poses = of.PoseTrack(poses=[_pose(0.2 * step, 1) for step in range(20)])
    return [
        Finding(span=span(0, 4), label="pose_track", subject=who, pose=poses),
        Finding(span=span(0, 4), label="facing_camera", subject=who, body=of.BodyState(frame_count=20)),
        Finding(
            span=span(1, 2),
            label="waving",
            subject=who,
            gesture=of.Gesture(side=of.BodySide.BODY_SIDE_LEFT, frequency_hz=1.8),
        ),
        Finding(span=span(0, 4), label="moving", subject=who, activity=of.Activity(median_speed=0.5, peak_speed=1.2)),
    ]


def _gaze() -> list[Finding]:
    who = Subject(track_id=1, face_id=1)
    samples = [
        of.GazeSample(
            offset=duration(step / 15),
            face=Box(left=0.42, top=0.26, right=0.6, bottom=0.4),
            head_yaw_deg=20,
            eye_yaw_deg=8,
        )
        for step in range(60)
    ]
    looks = of.GazeDirection(yaw_deg=2, frame_count=30)
    return [
        Finding(span=span(0, 4), label="gaze_track", subject=who, gaze=of.GazeTrack(samples=samples)),
        Finding(span=span(0, 3), label="looking_at_camera", subject=who, gaze_direction=looks),
        Finding(span=span(3, 4), label="looking_down", subject=who, gaze_direction=looks),
        Finding(span=span(1.5, 1.8), label="blink", subject=who),
        Finding(span=span(8, 9), label="eyes_too_small", subject=Subject(face_id=2)),
    ]


def _age() -> Finding:
    gender = of.ClassDistribution(names=["female", "male"], shares=[0.8, 0.2])
    age = of.AgeEstimate(median_years=34, low_years=29, high_years=41, sample_count=8, apparent_gender=gender)
    return Finding(span=span(0, 4), label="apparent_age", subject=Subject(track_id=1, face_id=1), age=age)


def _emotion() -> Finding:
    shares = of.ClassDistribution(
        names=["happy", "neutral", "sad"],
        shares=[0.7, 0.2, 0.1],
        samples=[of.DistributionSample(offset=duration(1), shares=[0.7, 0.2, 0.1])],
    )
    return Finding(
        span=span(0, 4), label="happy", confidence=0.7, subject=Subject(track_id=1, face_id=1), distribution=shares
    )


def _text(content: str, start_s: float, end_s: float, kind: int) -> Finding:
    label = {TextKind.TEXT_KIND_CAPTION: "caption", TextKind.TEXT_KIND_TITLE: "title"}.get(kind, "scene_text")
    text = of.Text(content=content, kind=kind, box=Box(left=0.1, top=0.8, right=0.9, bottom=0.88))
    return Finding(span=span(start_s, end_s), label=label, confidence=0.99, text=text)


def _texts() -> list[Finding]:
    return [
        _text("3 TIPPS", 0, 4, TextKind.TEXT_KIND_TITLE),
        _text("drei schnelle tipps", 0.4, 2, TextKind.TEXT_KIND_CAPTION),
        _text("folge mir für mehr", 9, 10.5, TextKind.TEXT_KIND_CAPTION),
        _text("BREW", 0, 4, TextKind.TEXT_KIND_SCENE),
    ]


def _regions() -> list[Finding]:
    kitchen = of.RegionShares(regions=[of.Region(name="person", share=0.4), of.Region(name="unlabelled", share=0.6)])
    return [
        Finding(span=span(0, 12), label="setting", regions=kitchen),
        Finding(span=span(0, 8), label="indoor", regions=of.RegionShares(regions=[of.Region(name="wall", share=0.4)])),
    ]


def _composition() -> Finding:
    shape = of.Composition(basis=of.SubjectBasis.SUBJECT_BASIS_FACE, symmetry=0.6, headroom=0.1, frame_count=8)
    return Finding(span=span(0, 4), label="centred", composition=shape)


def _colors() -> list[Finding]:
    swatches = [
        of.Swatch(name="brown", red=101, green=62, blue=36, share=0.55),
        of.Swatch(name="beige", red=222, green=196, blue=160, share=0.35),
        of.Swatch(name="dark_green", red=20, green=70, blue=35, share=0.1),
    ]
    profile = of.ColorProfile(swatches=swatches, lightness=48, chroma=22, saturation=0.4)
    return [
        Finding(span=span(0, 12), label="overall", color=profile),
        Finding(span=span(0, 4), label="palette", color=profile),
        Finding(span=span(4, 8), label="palette", color=profile),
    ]


def _quality() -> Finding:
    quality = of.PictureQuality(sharpness=0.3, noise=1.2, brightness=120, contrast=55, brisque=31, frame_count=24)
    return Finding(span=span(0, 12), label="overall", quality=quality)


def _utterance(words: list[tuple[str, float, float]], speaker_id: int = 1) -> Finding:
    told = [
        Word(content=content, span=span(start_s, end_s), probability=0.3 if content == "Tipps" else 0.97)
        for content, start_s, end_s in words
    ]
    text = of.Text(
        content=" ".join(content for content, _, _ in words),
        kind=TextKind.TEXT_KIND_SPEECH,
        language_code="de",
        words=told,
    )
    return Finding(
        span=span(words[0][1], words[-1][2]),
        label="speech",
        confidence=0.9,
        subject=Subject(speaker_id=speaker_id),
        text=text,
    )


def _speech() -> list[Finding]:
    return [_utterance(list(WORDS[:6])), _utterance(list(WORDS[6:]))]


def _rates() -> list[Finding]:
    rate = of.SpeechRate(
        word_count=6, syllable_count=10, words_per_minute=97.3, syllables_per_s=2.7, articulation_per_s=3.4
    )
    voice = [0.0 if step % 25 > 18 else 180 + 20 * math.sin(step / 6) for step in range(230)]
    pitch = of.PitchTrack(
        step_duration=duration(0.016),
        frequency_hz=voice,
        median_hz=181,
        low_hz=161,
        high_hz=199,
        range_semitones=3.7,
        voiced_share=0.8,
    )
    return [
        Finding(span=span(0.4, 4.1), label="speech_rate", speech_rate=rate),
        Finding(span=span(0.4, 4.1), label="pitch", pitch=pitch),
    ]


def _flow() -> list[Finding]:
    return [
        Finding(span=span(1.9, 2.7), label="pause", pause=of.Pause(word_before="Tipps", word_after="für")),
        Finding(
            span=span(3.5, 4.1),
            label="emphasis",
            emphasis=of.Emphasis(word="Kaffee.", pitch_semitones=3.1, level_db=4.2, length_ratio=1.4, prominence=2.2),
        ),
        Finding(
            span=span(0.4, 10.3),
            label="rhythm",
            rhythm=of.SpeechRhythm(speaking_share=0.5, pause_count=2, mean_run_duration=duration(1.7), filler_count=1),
        ),
        Finding(
            span=span(9, 10.3),
            label="raised",
            vocal_effort=of.VocalEffort(pitch_semitones=2, level_db=7, rate_ratio=1.1),
        ),
        Finding(span=span(0.4, 4.1), label="speaker_turn", subject=Subject(speaker_id=1)),
    ]


def _loudness(length_s: float) -> Finding:
    count = int(length_s / 0.1)
    momentary = [-24 + 8 * math.sin(step / 9) - (30 if step % 80 > 70 else 0) for step in range(count)]
    loudness = of.Loudness(
        integrated_lufs=-16.2,
        loudness_range_lu=6.1,
        true_peak_dbtp=-0.8,
        step_duration=duration(0.1),
        momentary_lufs=momentary,
        short_term_lufs=[-22 + 3 * math.sin(step / 30) for step in range(count)],
    )
    return Finding(span=span(0, length_s), label="loudness", loudness=loudness)


def _sound() -> list[Finding]:
    tempo = of.Tempo(
        beats_per_minute=120,
        candidates=[
            of.TempoCandidate(beats_per_minute=60, strength=0.3, relation=of.TempoRelation.TEMPO_RELATION_HALF)
        ],
    )
    return [
        _loudness(LENGTH_S),
        Finding(span=span(0, 12), label="tempo", tempo=tempo),
        Finding(
            span=span(0, 12), label="key", key=of.MusicalKey(tonic="A", mode=of.KeyMode.KEY_MODE_MINOR, margin=0.2)
        ),
        Finding(span=span(0, 12), label="clipping", clipping=of.Clipping(run_count=2, sample_count=9, share=0.00001)),
        Finding(span=span(0, 12), label="stereo", stereo=of.StereoImage(correlation=0.93, side_share=0.03)),
        Finding(span=span(0, 12), label="speech_to_noise", signal_to_noise=of.SignalToNoise(snr_db=18.3)),
    ]


def _scores() -> Finding:
    curve = of.ScoreCurve(step_duration=duration(0.5), values=[0.3, 0.7, 0.9, 0.8, 0.4, 0.6])
    return Finding(span=span(4, 7), label="music", confidence=0.62, scores=curve)


def _event() -> Finding:
    event = of.SoundEvent(rise_db=12, peak_dbfs=-9, alternatives=["click"])
    return Finding(span=span(7.9, 8.2), label="whoosh_swoosh_swish", confidence=0.7, sound_event=event)


def _descriptions() -> list[Finding]:
    told = of.Description(
        content="A woman pours coffee.",
        language_code="en",
        frame_count=6,
        structured=True,
        happening="A woman pours coffee.",
        who="a woman in a red jumper",
        place="a kitchen",
        action="pouring coffee",
        prompt_name="en.v2",
        attempt_count=1,
        mean_token_probability=0.62,
    )
    again = of.Description(
        content="A woman pours coffee.", prompt_name="en.v2", repeated=True, repeated_offset=duration(0), looped=True
    )
    return [
        Finding(span=span(0, 3), label="description", description=told),
        Finding(span=span(6, 9), label="description", description=again),
    ]


def _story() -> list[Finding]:
    values = [0.5 + 0.4 * math.sin(step / 3) for step in range(24)]
    curve = of.PacingCurve(
        step_duration=duration(0.5), values=values, components=[of.PacingComponent(name="cuts", values=values)]
    )
    phases = (
        ("hook", 0, 3, "first_3_s"),
        ("build_up", 3, 7, "before_climax"),
        ("climax", 7, 9, "densest_stretch"),
        ("ending", 9, 12, "call_to_action"),
    )
    return [
        Finding(span=span(0, LENGTH_S), label="pacing_curve", pacing_curve=curve),
        *(
            Finding(span=span(start_s, end_s), label=label, phase=of.StoryPhase(mean_pace=0.6, reasons=[reason]))
            for label, start_s, end_s, reason in phases
        ),
        Finding(span=span(8, 8.5), label="key_moment", key_moment=of.KeyMoment(reasons=["cut", "loudness_peak"])),
    ]


def _calls() -> list[Finding]:
    call = of.CallToAction(
        action="follow", channel=of.CallChannel.CALL_CHANNEL_BOTH, phrase="Folge mir", language_code="de"
    )
    reply = of.CommentReply(author="@mia", content="Welche Bohnen?", phrase="Antwort an @mia")
    return [
        Finding(
            span=span(9, 10.3), label="call_to_action", call_to_action=call, evidence_ids=["speech_transcription/1"]
        ),
        Finding(span=span(5, 6), label="comment_reply", comment_reply=reply),
    ]


def _checks() -> list[Finding]:
    return [
        Finding(
            span=span(0, 4),
            label="caption_and_speech",
            cross_check=of.CrossCheck(
                verdict=of.Verdict.VERDICT_AGREES,
                topic="caption_and_speech",
                claim="drei schnelle tipps",
                counterpart="Drei schnelle Tipps",
                overlap=1.0,
            ),
            evidence_ids=["text_overlay/1", "speech_transcription/0"],
        ),
        Finding(
            span=span(0, 3),
            label="described_and_detected",
            cross_check=of.CrossCheck(
                verdict=of.Verdict.VERDICT_CONTRADICTS,
                topic="described_and_detected",
                claim="Nobody is in the picture.",
                counterpart="person",
            ),
            evidence_ids=["qwen2_vl_temporal/0", "object_detection/0"],
        ),
        Finding(
            span=span(9, 10.3),
            label="speaker_on_screen",
            cross_check=of.CrossCheck(
                verdict=of.Verdict.VERDICT_UNCONFIRMED,
                topic="speaker_on_screen",
                claim="speech",
                counterpart="nobody seen",
            ),
        ),
    ]
