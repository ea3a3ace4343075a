"""What a voice sounds like: 256 numbers that lie close together for one speaker, by WeSpeaker's ResNet34."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from services.common.errors import LibraryNotInstalled
from services.common.onnx import OnnxNetwork

RATE_HZ = 16000

BAND_COUNT = 80
"""Mel bands: what the network was trained on, like all that follows."""

FULL_SCALE = 32768.0
"""Kaldi's samples are 16-bit integers."""

SHORTEST_S = 0.4
"""Less than two syllables tell nothing of a voice."""

Sound = npt.NDArray[np.float32]
Print = npt.NDArray[np.float32]
"""(256,), length 1"""


def require_kaldi() -> None:
    """Raises LibraryNotInstalled where its features cannot be made."""
    if find_spec("kaldi_native_fbank") is None:
        raise LibraryNotInstalled("kaldi-native-fbank", "audio")


def voice_print(network: OnnxNetwork, samples: Sound) -> Print:
    """The print of one voice, from (n,) samples at 16 kHz of at least SHORTEST_S with nobody else in them."""
    (found,) = network({"feats": mel_bands(samples)[None]})
    embedding: Print = found[0].astype(np.float32)
    return embedding / np.linalg.norm(embedding)


def mel_bands(samples: Sound) -> Sound:
    """(n,) -> (frames, BAND_COUNT): Kaldi's log mel energies, 25 ms every 10 ms, less their mean over time."""
    import kaldi_native_fbank as kaldi

    options = kaldi.FbankOptions()
    options.frame_opts.samp_freq = RATE_HZ
    # Kaldi adds noise by default; a measurement must give the same twice.
    options.frame_opts.dither = 0.0
    options.frame_opts.window_type = "hamming"
    options.mel_opts.num_bins = BAND_COUNT
    bank = kaldi.OnlineFbank(options)
    bank.accept_waveform(RATE_HZ, samples.astype(np.float32) * np.float32(FULL_SCALE))
    bank.input_finished()
    bands = np.stack([bank.get_frame(frame) for frame in range(bank.num_frames_ready)])
    centred: Sound = (bands - bands.mean(axis=0)).astype(np.float32)
    return centred
