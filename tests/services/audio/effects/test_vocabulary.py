from __future__ import annotations

import pytest

from services.audio.effects.vocabulary import GOES_ON, explaining, single_sounds
from services.audio.percepts.sounds import labels_in
from services.common.errors import WeightsNotInstalled
from services.common.weights import locate


@pytest.fixture(scope="module")
def labels() -> tuple[str, ...]:
    try:
        return labels_in(locate("yamnet").path)
    except WeightsNotInstalled as missing:
        pytest.skip(f"{missing}: {missing.fix}")


def test_effects_are_single_sounds_and_what_goes_on_is_none(labels):
    single = {labels[index] for index in single_sounds(labels)}
    wanted = {
        "whoosh_swoosh_swish",
        "clicking",
        "applause",
        "laughter",
        "dog",
        "bark",
        "door",
        "slam",
        "sneeze",
        "explosion",
    }
    assert wanted | {"beep_bleep", "glass", "gunshot_gunfire", "doorbell", "cheering", "car_alarm"} <= single
    assert not single & {"speech", "music", "singing", "rain", "wind", "silence", "engine", "inside_small_room", "hum"}


def test_stretches_are_in_the_order_of_the_labels(labels):
    assert all(labels.index(first) <= labels.index(last) for first, last in GOES_ON)
    firsts = [labels.index(first) for first, _ in GOES_ON]
    assert firsts == sorted(firsts)


def test_other_labels_are_refused():
    with pytest.raises(ValueError, match="speech"):
        single_sounds(("dog",))


def test_speech_and_music_explain_pieces_and_no_single_sound_does(labels):
    names = {labels[index] for index in explaining(labels)}
    assert {"speech", "speech_synthesizer", "music", "trumpet"} <= names
    assert not set(explaining(labels)) & set(single_sounds(labels))
    assert not {"rain", "silence", "dog"} & names
