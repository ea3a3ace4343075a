"""text_overlay against plain RapidOCR at two frames a second: burned-in captions, a title, and clips without text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.common.captioned import FACES, captioned_clips, face_file
from bench.common.clips import length_of, lengthened
from bench.common.scores import character_error
from bench.common.standalone import ReadLine, TextByRapidOcr, why_not
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from services.common.time import span_s

if TYPE_CHECKING:
    from reelscribe.v1.finding_pb2 import Finding

NAME = "text_overlay"
READ_CER = 0.1
"""A caption counts as read up to this character error."""

SEED = 1
"""Of the captions; not chosen: the first."""

WITHOUT_TEXT: Mapping[str, float] = {
    "mdn_flower.mp4": 6.0,
    "mdn_friday.mp4": 7.0,
    "moviepy_chaplin.mp4": 10.0,
    "intel_car-detection.mp4": 31.0,
    "intel_one-by-one-person-detection.mp4": 22.0,
    "moviepy_video_with_failing_audio.mp4": 12.0,
    "grid_brbk7n.mpg": 4.0,
    "grid_id2_vcd_swwp2s.mpg": 4.0,
    "androidx_sample_edit_list.mp4": 4.0,
}
"""Clips in which nobody could read anything, and how many of their first seconds are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A text and when it is on screen; read ones as well as true ones."""

    content: str
    start_s: float
    end_s: float

    def overlap_s(self, other: _Shown) -> float:
        return min(self.end_s, other.end_s) - max(self.start_s, other.start_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One clip: what is written there, and what was read."""

    name: str
    truth: Sequence[_Shown]
    ours: Sequence[_Shown]
    alone: Sequence[_Shown]
    """Of the standalone tool; empty without it."""


async def judge(material: Material) -> list[Judgement]:
    """Recall, character error, times, what was reported beside the truth, and where there is nothing to read."""
    if material.composite_truth is None or material.tiny:
        return [unmeasured(NAME, "captions read", "no test data" if material.media is None else "tiny")]
    tool = None if why_not(TextByRapidOcr) else TextByRapidOcr(1)
    composite = await _composite(material, tool)
    read = [composite, *(await _made(material, tool))]
    name = tool.name if tool else ""
    judgements = [_recall(read, name), _errors(read, name), _times(read), _beside(composite)]
    if len(read) == 1:
        judgements.append(unmeasured(NAME, "made captions", "matplotlib, whose faces they are set in, is missing"))
    return [*judgements, await _false(material, tool)]


async def _composite(material: Material, tool: TextByRapidOcr | None) -> _Read:
    assert material.composite is not None
    assert material.composite_truth is not None
    told = json.loads(material.composite_truth.read_text())
    truth = [
        _Shown(content=each["text"], start_s=each["start_s"], end_s=each["end_s"])
        for each in [*told["burned_captions"], told["title_text"]]
    ]
    found = await material.composite_findings(NAME)
    return _Read(
        name=material.composite.name,
        truth=truth,
        ours=[_shown(each) for each in found if each.HasField("text")],
        alone=_frames_read(tool.run(material.composite)) if tool else [],
    )


async def _made(material: Material, tool: TextByRapidOcr | None) -> list[_Read]:
    assert material.media is not None
    if not all(map(face_file, FACES)):
        return []
    return [
        _Read(
            name=clip.path.name,
            truth=[_Shown(content=each.content, start_s=each.start_s, end_s=each.end_s) for each in clip.captions],
            ours=await _ours(material, clip.path),
            alone=_frames_read(tool.run(clip.path)) if tool else [],
        )
        for clip in captioned_clips(material.media / "video", material.folder, seed=SEED)
    ]


async def _ours(material: Material, path: Path) -> list[_Shown]:
    return [_shown(each) for each in await material.findings(path, NAME) if each.HasField("text")]


def _shown(finding: Finding) -> _Shown:
    start_s, end_s = span_s(finding.span)
    return _Shown(content=finding.text.content, start_s=start_s, end_s=end_s)


def _frames_read(lines: Sequence[ReadLine]) -> list[_Shown]:
    """Each line, and each two neighbours as one text: a caption may have been read as two lines."""
    by_frame: dict[float, list[str]] = {}
    for line in lines:
        by_frame.setdefault(line.at_s, []).append(line.content)
    texts = {at_s: [*read, *(" ".join(two) for two in pairwise(read))] for at_s, read in by_frame.items()}
    return [
        _Shown(content=content, start_s=at_s, end_s=at_s + 1e-3) for at_s, read in texts.items() for content in read
    ]


def _best(true: _Shown, read: Sequence[_Shown]) -> tuple[float, _Shown | None]:
    """Smallest character error among what was read while it is on screen; 1.0 if nothing was."""
    near = [each for each in read if each.overlap_s(true) > 0]
    if not near:
        return 1.0, None
    best = min(near, key=lambda each: character_error(true.content, each.content))
    return min(1.0, character_error(true.content, best.content)), best


