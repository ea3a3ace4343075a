"""Test signals of EBU Tech 3341 and 3342, made as the documents describe them."""

from __future__ import annotations

import numpy as np


def sine(
    length_s: float, level_dbfs: float, *, pitch_hz: float = 1000.0, rate_hz: int = 48000, channel_count: int = 2
) -> np.ndarray:
    """(n, channels) a sine whose peak is at level_dbfs, the same in every channel."""
    times_s = np.arange(round(length_s * rate_hz)) / rate_hz
    one = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * pitch_hz * times_s)
    return np.tile(one.astype(np.float32)[:, None], (1, channel_count))


def sines(*pieces: tuple[float, float], rate_hz: int = 48000) -> np.ndarray:
    """(seconds, dBFS) one after the other."""
    return np.concatenate([sine(length_s, level_dbfs, rate_hz=rate_hz) for length_s, level_dbfs in pieces])


def surround(length_s: float) -> np.ndarray:
    """Tech 3341, 6: -28 dBFS left and right, -24 in the centre, -30 at the back; low frequencies must not count."""
    levels = (-28, -28, -24, -3, -30, -30)
    return np.concatenate([sine(length_s, level, channel_count=1) for level in levels], axis=1)


def phased(share_of_rate: float, phase_deg: float, amplitude: float, *, length_s: float = 1.0) -> np.ndarray:
    """A sine at a share of the rate whose samples miss its peaks. It fades in and out over 10 ms: begun at once, it
    truly overshoots."""
    angles = 2 * np.pi * share_of_rate * np.arange(round(length_s * 48000)) + np.deg2rad(phase_deg)
    fade = np.minimum(1.0, np.minimum(np.arange(len(angles)), np.arange(len(angles))[::-1]) / 480)
    return np.tile((amplitude * fade * np.sin(angles)).astype(np.float32)[:, None], (1, 2))


PROGRAMMES = {
    "1": ((20, -23),),
    "2": ((20, -33),),
    "3": ((10, -36), (60, -23), (10, -36)),
    "4": ((10, -72), (10, -36), (60, -23), (10, -36), (10, -72)),
    "5": ((20, -26), (20.1, -20), (20, -26)),
}
"""Tech 3341: all but the second are -23 LUFS, that one -33."""

RANGES = {
    "1": (((20, -20), (20, -30)), 10),
    "2": (((20, -20), (20, -15)), 5),
    "3": (((20, -40), (20, -20)), 20),
    "4": (((20, -50), (20, -35), (20, -20), (20, -35), (20, -50)), 15),
}
"""Tech 3342: the signal, and its loudness range, give or take 1 LU."""

PEAKS = {
    "15": (1 / 4, 0.0, 0.50, -6.0),
    "16": (1 / 4, 45.0, 0.50, -6.0),
    "17": (1 / 6, 60.0, 0.50, -6.0),
    "18": (1 / 8, 67.5, 0.50, -6.0),
    "19": (1 / 4, 45.0, 1.41, 3.0),
}
"""Tech 3341: share of the rate, phase, amplitude; the true peak, of which +0.2 and -0.4 dB are allowed."""
