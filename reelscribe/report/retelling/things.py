"""Who and what is in the picture, where, and how that changes; what people do, where they look, how they seem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reelscribe.report.found import PERSON, Found, of
from reelscribe.report.page.words import Words
from reelscribe.report.retelling.places import centre, field_of, place, towards
from reelscribe.report.retelling.told import Telling, Told, by_second, second_of, start_of
from reelscribe.report.seen import UNMEASURED_LABELS
from reelscribe.report.spoken import is_turn
from reelscribe.v1.finding_pb2 import Box, Finding
from services.common.time import seconds

FAR = 0.25
"""Of the frame's width or height: what has moved less since its place was told stays where it is."""

NEAR_S = 0.3
"""What ends this close to a change of shot, or to the video's end, ends with it: nobody left."""

DIRECTIONS = ("facing_", "looking_")
"""Labels that begin so exclude each other."""

STATES = ("body", "activity", "gesture", "gaze_direction", "age", "distribution")
"""Shapes that say something of somebody, in the order in which a line says them."""


def things(telling: Telling) -> Iterable[Told]:
    """All of it."""
    tracks = of(telling.items, "track")
    names = _names(tracks, telling.words)
    yield from _seen(tracks, names, telling)
    yield from _moved(tracks, names, telling)
    yield from _gone(tracks, names, telling)
    yield from _does(telling)


def _names(tracks: Sequence[Found], words: Words) -> dict[str, str]:
    """Finding's id -> name. Persons have numbers, other things where there are several of a kind."""
    counts = Counter(one.finding.label for one in tracks)
    return {
        one.finding.id: _numbered(one, words)
        if counts[one.finding.label] > 1 or one.finding.label == PERSON
        else words.label(one.finding.label)
        for one in tracks
    }


def _numbered(one: Found, words: Words) -> str:
    return f"{words.label(one.finding.label)} {one.finding.track.track_id}"


def _seen(tracks: Sequence[Found], names: dict[str, str], telling: Telling) -> Iterable[Told]:
    for second, group in by_second(tracks, start_of).items():
        told = []
        for one in group:
            boxes = one.finding.track.boxes
            where = f" ({place(boxes[0].box, telling.words)})" if boxes else ""
            told.append(names[one.finding.id] + where)
        yield Told(second=second, rank="seen", text=telling.words.say("seen", names=", ".join(told)))
    for second, group in by_second(of(telling.items, "box"), start_of).items():
        told = [f"{telling.words.label(one.finding.label)} ({place(one.finding.box, telling.words)})" for one in group]
        yield Told(second=second, rank="seen", text=telling.words.say("seen", names=", ".join(told)))


@dataclass(slots=True)
class _Place:
    """Where something was when it was last told."""

    box: Box


def _moved(tracks: Sequence[Found], names: dict[str, str], telling: Telling) -> Iterable[Told]:
    for one in tracks:
        boxes = one.finding.track.boxes
        if not boxes:
            continue
        known = _Place(box=boxes[0].box)
        last_of_second = {second_of(seconds(item.offset)): item.box for item in boxes}
        for second, box in last_of_second.items():
            if _far(known.box, box) and field_of(known.box) != field_of(box):
                known.box = box
                where = towards(box, telling.words)
                yield Told(
                    second=second,
                    rank="moved",
                    text=telling.words.say("moved", name=names[one.finding.id], where=where),
                )


def _far(one: Box, other: Box) -> bool:
    (x, y), (other_x, other_y) = centre(one), centre(other)
    return abs(x - other_x) >= FAR or abs(y - other_y) >= FAR


def _gone(tracks: Sequence[Found], names: dict[str, str], telling: Telling) -> Iterable[Told]:
    """Who leaves, or is no longer seen, while the shot goes on."""
    edges_s = [edge for one in of(telling.items, "shot") for edge in (one.start_s, one.end_s)] + [telling.length_s]
    left = [one for one in tracks if all(abs(one.end_s - edge_s) > NEAR_S for edge_s in edges_s)]
    for second, group in by_second(left, lambda one: one.end_s).items():
        names_text = ", ".join(names[one.finding.id] for one in group)
        yield Told(second=second, rank="gone", text=telling.words.say("gone", names=names_text))


def _does(telling: Telling) -> Iterable[Told]:
    """One segment for each of whom something is said in a second: "person 2: standing, waving"."""
    about = [one for one in telling.items if _is_state(one)]
    for second, group in by_second(about, start_of).items():
        said: dict[str, list[tuple[str, str]]] = {}
        for one in sorted(group, key=lambda one: _order(one)):
            said.setdefault(_who(one.finding, telling.words), []).append((one.label, _state(one, telling.words)))
        for who, states in said.items():
            text = ", ".join(_turning(dict.fromkeys(states), telling.words))
            yield Told(second=second, rank="does", text=f"{who}: {text}" if who else text)


def _turning(states: Iterable[tuple[str, str]], words: Words) -> list[str]:
    """In words; who faces another way within the second turns: "standing, facing left, then facing camera"."""
    told: list[str] = []
    before = ""
    for label, state in states:
        aspect = next((aspect for aspect in DIRECTIONS if label.startswith(aspect)), "")
        if aspect and aspect == before:
            told[-1] = words.say("then", before=told[-1], after=state)
        else:
            told.append(state)
        before = aspect
    return told


def _is_state(one: Found) -> bool:
    if not one.shape:
        return one.finding.HasField("subject") and not is_turn(one.finding) and one.label not in UNMEASURED_LABELS
    return one.shape in STATES and one.finding.HasField("subject")


def _order(one: Found) -> tuple[int, bool]:
    """By kind; of bodies how they are held, then where they face."""
    return (STATES.index(one.shape) if one.shape in STATES else len(STATES), one.label.startswith(DIRECTIONS))


def _who(finding: Finding, words: Words) -> str:
    """By the thing's number where it has one; a face is somebody who was not seen as a body."""
    subject = finding.subject
    if subject.HasField("track_id"):
        return f"{words.label(PERSON)} {subject.track_id}"
    if subject.HasField("face_id"):
        return words.say("face", number=subject.face_id)
    return words.say("speaker", number=subject.speaker_id) if subject.HasField("speaker_id") else ""


def _state(one: Found, words: Words) -> str:
    finding = one.finding
    label = words.label(finding.label)
    match one.shape:
        case "gesture":
            return words.say("gesture", name=label, at=words.at(one.start_s), until=words.at(one.end_s))
        case "age":
            return words.say("age", years=round(finding.age.median_years))
        case "distribution":
            return words.say("seems", name=label)
    return label
