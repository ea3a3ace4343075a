"""Windows with percept values handed in, for an analyzer under test: what a part's percepts are said to have seen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from services.common.window import FrameBatch, Need, Window
from services.vision.percepts.shot_changes import ChangeKind
from services.vision.percepts.shots import ShotChange, Shots


def handed(windows: Iterator[Window], values: Mapping[Hashable, Callable[[Window], Any]]) -> Iterator[Window]:
    """The windows again, each with the value that is made of it for each key."""
    for window in windows:
        contents = {**window._contents, **{key: value(window) for key, value in values.items()}}
        yield Window(index=window.index, start_s=window.start_s, end_s=window.end_s, contents=contents)


def shots(changes: Sequence[ShotChange] = ()) -> dict[Hashable, Callable[[Window], Any]]:
    """The value of Shots: each change in the window in which it begins."""
    return {Shots: lambda window: tuple(each for each in changes if window.start_s <= each.start_s < window.end_s)}


def without_frames(need: Need) -> Window:
    """A second in which the need has no frame."""
    nothing = FrameBatch(rgb=np.empty((0, 1, 1, 3), np.uint8), pts_s=np.empty(0), index=np.empty(0, np.int64))
    return Window(index=0, start_s=0.0, end_s=1.0, contents={need: nothing})


def change(start_s: float, end_s: float | None = None, rate_hz: float = 30.0) -> ShotChange:
    """A hard cut at `start_s`, or a dissolve until `end_s`, in a video of that rate."""
    is_cut = end_s is None
    end_s = start_s + 1 / rate_hz if end_s is None else end_s
    return ShotChange(
        kind=ChangeKind.HARD_CUT if is_cut else ChangeKind.DISSOLVE,
        frame_index=round(start_s * rate_hz),
        end_frame_index=round(end_s * rate_hz),
        start_s=start_s,
        end_s=end_s,
        probability=0.9,
        frame_difference=50.0,
    )
