"""Moments at which several kinds of things happen."""

from __future__ import annotations

from gateway.flow.moments import Event, events_in, moments
from reelscribe.v1.finding_pb2 import Finding
from tests.gateway.told import TITLE, cuts, evidence, heard, looked, loudness, said, written


def reasons(*results: object) -> list[tuple[float, set[str]]]:
    groups = moments(events_in(evidence(*results)))  # type: ignore[arg-type]
    return [(group[0].at_s, {event.reason for event in group}) for group in groups]


def test_one_kind_alone_is_no_moment():
    assert reasons(cuts(5.0, 5.2, 5.4)) == []


def test_two_kinds_at_once_are_one():
    title = looked("text_overlay", written("SO GEHT'S", 5.2, 9, TITLE))
    assert reasons(cuts(5.0, 12.0), title) == [(5.0, {"cut", "new_text"})]


def test_two_kinds_a_second_apart_are_none():
    assert reasons(cuts(5.0), looked("text_overlay", written("SO GEHT'S", 6.0, 9, TITLE))) == []


def test_how_a_video_begins_is_no_event():
    assert reasons(cuts(0.0), looked("text_overlay", written("TITEL", 0.0, 3, TITLE))) == []


def test_speech_begins_after_a_silence_only():
    talk = looked("speech_transcription", said("eins zwei drei", 5.0), said("vier fünf", 6.5), said("sechs", 12.0))
    assert reasons(talk, cuts(5.1, 6.6, 12.1)) == [(5.0, {"speech_begins", "cut"}), (12.0, {"speech_begins", "cut"})]


def test_a_sound_that_begins_with_a_cut():
    assert reasons(looked("audio_environment", heard("dog", 8.0, 9.0), heard("music", 3.0, 20.0)), cuts(3.0, 8.1)) == [
        (8.0, {"sound", "cut"})
    ]


def test_the_loudest_moment_counts_if_it_is_loud():
    values = [-20.0] * 200
    values[100] = -10.0
    assert reasons(looked("audio_analysis", loudness(values, -20.0)), cuts(10.2)) == [(10.0, {"loudness_peak", "cut"})]
    values[100] = -17.0
    assert reasons(looked("audio_analysis", loudness(values, -20.0)), cuts(10.2)) == []


def test_a_long_chain_of_events_is_no_single_moment():
    chain = [Event(at_s=at / 3, reason=str(at), finding=Finding()) for at in range(6)]
    assert [len(group) for group in moments(chain)] == [2, 2, 2]
