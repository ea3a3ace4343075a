from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from reelscribe.v1.finding_pb2 import Finding, TransitionKind
from services.common.analyzer import Percept
from services.common.device import Device
from services.common.time import seconds, span_s
from services.common.window import FrameBatch, Window
from services.vision.analyzers.cut_analysis import NEED, CutAnalysis
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import ShotChange, Shots
from tests.services.vision.perceived import loaded, perceived
from tests.services.vision.scenes import noisy, photo, zoomed
from tests.windows import findings_of, part_of, windows_of_file, windows_of_frames


@pytest.fixture(scope="module")
def percepts(device: Device) -> list[Percept]:
    pytest.importorskip("torch")
    return loaded([Shots], device)


def analyzed(percepts: list[Percept], windows: Iterator[Window]) -> list[Finding]:
    analyzer = CutAnalysis()
    return findings_of(analyzer, perceived(windows, percepts, part_of(analyzer)))


def labelled(findings: list[Finding], label: str) -> list[Finding]:
    return [finding for finding in findings if finding.label == label]


def window(index: int, frame_count: int, *changes: ShotChange, rate_hz: float = 10.0, first: int = 0) -> Window:
    rows = first + np.arange(frame_count)
    batch = FrameBatch(rgb=np.zeros((frame_count, 8, 8, 3), np.uint8), pts_s=rows / rate_hz, index=rows)
    end_s = (first + frame_count) / rate_hz
    return Window(index=index, start_s=first / rate_hz, end_s=end_s, contents={NEED: batch, Shots: changes})


def change(kind: ChangeKind, first: int, after: int, rate_hz: float = 10.0) -> ShotChange:
    return ShotChange(
        kind=kind,
        frame_index=first,
        end_frame_index=after,
        start_s=first / rate_hz,
        end_s=after / rate_hz,
        probability=0.9,
        frame_difference=40.0,
    )


def spans_of(findings: list[Finding]) -> list[tuple[float, float]]:
    return [span_s(finding.span) for finding in findings]


def test_shots_lie_between_transitions_and_cover_what_is_not_mixed() -> None:
    windows = [
        window(0, 10, change(ChangeKind.HARD_CUT, 4, 5)),
        window(1, 10, change(ChangeKind.DISSOLVE, 12, 16), first=10),
    ]
    findings = findings_of(CutAnalysis(), iter(windows))
    assert [finding.label for finding in findings] == ["shot", "hard_cut", "shot", "dissolve", "shot", "pacing"]
    shots = labelled(findings, "shot")
    assert spans_of(shots) == [(0.0, 0.4), (0.4, 1.2), (1.6, 2.0)]
    assert [(f.shot.index, f.shot.start_frame_index, f.shot.end_frame_index) for f in shots] == [
        (0, 0, 4),
        (1, 4, 12),
        (2, 16, 20),
    ]


def test_a_hard_cut_spans_its_one_frame_and_carries_its_evidence() -> None:
    (cut,) = labelled(findings_of(CutAnalysis(), iter([window(0, 10, change(ChangeKind.HARD_CUT, 4, 5))])), "hard_cut")
    assert span_s(cut.span) == (0.4, 0.5)
    assert cut.transition.kind == TransitionKind.TRANSITION_KIND_HARD_CUT
    assert cut.transition.frame_index == 4
    assert cut.transition.detector_probability == pytest.approx(0.9)
    assert cut.transition.frame_difference == pytest.approx(40.0)
    assert cut.confidence == pytest.approx(0.9)


def test_pacing_counts_a_fade_through_black_once() -> None:
    changes = [
        change(ChangeKind.HARD_CUT, 10, 11),
        change(ChangeKind.FADE_OUT, 20, 24),
        change(ChangeKind.FADE_IN, 26, 30),
    ]
    (pacing,) = labelled(findings_of(CutAnalysis(), iter([window(0, 60, *changes)])), "pacing")
    assert pacing.pacing.cuts_per_minute == pytest.approx(2 / 6 * 60)
    assert seconds(pacing.pacing.shortest_shot_duration) == pytest.approx(0.2)
    assert seconds(pacing.pacing.longest_shot_duration) == pytest.approx(3.0)
    assert seconds(pacing.pacing.median_shot_duration) == pytest.approx(1.0)


