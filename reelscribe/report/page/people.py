"""Who is seen: one card for each track of a person, with what is measured and estimated of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reelscribe.report.found import Found
from reelscribe.report.outputs import Keyframe
from reelscribe.report.page.known import Known
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.people_pb2 import AgeEstimate
from services.common.time import seconds

MAX_CARDS = 6
"""The largest and longest seen; the rest are counted."""

NEAR_S = 0.3
"""How far a box may be from the keyframe's moment to be cut out of it."""

FACE_ROOM = 2.2
"""Side of the picture cut out, in widths of the person's box at most; so that a head has room around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A square part of a keyframe, in percent as CSS wants them."""

    keyframe: int
    size_x: float
    size_y: float
    left: float
    top: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """As it was estimated; the spread is that over the track."""

    median: int
    low: int
    high: int
    sample_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One track, or a face without one."""

    track_id: int | None
    face_ids: tuple[int, ...]
    start_s: float
    end_s: float
    seen_s: float
    crop: Crop | None
    labels: tuple[str, ...]
    """Posture, direction and activity, the longest first."""
    gestures: tuple[Found, ...]
    gaze: tuple[tuple[str, float], ...]
    """Direction, share of the time in which one could be told."""
    eyes_unmeasured_s: float
    age: Age | None
    gender: tuple[tuple[str, float], ...]
    emotions: tuple[tuple[str, float], ...]
    emotion_sample_count: int


def people(known: Known, keyframes: Sequence[Keyframe]) -> tuple[tuple[Person, ...], int]:
    """The cards, the most seen first, and how many more tracks and faces there are."""
    about = _grouped(known)
    cards = [_person(who, found, known, keyframes) for who, found in about.items()]
    cards.sort(key=lambda card: (card.age is None and not card.emotions and not card.gaze, -card.seen_s))
    return tuple(cards[:MAX_CARDS]), max(0, len(cards) - MAX_CARDS)


def _grouped(known: Known) -> dict[tuple[str, int], list[Found]]:
    """Findings by whom they are about: the track where it is known, also that of a face told with a track elsewhere."""
    track_of: dict[int, int] = {}
    for found in known.all:
        who = found.finding.subject
        if who.HasField("face_id") and who.HasField("track_id"):
            track_of.setdefault(who.face_id, who.track_id)
    person_ids = {found.finding.track.track_id for found in known.persons}
    about: dict[tuple[str, int], list[Found]] = {}
    for found in known.all:
        who = found.finding.subject
        if found.shape == "track" and found.finding.track.track_id in person_ids:
            about.setdefault(("track", found.finding.track.track_id), []).append(found)
        elif who.HasField("track_id") and who.track_id in person_ids:
            about.setdefault(("track", who.track_id), []).append(found)
        elif who.HasField("face_id"):
            track = track_of.get(who.face_id)
            place = ("track", track) if track is not None else ("face", who.face_id)
            about.setdefault(place, []).append(found)
    return about


def _person(who: tuple[str, int], found: Sequence[Found], known: Known, keyframes: Sequence[Keyframe]) -> Person:
    track = next((each for each in found if each.shape == "track"), None)
    age = next((each.finding.age for each in found if each.shape == "age"), None)
    faces = sorted({each.finding.subject.face_id for each in found if each.finding.subject.HasField("face_id")})
    looks = [each for each in found if each.shape == "gaze_direction"]
    emotions, sample_count = _mean([each for each in found if each.shape == "distribution"])
    return Person(
        track_id=who[1] if who[0] == "track" else None,
        face_ids=tuple(faces),
        start_s=min(each.start_s for each in found),
        end_s=max(each.end_s for each in found),
        seen_s=track.length_s if track else max(each.length_s for each in found),
        crop=_crop(track.finding, keyframes) if track else None,
        labels=_by_length([each for each in found if each.shape in ("body", "activity")]),
        gestures=tuple(each for each in found if each.shape == "gesture"),
        gaze=_shares(looks),
        eyes_unmeasured_s=sum(each.length_s for each in found if each.label == "eyes_too_small"),
        age=_age(age) if age else None,
        gender=tuple(zip(age.apparent_gender.names, age.apparent_gender.shares, strict=False)) if age else (),
        emotions=emotions,
        emotion_sample_count=sample_count,
    )


def _age(age: AgeEstimate) -> Age:
    return Age(
        median=round(age.median_years),
        low=round(age.low_years),
        high=round(age.high_years),
        sample_count=age.sample_count,
    )


def _by_length(found: Sequence[Found]) -> tuple[str, ...]:
    lengths: Counter[str] = Counter()
    for each in found:
        lengths[each.label] += round(1000 * each.length_s)
    return tuple(label for label, _ in lengths.most_common())


def _shares(found: Sequence[Found]) -> tuple[tuple[str, float], ...]:
    lengths: dict[str, float] = {}
    for each in found:
        lengths[each.label] = lengths.get(each.label, 0.0) + each.length_s
    total = sum(lengths.values())
    return tuple(
        (label, length / total) for label, length in sorted(lengths.items(), key=lambda item: -item[1]) if total
    )


def _mean(found: Sequence[Found]) -> tuple[tuple[tuple[str, float], ...], int]:
    """Mean distribution, each finding weighted by its length, the largest share first; samples behind it."""
    total_s = sum(each.length_s for each in found)
    shares: dict[str, float] = {}
    for each in found:
        weight = each.length_s / total_s if total_s else 1 / len(found)
        for name, share in zip(each.finding.distribution.names, each.finding.distribution.shares, strict=False):
            shares[name] = shares.get(name, 0.0) + weight * share
    count = sum(len(each.finding.distribution.samples) for each in found)
    return tuple(sorted(shares.items(), key=lambda item: -item[1])), count


def _crop(finding: Finding, keyframes: Sequence[Keyframe]) -> Crop | None:
    """The head of the person in the keyframe in which the box is largest; None if no keyframe shows it."""
    best: tuple[float, Keyframe, tuple[float, float, float, float]] | None = None
    for keyframe in keyframes:
        for tracked in finding.track.boxes:
            if abs(seconds(tracked.offset) - keyframe.at_s) > NEAR_S:
                continue
            box = tracked.box
            area = (box.right - box.left) * (box.bottom - box.top)
            if best is None or area > best[0]:
                best = (area, keyframe, (box.left, box.top, box.right, box.bottom))
    return _square(best[1], best[2]) if best else None


def _square(keyframe: Keyframe, box: tuple[float, float, float, float]) -> Crop:
    """The square around the upper part of a box, inside the frame."""
    left, top, right, bottom = box
    width_px, height_px = keyframe.width_px, keyframe.height_px
    side_px = min((right - left) * width_px * FACE_ROOM, (bottom - top) * height_px, width_px, height_px)
    side_px = max(side_px, 1.0)
    share_x, share_y = side_px / width_px, side_px / height_px
    x = min(max(0.0, (left + right) / 2 - share_x / 2), 1 - share_x)
    y = min(max(0.0, top - 0.05 * share_y), 1 - share_y)
    return Crop(
        keyframe=keyframe.number,
        size_x=round(100 / share_x, 2),
        size_y=round(100 / share_y, 2),
        left=round(100 * x / (1 - share_x), 2) if share_x < 1 else 0.0,
        top=round(100 * y / (1 - share_y), 2) if share_y < 1 else 0.0,
    )
