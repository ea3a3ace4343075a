from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.audio.percepts.speakers import Speakers
from services.audio.speakers.voice_prints import BAND_COUNT, mel_bands, voice_print
from tests.services.audio.hearing import noise, tone
from tests.windows import samples_of_file

pytest.importorskip("kaldi_native_fbank", reason="the audio extra is not installed")


def test_bands_come_every_ten_milliseconds_less_their_mean() -> None:
    bands = mel_bands(noise(1.0))
    assert bands.shape == (98, BAND_COUNT)
    assert np.abs(bands.mean(axis=0)).max() < 1e-4


def test_the_same_sound_has_the_same_bands_however_loud() -> None:
    """Kaldi's dither would make them differ; the mean takes the level out."""
    assert mel_bands(0.5 * noise(1.0)) == pytest.approx(mel_bands(noise(1.0)), abs=1e-3)


def written_out(samples: np.ndarray) -> np.ndarray:
    """Kaldi's recipe: 16-bit frames without their mean, pre-emphasis, Hamming, power, mel triangles, log."""
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64) * 32768, 400)[::160]
    frames = frames - frames.mean(axis=1, keepdims=True)
    frames = frames - 0.97 * np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    power = np.abs(np.fft.rfft(frames * np.hamming(400), 512)) ** 2
    mel = 1127 * np.log(1 + np.arange(257) * 16000 / 512 / 700)
    edges = np.linspace(1127 * np.log(1 + 20 / 700), 1127 * np.log(1 + 8000 / 700), BAND_COUNT + 2)
    rising = (mel - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - mel) / (edges[2:] - edges[1:-1])[:, None]
    bands = np.log(power @ np.clip(np.minimum(rising, falling), 0, None).T)
    return np.asarray(bands - bands.mean(axis=0))


def test_bands_are_those_the_network_was_trained_on() -> None:
    samples = noise(1.0) + tone(1.0)
    assert mel_bands(samples) == pytest.approx(written_out(samples), abs=1e-2)


def test_one_reader_is_like_himself_and_unlike_another(speakers: Speakers, media_dir: Path) -> None:
    audio = media_dir / "audio"
    one, other = (samples_of_file(audio / f"librispeech_{name}-0000.ogg") for name in ("198-209", "3436-172162"))
    network = speakers.print_network
    first, second = voice_print(network, one[: 16000 * 6]), voice_print(network, one[16000 * 6 :])
    assert np.linalg.norm(first) == pytest.approx(1.0, abs=1e-4)
    assert first @ second > 0.6
    assert first @ voice_print(network, other[: 16000 * 6]) < 0.3
