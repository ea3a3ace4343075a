"""With random weights: where it looks and how it reports, and that it does not run without a trained checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.audio.analyzers.speech_emotion import SHORTEST_UTTERANCE_S, SpeechEmotion, window_edges_s
from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.common.service import Service
from services.common.time import seconds
from tests.services.audio.hearing import found, silence, times
from tests.services.audio.saying import said, speech, utterance, word
from tests.services.audio.tiny_wav2vec2 import NAME, install

pytest.importorskip("transformers", reason="the emotion extra is not installed")


@pytest.fixture(scope="module")
def analyzer(tmp_path_factory: pytest.TempPathFactory, device: Device) -> SpeechEmotion:
    with pytest.MonkeyPatch.context() as patch:
        model_dir = tmp_path_factory.mktemp("models")
        install(model_dir)
        patch.setenv("REELSCRIBE_MODEL_DIR", str(model_dir))
        loaded = SpeechEmotion()
        loaded.load(device)
        return loaded


LONG = utterance([word("on", 2.0, 3.0), word("and", 3.0, 6.0), word("on", 6.0, 14.0)])
SHORT = utterance([word("Good", 15.5, 16.4), word("bye.", 16.4, 17.5)])
SOUND = speech([(2.0, 14.0, 120.0, 0.1), (15.5, 17.5, 220.0, 0.2)], 18.0)


def test_each_utterance_is_judged_over_its_own_windows(analyzer: SpeechEmotion) -> None:
    long, short = found(analyzer, said(SOUND, [LONG, SHORT]))
    assert [times(long), times(short)] == [(2.0, 14.0), (15.5, 17.5)]
    assert [seconds(sample.offset) for sample in long.distribution.samples] == [2.0, 8.0]
    assert [seconds(sample.offset) for sample in short.distribution.samples] == [15.5]


def test_shares_sum_to_one_and_the_label_leads(analyzer: SpeechEmotion) -> None:
    for finding in found(analyzer, said(SOUND, [LONG, SHORT])):
        shares = finding.distribution
        assert list(shares.names) == ["neutral", "happy", "angry", "sad"]
        for row in (shares, *shares.samples):
            assert sum(row.shares) == pytest.approx(1.0, abs=1e-6)
        assert finding.label == shares.names[int(np.argmax(shares.shares))]
        assert finding.confidence == pytest.approx(max(shares.shares))


def test_what_is_judged_is_the_sound_of_the_utterance(analyzer: SpeechEmotion) -> None:
    """Whatever lies around it, and however the windows fall."""
    alone = found(analyzer, said(SOUND, [SHORT]))
    within = found(analyzer, said(np.concatenate([SOUND, speech([(0.2, 4.0, 90.0, 0.3)], 5.0)]), [LONG, SHORT]))
    cut = found(analyzer, said(SOUND, [SHORT], length_s=0.37))
    assert alone[0].distribution == within[1].distribution == cut[0].distribution


def test_nothing_is_judged_where_nothing_is_said(analyzer: SpeechEmotion) -> None:
    assert found(analyzer, said(silence(5), [])) == []


def test_an_utterance_at_the_end_of_the_sound_is_judged(analyzer: SpeechEmotion) -> None:
    (last,) = found(analyzer, said(SOUND[: round(17.5 * 16000)], [SHORT]))
    assert times(last) == (15.5, 17.5)


def test_too_short_an_utterance_is_not_judged() -> None:
    assert window_edges_s(1.0, 1.0 + SHORTEST_UTTERANCE_S - 0.01) == []
    assert window_edges_s(1.0, 9.0) == [(1.0, 9.0)]
    assert window_edges_s(0.0, 8.1) == [(0.0, 4.05), (4.05, 8.1)]


def test_random_weights_are_named_for_what_they_are_not(analyzer: SpeechEmotion) -> None:
    """The report names the file it ran on by its hash, which no published checkpoint has."""
    (model,) = analyzer.models
    assert (model.name, model.precision) == (NAME, "float32")
    assert len(model.sha256) == 64


def test_without_a_checkpoint_it_is_skipped_with_the_command_that_brings_it(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    with pytest.raises(WeightsNotInstalled) as missing:
        SpeechEmotion().load(device)
    assert missing.value.fix == f"reelscribe models pull {NAME}"
    service = Service("audio", [SpeechEmotion], device)
    service.load()
    (described,) = service.describe()
    assert described.unavailable.code == "weights_not_installed"
