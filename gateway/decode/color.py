"""What a stream's colour tags mean, and how HDR light becomes SDR pixels."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

# Numbers of FFmpeg's AVColorSpace, AVColorRange, AVColorTransferCharacteristic and AVColorPrimaries, which are
# those of ITU-T H.273.
UNSPECIFIED: Final = 2
RGB: Final = 0
BT601: Final = 5
BT709: Final = 1
BT2020: Final = 9
PQ: Final = 16
HLG: Final = 18
LIMITED_RANGE: Final = 1
FULL_RANGE: Final = 2

MATRICES: Final = {1: BT709, 4: 4, 5: BT601, 6: BT601, 7: 7, 9: BT2020, 10: BT2020}
"""FFmpeg's colour space of a frame -> the scaler's number of the matrix (4: FCC, 7: SMPTE 240M)."""

HD_WIDTH_PX: Final = 1280
HD_HEIGHT_PX: Final = 720
"""An untagged stream this large is taken for BT.709, a smaller one for BT.601, as players do."""

TRANSFER_NAMES: Final = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100", 10: "log316",
    11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084",
    17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip

SDR_WHITE_NITS: Final = 203.0
"""Light that becomes the white of SDR: the reference white of ITU-R BT.2408. Higher darkens the whole picture."""

HDR_PEAK_NITS: Final = 1000.0
"""Light that still differs from white: what phones and TV studios master for. Brighter light is white."""

HLG_SYSTEM_GAMMA: Final = 1.2
"""Of ITU-R BT.2100 at a peak of 1000 nits."""

SDR_DISPLAY_GAMMA: Final = 2.4
"""Of ITU-R BT.1886, the display SDR video is made for."""

BT2020_TO_BT709: Final = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], dtype=np.float32
)
"""Linear light, from ITU-R BT.2087."""

BT2020_LUMINANCE: Final = np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)
"""Share of each channel in the luminance."""

GAIN_STEPS: Final = 4096
"""Steps of the tone curve's table, over the square root of light: no step is visible in 8 bits."""


def matrix_of(color_space: int, width_px: int, height_px: int) -> int:
    """The scaler's number for the matrix that turns a frame's YUV to RGB."""
    guess = BT709 if width_px >= HD_WIDTH_PX or height_px >= HD_HEIGHT_PX else BT601
    return MATRICES.get(color_space, guess)


def range_of(color_range: int, *, rgb: bool) -> int:
    """The frame's range as tagged; untagged YUV is limited, untagged RGB full."""
    if color_range in (LIMITED_RANGE, FULL_RANGE):
        return color_range
    return FULL_RANGE if rgb else LIMITED_RANGE


def is_hdr(transfer: int) -> bool:
    """Whether a transfer is one of the two HDR curves."""
    return transfer in (PQ, HLG)


def to_sdr(rgb48: npt.NDArray[np.uint16], *, transfer: int, primaries: int) -> npt.NDArray[np.uint8]:
    """(h, w, 3) uint16 PQ or HLG signal, full range -> (h, w, 3) uint8 as an SDR display expects it.

    The tone curve is read at a pixel's brightest channel and scales all three: hues stay, where a curve for each
    channel would turn bright orange into yellow.
    """
    light = _light_of(transfer)[rgb48]
    if transfer == HLG:
        light *= ((light @ BT2020_LUMINANCE) ** np.float32(HLG_SYSTEM_GAMMA - 1))[..., None]
    if primaries in (BT2020, UNSPECIFIED):
        light = light @ BT2020_TO_BT709.T
    np.clip(light, 0.0, 1.0, out=light)
    brightest = np.maximum(np.maximum(light[..., 0], light[..., 1]), light[..., 2])
    light *= _gains()[(np.sqrt(brightest) * (GAIN_STEPS - 1)).astype(np.uint16)][..., None]
    np.minimum(light, 65535.0, out=light)  # the steps of the table may lead a hair over white
    coded: npt.NDArray[np.uint8] = _display_codes()[light.astype(np.uint16)]
    return coded


@lru_cache(maxsize=2)
def _light_of(transfer: int) -> npt.NDArray[np.float32]:
    """(65536,) from a 16-bit signal to linear light, 1.0 = HDR_PEAK_NITS; HLG without its luminance-dependent part."""
    signal = np.arange(65536) / 65535.0
    light = np.minimum(pq_to_nits(signal) / HDR_PEAK_NITS, 1.0) if transfer == PQ else hlg_to_scene(signal)
    return light.astype(np.float32)


@lru_cache(maxsize=1)
def _gains() -> npt.NDArray[np.float32]:
    """(GAIN_STEPS,) by the square root of light: the factor that brings it to [0, 65535], SDR white = 65535."""
    nits = HDR_PEAK_NITS * np.maximum(np.linspace(0.0, 1.0, GAIN_STEPS), 0.5 / GAIN_STEPS) ** 2
    whites = tone_mapped_nits(nits) / SDR_WHITE_NITS
    gains: npt.NDArray[np.float32] = (65535.0 * np.minimum(whites, 1.0) / (nits / HDR_PEAK_NITS)).astype(np.float32)
    return gains


@lru_cache(maxsize=1)
def _display_codes() -> npt.NDArray[np.uint8]:
    """(65536,) from 16-bit linear light to 8-bit signal."""
    codes: npt.NDArray[np.uint8] = np.round(255 * (np.arange(65536) / 65535.0) ** (1 / SDR_DISPLAY_GAMMA)).astype(
        np.uint8
    )
    return codes


def pq_to_nits(signal: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """SMPTE ST 2084: signal in [0, 1] -> light in [0, 10000] nits."""
    root = signal ** (32 / 2523)
    light: npt.NDArray[np.float64] = np.maximum(root - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * root)
    return 10000 * light ** (8192 / 1305)


def nits_to_pq(nits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The inverse of `pq_to_nits`."""
    root = (nits / 10000) ** (1305 / 8192)
    signal: npt.NDArray[np.float64] = (107 / 128 + 2413 / 128 * root) / (1 + 2392 / 128 * root)
    return signal ** (2523 / 32)


def hlg_to_scene(signal: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """ITU-R BT.2100: HLG signal in [0, 1] -> light of the scene in [0, 1]."""
    a = 0.17883277
    b, c = 1 - 4 * a, 0.5 - a * np.log(4 * a)
    return np.clip(np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12), 0, 1)


def tone_mapped_nits(nits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The EETF of ITU-R BT.2390: light up to a knee stays, above it a Hermite spline leads the peak to SDR white."""
    peak = nits_to_pq(np.array(HDR_PEAK_NITS))
    white = float(nits_to_pq(np.array(SDR_WHITE_NITS)) / peak)
    level = nits_to_pq(nits) / peak
    knee = 1.5 * white - 0.5
    t = np.clip((level - knee) / (1 - knee), 0, 1)
    spline = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (3 * t**2 - 2 * t**3) * white
    return pq_to_nits(np.where(level < knee, level, spline) * peak)
