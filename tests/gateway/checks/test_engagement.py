"""Calls that are said, written, and said into the camera."""

from __future__ import annotations

from gateway.checks.check import AGREES, UNCONFIRMED
from gateway.checks.engagement import call_and_gaze, call_said_and_written
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import CallChannel, CallToAction
from services.common.time import span
from tests.gateway.told import evidence, gaze, looked, skipped


def call(channel: str) -> Finding:
    told = CallToAction(action="follow", phrase="folg mir", channel=f"CALL_CHANNEL_{channel}")
    return Finding(span=span(15, 16), label="call_to_action", call_to_action=told)


def calls(channel: str) -> object:
    assert f"CALL_CHANNEL_{channel}" in CallChannel.keys()  # noqa: SIM118  (an enum's wrapper, no dict)
    return looked("comment_cta_detection", call(channel))


def test_said_and_written_agree():
    (found,) = call_said_and_written(evidence(calls("BOTH")))  # type: ignore[arg-type]
    assert found.cross_check.verdict == AGREES


def test_said_only_is_unconfirmed_if_somebody_read():
    given = (calls("SPEECH"), looked("text_overlay"))
    (found,) = call_said_and_written(evidence(*given))  # type: ignore[arg-type]
    assert (found.cross_check.verdict, found.cross_check.counterpart) == (UNCONFIRMED, "not written")


def test_nothing_is_claimed_where_nobody_read():
    assert not list(call_said_and_written(evidence(calls("SPEECH"), skipped("text_overlay"))))  # type: ignore[arg-type]


def test_somebody_who_says_it_looks_at_the_camera():
    eyes = looked("eye_tracking", gaze("looking_at_camera", 14, 18), gaze("looking_left", 1, 2))
    (found,) = call_and_gaze(evidence(calls("SPEECH"), eyes))  # type: ignore[arg-type]
    assert found.cross_check.verdict == AGREES
    assert not list(call_and_gaze(evidence(calls("SCREEN"), eyes)))  # type: ignore[arg-type]
