from __future__ import annotations

from gateway.parts import OpenPart, PartCutter, Placed


def cut(
    seconds: int, *, part_s: float, lead_in_s: float, part_bytes: int = 10**9, window_bytes: int = 1
) -> list[OpenPart[int]]:
    cutter: PartCutter[int] = PartCutter(part_s=part_s, part_bytes=part_bytes, lead_in_s=lead_in_s)
    parts: list[OpenPart[int]] = []
    for second in range(seconds):
        if cutter.needs_new_part(end_s=second + 1.0, size_bytes=window_bytes):
            parts.append(cutter.open(start_s=float(second)))
        cutter.add(Placed(start_s=float(second), end_s=second + 1.0, size_bytes=window_bytes, laid=second))
    return parts


def contents(parts: list[OpenPart[int]]) -> list[list[int]]:
    return [[window.laid for window in part.windows] for part in parts]


def test_a_short_video_is_one_part():
    assert contents(cut(5, part_s=60, lead_in_s=2)) == [[0, 1, 2, 3, 4]]


def test_parts_overlap_by_the_lead_in_and_own_disjoint_stretches():
    parts = cut(10, part_s=4, lead_in_s=2)
    assert contents(parts) == [[0, 1, 2, 3], [2, 3, 4, 5, 6, 7], [6, 7, 8, 9]]
    assert [(part.start_s, part.own_start_s) for part in parts] == [(0, 0), (2, 4), (6, 8)]


def test_a_part_ends_early_rather_than_pass_its_bytes():
    parts = cut(6, part_s=60, lead_in_s=1, part_bytes=25, window_bytes=10)
    assert contents(parts) == [[0, 1], [1, 2, 3], [3, 4, 5]]


def test_a_window_larger_than_a_part_still_gets_one():
    assert contents(cut(2, part_s=60, lead_in_s=0, part_bytes=5, window_bytes=10)) == [[0], [1]]
