"""cut_analysis against PySceneDetect and TransNetV2 alone: hard cuts within a frame, gradual changes by overlap."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.common.mixed import Change, hard_cuts, pieces, soft_changes
from bench.common.montage import SOURCES, montage
from bench.common.scores import Found, matched
from bench.common.standalone import CutsByAdaptiveDetector, CutsByPySceneDetect, why_not
from bench.common.standalone_vision import ShotsByTransNet
from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured

NAME = "cut_analysis"
HARD_SLACK_FRAMES = 1
SOFT_SLACK_FRAMES = 3

MONTAGES: tuple[tuple[str, int, int, bool], ...] = (
    ("made: montage.mp4", 1, 38, False),
    ("made: montage of hard cuts.mp4", 2, 22, True),
)
"""Name, seed, shots, and whether all its transitions are hard. The seeds were not chosen: the first two."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clip:
    """A clip whose changes are known."""

    path: Path
    changes: Sequence[Change]
    disturbed: Sequence[tuple[int, int]] = ()
    """Flashes and fast motion that are no changes."""
    of_goal: bool = True
    """Whether it belongs to the row that the project is measured by."""

    @property
    def hard(self) -> list[Change]:
        """The cuts among its changes."""
        return [each for each in self.changes if each.hard]


async def judge(material: Material) -> list[Judgement]:
    """The composite and the montages, the hard cuts of all clips, all changes of all, and what disturbs."""
    if material.media is None:
        return [unmeasured(NAME, "hard cuts, F1", "no test data")]
    clips = _clips(material)
    found = {NAME: {clip.path: await _ours(material, clip.path) for clip in clips}}
    names: dict[str, str] = {}
    for who, name, spans in _standing(clips):
        found[who], names[who] = spans, name
    of_goal = [clip for clip in clips if clip.of_goal]
    changes = [change for clip in of_goal for change in clip.changes]
    rows: list[tuple[str, Sequence[_Clip], dict[str, Found]]] = [
        (
            f"the composite's cuts and {sum(len(c.changes) for c in of_goal if c.disturbed)} made ones, with flashes "
            f"and fast motion between them ({sum(each.hard for each in changes)} hard, "
            f"{sum(not each.hard for each in changes)} gradual), within 1 frame, F1",
            of_goal,
            {who: _every(of_goal, spans, HARD_SLACK_FRAMES) for who, spans in found.items()},
        ),
        ("hard cuts within 1 frame, F1", clips, {who: _hard(clips, spans) for who, spans in found.items()}),
        (
            "all changes of shot, F1",
            clips,
            {who: _every(clips, spans, SOFT_SLACK_FRAMES) for who, spans in found.items()},
        ),
    ]
    judgements = [_judgement(measure, within, scores, names) for measure, within, scores in rows]
    return [*judgements, _disturbed(of_goal, found, names)]


def _clips(material: Material) -> list[_Clip]:
    assert material.media is not None
    assert material.composite is not None
    assert material.composite_truth is not None
    video = material.media / "video"
    parts = pieces(video)
    mixed, soft = material.folder / "made: 12 pieces.mp4", material.folder / "made: dissolves and fades.mp4"
    if material.tiny:
        return [_Clip(path=mixed, changes=hard_cuts(parts[:3], mixed))]
    told = json.loads(material.composite_truth.read_text())
    frames = [round(time_s * told["fps"]) for time_s in told["hard_cuts_s"]]
    clips = [
        _Clip(path=material.composite, changes=[Change(first=each, after=each + 1, hard=True) for each in frames]),
        _Clip(path=mixed, changes=hard_cuts(parts, mixed), of_goal=False),
        _Clip(path=soft, changes=soft_changes(parts, soft), of_goal=False),
        _Clip(path=video / "psd_testvideo.mp4", changes=TESTVIDEO, of_goal=False),
    ]
    for name, seed, shot_count, hard_only in MONTAGES:
        made = montage(video, material.folder / name, seed=seed, shot_count=shot_count, hard_only=hard_only)
        clips.append(_Clip(path=material.folder / name, changes=made.changes, disturbed=made.disturbed))
    return clips


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


