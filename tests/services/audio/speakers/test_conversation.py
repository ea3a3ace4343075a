from __future__ import annotations

import numpy as np

from services.audio.percepts.speech_spans import SpeechSpan
from services.audio.speakers.clusters import HeardVoice
from services.audio.speakers.conversation import HeardSegment, turns_in
from services.audio.speakers.segments import FRAME_STEP_S, HOP_S, Segment

EVERYWHERE = [SpeechSpan(start_s=0.0, end_s=100.0)]


def voice(direction: int) -> HeardVoice:
    found = np.zeros(256, np.float32)
    found[direction] = 1.0
    return HeardVoice(speech_s=3.0, print=found)


def heard(number: int, *voices: tuple[float, float, int | None], last: bool = False) -> HeardSegment:
    """The segment that starts at number * HOP_S; voices by when they are heard in it and what they sound like."""
    start_s = number * HOP_S
    active = np.zeros((589, 3), np.bool_)
    prints: list[HeardVoice | None] = [None, None, None]
    for place, (from_s, to_s, direction) in enumerate(voices):
        active[round(from_s / FRAME_STEP_S) : round(to_s / FRAME_STEP_S), place] = True
        prints[place] = None if direction is None else voice(direction)
    own = (start_s + 2.5 if number else 0.0, start_s + (10.0 if last else 7.5))
    segment = Segment(start_s=start_s, own_start_s=own[0], own_end_s=own[1], active=active)
    return HeardSegment(segment=segment, prints=tuple(prints))


def rounded(segments: list[HeardSegment]) -> list[tuple[int, float, float]]:
    return [(turn.speaker, round(turn.start_s, 1), round(turn.end_s, 1)) for turn in turns_in(segments, EVERYWHERE)]


def test_a_voice_goes_on_over_segments_that_number_it_differently() -> None:
    first = heard(0, (1.0, 4.0, 5), (5.0, 10.0, 9))
    second = heard(1, (0.0, 6.0, 9), (7.0, 9.0, 5), last=True)
    assert rounded([first, second]) == [(1, 1.0, 4.0), (2, 5.0, 11.0), (1, 12.0, 14.0)]


def test_a_voice_that_is_never_alone_is_known_by_its_neighbour() -> None:
    first = heard(0, (0.0, 10.0, 5), (6.0, 7.4, None))
    second = heard(1, (0.0, 9.0, 5), (1.0, 2.4, 9), last=True)
    assert [turn[0] for turn in rounded([first, second])] == [1, 2]


def test_who_is_talked_over_from_first_to_last_is_a_second_speaker() -> None:
    assert rounded([heard(0, (0.0, 5.0, 5), (1.0, 4.0, None), last=True)]) == [(1, 0.0, 5.0), (2, 1.0, 4.0)]


def test_what_is_too_short_to_tell_is_left_out() -> None:
    assert rounded([heard(0, (0.0, 5.0, 5), (1.0, 1.6, None), last=True)]) == [(1, 0.0, 5.0)]


def test_nobody_is_nobody() -> None:
    assert turns_in([], []) == []
    assert turns_in([heard(0, last=True)], EVERYWHERE) == []
