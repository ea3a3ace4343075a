from __future__ import annotations

import numpy as np
import pytest

from services.vision.percepts.shot_changes import Change, ChangeKind, Evidence, find_changes


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(30, 226, (27, 48, 3)).astype(np.uint8)


ONE, OTHER = picture(1), picture(2)
BLACK, BRIGHT = np.zeros_like(ONE), np.full_like(ONE, 250)


def evidence(frames: list[np.ndarray], *, ends: dict[int, float], inside: dict[int, float] | None = None) -> Evidence:
    small = np.stack(frames)
    steps = np.abs(np.diff(small.astype(np.int16), axis=0)).mean(axis=(1, 2, 3))
    return Evidence(
        small=small,
        difference=np.append(0, steps).astype(np.float32),
        ends=np.array([ends.get(row, 0.0) for row in range(len(frames))], np.float32),
        inside=np.array([(inside or {}).get(row, 0.0) for row in range(len(frames))], np.float32),
    )


def mixed(before: np.ndarray, after: np.ndarray, count: int) -> list[np.ndarray]:
    shares = np.linspace(0, 1, count + 2)[1:-1]
    return [(before * (1 - share) + after * share).astype(np.uint8) for share in shares]


def kinds_and_rows(changes: list[Change]) -> list[tuple[str, int, int]]:
    return [(change.kind.value, change.start, change.end) for change in changes]


@pytest.mark.parametrize("peak", [8, 9, 10])
def test_a_cut_is_at_the_first_frame_of_the_new_shot_even_if_the_detector_is_a_frame_off(peak: int) -> None:
    found = find_changes(evidence([ONE] * 10 + [OTHER] * 10, ends={peak: 0.9}))
    assert kinds_and_rows(found) == [("hard_cut", 10, 11)]
    assert found[0].probability == pytest.approx(0.9)


def test_an_abrupt_change_without_the_detector_is_no_cut() -> None:
    assert find_changes(evidence([ONE] * 10 + [OTHER] * 10, ends={9: 0.2})) == []


def test_a_cut_between_dark_shots_is_found_where_the_detector_is_sure() -> None:
    dark, darker = (ONE * 0.08).astype(np.uint8), (OTHER * 0.04).astype(np.uint8)
    assert kinds_and_rows(find_changes(evidence([dark] * 10 + [darker] * 10, ends={9: 0.9}))) == [("hard_cut", 10, 11)]


def test_steady_motion_is_no_cut_where_the_detector_doubts() -> None:
    moving = [np.roll(ONE, step, axis=1) for step in range(20)]
    assert find_changes(evidence(moving, ends={9: 0.4})) == []


def test_a_cut_amid_fast_motion_is_found_where_the_detector_is_sure() -> None:
    moving = [np.roll(ONE, step, axis=1) for step in range(10)] + [np.roll(OTHER, step, axis=1) for step in range(10)]
    brighter = [np.clip(frame.astype(int) + (20 if row >= 10 else 0), 0, 255) for row, frame in enumerate(moving)]
    found = find_changes(evidence([frame.astype(np.uint8) for frame in brighter], ends={9: 0.9}))
    assert kinds_and_rows(found) == [("hard_cut", 10, 11)]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_flash_is_no_cut(length: int) -> None:
    frames = [ONE] * 10 + [BRIGHT] * length + [ONE] * 10
    assert find_changes(evidence(frames, ends={9: 0.8, 9 + length: 0.8})) == []


def test_a_shot_of_five_frames_is_no_flash() -> None:
    frames = [ONE] * 10 + [OTHER] * 5 + [ONE] * 10
    assert kinds_and_rows(find_changes(evidence(frames, ends={9: 0.8, 14: 0.8}))) == [
        ("hard_cut", 10, 11),
        ("hard_cut", 15, 16),
    ]


def test_a_mix_of_both_shots_is_a_dissolve() -> None:
    frames = [ONE] * 10 + mixed(ONE, OTHER, 8) + [OTHER] * 10
    found = find_changes(evidence(frames, ends={13: 0.9}, inside=dict.fromkeys(range(10, 18), 0.95)))
    assert kinds_and_rows(found) == [("dissolve", 10, 18)]


def test_a_wipe_is_gradual_of_a_kind_that_is_not_told() -> None:
    wipe = []
    for step in range(1, 9):
        frame = ONE.copy()
        frame[:, : round(step * 48 / 9)] = OTHER[:, : round(step * 48 / 9)]
        wipe.append(frame)
    found = find_changes(
        evidence([ONE] * 10 + wipe + [OTHER] * 10, ends={13: 0.9}, inside=dict.fromkeys(range(10, 18), 0.95))
    )
    assert kinds_and_rows(found) == [("gradual", 10, 18)]


def test_fades_to_and_from_black_are_told_apart() -> None:
    inside = dict.fromkeys(range(10, 18), 0.95)
    out = evidence([ONE] * 10 + mixed(ONE, BLACK, 8) + [BLACK] * 10, ends={13: 0.9}, inside=inside)
    back = evidence([BLACK] * 10 + mixed(BLACK, ONE, 8) + [ONE] * 10, ends={13: 0.9}, inside=inside)
    assert kinds_and_rows(find_changes(out)) == [("fade_out", 10, 18)]
    assert kinds_and_rows(find_changes(back)) == [("fade_in", 10, 18)]


def test_a_fade_through_black_is_a_fade_out_and_a_fade_in() -> None:
    frames = [ONE] * 10 + mixed(ONE, BLACK, 6) + [BLACK] * 2 + mixed(BLACK, OTHER, 6) + [OTHER] * 10
    found = find_changes(evidence(frames, ends={17: 0.9}, inside=dict.fromkeys(range(10, 24), 0.95)))
    assert [change.kind for change in found] == [ChangeKind.FADE_OUT, ChangeKind.FADE_IN]
    assert found[0].start == 10
    assert found[1].end == 24


def test_something_that_passes_the_camera_is_no_transition() -> None:
    frames = [ONE] * 10 + mixed(ONE, OTHER, 4) + mixed(OTHER, ONE, 4) + [ONE] * 10
    assert find_changes(evidence(frames, ends={13: 0.9}, inside=dict.fromkeys(range(10, 18), 0.9))) == []


@pytest.mark.parametrize("inside", [{}, dict.fromkeys(range(9, 14), 0.9)])
def test_a_camera_flung_around_is_no_change_of_shot(inside: dict[int, float]) -> None:
    wide = np.concatenate([ONE, OTHER], axis=1)
    lefts = [0] * 10 + [12, 24, 36] + [48] * 10
    frames = [wide[:, left : left + 48] for left in lefts]
    assert find_changes(evidence(frames, ends={11: 0.9}, inside=inside)) == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_frames_hold_no_change(count: int) -> None:
    frames = evidence([ONE] * 3, ends={})
    few = Evidence(
        small=frames.small[:count],
        difference=frames.difference[:count],
        ends=frames.ends[:count],
        inside=frames.inside[:count],
    )
    assert find_changes(few) == []
