from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.errors import WeightsNotInstalled
from services.common.time import seconds, span_s
from services.common.window import Window
from services.vision.analyzers.scene_segmentation import SceneSegmentation
from services.vision.percepts.scene_features import SceneFeatures
from services.vision.percepts.shots import NEED, ShotChange
from tests.services.vision.handed import change, handed, shots, without_frames
from tests.services.vision.perceived import part_for, perceived
from tests.services.vision.scenes import noisy, photo
from tests.windows import findings_of, part_of, windows_of_frames

TRUTH = json.loads((Path(__file__).parent.parent / "truth" / "scenes.json").read_text())["clips"]
RATE_HZ = 10.0


@pytest.fixture(scope="module")
def features(device: Device) -> SceneFeatures:
    pytest.importorskip("torch")
    percept = SceneFeatures()
    try:
        percept.load(device)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
    return percept


def taken(picture: np.ndarray, left: float, top: float, share: float) -> np.ndarray:
    """What a camera at this place and distance takes of a photo, 144x256."""
    height, width = picture.shape[:2]
    rows = slice(round(top * height), round((top + share) * height))
    columns = slice(round(left * width), round((left + share) * width))
    sized: np.ndarray = cv2.resize(picture[rows, columns], (144, 256), interpolation=cv2.INTER_AREA)
    return sized


def pan(name: str, left: float = 0.0, *, share: float = 0.8, frame_count: int = 12) -> list[np.ndarray]:
    """A shot of a photo: the camera moves to the right and comes a little nearer."""
    picture = photo(name, 360, 640)
    steps = np.linspace(0.0, 0.1, frame_count)
    return [taken(picture, min(left + step, 1 - share), 0.1, share - step / 2) for step in steps]


def windows_of_shots(clips: Sequence[Sequence[np.ndarray]], start_s: float = 0.0) -> Iterator[Window]:
    """Shots one after another, cut hard."""
    frames = [frame for clip in clips for frame in clip]
    pts_s = list(start_s + np.arange(len(frames)) / RATE_HZ)
    starts = list(accumulate(len(clip) for clip in clips))[:-1]
    windows = windows_of_frames(noisy(frames), pts_s, start_s + len(frames) / RATE_HZ, (NEED,))
    yield from handed(windows, shots([cut(start, start_s) for start in starts]))


def cut(row: int, start_s: float = 0.0) -> ShotChange:
    return replace(change(start_s + row / RATE_HZ, rate_hz=RATE_HZ), frame_index=row)


def analyzed(features: Percept, windows: Iterator[Window], **settings: Any) -> list[Finding]:
    return findings_of(SceneSegmentation(), perceived(windows, [features], part_for(features)), **settings)


def indices(findings: Sequence[Finding]) -> list[int]:
    """The scene's number of each shot, in the shots' order."""
    found = {shot: finding.scene.index for finding in findings for shot in finding.scene.shot_indices}
    return [found[shot] for shot in sorted(found)]


def index_at(findings: Sequence[Finding], at_s: float) -> int:
    spans = {finding.scene.index: span_s(finding.span) for finding in findings}
    return next(index for index, (start_s, end_s) in spans.items() if start_s <= at_s < end_s)


def test_a_scene_that_is_cut_back_to_keeps_its_number(features: SceneFeatures) -> None:
    sequence = [pan("bus"), pan("bus", 0.15, share=0.6), pan("zidane"), pan("bus", 0.05), pan("zidane", 0.1, share=0.7)]
    findings = analyzed(features, windows_of_shots(sequence))
    assert indices(findings) == [0, 0, 1, 0, 1]
    assert [list(finding.scene.shot_indices) for finding in findings] == [[0, 1], [2], [3], [4]]
    assert [span_s(finding.span) for finding in findings] == [(0.0, 2.4), (2.4, 3.6), (3.6, 4.8), (4.8, 6.0)]
    assert {finding.label for finding in findings} == {"scene"}


