"""People, camera, places, effects and quality in few words: pure functions over findings, in order of time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from reelscribe.report.clock import clock
from reelscribe.report.found import shaped
from reelscribe.v1.finding_pb2 import Finding
from services.common.time import seconds, span_s

PERSON_SHAPES = frozenset({"body", "gesture", "activity", "gaze_direction", "age", "distribution"})
"""What is said about somebody; a track of joints or of gaze says it only in numbers."""

NAMED_REGIONS = 3

UNMEASURED_LABELS = frozenset({"eyes_too_small"})
"""What says that something could not be seen, not that something happens."""


def people(findings: Sequence[Finding]) -> list[str]:
    """One line for each person: "person 1: facing camera, standing, waving (0:03.2), about 34 years, happy"."""
    about: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.HasField("subject") and finding.WhichOneof("shape") in PERSON_SHAPES:
            about[_who(finding)].append(finding)
    return [f"{who}: {', '.join(_said_of(found))}" for who, found in about.items()]


def _who(finding: Finding) -> str:
    subject = finding.subject
    return f"person {subject.track_id}" if subject.HasField("track_id") else f"face {subject.face_id}"


def _said_of(findings: Sequence[Finding]) -> list[str]:
    words = [words for shape in ("body", "activity") for words in _by_length(findings, shape)]
    words += [f"{_label(each)} ({clock(span_s(each.span)[0])})" for each in shaped(findings, "gesture")]
    words += _by_length(findings, "gaze_direction")
    words += [f"looks about {round(each.age.median_years)}" for each in shaped(findings, "age")[:1]]
    return words + [f"{label}" for label in _by_length(findings, "distribution")[:2]]


def _by_length(findings: Sequence[Finding], shape: str) -> list[str]:
    """Labels of a shape, that which lasts longest first."""
    return [label for label, _ in _lengths(shaped(findings, shape)).most_common()]


def camera(findings: Sequence[Finding]) -> list[str]:
    """How long the camera did what, and how large people stood in the frame."""
    moves = _lengths(shaped(findings, "camera"))
    scales = Counter(_label(each) for each in shaped(findings, "shot_scale"))
    lines = [", ".join(f"{label} {length_s:.1f} s" for label, length_s in moves.most_common())]
    lines.append(", ".join(_counted(label, count) for label, count in scales.most_common()))
    return [line for line in lines if line]


def scenes(findings: Sequence[Finding]) -> list[str]:
    """How many scenes there are and when each begins; what fills the picture for longest."""
    found = shaped(findings, "scene")
    count = len({each.scene.index for each in found})
    lines = []
    if found:
        starts = ", ".join(f"{each.scene.index + 1} at {clock(span_s(each.span)[0])}" for each in found)
        lines.append(f"{count} {'scene' if count == 1 else 'scenes'}: {starts}")
    shares: Counter[str] = Counter()
    total_s = 0.0
    for each in shaped(findings, "regions"):
        length_s = _length_s(each)
        total_s += length_s
        for region in each.regions.regions:
            shares[region.name] += region.share * length_s  # type: ignore[assignment]
    named = [(name, share / total_s) for name, share in shares.most_common() if total_s and name != "unlabelled"]
    if named:
        lines.append(", ".join(f"{_words(name)} {share:.0%} of the picture" for name, share in named[:NAMED_REGIONS]))
    return lines


def effects(findings: Sequence[Finding]) -> list[str]:
    """Each effect with its time."""
    return [f"{_label(each)} {clock(span_s(each.span)[0])}" for each in shaped(findings, "effect")]


def products(findings: Sequence[Finding]) -> list[str]:
    """Each product with how long and how large it is seen, the longest seen first."""
    found = sorted(shaped(findings, "product"), key=lambda each: -seconds(each.product.visible_duration))
    return [
        f"{_label(each)} {seconds(each.product.visible_duration):.1f} s, {each.product.screen_share:.0%} of the picture"
        + (f", “{' / '.join(each.product.texts)}”" if each.product.texts else "")
        for each in found
    ]


def quality(findings: Sequence[Finding]) -> list[str]:
    """Measured quality of the longest stretch, and where the subjects stand."""
    measured = max(shaped(findings, "quality"), key=_length_s, default=None)
    placed = Counter(_label(each) for each in shaped(findings, "composition"))
    lines = []
    if measured is not None:
        values = measured.quality
        words = [f"sharpness {values.sharpness:.2g}", f"noise {values.noise:.1f}", f"contrast {values.contrast:.0f}"]
        if values.HasField("brisque"):
            words.append(f"BRISQUE {values.brisque:.0f}")
        lines.append(", ".join(words))
    if placed:
        lines.append(", ".join(_counted(label, count) for label, count in placed.most_common()))
    return lines


def _lengths(findings: Iterable[Finding]) -> Counter[str]:
    """Seconds by label."""
    lengths: Counter[str] = Counter()
    for finding in findings:
        lengths[_label(finding)] += _length_s(finding)  # type: ignore[assignment]  # seconds, not a whole number
    return lengths


def _length_s(finding: Finding) -> float:
    start_s, end_s = span_s(finding.span)
    return end_s - start_s


def _counted(label: str, count: int) -> str:
    return label if count == 1 else f"{count} × {label}"


def _label(finding: Finding) -> str:
    return _words(finding.label)


def _words(name: str) -> str:
    return name.replace("_", " ")
