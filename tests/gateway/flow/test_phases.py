"""Phases follow one another without a gap, and none is invented."""

from __future__ import annotations

import random

import pytest

from gateway.flow.grid import STEP_S, Grid, smoothed
from gateway.flow.phases import Marks, Phase, phases


def even(length_s: float, value: float = 0.4) -> list[float]:
    return [value] * Grid(duration_s=length_s).count


def dense(length_s: float, start_s: float, end_s: float, low: float = 0.2, high: float = 0.9) -> list[float]:
    values = even(length_s, low)
    for index in Grid(duration_s=length_s).between(start_s, end_s):
        values[index] = high
    return values


def labels(found: list[Phase]) -> list[str]:
    return [phase.label for phase in found]


@pytest.mark.parametrize(
    ("values", "length_s", "marks"),
    [
        (even(2.0), 2.0, Marks()),
        (even(4.5), 4.5, Marks(last_cut_s=3.4)),
        (even(8.0), 8.0, Marks(last_cut_s=7.0)),
        (even(30.0), 30.0, Marks(call_s=27.0)),
        (dense(30.0, 12.0, 18.0), 30.0, Marks(call_s=27.3)),
        (dense(30.0, 3.0, 9.0), 30.0, Marks(speech_over_s=28.0)),
        (dense(30.0, 23.5, 30.0), 30.0, Marks()),
        (dense(61.3, 40.2, 47.7), 61.3, Marks(last_cut_s=59.0)),
    ],
)
def test_phases_tile_the_video(values: list[float], length_s: float, marks: Marks):
    found = phases(values, 1, length_s, marks)
    edges = [0.0, *(phase.end_s for phase in found)]
    assert [phase.start_s for phase in found] == edges[:-1]
    assert edges[-1] == length_s
    assert all(phase.end_s - phase.start_s >= 1.0 for phase in found)
    assert len(set(labels(found))) == len(found)


def test_the_hook_is_the_first_three_seconds():
    assert phases(even(30.0), 1, 30.0, Marks())[0] == Phase(
        label="hook", start_s=0.0, end_s=3.0, reasons=("first_3_s",)
    )


def test_a_short_clip_is_all_hook_and_says_so():
    (hook,) = phases(even(2.5), 1, 2.5, Marks(last_cut_s=2.0))
    assert hook.end_s == 2.5
    assert "too_short_for_more" in hook.reasons


def test_an_even_clip_has_no_climax_and_says_so():
    hook, body = phases(even(30.0), 1, 30.0, Marks())
    assert (hook.label, body.label) == ("hook", "body")
    assert body.reasons == ("even_pace",)


def test_a_dense_stretch_is_the_climax_where_it_is():
    found = phases(dense(30.0, 12.0, 18.0), 1, 30.0, Marks(call_s=27.0))
    assert labels(found) == ["hook", "build_up", "climax", "wind_down", "ending"]
    assert (found[2].start_s, found[2].end_s) == (12.0, 18.0)


def test_a_climax_that_follows_the_hook_has_no_build_up():
    assert labels(phases(dense(30.0, 3.0, 9.0), 1, 30.0, Marks())) == ["hook", "climax", "wind_down"]


def test_what_begins_an_ending_is_told():
    found = phases(even(20.0), 1, 20.0, Marks(call_s=17.0, last_cut_s=16.0, speech_over_s=18.5))
    assert found[-1] == Phase(
        label="ending", start_s=16.0, end_s=20.0, reasons=("call_to_action", "last_shot", "speech_over")
    )


@pytest.mark.parametrize("marks", [Marks(call_s=5.0), Marks(last_cut_s=19.9), Marks()])
def test_nothing_in_the_last_quarter_is_no_ending(marks: Marks):
    assert "ending" not in labels(phases(even(20.0), 1, 20.0, marks))


def test_even_pace_is_seldom_taken_for_a_climax():
    """Cuts and words at a constant rate, with the scatter real ones have: at most one in twenty."""
    wrong = sum("climax" in labels(phases(_even_clip(seed, 60.0), 2, 60.0, Marks())) for seed in range(200))
    assert wrong <= 10


def _even_clip(seed: int, length_s: float) -> list[float]:
    chance = random.Random(seed)
    grid = Grid(duration_s=length_s)
    cuts, words = [0.0] * grid.count, [0.0] * grid.count
    spacing_s = chance.choice([2, 3, 4, 6])
    at_s = chance.uniform(0, spacing_s)
    while at_s < length_s:
        cuts[grid.index(at_s)] += 1 / STEP_S
        at_s += chance.gammavariate(4, spacing_s / 4)
    at_s = 0.0
    while at_s < length_s:
        words[grid.index(at_s)] += 1 / 4 / STEP_S
        at_s += max(0.12, chance.gauss(0.36, 0.12)) + (chance.uniform(0.3, 1.0) if chance.random() < 0.1 else 0.0)
    columns = zip(smoothed(cuts), smoothed(words), strict=True)
    return [(min(1.0, cut) + min(1.0, word)) / 2 for cut, word in columns]
