"""Single sounds mixed over speech and music at known times: recorded ones, and some made here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE_HZ = 16000

BEDS = ("silence", "speech", "music")

AUDIBLE = 0.05
"""Share of its highest 10 ms level at which a recorded sound begins and ends: 26 dB below."""

PEAK = 0.6

OWN = Path(__file__).parent / "sounds"
"""Recordings that come with the project."""

RECORDED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "bark": ("001_-_Dog_bark_5-203128-A", ("dog", "bark", "bow_wow", "yip")),
    "rooster": ("009_-_Rooster_5-200334-B", ("chicken_rooster", "crowing_cock_a_doodle_doo", "fowl")),
    "door": ("door_close", ("door", "slam", "sliding_door", "thunk", "thump_thud", "knock")),
}
"""File of ESC-10 or in OWN, and the classes that are right. One bark, one crow: up to the first 0.3 s of quiet."""

MADE: Mapping[str, tuple[str, ...]] = {
    "beep": ("beep_bleep", "telephone", "busy_signal", "dial_tone", "telephone_dialing_dtmf"),
    "blast": ("explosion", "gunshot_gunfire", "artillery_fire", "burst_pop", "boom"),
    "whoosh": ("whoosh_swoosh_swish", "arrow"),
}

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One sound of a mix."""

    name: str
    labels: tuple[str, ...]
    """Any of them is right."""
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """(n,) samples at RATE_HZ, and what was mixed in, in order."""

    samples: Sound
    events: tuple[Event, ...]


def mix(media: Path, bed: str, *, seed: int) -> Mix:
    """All sounds once, in an order and at times of the seed's, over one of BEDS."""
    rng = np.random.default_rng(seed)
    sounds = material(media)
    names = [str(name) for name in rng.permutation(sorted(sounds))]
    at_s, events = 1.5, []
    for name in names:
        length_s = len(sounds[name]) / RATE_HZ
        right = RECORDED[name][1] if name in RECORDED else MADE[name]
        events.append(Event(name=name, labels=right, start_s=at_s, end_s=at_s + length_s))
        at_s += length_s + float(rng.uniform(0.8, 1.6))
    samples = _bed(media, bed, round((at_s + 0.5) * RATE_HZ), seed)
    for event in events:
        first = round(event.start_s * RATE_HZ)
        samples[first : first + len(sounds[event.name])] += sounds[event.name]
    return Mix(samples=samples.clip(-1, 1), events=tuple(events))


def material(media: Path) -> dict[str, Sound]:
    """Each sound alone, from where it is heard to where it is not any more."""
    sounds = {name: _first_sound(_read(_recording(media, f"{file}.ogg"))) for name, (file, _) in RECORDED.items()}
    sounds |= {
        name: _first_sound(made) for name, made in (("beep", _beep()), ("blast", _blast()), ("whoosh", _whoosh()))
    }
    return {name: (sound / np.abs(sound).max() * PEAK).astype(np.float32) for name, sound in sounds.items()}


def _bed(media: Path, bed: str, count: int, seed: int) -> Sound:
    if bed == "silence":
        return np.zeros(count, np.float32)
    name = "librispeech_5703-47212-0000" if bed == "speech" else "music_vocals_lets_go_fishin"
    sound = _read(media / "audio" / f"{name}.ogg")
    sound = np.tile(sound, 1 + 2 * count // len(sound))[seed * RATE_HZ :][:count]
    return (sound * (0.05 / np.sqrt(np.mean(sound**2)))).astype(np.float32)


def _recording(media: Path, file: str) -> Path:
    own = OWN / file
    return own if own.exists() else media / "audio" / "esc10" / file


def _first_sound(samples: Sound) -> Sound:
    """Up to the first 0.3 s that are not heard."""
    step = RATE_HZ // 100
    levels = np.sqrt(np.mean(samples[: len(samples) // step * step].reshape(-1, step) ** 2, axis=1))
    heard = np.flatnonzero(levels >= AUDIBLE * levels.max())
    quiet = np.flatnonzero(np.diff(heard) > 30)
    last = int(heard[quiet[0]] if len(quiet) else heard[-1])
    return samples[heard[0] * step : (last + 1) * step]


def _beep() -> Sound:
    return np.sin(2 * np.pi * 1000 * np.arange(round(0.3 * RATE_HZ)) / RATE_HZ).astype(np.float32)


def _blast() -> Sound:
    """Noise, mostly low, that dies away."""
    from scipy.signal import butter, sosfilt

    times_s = np.arange(RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(0).normal(0, 1, RATE_HZ) * np.exp(-times_s / 0.18)
    low = sosfilt(butter(2, 600, fs=RATE_HZ, output="sos"), noise)
    return np.tanh(6 * low + noise * np.exp(-times_s / 0.02)).astype(np.float32)


def _whoosh() -> Sound:
    """Noise through a band that rises and falls, swelling with it."""
    from scipy.signal import butter, sosfilt

    count, pieces = round(0.8 * RATE_HZ), 80
    noise = np.random.default_rng(0).normal(0, 1, count)
    state, made = np.zeros((1, 2)), []
    for index, piece in enumerate(np.array_split(noise, pieces)):
        middle_hz = 400 + 3500 * np.sin(np.pi * (index + 0.5) / pieces) ** 2
        band = butter(1, [middle_hz * 0.6, middle_hz * 1.6], "band", fs=RATE_HZ, output="sos")
        filtered, state = sosfilt(band, piece, zi=state)
        made.append(filtered)
    return (np.concatenate(made) * np.sin(np.pi * np.arange(count) / count) ** 1.5).astype(np.float32)


def _read(path: Path) -> Sound:
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
    with av.open(str(path)) as container:
        blocks = [block for frame in container.decode(audio=0) for block in resampler.resample(frame)]
    blocks += resampler.resample(None)
    return np.concatenate([block.to_ndarray().reshape(-1) for block in blocks]).astype(np.float32)
