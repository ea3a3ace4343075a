"""cut_analysis against PySceneDetect: hard cuts within one frame, and gradual changes by overlap."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bench.common.mixed import Change, hard_cuts, pieces, soft_changes
from bench.common.scores import Found, matched
from bench.common.standalone import CutsByAdaptiveDetector, CutsByPySceneDetect, why_not
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured

NAME = "cut_analysis"
TOOLS = (CutsByPySceneDetect, CutsByAdaptiveDetector)
HARD_SLACK_FRAMES = 1
SOFT_SLACK_FRAMES = 3

TESTVIDEO = [
    Change(first=30, after=31, hard=True),
    Change(first=180, after=181, hard=True),
    Change(first=211, after=241, hard=False),
    Change(first=331, after=361, hard=False),
    Change(first=394, after=424, hard=False),
    Change(first=664, after=694, hard=False),
]
"""psd_testvideo.mp4: where the mean brightness of its frames jumps, and where it rises or falls frame by frame."""

Spans = list[tuple[int, int]]


async def judge(material: Material) -> list[Judgement]:
    """One figure for hard cuts, one for all changes."""
    if material.media is None:
        return [unmeasured(NAME, "hard cuts, F1", "no test data")]
    truth = _truth(material)
    found = {NAME: {path: await _ours(material, path) for path in truth}}
    names = {}
    for kind in TOOLS:
        if not why_not(kind):
            tool = kind(1)
            names[kind.detector] = tool.name
            found[kind.detector] = {path: [(frame, frame + 1) for frame in tool.run(path)] for path in truth}
    hard = {who: _score(truth, spans, hard_only=True) for who, spans in found.items()}
    every = {who: _score(truth, spans, hard_only=False) for who, spans in found.items()}
    hard_clips = [path.name for path, changes in truth.items() if _only_hard(changes)]
    return [
        _judgement(hard, names, "hard cuts within 1 frame, F1", ", ".join(hard_clips)),
        _judgement(every, names, "all changes of shot, F1", ", ".join(path.name for path in truth)),
    ]


def _truth(material: Material) -> dict[Path, list[Change]]:
    assert material.media is not None
    assert material.composite is not None
    assert material.composite_truth is not None
    parts = pieces(material.media / "video")
    mixed, soft = material.folder / "made: 12 pieces.mp4", material.folder / "made: dissolves and fades.mp4"
    if material.tiny:
        return {mixed: hard_cuts(parts[:3], mixed)}
    truth = {mixed: hard_cuts(parts, mixed), soft: soft_changes(parts, soft)}
    told = json.loads(material.composite_truth.read_text())
    frames = [round(time_s * told["fps"]) for time_s in told["hard_cuts_s"]]
    truth[material.composite] = [Change(first=frame, after=frame + 1, hard=True) for frame in frames]
    truth[material.media / "video" / "psd_testvideo.mp4"] = TESTVIDEO
    return truth


async def _ours(material: Material, path: Path) -> Spans:
    of_composite = path == material.composite
    findings = await (material.composite_findings(NAME) if of_composite else material.findings(path, NAME))
    rate_hz = _rate_hz(path)
    spans = []
    for finding in findings:
        if finding.HasField("transition"):
            length_s = finding.span.end_offset.ToTimedelta() - finding.span.start_offset.ToTimedelta()
            first = finding.transition.frame_index
            spans.append((first, first + max(1, round(length_s.total_seconds() * rate_hz))))
    return spans


def _rate_hz(path: Path) -> float:
    import av

    with av.open(str(path)) as container:
        return float(container.streams.video[0].average_rate)


def _only_hard(changes: list[Change]) -> bool:
    return all(each.hard for each in changes)


def _score(truth: Mapping[Path, list[Change]], spans: Mapping[Path, Spans], *, hard_only: bool) -> Found:
    """Hard cuts are judged where there are no other changes: a report inside a fade is no wrong cut."""
    total = Found(right=0, wrong=0, missed=0)
    for path, changes in truth.items():
        if hard_only and not _only_hard(changes):
            continue
        slack_frames = HARD_SLACK_FRAMES if hard_only else SOFT_SLACK_FRAMES
        total += matched(changes, spans[path], slack_frames=slack_frames)
    return total


def _judgement(scores: Mapping[str, Found], names: Mapping[str, str], measure: str, clips: str) -> Judgement:
    best = max(names, key=lambda who: scores[who].f1, default=None)
    return Judgement(
        analyzer=NAME,
        measure=measure,
        ours=str(scores[NAME]),
        ours_value=scores[NAME].f1,
        standalone=str(scores[best]) if best else UNMEASURED,
        standalone_value=scores[best].f1 if best else None,
        tool=names[best] if best else "",
        clips=clips,
    )