def _error_pairs(read: Sequence[_Read]) -> list[tuple[_Shown, float, float]]:
    """Each true text with our error and the tool's."""
    return [(true, _best(true, clip.ours)[0], _best(true, clip.alone)[0]) for clip in read for true in clip.truth]


def _recall(read: Sequence[_Read], tool: str) -> Judgement:
    errors = _error_pairs(read)
    ours, alone = sum(each[1] <= READ_CER for each in errors), sum(each[2] <= READ_CER for each in errors)
    missed = ", ".join(true.content for true, error, _ in errors if error > READ_CER)
    return Judgement(
        analyzer=NAME,
        measure=f"captions and title read with at most {READ_CER:.0%} character error, umlauts counted",
        ours=f"{ours} of {len(errors)}" + (f" (not: {missed})" if missed else ""),
        ours_value=ours / len(errors),
        standalone=f"{alone} of {len(errors)}, each in its best frame" if tool else UNMEASURED,
        standalone_value=alone / len(errors) if tool else None,
        tool=tool,
        clips=_named(read),
    )


def _errors(read: Sequence[_Read], tool: str) -> Judgement:
    errors = _error_pairs(read)
    ours, alone = (sum(of) / len(errors) for of in zip(*((error, other) for _, error, other in errors), strict=True))
    return Judgement(
        analyzer=NAME,
        measure="mean character error of captions and title, one that was not read counting as 100 %",
        ours=f"{ours:.1%}",
        ours_value=ours,
        standalone=f"{alone:.1%}, each in its best frame" if tool else UNMEASURED,
        standalone_value=alone if tool else None,
        tool=tool,
        clips=_named(read),
    )


def _times(read: Sequence[_Read]) -> Judgement:
    off = []
    for clip in read:
        for true in clip.truth:
            error, best = _best(true, clip.ours)
            if best is not None and error <= READ_CER:
                off += [abs(best.start_s - true.start_s), abs(best.end_s - true.end_s)]
    return Judgement(
        analyzer=NAME,
        measure="start and end of the texts read, off the truth",
        ours=f"median {median(off):.3f} s, most {max(off):.3f} s" if off else UNMEASURED,
        ours_value=max(off) if off else None,
        standalone="within 0.5 s at best: it sees two frames a second",
        tool="",
        clips=_named(read),
    )


def _beside(composite: _Read) -> Judgement:
    """Not all of these are wrong: the scenes hold text of their own that nobody wrote down."""
    beside = [
        each
        for each in composite.ours
        if not any(character_error(true.content, each.content) <= 0.5 for true in composite.truth)
    ]
    return Judgement(
        analyzer=NAME,
        measure="texts reported beside captions and title (scenes have text of their own: no truth)",
        ours=f"{len(beside)}: {' | '.join(each.content.replace(chr(10), ' ') for each in beside) or 'none'}",
        ours_value=float(len(beside)),
        standalone=UNMEASURED,
        tool="",
        clips=composite.name,
    )


async def _false(material: Material, tool: TextByRapidOcr | None) -> Judgement:
    """The tool says the same in many frames: each of its strings counts once a clip."""
    assert material.media is not None
    ours: list[str] = []
    alone: list[str] = []
    looked_at_s = 0.0
    for name, limit_s in WITHOUT_TEXT.items():
        path = material.media / "video" / name
        if length_of(path) > limit_s:
            path = lengthened(path, material.folder / name, limit_s)
        looked_at_s += length_of(path)
        ours += [each.content for each in await _ours(material, path)]
        alone += {line.content for line in tool.run(path)} if tool else ()
    each_s = looked_at_s / 10
    return Judgement(
        analyzer=NAME,
        measure="false texts per 10 s where there is no text",
        ours=f"{len(ours) / each_s:.2f} ({len(ours)} in {looked_at_s:.0f} s{_quoted(ours)})",
        ours_value=len(ours) / each_s,
        standalone=f"{len(alone) / each_s:.2f} ({len(alone)} different ones{_quoted(alone)})" if tool else UNMEASURED,
        standalone_value=len(alone) / each_s if tool else None,
        tool=tool.name if tool else "",
        clips=", ".join(WITHOUT_TEXT),
    )


def _quoted(texts: Sequence[str]) -> str:
    return f": {' | '.join(text.replace(chr(10), ' ') for text in texts[:8])}" if texts else ""


def _named(read: Sequence[_Read]) -> str:
    made = sum(len(clip.truth) for clip in read[1:])
    return read[0].name + (f", {len(read) - 1} made clips with {made} captions over real footage" if made else "")
