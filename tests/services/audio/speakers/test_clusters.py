from __future__ import annotations

import numpy as np
import pytest

from services.audio.speakers.clusters import HeardVoice, speakers_of


def voice(speaker: int, speech_s: float, likeness: float = 0.9, seed: int = 0) -> HeardVoice:
    """A print with this cosine to the speaker's own direction; different speakers' directions are at right angles."""
    beside = np.random.default_rng(seed).normal(size=256)
    beside[:8] = 0.0
    beside /= np.linalg.norm(beside)
    found = beside * np.sqrt(1 - likeness**2)
    found[speaker] = likeness
    return HeardVoice(speech_s=speech_s, print=found.astype(np.float32))


def partition(voices: list[HeardVoice]) -> list[set[int]]:
    """Which voices belong together, by their places."""
    numbers = speakers_of(voices)
    groups = {number: {place for place, other in enumerate(numbers) if other == number} for number in numbers}
    return list(groups.values())


def test_the_number_of_speakers_is_found() -> None:
    voices = [voice(place % 3, 4.0, seed=place) for place in range(9)]
    assert partition(voices) == [{0, 3, 6}, {1, 4, 7}, {2, 5, 8}]


def test_one_speaker_is_one_however_often_heard() -> None:
    assert len(partition([voice(0, 3.0, likeness=0.8, seed=place) for place in range(40)])) == 1


def test_nobody_is_nobody() -> None:
    assert speakers_of([]) == []


def test_a_short_voice_joins_whom_it_is_like() -> None:
    assert partition([voice(0, 5.0), voice(1, 5.0, seed=1), voice(1, 1.2, likeness=0.5, seed=2)]) == [{0}, {1, 2}]


def test_a_short_voice_like_nobodys_is_a_speaker_of_its_own() -> None:
    assert partition([voice(0, 5.0), voice(1, 1.2, seed=1)]) == [{0}, {1}]


def test_a_word_is_never_a_speaker_of_its_own() -> None:
    assert len(partition([voice(0, 5.0), voice(1, 5.0, seed=1), voice(2, 0.5, seed=2)])) == 2


@pytest.mark.parametrize("length_s", [0.4, 0.9])
def test_a_bark_alone_is_nobodys_voice(length_s: float) -> None:
    assert speakers_of([voice(0, length_s)]) == [None]


def test_many_voices_take_no_long_time() -> None:
    """Ten minutes of three voices at a time."""
    voices = [voice(place % 3, 3.0, likeness=0.85, seed=place) for place in range(360)]
    assert len(partition(voices)) == 3
