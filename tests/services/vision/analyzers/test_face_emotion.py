"""face_emotion: each face's emotions by its number, over time, as shares that sum to one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from services.common.device import Device
from services.common.time import seconds, span_s
from services.common.window import Window
from services.vision.analyzers.face_emotion import FaceEmotion
from services.vision.face_attributes.emotion_network import EMOTIONS
from services.vision.percepts.face_policy import FacesSettings, FaceUse
from services.vision.percepts.faces import Faces
from tests.services.vision.face_attributes.made_faces import (
    ancelotti,
    astronaut,
    face,
    found,
    installed,
    mean_face_px,
    searched,
    still,
    windows,
)
from tests.windows import findings_of, part_of


@pytest.fixture(scope="module")
def analyzer(device: Device) -> FaceEmotion:
    installed("fer-mini-xception")
    loaded = FaceEmotion()
    loaded.load(device)
    return loaded


def test_a_smile_is_happy_with_the_shares_of_each_moment(analyzer: FaceEmotion) -> None:
    picture = astronaut()
    (finding,) = findings_of(analyzer, still(picture, found(picture, face_id=3, track_id=8), count=15))
    assert finding.label == "happy"
    assert (finding.subject.face_id, finding.subject.track_id) == (3, 8)
    assert span_s(finding.span) == (0.0, pytest.approx(2.6))
    assert tuple(finding.distribution.names) == EMOTIONS
    assert finding.confidence == pytest.approx(finding.distribution.shares[EMOTIONS.index("happy")])
    assert [seconds(each.offset) for each in finding.distribution.samples] == [0.0, 0.4, 1.0, 1.4, 2.0, 2.4]
    for shares in (finding.distribution.shares, *(each.shares for each in finding.distribution.samples)):
        assert sum(shares) == pytest.approx(1.0, abs=1e-5)
        assert min(shares) >= 0.0


def test_each_face_keeps_its_emotion_whatever_its_place_in_the_list(analyzer: FaceEmotion) -> None:
    """Old bug: faces and emotions were matched by index."""
    her, him = found(astronaut()), found(ancelotti())
    picture = np.zeros((720, 1052, 3), np.uint8)
    picture[:512, :512], picture[:, 512:] = astronaut(), ancelotti()
    both = [
        face(1, her.landmarks * 512, (1052, 720), track_id=5),
        face(2, him.landmarks * [540, 720] + [512, 0], (1052, 720)),
    ]
    seen = [searched(round(k * 0.2, 6), *both[:: (-1) ** k]) for k in range(10)]
    told = {finding.subject.face_id: finding for finding in findings_of(analyzer, windows([picture] * 10, seen))}
    alone = {
        1: findings_of(analyzer, still(astronaut(), her))[0],
        2: findings_of(analyzer, still(ancelotti(), him))[0],
    }
    assert told[1].label == "happy" != told[2].label
    assert (told[1].subject.track_id, told[2].subject.HasField("track_id")) == (5, False)
    for number, finding in told.items():
        assert finding.distribution.shares == pytest.approx(alone[number].distribution.shares, abs=0.02)


def test_a_new_emotion_begins_a_new_stretch_at_its_frame(analyzer: FaceEmotion) -> None:
    """The face is exchanged for another one under the same number, as if it had stopped smiling."""
    her, him = found(astronaut()), found(ancelotti())
    canvas = [np.zeros((720, 540, 3), np.uint8), ancelotti()]
    canvas[0][:512, :512] = astronaut()
    landmarks = [her.landmarks * 512, him.landmarks * [540, 720]]
    which = [0] * 15 + [1] * 15
    seen = [searched(round(k * 0.2, 6), face(1, landmarks[one], (540, 720))) for k, one in enumerate(which)]
    first, *others = findings_of(analyzer, windows([canvas[one] for one in which], seen))
    assert first.label == "happy"
    assert span_s(first.span) == (0.0, pytest.approx(3.0))
    assert span_s(others[0].span)[0] == pytest.approx(3.0)
    assert all(other.label != "happy" for other in others)


def test_a_stretch_is_told_soon_after_its_face_has_gone(analyzer: FaceEmotion) -> None:
    photo = astronaut()
    face_found = found(photo)
    seen = [searched(round(k * 0.2, 6), *([face_found] if k < 5 else [])) for k in range(50)]
    taken: list[int] = []

    def counted() -> Iterator[Window]:
        for window in windows([photo] * 50, seen):
            taken.append(window.index)
            yield window

    next(analyzer.analyze(part_of(analyzer), counted()))
    assert taken[-1] <= 3


def test_faces_at_rest_are_neutral_on_a_real_clip(analyzer: FaceEmotion, media_dir: Path) -> None:
    """Labelled by eye: truth/emotions.json."""
    with av.open(str(media_dir / "video" / "grid_brbk7n.mpg")) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)][::13]
    pictures = [frame for frame in frames for _ in range(2)]
    located = {id(frame): found(frame) for frame in frames}
    seen = [searched(round(k * 0.25, 6), located[id(frame)], step_s=0.25) for k, frame in enumerate(pictures)]
    findings = findings_of(analyzer, windows(pictures, seen))
    assert {finding.label for finding in findings} == {"neutral"}


def test_small_and_turned_faces_are_not_estimated(analyzer: FaceEmotion) -> None:
    small, turned = mean_face_px((100.0, 100.0), 15.0), mean_face_px((200.0, 100.0), 50.0)
    turned[2] = turned[1]
    given = still(np.zeros((240, 320, 3), np.uint8), face(1, small), face(2, turned))
    assert findings_of(analyzer, given) == []


def test_odd_input_is_survived(analyzer: FaceEmotion) -> None:
    assert findings_of(analyzer, iter([])) == []
    assert findings_of(analyzer, windows([np.zeros((3, 5, 3), np.uint8)], [searched(0.0)])) == []


def test_a_part_that_starts_late_is_timed_from_there(analyzer: FaceEmotion) -> None:
    photo = astronaut()
    (finding,) = findings_of(analyzer, still(photo, found(photo), start_s=58.0))
    assert span_s(finding.span)[0] == pytest.approx(58.0)
    assert seconds(finding.distribution.samples[0].offset) == pytest.approx(58.0)


@pytest.mark.parametrize(("use", "looks"), [("off", False), ("geometry", False), ("attributes", True)])
def test_the_policy_on_faces_switches_it_off(use: FaceUse, looks: bool) -> None:
    assert (FaceEmotion().declined({Faces: FacesSettings(use=use)}) is None) == looks


def test_the_weights_are_told(analyzer: FaceEmotion) -> None:
    assert tuple(model.name for model in analyzer.models) == FaceEmotion.weights
