"""eye_tracking on labelled talking heads and faces that look elsewhere: where they look, and their blinks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.judged.case import UNMEASURED, Judgement, Material, unmeasured
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import span_s

NAME = "eye_tracking"
TRUTH = Path(__file__).resolve().parents[2] / "tests" / "services" / "vision" / "truth" / "gaze.json"
"""What is known, committed beside the tests; it says how."""

GAZE_MEASURE = "time on labelled spans told as labelled (at the camera, left, right); told otherwise; the rest untold"
BLINK_MEASURE = "blinks counted (labelled ones that a blink overlaps; beside them)"

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clip:
    """A labelled face and what was found of it."""

    entry: dict[str, Any]
    findings: Sequence[Finding]

    def told_s(self) -> tuple[float, float, float]:
        """Seconds told as labelled, told otherwise, and labelled."""
        right_s = wrong_s = labelled_s = 0.0
        for known in self.entry["gaze"]:
            labelled_s += known["span_s"][1] - known["span_s"][0]
            for finding in self.findings:
                if finding.HasField("gaze_direction"):
                    shared_s = _shared_s(span_s(finding.span), tuple(known["span_s"]))
                    right_s += shared_s * (finding.label == known["label"])
                    wrong_s += shared_s * (finding.label != known["label"])
        return right_s, wrong_s, labelled_s

    def blinks(self) -> tuple[int, int, int]:
        """Labelled and found, labelled, found beside them."""
        known: list[Span] = [tuple(each) for each in self.entry["blinks_s"] or ()]
        found = [span_s(each.span) for each in self.findings if each.label == "blink"]
        hit = sum(any(_shared_s(one, other) > 0 for other in found) for one in known)
        return hit, len(known), sum(not any(_shared_s(one, other) > 0 for other in known) for one in found)


async def judge(material: Material) -> list[Judgement]:
    """Faces too small or blurred for a mesh count as not told."""
    if material.media is None:
        return [unmeasured(NAME, measure, "no test data") for measure in (GAZE_MEASURE, BLINK_MEASURE)]
    clips = []
    for entry in json.loads(TRUTH.read_text())["clips"][: 1 if material.tiny else None]:
        findings = await material.findings(material.media / "video" / entry["file"], NAME)
        clips.append(_Clip(entry=entry, findings=_within(findings, entry.get("region"))))
    return [_gaze(clips), _blinks(clips)]


def _gaze(clips: Sequence[_Clip]) -> Judgement:
    seconds = [clip.told_s() for clip in clips]
    right_s, wrong_s, labelled_s = (sum(each) for each in zip(*seconds, strict=True))
    told = (f"{clip.entry['file']} {right:.1f}/{of:.1f} s" for clip, (right, _, of) in zip(clips, seconds, strict=True))
    return Judgement(
        analyzer=NAME,
        measure=GAZE_MEASURE,
        ours=f"{right_s / labelled_s:.0%} of {labelled_s:.1f} s; {wrong_s / labelled_s:.0%} otherwise",
        ours_value=right_s / labelled_s,
        standalone=f"{UNMEASURED}: MediaPipe tells points and scores of muscles, no direction in the picture",
        tool="",
        clips=", ".join(told),
    )


def _blinks(clips: Sequence[_Clip]) -> Judgement:
    counted = [clip for clip in clips if clip.entry["blinks_s"] is not None]
    hit, known, beside = (sum(each) for each in zip(*(clip.blinks() for clip in counted), strict=True))
    return Judgement(
        analyzer=NAME,
        measure=BLINK_MEASURE,
        ours=f"{hit} of {known}; {beside} beside",
        ours_value=(hit - beside) / known,
        standalone=f"{UNMEASURED}: MediaPipe's wheel brings its own OpenCV and is not installed beside ours",
        tool="",
        clips=", ".join(clip.entry["file"] for clip in counted),
    )


def _within(findings: Sequence[Finding], region: Sequence[float] | None) -> list[Finding]:
    """Those about the faces whose middle is in the region most of the time."""
    if region is None:
        return list(findings)
    left, top, right, bottom = region
    inside = set()
    for finding in findings:
        boxes = [sample.face for sample in finding.gaze.samples]
        middles = [((box.left + box.right) / 2, (box.top + box.bottom) / 2) for box in boxes]
        if 2 * sum(left <= x < right and top <= y < bottom for x, y in middles) > len(middles):
            inside.add(finding.subject.face_id)
    return [finding for finding in findings if finding.subject.face_id in inside]


def _shared_s(one: Span, other: Span) -> float:
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
