"""text_overlay against plain RapidOCR at two frames a second: burned-in captions and the title of the composite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bench.common.scores import character_error
from bench.common.standalone import ReadLine, TextByRapidOcr, why_not
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from services.common.time import span_s

NAME = "text_overlay"
READ_CER = 0.1
"""A caption counts as read up to this character error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A text and when it is on screen; read ones as well as true ones."""

    content: str
    start_s: float
    end_s: float

    def overlap_s(self, other: _Shown) -> float:
        return min(self.end_s, other.end_s) - max(self.start_s, other.start_s)


async def judge(material: Material) -> list[Judgement]:
    """Recall, character error, times, and what was reported beside the truth."""
    if material.composite_truth is None or material.tiny:
        return [unmeasured(NAME, "captions read", "no test data" if material.media is None else "tiny")]
    told = json.loads(material.composite_truth.read_text())
    truth = [
        _Shown(content=each["text"], start_s=each["start_s"], end_s=each["end_s"])
        for each in [*told["burned_captions"], told["title_text"]]
    ]
    findings = await material.composite_findings(NAME)
    ours = [
        _Shown(content=finding.text.content, start_s=span_s(finding.span)[0], end_s=span_s(finding.span)[1])
        for finding in findings
        if finding.HasField("text")
    ]
    alone, tool = await _standalone(material)
    return [
        _read(truth, ours, alone, tool),
        _errors(truth, ours, alone, tool),
        _times(truth, ours),
        _beside(truth, ours),
    ]


async def _standalone(material: Material) -> tuple[list[_Shown], str]:
    if why_not(TextByRapidOcr):
        return [], ""
    assert material.composite is not None
    tool = TextByRapidOcr(1)
    return _frames_read(tool.run(material.composite)), tool.name


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


def _read(truth: Sequence[_Shown], ours: Sequence[_Shown], alone: Sequence[_Shown], tool: str) -> Judgement:
    counts = [sum(_best(true, read)[0] <= READ_CER for true in truth) for read in (ours, alone)]
    return Judgement(
        analyzer=NAME,
        measure=f"captions and title read with at most {READ_CER:.0%} character error, umlauts counted",
        ours=f"{counts[0]} of {len(truth)}",
        ours_value=counts[0] / len(truth),
        standalone=f"{counts[1]} of {len(truth)} in its best frame" if tool else UNMEASURED,
        standalone_value=counts[1] / len(truth) if tool else None,
        tool=tool,
        clips="vertical_de_composite.mp4",
    )


def _errors(truth: Sequence[_Shown], ours: Sequence[_Shown], alone: Sequence[_Shown], tool: str) -> Judgement:
    means = [sum(_best(true, read)[0] for true in truth) / len(truth) for read in (ours, alone)]
    return Judgement(
        analyzer=NAME,
        measure="mean character error of captions and title",
        ours=f"{means[0]:.1%}",
        ours_value=means[0],
        standalone=f"{means[1]:.1%} in its best frame" if tool else UNMEASURED,
        standalone_value=means[1] if tool else None,
        tool=tool,
        clips="vertical_de_composite.mp4",
    )


def _times(truth: Sequence[_Shown], ours: Sequence[_Shown]) -> Judgement:
    off = []
    for true in truth:
        error, best = _best(true, ours)
        if best is not None and error <= READ_CER:
            off += [abs(best.start_s - true.start_s), abs(best.end_s - true.end_s)]
    shown = f"median {median(off):.3f} s, most {max(off):.3f} s" if off else UNMEASURED
    return Judgement(
        analyzer=NAME,
        measure="start and end of the texts read, off the truth",
        ours=shown,
        ours_value=max(off) if off else None,
        standalone="within 0.5 s at best: it sees two frames a second",
        tool="",
        clips="vertical_de_composite.mp4",
    )


def _beside(truth: Sequence[_Shown], ours: Sequence[_Shown]) -> Judgement:
    """Not all of these are wrong: the scenes hold text of their own that nobody wrote down."""
    beside = [each for each in ours if not any(character_error(true.content, each.content) <= 0.5 for true in truth)]
    return Judgement(
        analyzer=NAME,
        measure="texts reported beside captions and title (scenes have text of their own: no truth)",
        ours=f"{len(beside)}: {' | '.join(each.content.replace(chr(10), ' ') for each in beside) or 'none'}",
        ours_value=float(len(beside)),
        standalone=UNMEASURED,
        tool="",
        clips="vertical_de_composite.mp4",
    )