def _standing(clips: Sequence[_Clip]) -> list[tuple[str, str, dict[Path, Spans]]]:
    """Each tool that is here: what to call it, its name in full, and its answers."""
    answers: list[tuple[str, str, dict[Path, Spans]]] = []
    for kind in (CutsByPySceneDetect, CutsByAdaptiveDetector):
        if not why_not(kind):
            tool = kind(1)
            spans = {clip.path: [(frame, frame + 1) for frame in tool.run(clip.path)] for clip in clips}
            answers.append((kind.detector, tool.name, spans))
    if not why_not(ShotsByTransNet):
        network = ShotsByTransNet(1)
        answers.append(("TransNetV2", network.name, {clip.path: network.run(clip.path) for clip in clips}))
    return answers


def _rate_hz(path: Path) -> float:
    import av

    with av.open(str(path)) as container:
        return float(container.streams.video[0].average_rate)


def _every(clips: Sequence[_Clip], spans: Mapping[Path, Spans], slack_frames: int) -> Found:
    nothing = Found(right=0, wrong=0, missed=0)
    return sum((matched(clip.changes, spans[clip.path], slack_frames=slack_frames) for clip in clips), nothing)


def _hard(clips: Sequence[_Clip], spans: Mapping[Path, Spans]) -> Found:
    """Reports inside a gradual change are neither right nor wrong cuts."""
    total = Found(right=0, wrong=0, missed=0)
    for clip in clips:
        gradual = [each for each in clip.changes if not each.hard]
        meant = [span for span in spans[clip.path] if not _near(span, gradual, SOFT_SLACK_FRAMES)]
        total += matched(clip.hard, meant, slack_frames=HARD_SLACK_FRAMES)
    return total


def _near(span: tuple[int, int], changes: Sequence[Change], slack_frames: int) -> bool:
    return any(span[0] < change.after + slack_frames and span[1] > change.first - slack_frames for change in changes)


def _judgement(
    measure: str, clips: Sequence[_Clip], scores: Mapping[str, Found], names: Mapping[str, str]
) -> Judgement:
    ranked = sorted(names, key=lambda who: -scores[who].f1)
    return Judgement(
        analyzer=NAME,
        measure=measure,
        ours=str(scores[NAME]),
        ours_value=scores[NAME].f1,
        standalone="; ".join(f"{who}: {scores[who]}" for who in ranked) or UNMEASURED,
        standalone_value=scores[ranked[0]].f1 if ranked else None,
        tool="; ".join(names[who] for who in ranked),
        clips=_named(clips),
    )


def _disturbed(
    clips: Sequence[_Clip], found: Mapping[str, Mapping[Path, Spans]], names: Mapping[str, str]
) -> Judgement:
    """Reports at a flash or in fast motion, where no change is."""
    counts = dict.fromkeys(found, 0)
    for who, spans in found.items():
        for clip in clips:
            at = [Change(first=first, after=after, hard=False) for first, after in clip.disturbed]
            wrong = [span for span in spans[clip.path] if not _near(span, clip.changes, SOFT_SLACK_FRAMES)]
            counts[who] += sum(_near(span, at, 0) for span in wrong)
    count = sum(len(clip.disturbed) for clip in clips)
    return Judgement(
        analyzer=NAME,
        measure=f"changes reported at {count} stretches of flashes or fast motion that hold none",
        ours=str(counts[NAME]),
        ours_value=float(counts[NAME]),
        standalone="; ".join(f"{who}: {counts[who]}" for who in names) or UNMEASURED,
        standalone_value=float(min((counts[who] for who in names), default=0)) if names else None,
        tool="; ".join(names.values()),
        clips=_named([clip for clip in clips if clip.disturbed]),
    )


def _named(clips: Sequence[_Clip]) -> str:
    names = ", ".join(clip.path.name for clip in clips)
    made_of = f"{len(SOURCES)} stretches of {len({name for name, _, _ in SOURCES})} real clips"
    return f"{names} (montages of {made_of})" if any(clip.disturbed for clip in clips) else names
