from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding
from services.common.time import span_s
from services.vision.analyzers.color_analysis import LONGEST_STRETCH_S, NEED, ColorAnalysis
from tests.windows import findings_of, windows_of_file, windows_of_frames


def plain(*colors: tuple[int, int, int], height_px: int = 60, width_px: int = 40) -> np.ndarray:
    """A frame of equal horizontal stripes."""
    frame = np.empty((height_px, width_px, 3), np.uint8)
    for index, color in enumerate(colors):
        frame[index * height_px // len(colors) : (index + 1) * height_px // len(colors)] = color
    return frame


def analyzed(frames: list[np.ndarray], step_s: float = 0.5) -> list[Finding]:
    times = [index * step_s for index in range(len(frames))]
    return findings_of(ColorAnalysis(), windows_of_frames(frames, times, len(frames) * step_s, (NEED,)))


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ((255, 0, 0), "red"),
        ((0, 0, 255), "blue"),
        ((255, 140, 0), "orange"),
        ((0, 255, 0), "green"),
        ((0, 0, 0), "black"),
        ((255, 255, 255), "white"),
    ],
)
def test_a_plain_frame_has_its_one_colour_exactly(color: tuple[int, int, int], name: str) -> None:
    for finding in analyzed([plain(color)] * 4):
        (swatch,) = finding.color.swatches
        assert (swatch.name, swatch.red, swatch.green, swatch.blue, swatch.share) == (name, *color, 1.0)


def test_old_bug_red_and_blue_are_not_swapped() -> None:
    """Frames were read as BGR: an orange sunset was reported as blue, and warm as cold."""
    sunset, sea = analyzed([plain((255, 140, 0))])[-1], analyzed([plain((0, 115, 255))])[-1]
    assert sunset.color.mean_b_star > 60
    assert sea.color.mean_b_star < -50
    assert [finding.color.swatches[0].name for finding in (sunset, sea)] == ["orange", "blue"]


def test_shares_are_exact() -> None:
    (swatches,) = {
        tuple((s.name, round(s.share, 6)) for s in f.color.swatches)
        for f in analyzed([plain((255, 0, 0), (255, 0, 0), (0, 0, 255))])
    }
    assert swatches == (("red", 0.666667), ("blue", 0.333333))


def test_measures_have_their_documented_units() -> None:
    red = analyzed([plain((255, 0, 0))])[-1].color
    assert red.lightness == pytest.approx(53.2, abs=0.2)
    assert red.mean_a_star == pytest.approx(80.1, abs=0.3)
    assert red.mean_b_star == pytest.approx(67.2, abs=0.3)
    assert red.chroma == pytest.approx(104.6, abs=0.4)
    assert red.saturation == pytest.approx(1.0)
    grey = analyzed([plain((128, 128, 128))])[-1].color
    assert grey.chroma == pytest.approx(0.0, abs=0.1)
    assert grey.saturation == 0.0


def test_a_new_palette_begins_a_new_stretch_at_its_frame() -> None:
    findings = analyzed([plain((255, 0, 0))] * 3 + [plain((0, 0, 255))] * 3)
    assert [(finding.label, span_s(finding.span)) for finding in findings] == [
        ("palette", (0.0, 1.5)),
        ("palette", (1.5, 3.0)),
        ("overall", (0.0, 3.0)),
    ]
    assert [len(finding.color.swatches) for finding in findings] == [1, 1, 2]
    assert [swatch.share for swatch in findings[-1].color.swatches] == [0.5, 0.5]


def test_the_first_finding_comes_while_the_video_is_still_read() -> None:
    taken = []

    def counted() -> object:
        times = [index * 0.5 for index in range(60)]
        for window in windows_of_frames([plain((200, 30, 40))] * 60, times, 30.0, (NEED,)):
            taken.append(window.index)
            yield window

    from tests.windows import part_of

    analyzer = ColorAnalysis()
    next(analyzer.analyze(part_of(analyzer), counted()))  # type: ignore[arg-type]
    assert len(taken) <= LONGEST_STRETCH_S + 1


def test_the_same_frames_give_the_same_palette() -> None:
    frames = [np.random.default_rng(0).integers(0, 256, (64, 48, 3)).astype(np.uint8)] * 2
    assert analyzed(frames) == analyzed(frames)


def test_a_part_that_starts_late_is_timed_from_there() -> None:
    windows = windows_of_frames([plain((255, 0, 0))] * 2, [60.0, 60.5], 61.0, (NEED,))
    assert {span_s(finding.span) for finding in findings_of(ColorAnalysis(), windows)} == {(60.0, 61.0)}


def test_tiny_and_odd_frames_are_measured() -> None:
    assert analyzed([np.full((1, 1, 3), (0, 0, 255), np.uint8)])[-1].color.swatches[0].name == "blue"
    assert len(analyzed([np.random.default_rng(1).integers(0, 256, (7, 3, 3)).astype(np.uint8)])) == 2


def test_without_windows_there_is_nothing() -> None:
    assert findings_of(ColorAnalysis(), iter([])) == []


def test_warm_stays_warm_on_a_real_clip(composite: Path) -> None:
    findings = findings_of(ColorAnalysis(), windows_of_file(composite, ColorAnalysis()))
    flower = [f for f in findings if f.label == "palette" and 5.9 <= span_s(f.span)[0] < 10.9]
    grey = [f for f in findings if f.label == "palette" and span_s(f.span)[1] <= 6.0]
    assert all(finding.color.mean_b_star > 10 for finding in flower)
    assert "red" in {swatch.name for finding in flower for swatch in finding.color.swatches}
    assert all(finding.color.chroma < 3 for finding in grey)
    assert {round(span_s(f.span)[0], 1) for f in findings} >= {6.0, 11.0, 17.5}
    for finding in findings:
        assert sum(swatch.share for swatch in finding.color.swatches) == pytest.approx(1.0, abs=1e-4)
