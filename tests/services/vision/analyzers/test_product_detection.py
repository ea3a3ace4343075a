from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding, TextKind
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.time import seconds, span_s
from services.common.weights import InstalledWeights
from services.common.window import Window
from services.vision.analyzers.product_detection import ProductDetection
from services.vision.percepts.texts import Texts, TextsInWindow
from services.vision.percepts.tracks import ObjectTrack, Sighting, Tracks
from services.vision.texts.readers import Rect
from services.vision.texts.track import ShownText
from services.vision.texts.watch import KnownText
from tests.services.vision.perceived import all_needs, loaded, perceived
from tests.windows import findings_of, part_of, windows_of_frames


def track(name: str, *boxes: tuple[float, float, float, float], track_id: int = 3) -> ObjectTrack:
    sightings = tuple(
        Sighting(pts_s=0.2 * step, end_s=0.2 * (step + 1), box=box, score=0.8, class_name=name)
        for step, box in enumerate(boxes)
    )
    return ObjectTrack(track_id=track_id, class_name=name, sightings=sightings)


def windows(*tracks: ObjectTrack, texts: Sequence[KnownText] = (), count: int = 1) -> list[Window]:
    """Everything is known in the first of some windows of one second."""
    nothing = TextsInWindow(texts=(), read_count=0)
    first = TextsInWindow(texts=tuple(texts), read_count=1)
    return [
        Window(
            index=number,
            start_s=number,
            end_s=number + 1.0,
            contents={Tracks: tracks if number == 0 else (), Texts: first if number == 0 else nothing},
        )
        for number in range(count)
    ]


def test_how_long_and_how_large_a_thing_is_shown() -> None:
    cup = track("cup", (0.4, 0.4, 0.6, 0.6), (0.0, 0.0, 0.2, 0.1))
    (finding,) = findings_of(ProductDetection(), iter(windows(cup)))
    assert (finding.label, finding.product.category) == ("cup", "kitchenware")
    assert span_s(finding.span) == (0.0, pytest.approx(0.4))
    assert seconds(finding.product.visible_duration) == pytest.approx(0.4)
    assert finding.product.screen_share == pytest.approx(0.03)
    assert finding.product.peak_screen_share == pytest.approx(0.04)
    assert finding.product.centred_share == pytest.approx(0.5)
    assert finding.confidence == pytest.approx(0.8)
    assert finding.subject.track_id == 3
    assert not finding.product.texts


def test_persons_and_animals_are_no_products() -> None:
    box = (0.4, 0.4, 0.6, 0.6)
    assert findings_of(ProductDetection(), iter(windows(track("person", box), track("cat", box)))) == []


def test_it_speaks_of_the_detectors_tracks_and_has_no_detector_of_its_own() -> None:
    """Old bug: a second YOLO pass."""
    assert ProductDetection.weights == ()
    assert ProductDetection.uses == (Tracks, Texts)


def test_a_thing_is_told_when_what_is_written_on_it_is_known() -> None:
    box = Rect(0.45, 0.45, 0.55, 0.5)
    label = ShownText(
        lines=("SODA",),
        box=box,
        line_height=0.05,
        start_s=0.0,
        end_s=0.4,
        confidence=0.9,
        moves_with_picture=True,
        places=((0.0, box),),
    )
    known = KnownText(text=label, kind=TextKind.TEXT_KIND_SCENE)
    seen = windows(track("bottle", (0.4, 0.4, 0.6, 0.6)), texts=[known], count=8)
    taken: list[int] = []

    def counted() -> object:
        for window in seen:
            taken.append(window.index)
            yield window

    generator = ProductDetection().analyze(part_of(ProductDetection()), counted())  # type: ignore[arg-type]
    finding = next(iter(generator))
    assert list(finding.product.texts) == ["SODA"]
    assert taken[-1] == 4


class AllNeeds:
    needs = all_needs(ProductDetection)


@pytest.fixture(scope="module")
def percepts(yolo11n: InstalledWeights, device: Device) -> list[Percept]:
    return loaded([Tracks, Texts], device)


def cup_of_coffee(lettering: str, *, printed_on_it: bool) -> list[np.ndarray]:
    """Two seconds of a pan over a cup; the lettering is on the cup, or burned into the picture over it."""
    data = pytest.importorskip("skimage.data")
    photo = cv2.resize(data.coffee(), (1080, 720))
    if printed_on_it:
        _write(photo, lettering, (400, 330))
    frames = [np.ascontiguousarray(photo[:, 3 * step : 3 * step + 900]) for step in range(60)]
    if not printed_on_it:
        for frame in frames:
            _write(frame, lettering, (330, 330))
    return frames


def _write(picture: np.ndarray, lettering: str, at: tuple[int, int]) -> None:
    cv2.putText(picture, lettering, at, cv2.FONT_HERSHEY_DUPLEX, 2.0, (20, 20, 120), 5, cv2.LINE_AA)


def products(percepts: list[Percept], frames: Sequence[np.ndarray]) -> dict[str, Finding]:
    analyzer = ProductDetection()
    times = [index / 30 for index in range(len(frames))]
    seen = windows_of_frames(frames, times, len(frames) / 30, AllNeeds.needs)
    found = findings_of(analyzer, perceived(seen, percepts, part_of(analyzer)))
    return {finding.label: finding for finding in found}


def test_what_is_printed_on_a_cup_is_read_on_it(percepts: list[Percept]) -> None:
    found = products(percepts, cup_of_coffee("LUCKY", printed_on_it=True))
    assert list(found["cup"].product.texts) == ["LUCKY"]
    assert found["cup"].product.centred_share > 0.5


def test_a_title_over_a_cup_is_not_its_brand(percepts: list[Percept]) -> None:
    """Old bug: invented brands."""
    found = products(percepts, cup_of_coffee("LUCKY", printed_on_it=False))
    assert list(found["cup"].product.texts) == []
