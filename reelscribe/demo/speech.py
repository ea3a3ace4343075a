"""Makes the demo's narration: phonemes through a small acoustic network, its spectra to a waveform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reelscribe.demo.sources import SpeechModel
from services.common.errors import LibraryNotInstalled

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE_RATE_HZ = 24_000
"""The network was trained at this rate; its spectra mean nothing at another."""

FFT_SIZE = 1200
HOP_SIZE = 300
"""One spectrum stands for 12.5 ms."""

TOP_HARMONIC_HZ = 11_000.0
"""Harmonics above this would alias at 24 kHz."""

VOICED_FROM_HZ = 40.0
"""A pitch below this means: no voice here, only noise."""

LARGEST_LOG_GAIN = 7.0
"""exp(7) is about 1100; a larger exponent is an outlier of the quantised network, not a sound."""

SPOKEN_LEVEL = 0.03
"""Share of a phrase's peak that counts as speech; breath and noise before and after stay below it."""

EDGE_S = 0.010
"""Fade at both ends of a phrase, so that cutting it out of its silence does not click."""


class Narrator:
    """One voice (American English), reading phoneme strings; about ten times real time on one core."""

    def __init__(self, model: SpeechModel) -> None:
        try:
            import onnxruntime
        except ImportError:
            raise LibraryNotInstalled("onnxruntime", "vision") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model.network), options, providers=["CPUExecutionProvider"])
        self._ids: dict[str, int] = json.loads(Path(model.alphabet).read_text(encoding="utf-8"))

    def say(self, phonemes: str, speed: float = 1.0) -> NDArray[np.float32]:
        """Speech without silence around it: float32 (samples,) at 24 kHz, peak 1.

        Raises ValueError for a symbol that the voice does not know.
        """
        unknown = sorted(set(phonemes) - self._ids.keys())
        if unknown:
            raise ValueError(f"the voice has no sound for {unknown}")
        ids = [0, *(self._ids[symbol] for symbol in phonemes), 0]
        inputs = {"ids": np.array([ids], np.int64), "speed": np.array([speed], np.float32)}
        names = ("lh", "theta", "ln", "lr", "phi", "f0")
        found = dict(zip(names, self._session.run(list(names), inputs), strict=True))
        return trimmed(waveform({name: value[0] for name, value in found.items()}))


def waveform(spectra: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """Sound of one phrase from what the network says about it.

    `lh`, `theta`: log gain and phase (tanh, of half a turn) of the voiced part; `ln`: log gain of the noise;
    `lr`, `phi`: log gain and phase of the rest; each float32 (601, frames). `f0`: float32 (frames,), Hz.
    """
    source = short_spectra(pulse_train(spectra["f0"]), spectra["f0"].size)
    voiced = source * gain(spectra["lh"]) * np.exp(1j * np.pi * np.tanh(spectra["theta"]))
    shape = spectra["ln"].shape
    # A fixed seed: the demo is the same clip each time it is made.
    rng = np.random.default_rng(0)
    noise = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) * gain(spectra["ln"])
    rest = gain(spectra["lr"]) * np.exp(1j * spectra["phi"])
    return from_short_spectra(voiced + noise + rest)


def gain(log_gain: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear gain of a log gain."""
    return np.exp(np.minimum(log_gain, LARGEST_LOG_GAIN), dtype=np.float32)


def pulse_train(pitch_hz: NDArray[np.float32]) -> NDArray[np.float64]:
    """Every harmonic of the pitch up to 11 kHz, each at amplitude 1; zero where unvoiced. (frames * 300,)."""
    frame_centres = (np.arange(pitch_hz.size) + 0.5) * HOP_SIZE - 0.5
    pitch = np.interp(np.arange(pitch_hz.size * HOP_SIZE), frame_centres, pitch_hz)
    voiced = pitch > VOICED_FROM_HZ
    phase = 2 * np.pi * np.cumsum(np.maximum(pitch, VOICED_FROM_HZ)) / SAMPLE_RATE_HZ
    pulses = np.zeros_like(pitch)
    if not voiced.any():
        return pulses
    for harmonic in range(1, int(TOP_HARMONIC_HZ / pitch[voiced].min()) + 1):
        audible = voiced & (harmonic * pitch <= TOP_HARMONIC_HZ)
        pulses[audible] += np.cos(harmonic * phase[audible])
    return pulses


def hann() -> NDArray[np.float64]:
    """Periodic Hann window of one spectrum's length."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT_SIZE) / FFT_SIZE)


def short_spectra(samples: NDArray[np.float64], frame_count: int) -> NDArray[np.complex128]:
    """Spectra (601, frames) of windows centred on each hop, scaled so that a cosine's bin reads its amplitude."""
    padded = np.pad(samples, FFT_SIZE // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, FFT_SIZE)[::HOP_SIZE][:frame_count]
    return np.fft.rfft(windows * hann() / (FFT_SIZE / 4), axis=1).T


def from_short_spectra(spectra: NDArray[np.complex128]) -> NDArray[np.float32]:
    """Overlap and add: (601, frames) to float32 (frames * 300,)."""
    frames = np.fft.irfft(spectra.T, FFT_SIZE, axis=1) * hann()
    total = np.zeros(FFT_SIZE + HOP_SIZE * (len(frames) - 1))
    weight = np.full_like(total, 1e-11)
    for index, frame in enumerate(frames):
        span = slice(index * HOP_SIZE, index * HOP_SIZE + FFT_SIZE)
        total[span] += frame
        weight[span] += hann() ** 2
    start = FFT_SIZE // 2
    return (total / weight)[start : start + len(frames) * HOP_SIZE].astype(np.float32)


def trimmed(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The spoken part alone, peak 1, faded over 10 ms at both ends."""
    level = np.abs(samples)
    loud = np.flatnonzero(level > SPOKEN_LEVEL * level.max())
    spoken: NDArray[np.float32] = samples[loud[0] : loud[-1] + 1] / level.max()
    ramp = np.linspace(0, 1, int(EDGE_S * SAMPLE_RATE_HZ), dtype=np.float32)
    spoken[: ramp.size] *= ramp
    spoken[-ramp.size :] *= ramp[::-1]
    return spoken
