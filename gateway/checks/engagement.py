"""Whether what the viewer is asked for is said and written, and said into the camera."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.checks.check import AGREES, UNCONFIRMED, Check, crossed
from gateway.evidence import Evidence, overlapping
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import CallChannel
from services.common.time import span_s

AT_CAMERA = "looking_at_camera"
"""eye_tracking's word."""

OTHER = {
    CallChannel.CALL_CHANNEL_SPEECH: ("text_overlay", "not written"),
    CallChannel.CALL_CHANNEL_SCREEN: ("speech_transcription", "not said"),
}
"""Channel of a call -> who looked at the other, and what it means that nothing was met there."""


def call_said_and_written(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each call."""
    for call in evidence.of("call_to_action"):
        channel = call.call_to_action.channel
        both = channel == CallChannel.CALL_CHANNEL_BOTH
        looked, absent = OTHER.get(channel, ("", ""))
        if both or evidence.covers(looked, *span_s(call.span)):
            yield crossed(
                "call_said_and_written",
                AGREES if both else UNCONFIRMED,
                span_s(call.span),
                claim=call.call_to_action.phrase,
                counterpart="said and written" if both else absent,
                evidence=[call],
            )


def call_and_gaze(evidence: Evidence) -> Iterator[Finding]:
    """Where somebody looks at the camera during a call that is said. That nobody does says nothing."""
    looking = [finding for finding in evidence.of("gaze_direction") if finding.label == AT_CAMERA]
    for call in evidence.of("call_to_action"):
        if call.call_to_action.channel == CallChannel.CALL_CHANNEL_SCREEN:
            continue
        during = overlapping(looking, *span_s(call.span))
        if during:
            yield crossed(
                "call_and_gaze",
                AGREES,
                span_s(call.span),
                claim=call.call_to_action.phrase,
                counterpart="looking at camera",
                evidence=[call, *during],
            )


CHECKS = (
    Check(reads=(("comment_cta_detection", "speech_transcription", "text_overlay"),), find=call_said_and_written),
    Check(reads=(("comment_cta_detection", "eye_tracking"),), find=call_and_gaze),
)
