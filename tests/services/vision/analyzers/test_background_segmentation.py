from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from reelscribe.v1.analyzer_pb2 import ModelUse
from reelscribe.v1.finding_pb2 import Finding
from services.common.device import Device
from services.common.errors import InvalidSetting, WeightsNotInstalled
from services.common.time import span_s
from services.common.window import Window
from services.vision.analyzers.background_segmentation import NEED, BackgroundSegmentation
from services.vision.percepts.shots import ShotChange
from services.vision.regions.reader import RegionReader, Shares
from tests.services.vision.handed import change, handed, shots, without_frames
from tests.services.vision.scenes import photo_path
from tests.windows import findings_of, part_of, windows_of_file, windows_of_frames

RATE_HZ = 5.0
VOC_NAMES = {"person", "bus", "car", "cat", "sofa", "unlabelled"}


@pytest.fixture(scope="module")
def lite(device: Device) -> BackgroundSegmentation:
    pytest.importorskip("ai_edge_litert")
    analyzer = BackgroundSegmentation()
    try:
        analyzer.load(device)
    except WeightsNotInstalled as error:
        pytest.skip(f"{error}: {error.fix}")
    return analyzer


class ByBrightness(RegionReader):
    """Reads each grey value as a composition that is known: what the analyzer makes of it is what is asked here."""

    names = ("floor", "sky", "person", "wall", "unlabelled")
    tells_places = True
    model = ModelUse(name="deeplabv3-voc")
    compositions = {  # noqa: RUF012  (read only)
        0: (0.6, 0.0, 0.1, 0.3, 0.0),  # a room
        50: (0.4, 0.0, 0.4, 0.2, 0.0),  # the same, somebody nearer
        100: (0.0, 0.7, 0.1, 0.2, 0.0),  # outside
        150: (0.0, 0.0, 0.3, 0.695, 0.005),  # a wall
    }

    def shares(self, frame: npt.NDArray[np.uint8]) -> Shares:
        return np.array(self.compositions[int(frame[0, 0, 0])])


@pytest.fixture
def knowing() -> BackgroundSegmentation:
    analyzer = BackgroundSegmentation()
    analyzer._reader = ByBrightness()
    return analyzer


def picture(name: str) -> np.ndarray:
    bgr = cv2.imread(str(photo_path(name)))
    assert bgr is not None
    scale = 640 / max(bgr.shape[:2])
    return np.ascontiguousarray(cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[..., ::-1])


