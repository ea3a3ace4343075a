from __future__ import annotations

import pytest

from services.audio.percepts.speech_spans import SpeechSpan
from services.audio.speakers.turns import Turn, turns_of


def at(start_s: float, end_s: float) -> SpeechSpan:
    return SpeechSpan(start_s=start_s, end_s=end_s)


def told(turns: list[Turn]) -> list[tuple[int, float, float]]:
    return [(turn.speaker, turn.start_s, turn.end_s) for turn in turns]


EVERYWHERE = [at(0.0, 100.0)]


def test_speakers_are_numbered_as_they_appear() -> None:
    turns = turns_of([(7, at(5.0, 6.0)), (3, at(1.0, 4.0)), (7, at(8.0, 9.0))], EVERYWHERE)
    assert told(turns) == [(1, 1.0, 4.0), (2, 5.0, 6.0), (2, 8.0, 9.0)]


def test_a_short_pause_does_not_end_a_turn_and_a_longer_one_does() -> None:
    assert told(turns_of([(0, at(1.0, 2.0)), (0, at(2.25, 3.0)), (0, at(3.35, 4.0))], EVERYWHERE)) == [
        (1, 1.0, 3.0),
        (1, 3.35, 4.0),
    ]


def test_two_may_speak_at_a_time() -> None:
    assert told(turns_of([(0, at(1.0, 4.0)), (1, at(3.0, 6.0))], EVERYWHERE)) == [(1, 1.0, 4.0), (2, 3.0, 6.0)]


def test_two_voices_of_one_speaker_are_one_turn() -> None:
    """A segment may take one speaker for two."""
    assert told(turns_of([(0, at(1.0, 4.0)), (0, at(2.0, 3.0))], EVERYWHERE)) == [(1, 1.0, 4.0)]


def test_a_flicker_is_no_turn() -> None:
    assert turns_of([(0, at(1.0, 1.1))], EVERYWHERE) == []


@pytest.mark.parametrize(("speech", "end_s"), [([at(1.0, 2.0)], 2.2), ([], None)])
def test_there_is_no_turn_where_nobody_speaks(speech: list[SpeechSpan], end_s: float | None) -> None:
    turns = turns_of([(0, at(1.0, 9.0))], speech)
    assert [turn.end_s for turn in turns] == ([] if end_s is None else [end_s])