def test_five_photos_are_five_scenes(features: SceneFeatures) -> None:
    data = pytest.importorskip("skimage.data", reason="the test's photos come with scikit-image")
    pictures = [photo("bus"), photo("zidane"), data.astronaut(), data.chelsea(), data.coffee()]
    near = [[taken(picture, 0.1, 0.1, share)] * 4 for picture in pictures for share in (0.8, 0.6)]
    assert indices(analyzed(features, windows_of_shots(near))) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_the_evidence_lies_within_the_finding(features: SceneFeatures) -> None:
    for finding in analyzed(features, windows_of_shots([pan("bus", frame_count=32), pan("zidane")])):
        start_s, end_s = span_s(finding.span)
        assert start_s <= seconds(finding.scene.representative_offset) < end_s
        assert finding.scene.representative_frame_index == round(seconds(finding.scene.representative_offset) * RATE_HZ)
        if finding.scene.HasField("cohesion"):
            assert 0.5 < finding.scene.cohesion <= 1.0
        assert not finding.HasField("confidence")


def test_a_single_frame_has_no_cohesion(features: SceneFeatures) -> None:
    (finding,) = analyzed(features, windows_of_shots([[photo("bus")]]))
    assert not finding.scene.HasField("cohesion")
    assert finding.scene.representative_frame_index == 0


def test_old_bug_a_colour_clip_of_one_place_is_one_scene(features: SceneFeatures) -> None:
    """A flower was reported as 24 "monochrome scenes" of 29: every second was a scene, named by its colours."""
    findings = analyzed(features, windows_of_shots([pan("bus", frame_count=120)]))
    assert [(finding.label, span_s(finding.span)) for finding in findings] == [("scene", (0.0, 12.0))]


def test_the_first_scene_is_told_when_the_second_begins(features: SceneFeatures) -> None:
    taken_until_s = 0.0

    def counted() -> Iterator[Window]:
        nonlocal taken_until_s
        sequence = [pan("bus"), pan("zidane"), *[pan("zidane")] * 5]
        for window in perceived(windows_of_shots(sequence), [features], part_for(features)):
            taken_until_s = window.end_s
            yield window

    analyzer = SceneSegmentation()
    next(analyzer.analyze(part_of(analyzer), counted()))
    assert taken_until_s < 4.0


def test_a_part_that_starts_late_is_timed_from_there(features: SceneFeatures) -> None:
    findings = analyzed(features, windows_of_shots([pan("bus"), pan("zidane")], start_s=60.0))
    assert [span_s(finding.span) for finding in findings] == [(60.0, 61.2), (61.2, 62.4)]


def test_the_threshold_is_a_setting(features: SceneFeatures) -> None:
    sequence = [pan("bus"), pan("zidane")]
    assert indices(analyzed(features, windows_of_shots(sequence), likeness_threshold=0.0)) == [0, 0]
    apart = [pan("bus"), pan("bus", 0.15, share=0.6)]
    assert indices(analyzed(features, windows_of_shots(apart), likeness_threshold=1.0)) == [0, 1]


def test_without_frames_there_is_nothing(features: SceneFeatures) -> None:
    empty = handed(iter([without_frames(NEED)]), shots())
    assert analyzed(features, empty) == []
    assert findings_of(SceneSegmentation(), iter(())) == []


@pytest.mark.parametrize(
    ("clip", "cuts_s"), [("derived/vertical_de_composite.mp4", [6.0, 11.0, 17.4]), ("mdn_friday.mp4", [])]
)
def test_real_clips_have_the_scenes_a_person_sees(
    features: SceneFeatures, media_dir: Path, clip: str, cuts_s: list[float]
) -> None:
    with av.open(str(media_dir / "video" / clip)) as container:
        video = container.streams.video[0]
        scale = 256 / max(video.width, video.height)
        size = {"width": round(video.width * scale), "height": round(video.height * scale)}
        decoded = enumerate(container.decode(video))
        frames = [frame.to_ndarray(format="rgb24", **size) for index, frame in decoded if index % 6 == 0]
    pts_s = np.arange(len(frames)) / 5
    windows = windows_of_frames(frames, list(pts_s), len(frames) / 5, (NEED,))
    findings = analyzed(features, handed(windows, shots([change(at_s, rate_hz=5.0) for at_s in cuts_s])))
    seen = [index_at(findings, at_s) for at_s, _ in TRUTH[clip]]
    places = [place for _, place in TRUTH[clip]]
    assert seen == [list(dict.fromkeys(places)).index(place) for place in places]
