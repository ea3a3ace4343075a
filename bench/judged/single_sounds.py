"""sound_effects against YAMNet alone: single sounds mixed over silence, speech and music at known times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.common import effect_mixes
from bench.common.sound_files import write_sound
from bench.common.standalone import YAMNET_HOP, YAMNET_RATE_HZ, SoundsByYamnet, why_not
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from services.common.time import span_s

NAME = "sound_effects"

SEEDS = range(10, 18)
"""Orders and distances of the sounds, eight for each bed."""

NEAR_S = 0.25

KNOWN = 0.3
"""Score at which the tool knows a sound: TensorFlow's own sample application begins there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A sound that was reported."""

    label: str
    start_s: float
    end_s: float


@dataclass(slots=True, kw_only=True)
class Score:
    """Events by how they were reported, and reports of what was not there."""

    event_count: int = 0
    found: int = 0
    started_near: int = 0
    ended_near: int = 0
    invented: int = 0

    def add(self, events: Sequence[effect_mixes.Event], heard: Sequence[Heard]) -> None:
        """Take one clip."""
        for event in events:
            near = [each for each in heard if each.label in event.labels and _overlap(each, event)]
            self.event_count += 1
            self.found += bool(near)
            self.started_near += bool(near) and abs(near[0].start_s - event.start_s) <= NEAR_S
            self.ended_near += bool(near) and abs(near[-1].end_s - event.end_s) <= NEAR_S
        self.invented += sum(not any(_overlap(each, event) for event in events) for each in heard)

    def __str__(self) -> str:
        return (
            f"{self.found} of {self.event_count} found; start {self.started_near}, end {self.ended_near} within "
            f"{NEAR_S:g} s; {self.invented} made up"
        )


async def judge(material: Material) -> list[Judgement]:
    """One row for each bed."""
    if material.media is None:
        return [unmeasured(NAME, "single sounds", "no test data")]
    tool = None if why_not(SoundsByYamnet) else SoundsByYamnet(1)
    beds = effect_mixes.BEDS[:1] if material.tiny else effect_mixes.BEDS
    return [await _judged(material, material.media, tool, bed) for bed in beds]


async def _judged(material: Material, media: Path, tool: SoundsByYamnet | None, bed: str) -> Judgement:
    ours, alone = Score(), Score()
    seeds = SEEDS[:1] if material.tiny else SEEDS
    for seed in seeds:
        mix = effect_mixes.mix(media, bed, seed=seed)
        path = write_sound(material.folder / f"mix-{bed}-{seed}.wav", mix.samples[:, None], effect_mixes.RATE_HZ)
        found = await material.findings(path, NAME)
        ours.add(mix.events, [_heard(each.label, *span_s(each.span)) for each in found])
        if tool:
            alone.add(mix.events, _by_tool(tool, path))
    return Judgement(
        analyzer=NAME,
        measure=f"single sounds over {bed}",
        ours=str(ours),
        ours_value=ours.started_near / ours.event_count,
        standalone=str(alone) if tool else UNMEASURED,
        standalone_value=alone.started_near / alone.event_count if tool else None,
        tool=f"{tool.name}, frames from {KNOWN:g} on" if tool else "",
        clips=f"{len(seeds)} mixes of a bark, a cock, a door, a beep, a blast and a whoosh",
    )


def _by_tool(tool: SoundsByYamnet, path: Path) -> list[Heard]:
    """Runs of frames in which a class is known, of the classes that are right for any of the sounds."""
    right = {label for names in effect_mixes.MADE.values() for label in names}
    right |= {label for _, names in effect_mixes.RECORDED.values() for label in names}
    hop_s, heard = YAMNET_HOP / YAMNET_RATE_HZ, []
    scores = tool.run(path)
    for column, label in enumerate(tool.labels):
        if label not in right:
            continue
        known = [*(scores[:, column] >= KNOWN).tolist(), False]
        begin: int | None = None
        for frame, is_known in enumerate(known):
            if is_known and begin is None:
                begin = frame
            elif not is_known and begin is not None:
                # A frame speaks for its middle half.
                heard.append(_heard(label, (begin + 0.5) * hop_s, (frame + 0.5) * hop_s))
                begin = None
    return sorted(heard, key=lambda each: each.start_s)


def _heard(label: str, start_s: float, end_s: float) -> Heard:
    return Heard(label=label, start_s=start_s, end_s=end_s)


def _overlap(heard: Heard, event: effect_mixes.Event) -> bool:
    return heard.start_s < event.end_s and heard.end_s > event.start_s
