from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.common.narrated import PARTED_S, TimedNarrator, connected, parted
from reelscribe.demo.sources import SpeechModel
from reelscribe.demo.speech import SAMPLE_RATE_HZ, Narrator, trimmed
from services.common.errors import ReelscribeError
from services.common.weights import locate


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    pytest.importorskip("onnxruntime")
    try:
        files = locate("hibari-heart").files
    except ReelscribeError as missing:
        pytest.skip(str(missing))
    return SpeechModel(network=Path(files["hibari.onnx"]), alphabet=Path(files["vocab.json"]))


def test_the_voice_that_tells_times_says_the_same(model: SpeechModel) -> None:
    phonemes = "ðə kˈæt lˈʊks æt hˌɜɹ"
    sound, starts_s = TimedNarrator(model).phrase(phonemes, 0.9)
    assert np.array_equal(trimmed(sound), Narrator(model).say(phonemes, 0.9))
    assert len(starts_s) == 5
    assert starts_s == sorted(set(starts_s))
    assert 0.0 < starts_s[0] < starts_s[-1] < len(sound) / SAMPLE_RATE_HZ


def test_a_parted_word_begins_where_the_silence_ends(model: SpeechModel) -> None:
    made = parted(TimedNarrator(model), 1)
    assert [word for word, _ in made.starts_s[:4]] == ["a", "rocket", "a", "waits"]
    for _, start_s in made.starts_s[1::2]:
        at, before = round(start_s * SAMPLE_RATE_HZ), round(PARTED_S * SAMPLE_RATE_HZ)
        assert not made.samples[at - before : at].any()
        assert np.abs(made.samples[at : at + SAMPLE_RATE_HZ // 50]).max() > 0.01


def test_connected_words_follow_each_other(model: SpeechModel) -> None:
    made = connected(TimedNarrator(model), 2)
    starts_s = [start_s for _, start_s in made.starts_s]
    assert [word for word, _ in made.starts_s] == [
        "a",
        "rocket",
        "waits",
        "on",
        "the",
        "launch",
        "pad",
        "just",
        "before",
        "the",
        "sun",
        "comes",
        "up",
    ]
    assert starts_s == sorted(starts_s)
