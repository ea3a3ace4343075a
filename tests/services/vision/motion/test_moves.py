from __future__ import annotations

import numpy as np
import pytest

from bench.common.camera_moves import RATE_HZ, shaking
from services.vision.motion.moves import LABELS, moves
from services.vision.motion.path import PAN, ROLL, TILT, ZOOM, Path


def path(
    *legs: tuple[float, dict[int, float]], shake: float = 0.0, inlier_share: float = 1.0, rate_hz: float = 15.0
) -> Path:
    """Legs of (length_s, speed per second of some axes), one after another."""
    speeds = np.concatenate([np.tile(_speed(each), (round(length_s * rate_hz), 1)) for length_s, each in legs])
    position = np.concatenate([np.zeros((1, 4)), np.cumsum(speeds / rate_hz, axis=0)])
    wobble = shake * shaking(4 * len(position), seed=3)[:: round(RATE_HZ / rate_hz)][: len(position)]
    position[:, [PAN, TILT]] += wobble
    count = len(position)
    return Path(
        time_s=np.arange(count) / rate_hz,
        position=position,
        inlier_share=np.full(count, inlier_share),
        aspect=1.0,
    )


def _speed(axes: dict[int, float]) -> np.ndarray:
    return np.array([axes.get(axis, 0.0) for axis in range(4)])


def told(of: Path) -> list[tuple[str, float, float]]:
    def time_s(row: int) -> float:
        return float(of.time_s[min(row, len(of) - 1)])

    return [(stretch.label, time_s(stretch.first), time_s(stretch.after)) for stretch in moves(of)]


def labels(of: Path) -> list[str]:
    return [label for label, _, _ in told(of)]


@pytest.mark.parametrize(
    ("axis", "positive", "negative"),
    [
        (PAN, "pan_right", "pan_left"),
        (TILT, "tilt_up", "tilt_down"),
        (ZOOM, "zoom_in", "zoom_out"),
        (ROLL, "roll_clockwise", "roll_counterclockwise"),
    ],
)
@pytest.mark.parametrize("speed", [0.02, 0.3])
def test_each_axis_has_its_two_directions(axis: int, positive: str, negative: str, speed: float) -> None:
    assert labels(path((2, {axis: speed}))) == [positive]
    assert labels(path((2, {axis: -speed}))) == [negative]


def test_still_then_a_pan_then_still_again() -> None:
    found = told(path((2, {}), (1.5, {PAN: 0.5}), (2, {})))
    assert [label for label, _, _ in found] == ["static", "pan_right", "static"]
    edges = [edge for _, *span in found for edge in span]
    assert edges == pytest.approx([0, 2, 2, 3.5, 3.5, 5.5], abs=0.2)


def test_a_pan_that_turns_back_is_two() -> None:
    assert labels(path((1, {PAN: 0.3}), (1, {PAN: -0.3}))) == ["pan_right", "pan_left"]


def test_a_fast_pan_that_goes_on_slowly_is_one() -> None:
    ((label, start_s, end_s),) = told(path((1, {PAN: 0.6}), (2, {PAN: 0.1})))
    assert (label, start_s, end_s) == ("pan_right", 0, 3)


def test_a_pan_and_a_zoom_at_a_time_are_two_findings() -> None:
    assert set(labels(path((2, {PAN: 0.2, ZOOM: 0.1})))) == {"pan_right", "zoom_in"}


def test_a_trace_of_tilt_in_a_pan_is_none() -> None:
    assert labels(path((2, {PAN: 0.5, TILT: 0.03}))) == ["pan_right"]


@pytest.mark.parametrize("shake", [0.003, 0.01])
def test_a_hand_that_shakes_is_no_pan(shake: float) -> None:
    found = told(path((4, {}), shake=shake))
    assert found == [("handheld", 0, 4)]


def test_a_pan_by_hand_is_both() -> None:
    assert set(labels(path((4, {PAN: 0.15}), shake=0.004))) == {"pan_right", "handheld"}


def test_a_slow_wave_is_no_shaking() -> None:
    """A pan to and fro every two seconds is a pan to and fro."""
    swings = [(1.0, {PAN: 0.1 * (-1) ** turn}) for turn in range(4)]
    assert labels(path(*swings)) == ["pan_right", "pan_left"] * 2


@pytest.mark.parametrize("legs", [[(2, {}), (2, {PAN: 0.8})], [(2, {PAN: 0.8}), (2, {})], [(1, {}), (3, {TILT: -1})]])
def test_the_jolt_of_a_start_or_stop_is_no_shaking(legs: list[tuple[float, dict[int, float]]]) -> None:
    assert "handheld" not in labels(path(*legs))


def test_a_tremor_of_the_measurement_is_none() -> None:
    assert labels(path((3, {}), shake=0.0005)) == ["static"]


def test_a_tiny_correction_leaves_the_camera_static() -> None:
    assert labels(path((2, {}), (0.4, {PAN: 0.02}), (2, {}))) == ["static"]


def test_a_creeping_drift_too_short_for_a_move_is_neither() -> None:
    assert labels(path((0.6, {PAN: 0.02}))) == []


def test_without_a_majority_only_the_greatest_pan_or_tilt_is_told() -> None:
    assert labels(path((2, {PAN: 0.2, TILT: 0.1}), inlier_share=0.3)) == ["pan_right"]
    assert labels(path((2, {PAN: 0.2, ZOOM: 0.1, ROLL: -0.05}), inlier_share=0.3)) == ["pan_right"]
    assert labels(path((3, {}), shake=0.01, inlier_share=0.3)) in ([], ["static"])


def test_a_blink_of_a_path_says_nothing() -> None:
    assert moves(path((0.2, {}))) == []


def test_the_vocabulary_is_the_documented_one() -> None:
    assert len(set(LABELS)) == len(LABELS) == 10