def test_no_cut_is_no_rapid_montage() -> None:
    findings = findings_of(CutAnalysis(), iter([window(0, 30)]))
    assert [finding.label for finding in findings] == ["shot", "pacing"]
    assert findings[-1].pacing.cuts_per_minute == 0


def test_a_part_that_starts_late_is_timed_from_its_first_frame() -> None:
    findings = findings_of(CutAnalysis(), iter([window(0, 10, change(ChangeKind.HARD_CUT, 604, 605), first=600)]))
    assert spans_of(labelled(findings, "shot")) == [(60.0, 60.4), (60.4, 61.0)]
    assert labelled(findings, "shot")[0].shot.start_frame_index == 600


@pytest.mark.parametrize("windows", [[], [0], [0, 0]])
def test_without_frames_there_is_nothing(windows: list[int]) -> None:
    assert findings_of(CutAnalysis(), iter([window(index, count) for index, count in enumerate(windows)])) == []


def test_a_single_frame_is_one_shot(percepts: list[Percept]) -> None:
    frames = windows_of_frames([photo("bus")], [0.0], 0.04, (NEED,))
    findings = analyzed(percepts, frames)
    assert [finding.label for finding in findings] == ["shot", "pacing"]
    assert span_s(findings[0].span) == (0.0, 0.04)


def test_thirty_two_cuts_between_moving_shots_are_each_exact(percepts: list[Percept]) -> None:
    lengths = [6 + 5 * (shot % 4) + shot % 3 for shot in range(33)]
    frames: list[np.ndarray] = []
    for shot, length in enumerate(lengths):
        picture = photo("bus" if shot % 2 else "zidane")
        turned = [picture, picture[:, ::-1], 255 - picture, np.roll(picture, 80, axis=0)][shot // 2 % 4]
        frames += [zoomed(turned, 0.95 - 0.004 * step) for step in range(length)]
    pts_s = np.arange(len(frames)) / 30
    findings = analyzed(percepts, windows_of_frames(noisy(frames), list(pts_s), len(frames) / 30, (NEED,)))
    found = [finding.transition.frame_index for finding in findings if finding.HasField("transition")]
    assert found == np.cumsum(lengths)[:-1].tolist()


def test_old_bug_motion_is_not_a_cut(percepts: list[Percept]) -> None:
    """Frames half a second apart were compared: a walk across the picture was reported as cuts."""
    street = photo("bus", width_px=576)
    frames = [street[:, 4 * step : 4 * step + 144] for step in range(100)]
    findings = analyzed(percepts, windows_of_frames(noisy(frames), list(np.arange(100) / 30), 100 / 30, (NEED,)))
    assert [finding.label for finding in findings] == ["shot", "pacing"]


@pytest.mark.parametrize("clip", ["mdn_friday.mp4", "mediabunny_cursed-vfr.mp4", "grid_brbk7n.mpg", "mdn_flower.mp4"])
def test_a_clip_of_one_shot_has_no_cut(percepts: list[Percept], media_dir: Path, clip: str) -> None:
    findings = analyzed(percepts, windows_of_file(media_dir / "video" / clip, CutAnalysis()))
    assert [finding.label for finding in findings] == ["shot", "pacing"]


def test_fades_have_their_kind(percepts: list[Percept], media_dir: Path) -> None:
    findings = analyzed(percepts, windows_of_file(media_dir / "video" / "psd_fades.mp4", CutAnalysis()))
    kinds = [finding.label for finding in findings if finding.HasField("transition")]
    assert kinds == ["fade_in", "fade_out"] * 3
