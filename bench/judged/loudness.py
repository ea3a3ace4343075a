"""audio_analysis: loudness and peaks on the signals of EBU Tech 3341 and 3342, tempo and key on made music."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common import loudness_signals as signals
from bench.common import music_pieces as pieces
from bench.common.sound_files import write_sound
from bench.common.standalone import why_not
from bench.common.standalone_sound import LoudnessByFfmpeg, Measured, TempoByLibrosa
from bench.judged.case import UNMEASURED, Judgement, Material
from reelscribe.v1.sound_pb2 import KeyMode, Loudness

NAME = "audio_analysis"

TEMPI = (66, 72, 84, 90, 97, 104, 110, 120, 128, 136, 144, 150, 166, 174)
"""Beats a minute of the drums: from slow to drum and bass."""

RECORDED_TEMPI: Mapping[str, float] = {"music_solo_trumpet.ogg": 90.0, "music_vibe_ace.ogg": 129.5}
"""As their authors give them."""

WITHIN = 0.02


async def judge(material: Material) -> list[Judgement]:
    """Everything is made here, so that it is measured without test data too; two pieces of music are recorded."""
    if material.tiny:
        return [await _loudness(material, {"1": signals.PROGRAMMES["1"]})]
    return [
        await _loudness(material, signals.PROGRAMMES),
        await _ranges(material),
        await _peaks(material),
        await _tempi(material),
        *([await _recorded_tempi(material, material.media)] if material.media else []),
        await _keys(material),
    ]


async def _loudness(material: Material, programmes: Mapping[str, Sequence[tuple[float, float]]]) -> Judgement:
    made = {name: signals.sines(*programme) for name, programme in programmes.items()}
    wanted = {name: -33.0 if name == "2" else -23.0 for name in made}
    if not material.tiny:
        made["6"], wanted["6"] = signals.surround(20), -23.0
    ours, alone = await _metered(material, made)
    return _errors(
        "integrated loudness, largest error (LU)",
        {name: told.integrated_lufs - wanted[name] for name, told in ours.items()},
        {name: told.integrated_lufs - wanted[name] for name, told in alone.items()},
        f"EBU Tech 3341, signals {', '.join(made)}",
    )


async def _ranges(material: Material) -> Judgement:
    made = {name: signals.sines(*programme) for name, (programme, _) in signals.RANGES.items()}
    ours, alone = await _metered(material, made)
    return _errors(
        "loudness range, largest error (LU)",
        {name: told.loudness_range_lu - signals.RANGES[name][1] for name, told in ours.items()},
        {name: told.loudness_range_lu - signals.RANGES[name][1] for name, told in alone.items()},
        f"EBU Tech 3342, signals {', '.join(made)}",
    )


async def _peaks(material: Material) -> Judgement:
    made = {name: signals.phased(*peak[:3]) for name, peak in signals.PEAKS.items()}
    ours, alone = await _metered(material, made)
    return _errors(
        "true peak, largest error (dB; -0.4 to +0.2 are allowed)",
        {name: told.true_peak_dbtp - signals.PEAKS[name][3] for name, told in ours.items()},
        {name: told.true_peak_dbtp - signals.PEAKS[name][3] for name, told in alone.items()},
        f"EBU Tech 3341, signals {', '.join(made)}",
    )


async def _metered(
    material: Material, made: Mapping[str, npt.NDArray[np.float32]]
) -> tuple[dict[str, Loudness], dict[str, Measured]]:
    tool = LoudnessByFfmpeg(1)
    ours, alone = {}, {}
    for name, samples in made.items():
        path = write_sound(material.folder / f"signal-{name}.wav", samples, 48000)
        found = await material.findings(path, NAME)
        ours[name] = next(each.loudness for each in found if each.WhichOneof("shape") == "loudness")
        alone[name] = tool.run(path)
    return ours, alone


def _errors(measure: str, ours: Mapping[str, float], alone: Mapping[str, float], clips: str) -> Judgement:
    largest, largest_alone = (max(errors.values(), key=abs) for errors in (ours, alone))
    return Judgement(
        analyzer=NAME,
        measure=measure,
        ours=f"{largest:+.2f}",
        ours_value=abs(largest),
        standalone=f"{largest_alone:+.2f}",
        standalone_value=abs(largest_alone),
        tool=LoudnessByFfmpeg(1).name,
        clips=clips,
    )


async def _tempi(material: Material) -> Judgement:
    files = {}
    for tempo in TEMPI:
        samples = pieces.drums(tempo, 20.0)[:, None]
        path = write_sound(material.folder / f"drums-{tempo}.wav", samples, pieces.RATE_HZ)
        files[path] = float(tempo)
    return await _tempo_row(material, files, f"drums made at {len(TEMPI)} tempi, {min(TEMPI)} to {max(TEMPI)} a minute")


async def _recorded_tempi(material: Material, media: Path) -> Judgement:
    files = {media / "audio" / name: tempo for name, tempo in RECORDED_TEMPI.items()}
    return await _tempo_row(material, files, ", ".join(f"{path.stem} ({tempo:g})" for path, tempo in files.items()))


async def _tempo_row(material: Material, files: Mapping[Path, float], clips: str) -> Judgement:
    tool = None if why_not(TempoByLibrosa) else TempoByLibrosa(1)
    ours = {path: await _tempo(material, path) for path in files}
    alone = {path: tool.run(path) for path in files} if tool else {}
    return Judgement(
        analyzer=NAME,
        measure="tempo within 2 % or half or double of it (of these, as it is)",
        ours=_counted(files, ours),
        ours_value=_share(files, ours, _any_octave),
        standalone=_counted(files, alone) if tool else UNMEASURED,
        standalone_value=_share(files, alone, _any_octave) if tool else None,
        tool=tool.name if tool else "",
        clips=clips,
    )


async def _tempo(material: Material, path: Path) -> float | None:
    """Of the longest stretch of music that has one."""
    found = [each for each in await material.findings(path, NAME) if each.WhichOneof("shape") == "tempo"]
    longest = max(found, key=lambda each: len(each.tempo.beat_offsets), default=None)
    return None if longest is None else longest.tempo.beats_per_minute


def _counted(files: Mapping[Path, float], told: Mapping[Path, float | None]) -> str:
    right, same = (round(_share(files, told, rule) * len(files)) for rule in (_any_octave, _itself))
    silent = sum(each is None for each in told.values())
    return f"{right} of {len(files)} ({same})" + (f", {silent} not said" if silent else "")


def _share(
    files: Mapping[Path, float], told: Mapping[Path, float | None], rule: Callable[[float, float], bool]
) -> float:
    return sum((value := told[path]) is not None and rule(value, wanted) for path, wanted in files.items()) / len(files)


def _itself(told: float, wanted: float) -> bool:
    return abs(told / wanted - 1) <= WITHIN


def _any_octave(told: float, wanted: float) -> bool:
    return any(_itself(told, wanted * ratio) for ratio in (0.5, 1.0, 2.0))


async def _keys(material: Material) -> Judgement:
    right = 0
    for mode in pieces.TRIADS:
        for tonic in range(12):
            samples = np.tile(pieces.chords(tonic, mode), 2)[:, None]
            path = write_sound(material.folder / f"cadence-{mode}-{tonic}.wav", samples, pieces.RATE_HZ)
            keys = [each.key for each in await material.findings(path, NAME) if each.WhichOneof("shape") == "key"]
            wanted = KeyMode.Value(f"KEY_MODE_{mode.upper()}")
            right += any(pieces.TONICS.index(key.tonic) == tonic and key.mode == wanted for key in keys)
    return Judgement(
        analyzer=NAME,
        measure="key right",
        ours=f"{right} of 24",
        ours_value=right / 24,
        standalone=UNMEASURED,
        tool="",
        clips="cadences made in all 24 keys",
    )
