"""What the frames of a shot say of its composition together: the medians of those that show its main subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from statistics import median
from typing import TypeVar

from reelscribe.v1.finding_pb2 import Box, Point
from reelscribe.v1.people_pb2 import Subject as FindingSubject
from reelscribe.v1.picture_pb2 import Composition
from services.vision.composition.measures import FrameComposition
from services.vision.composition.subject import Subject
from services.vision.composition.thirds import placement

TURNED_SHARE = 0.5
"""Of the frames with the main subject, in which its face must be turned aside for the shot to have a lead room."""

Thing = TypeVar("Thing", bound=Hashable)


def summed_up(frames: Sequence[FrameComposition]) -> Composition:
    """Of at least one frame: symmetry and headroom of all, the rest of those that show the main subject."""
    shape = Composition(
        symmetry=median(frame.symmetry for frame in frames),
        headroom=_median([frame.headroom for frame in frames]),
        frame_count=len(frames),
    )
    main = of_main_subject(frames)
    if main:
        shape.MergeFrom(_of_subject(main))
    return shape


def label_of(shape: Composition) -> str:
    """Where the subject stands: `centred`, `on_thirds`, `off_grid`; `no_subject` without one."""
    if not shape.HasField("anchor"):
        return "no_subject"
    return placement(shape.thirds_distance, shape.centre_distance)


def whom(frames: Sequence[FrameComposition]) -> FindingSubject | None:
    """The numbers of the main subject; None if there is none, or none that has a number."""
    subjects = [frame.subject for frame in of_main_subject(frames) if frame.subject is not None]
    face_ids = [subject.face_id for subject in subjects if subject.face_id is not None]
    track_ids = [subject.track_id for subject in subjects if subject.track_id is not None]
    if not face_ids and not track_ids:
        return None
    return FindingSubject(
        face_id=face_ids[0] if face_ids else None, track_id=_most_frequent(track_ids) if track_ids else None
    )


def of_main_subject(frames: Sequence[FrameComposition]) -> list[FrameComposition]:
    """The frames that show what most show: the same kind of subject, and the same one of it; [] if most show none."""
    kind = _most_frequent([frame.subject and frame.subject.basis for frame in frames])
    if kind is None:
        return []
    of_kind = [(frame, frame.subject) for frame in frames if frame.subject and frame.subject.basis == kind]
    main = _most_frequent([_identity(subject) for _, subject in of_kind])
    return [frame for frame, subject in of_kind if _identity(subject) == main]


def _of_subject(frames: Sequence[FrameComposition]) -> Composition:
    subjects = [frame.subject for frame in frames if frame.subject is not None]
    left, top, right, bottom = (median(subject.box[edge] for subject in subjects) for edge in range(4))
    x, y = (median(subject.anchor[axis] for subject in subjects) for axis in range(2))
    lead_rooms = [frame.lead_room for frame in frames]
    turned_count = sum(room is not None for room in lead_rooms)
    return Composition(
        basis=subjects[0].basis,
        subject=Box(left=left, top=top, right=right, bottom=bottom),
        anchor=Point(x=x, y=y),
        thirds_distance=_median([frame.thirds_distance for frame in frames]),
        centre_distance=_median([frame.centre_distance for frame in frames]),
        lead_room=_median(lead_rooms) if turned_count > TURNED_SHARE * len(frames) else None,
        subject_focus=_median([frame.subject_focus for frame in frames]),
    )


def _identity(subject: Subject) -> int | None:
    return subject.track_id if subject.face_id is None else subject.face_id


def _median(values: Iterable[float | None]) -> float | None:
    """Of those that were measured."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _most_frequent(things: Sequence[Thing]) -> Thing:
    """Of several as frequent, the one seen first."""
    return Counter(things).most_common(1)[0][0]