def upright(name: str) -> np.ndarray:
    """The middle of a photo in 3:4, 480x640."""
    rgb = picture(name)
    width = min(rgb.shape[1], rgb.shape[0] * 3 // 4)
    left = (rgb.shape[1] - width) // 2
    return np.ascontiguousarray(cv2.resize(rgb[:, left : left + width], (480, 640)))


def windows_of(
    frames: Sequence[np.ndarray], changes: Sequence[ShotChange] = (), start_s: float = 0.0
) -> Iterator[Window]:
    pts_s = list(start_s + np.arange(len(frames)) / RATE_HZ)
    yield from handed(windows_of_frames(frames, pts_s, start_s + len(frames) / RATE_HZ, (NEED,)), shots(changes))


def plain(value: int, count: int) -> list[np.ndarray]:
    return [np.full((20, 30, 3), value, np.uint8)] * count


def told(findings: Sequence[Finding]) -> list[tuple[str, tuple[float, float]]]:
    return [(finding.label, span_s(finding.span)) for finding in findings]


def regions(finding: Finding) -> dict[str, float]:
    return {region.name: region.share for region in finding.regions.regions}


def test_photos_as_shots_are_settings_with_what_is_in_them(lite: BackgroundSegmentation) -> None:
    frames = [upright("bus")] * 8 + [upright("zidane")] * 7
    street, stadium = findings_of(lite, windows_of(frames, [change(1.6)]))
    assert told([street, stadium]) == [("setting", (0.0, 1.6)), ("setting", (1.6, 3.0))]
    assert set(regions(street)) == {"unlabelled", "bus", "person"}
    assert regions(stadium)["person"] > 0.35
    assert (street.regions.frame_count, stadium.regions.frame_count) == (2, 2)


def test_lite_claims_no_place(lite: BackgroundSegmentation) -> None:
    """What the method cannot know, it does not say: neither indoor nor outdoor, nor a change of setting."""
    frames = [upright("bus")] * 6 + [upright("zidane")] * 6
    assert {finding.label for finding in findings_of(lite, windows_of(frames, [change(1.2)]))} == {"setting"}


def test_shares_sum_to_one_and_are_largest_first(lite: BackgroundSegmentation) -> None:
    (finding,) = findings_of(lite, windows_of([picture("bus")] * 3))
    shares = [region.share for region in finding.regions.regions]
    assert sum(shares) == pytest.approx(1.0, abs=1e-5)
    assert shares == sorted(shares, reverse=True)
    assert not finding.HasField("confidence")


def test_one_frame_a_second_is_looked_at(knowing: BackgroundSegmentation) -> None:
    counts: list[int] = []
    part = part_of(knowing)
    object.__setattr__(part, "count_processed", counts.append)
    (finding, _) = list(knowing.analyze(part, windows_of(plain(0, 22))))
    assert finding.regions.frame_count == sum(counts) == 5


def test_a_short_shot_is_looked_at_too(knowing: BackgroundSegmentation) -> None:
    findings = findings_of(knowing, windows_of(plain(0, 7) + plain(100, 2) + plain(0, 6), [change(1.4), change(1.8)]))
    settings = [finding for finding in findings if finding.label == "setting"]
    assert [span_s(finding.span) for finding in settings] == [(0.0, 1.4), (1.4, 1.8), (1.8, 3.0)]
    assert [finding.regions.frame_count for finding in settings] == [2, 1, 2]


def test_mixed_frames_are_not_looked_at(knowing: BackgroundSegmentation) -> None:
    frames = plain(0, 5) + plain(77, 5) + plain(100, 5)  # 77 is no composition it knows
    settings = [f for f in findings_of(knowing, windows_of(frames, [change(1.0, 2.0)])) if f.label == "setting"]
    assert [span_s(finding.span) for finding in settings] == [(0.0, 1.0), (2.0, 3.0)]


def test_inside_and_outside_are_told_by_what_says_so(knowing: BackgroundSegmentation) -> None:
    findings = findings_of(knowing, windows_of(plain(0, 5) + plain(100, 5) + plain(150, 5), [change(1.0), change(2.0)]))
    assert [finding.label for finding in findings] == [
        "setting",
        "indoor",
        "setting_change",
        "setting",
        "outdoor",
        "setting_change",
        "setting",
    ]
    assert regions(findings[1]) == pytest.approx({"floor": 0.6})
    assert regions(findings[4]) == pytest.approx({"sky": 0.7})
    assert [span_s(f.span) for f in findings if f.label == "setting_change"] == [(1.0, 1.2), (2.0, 2.2)]


def test_a_person_who_comes_nearer_is_another_stretch_but_no_change_of_setting(knowing: BackgroundSegmentation) -> None:
    cut_to = findings_of(knowing, windows_of(plain(0, 5) + plain(50, 5), [change(1.0)]))
    assert [finding.label for finding in cut_to] == ["setting", "indoor"] * 2
    walks_up = findings_of(knowing, windows_of(plain(0, 5) + plain(50, 5)))
    assert [span_s(finding.span) for finding in walks_up if finding.label == "setting"] == [(0.0, 1.0), (1.0, 2.0)]


def test_what_is_too_small_to_be_named_is_unlabelled(knowing: BackgroundSegmentation) -> None:
    (finding,) = findings_of(knowing, windows_of(plain(150, 5)))
    assert regions(finding) == pytest.approx({"wall": 0.695, "person": 0.3, "unlabelled": 0.005}, abs=1e-6)


def test_a_long_shot_is_told_while_it_goes_on(knowing: BackgroundSegmentation) -> None:
    taken = []

    def counted() -> Iterator[Window]:
        for window in windows_of(plain(0, 150)):
            taken.append(window.index)
            yield window

    next(knowing.analyze(part_of(knowing), counted()))
    assert len(taken) <= 12


def test_a_part_that_starts_late_is_timed_from_there(knowing: BackgroundSegmentation) -> None:
    part = part_of(knowing)
    object.__setattr__(part, "start_s", 60.0)
    findings = list(knowing.analyze(part, windows_of(plain(0, 5), start_s=60.0)))
    assert {span_s(finding.span) for finding in findings} == {(60.0, 61.0)}


def test_without_frames_there_is_nothing(knowing: BackgroundSegmentation) -> None:
    assert findings_of(knowing, iter(())) == []
    assert findings_of(knowing, handed(iter([without_frames(NEED)]), shots())) == []


def test_a_request_cannot_change_the_model(knowing: BackgroundSegmentation) -> None:
    with pytest.raises(InvalidSetting, match="not segformer-b2-ade20k"):
        findings_of(knowing, windows_of(plain(0, 5)), model="segformer-b2-ade20k")


def test_the_woman_who_signs_fills_a_fifth_of_a_real_clip(lite: BackgroundSegmentation, media_dir: Path) -> None:
    windows = handed(windows_of_file(media_dir / "video" / "intel_asl_book.mkv", lite), shots())
    findings = findings_of(lite, windows)
    assert {region.name for finding in findings for region in finding.regions.regions} <= VOC_NAMES
    assert all(0.15 <= regions(finding)["person"] <= 0.27 for finding in findings)
    spans = [span_s(finding.span) for finding in findings]
    assert all(before[1] == after[0] for before, after in pairwise(spans))
