from __future__ import annotations

import numpy as np
import pytest

from services.vision.regions.stretches import LONGEST_STRETCH_S, Look, Stretch, Stretches, moved_share


def look(pts_s: float, person: float) -> Look:
    return Look(pts_s=pts_s, end_s=pts_s + 0.2, shares=np.array([1 - person, person]))


def fed(persons: list[float], *, shot_start_s: float = 0.0) -> tuple[Stretches, list[Stretch]]:
    stretches = Stretches()
    ended = [stretches.see(look(float(at_s), share), shot_start_s=shot_start_s) for at_s, share in enumerate(persons)]
    return stretches, [stretch for stretch in ended if stretch]


def test_alike_frames_are_one_stretch_with_their_mean() -> None:
    stretches, ended = fed([0.3, 0.4, 0.35])
    assert ended == []
    stretch = stretches.end_shot(2.7)
    assert stretch is not None
    assert (stretch.start_s, stretch.end_s, stretch.frame_count, stretch.opens_shot) == (0.0, 2.7, 3, True)
    assert stretch.shares.tolist() == pytest.approx([0.65, 0.35])


def test_a_person_who_walks_in_begins_a_new_stretch() -> None:
    stretches, (before,) = fed([0.0, 0.0, 0.3])
    assert (before.start_s, before.end_s, before.shares[1]) == (0.0, 2.0, 0.0)
    after = stretches.end_shot(3.0)
    assert after is not None
    assert (after.start_s, after.end_s, after.opens_shot) == (2.0, 3.0, False)


def test_a_stretch_begins_with_its_shot_not_with_its_first_look() -> None:
    stretches = Stretches()
    stretches.see(look(5.2, 0.1), shot_start_s=5.05)
    stretch = stretches.end_shot(6.0)
    assert stretch is not None
    assert stretch.start_s == 5.05
    assert stretch.first_end_s == pytest.approx(5.4)


def test_a_long_shot_is_told_while_it_goes_on() -> None:
    _, ended = fed([0.2] * 25)
    assert [stretch.end_s - stretch.start_s for stretch in ended] == [LONGEST_STRETCH_S] * 2


def test_nothing_seen_is_no_stretch() -> None:
    assert Stretches().end_shot(3.0) is None


def test_moved_share_is_half_of_what_differs() -> None:
    assert moved_share(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 1.0
    assert moved_share(np.array([0.5, 0.5]), np.array([0.25, 0.75])) == 0.25
