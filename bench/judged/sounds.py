"""audio_environment against YAMNet alone: which class of sound a clip of ESC-10 holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.common.standalone import SoundsByYamnet, why_not
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured

NAME = "audio_environment"

RIGHT: Mapping[str, tuple[str, ...]] = {
    "Dog bark": ("dog", "bark", "bow_wow", "yip"),
    "Rain": ("rain", "raindrop", "rain_on_surface"),
    "Sea waves": ("ocean", "waves_surf"),
    "Baby cry": ("baby_cry_infant_cry", "crying_sobbing"),
    "Clock tick": ("clock", "tick", "tick_tock"),
    "Person sneeze": ("sneeze",),
    "Helicopter": ("helicopter",),
    "Chainsaw": ("chainsaw",),
    "Rooster": ("chicken_rooster", "crowing_cock_a_doodle_doo"),
    "Fire crackling": ("fire", "crackle"),
}
"""Classes of AudioSet that say the same as one of ESC-10."""


async def judge(material: Material) -> list[Judgement]:
    """Top 1 and top 5 of each clip: ours by the summed score of the stretches, YAMNet's by its mean score."""
    if material.media is None:
        return [unmeasured(NAME, "ESC-10, top 1", "no test data")]
    files = sorted((material.media / "audio" / "esc10").glob("*.ogg"))[: 2 if material.tiny else None]
    ours = {file: await _ours(material, file) for file in files}
    tool = None if why_not(SoundsByYamnet) else SoundsByYamnet(1)
    alone = {file: _ranked(tool, file) for file in files} if tool else {}
    return [_judgement(files, ours, alone, tool, depth) for depth in (1, 5)]


async def _ours(material: Material, file: Path) -> list[str]:
    totals: dict[str, float] = {}
    for finding in await material.findings(file, NAME):
        totals[finding.label] = totals.get(finding.label, 0.0) + sum(finding.scores.values)
    return sorted(totals, key=lambda label: -totals[label])


def _ranked(tool: SoundsByYamnet, file: Path) -> list[str]:
    means = tool.run(file).mean(axis=0)
    return [tool.labels[row] for row in means.argsort()[::-1] if tool.labels[row] != "silence"]


def _judgement(
    files: Sequence[Path],
    ours: Mapping[Path, list[str]],
    alone: Mapping[Path, list[str]],
    tool: SoundsByYamnet | None,
    depth: int,
) -> Judgement:
    right = sum(_is_right(file, ours[file][:depth]) for file in files)
    right_alone = sum(_is_right(file, alone[file][:depth]) for file in files) if tool else 0
    return Judgement(
        analyzer=NAME,
        measure=f"ESC-10, right class among the first {depth}"
        if depth > 1
        else "ESC-10, right class first (the model alone often names the parent first, 'animal')",
        ours=f"{right} of {len(files)}",
        ours_value=right / len(files),
        standalone=f"{right_alone} of {len(files)}" if tool else UNMEASURED,
        standalone_value=right_alone / len(files) if tool else None,
        tool=tool.name if tool else "",
        clips=f"{len(files)} clips of ESC-10, 10 classes",
    )


def _is_right(file: Path, labels: Sequence[str]) -> bool:
    wanted = next(names for kind, names in RIGHT.items() if f"-_{kind.replace(' ', '_')}_" in file.name)
    return any(label in wanted for label in labels)
