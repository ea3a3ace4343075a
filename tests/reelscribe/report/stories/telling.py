"""What is described and concluded: descriptions, phases, calls, cross checks."""

from __future__ import annotations

import math

from reelscribe.v1 import finding_pb2 as of
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import duration, span
from tests.reelscribe.report.stories.length import LENGTH_S


def descriptions() -> list[Finding]:
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


def story() -> list[Finding]:
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


def calls() -> list[Finding]:
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


def checks() -> list[Finding]:
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
