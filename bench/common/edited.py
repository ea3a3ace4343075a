"""Clips of real shots with effects at known frames, which ones picked by a seed; some shots are left as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.common.mixed import Clip

FREEZE_FRAMES, SLOW_FRAMES, FLASH_FRAMES = 15, 16, 3
PUNCH = 1.3
BLUR = 9.0

SEEN_DIFFERENCE = 2.0
"""Mean, of 255, by which an edit must change a picture to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """An effect over frames [first, after) of the clip."""

    label: str
    first: int
    after: int
    kind: str
    """As which it was added: "dip" and "white" are both of label "flash"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    frames: Clip
    effects: tuple[tuple[str, int, int], ...]
    """(label, first, after) within the shot."""


def edited(parts: Sequence[Clip], seed: int) -> tuple[Clip, list[Added]]:
    """All parts in an order of their own, each shown forwards and backwards, each with one of EDITS."""
    rng = np.random.default_rng(seed)
    order, first_kind = rng.permutation(len(parts)), int(rng.integers(len(EDITS)))
    names, frames, truth, count = list(EDITS), [], list[Added](), 0
    for place, part in enumerate(order):
        kind = names[(first_kind + place) % len(names)]
        other = parts[order[(place + 1) % len(order)]]
        edit = EDITS[kind](_to_and_fro(parts[part]), _to_and_fro(other))
        truth += [Added(label=label, first=count + a, after=count + b, kind=kind) for label, a, b in edit.effects]
        frames.append(edit.frames)
        count += len(edit.frames)
    return np.concatenate(frames), truth


def _to_and_fro(part: Clip) -> Clip:
    return np.concatenate([part, part[-2:0:-1]])


def _untouched(frames: Clip, other: Clip) -> _Edit:
    return _Edit(frames=frames, effects=())


def _moves(frames: Clip, one: int, other: int) -> bool:
    """Nobody sees a freeze in a scene in which nothing moves."""
    return bool(np.abs(frames[one].astype(np.int16) - frames[other]).mean() >= SEEN_DIFFERENCE)


def _frozen(frames: Clip, other: Clip) -> _Edit:
    first = len(frames) // 4
    if not _moves(frames, first, first + FREEZE_FRAMES):
        return _untouched(frames, other)
    held = np.repeat(frames[first : first + 1], FREEZE_FRAMES - 1, axis=0)
    joined = np.concatenate([frames[: first + 1], held, frames[first + 1 :]])
    return _Edit(frames=joined, effects=(("freeze_frame", first, first + FREEZE_FRAMES),))


def _slowed(frames: Clip, other: Clip) -> _Edit:
    first = len(frames) // 4
    if not _moves(frames, first, first + SLOW_FRAMES // 2):
        return _untouched(frames, other)
    slow = np.repeat(frames[first : first + SLOW_FRAMES], 2, axis=0)
    joined = np.concatenate([frames[:first], slow, frames[first + SLOW_FRAMES :]])
    return _Edit(frames=joined, effects=(("slow_motion", first, first + 2 * SLOW_FRAMES),))


def _lit(level: int) -> Callable[[Clip, Clip], _Edit]:
    def edit(frames: Clip, other: Clip) -> _Edit:
        copy, first = frames.copy(), len(frames) // 3
        for row, share in enumerate((1.0, 1.0, 0.5)):
            copy[first + row] = (frames[first + row] * (1 - share) + level * share).astype(np.uint8)
        return _Edit(frames=copy, effects=(("flash", first, first + FLASH_FRAMES),))

    return edit


def _graded(frames: Clip, other: Clip) -> _Edit:
    copy, first = frames.copy(), len(frames) // 2
    warm = frames[first:] * np.array([1.15, 1.0, 0.65]) + np.array([8, 0, 8])
    copy[first:] = warm.clip(0, 255).astype(np.uint8)
    return _Edit(frames=copy, effects=(("grade_change", first, first + 1),))


def _greyed(frames: Clip, other: Clip) -> _Edit:
    copy, first = frames.copy(), len(frames) // 2
    copy[first:] = (frames[first:] @ np.array([0.299, 0.587, 0.114]))[..., None].astype(np.uint8)
    change = np.abs(copy[first].astype(np.int16) - frames[first]).mean()
    # A film that is black and white already stays as it is.
    return _Edit(frames=copy, effects=(("grade_change", first, first + 1),) if change >= SEEN_DIFFERENCE else ())


def _punched(frames: Clip, other: Clip) -> _Edit:
    import cv2

    first, (height, width) = len(frames) // 2, frames.shape[1:3]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 0, PUNCH)
    closer = [cv2.warpAffine(frame, matrix, (width, height), flags=cv2.INTER_CUBIC) for frame in frames[first:]]
    joined = np.concatenate([frames[:first], np.stack(closer).astype(np.uint8)])
    return _Edit(frames=joined, effects=(("zoom_punch", first, first + 1),))


def _letterboxed(frames: Clip, other: Clip) -> _Edit:
    copy, bar = frames.copy(), frames.shape[1] // 6
    copy[:, :bar], copy[:, -bar:] = 0, 0
    return _Edit(frames=copy, effects=(("letterbox", 0, len(frames)),))


def _on_blur(frames: Clip, other: Clip) -> _Edit:
    """A narrow cut-out between blurred enlargements of itself."""
    import cv2

    height, width = frames.shape[1:3]
    narrow = width // 2
    inner = frames[:, :, (width - narrow) // 2 : (width + narrow) // 2]
    visible = height * narrow // width
    shown = inner[:, (height - visible) // 2 : (height + visible) // 2]
    ground = [cv2.GaussianBlur(cv2.resize(frame, (width, height)), (0, 0), BLUR) for frame in shown]
    joined = np.stack(ground).astype(np.uint8)
    joined[:, :, (width - narrow) // 2 : (width - narrow) // 2 + narrow] = inner
    return _Edit(frames=joined, effects=(("pillarbox", 0, len(frames)),))


def _split(frames: Clip, other: Clip) -> _Edit:
    copy, half, quarter = frames.copy(), frames.shape[2] // 2, frames.shape[2] // 4
    copy[:, :, :half], copy[:, :, half:] = (each[:, :, quarter : quarter + half] for each in (frames, other))
    return _Edit(frames=copy, effects=(("split_screen", 0, len(frames)),))


def _inset(frames: Clip, other: Clip) -> _Edit:
    import cv2

    copy, (height, width) = frames.copy(), frames.shape[1:3]
    small = np.stack([cv2.resize(frame, (width // 3, height // 3), interpolation=cv2.INTER_AREA) for frame in other])
    top, left = height // 12, width - width // 3 - width // 16
    copy[:, top : top + height // 3, left : left + width // 3] = small
    return _Edit(frames=copy, effects=(("picture_in_picture", 0, len(frames)),))


EDITS: dict[str, Callable[[Clip, Clip], _Edit]] = {
    "none": _untouched,
    "freeze": _frozen,
    "slow": _slowed,
    "white": _lit(255),
    "untouched": _untouched,
    "dip": _lit(0),
    "warm": _graded,
    "grey": _greyed,
    "punch": _punched,
    "letterbox": _letterboxed,
    "blurred": _on_blur,
    "split": _split,
    "inset": _inset,
}
"""Kind -> what it does to a shot, given another one for what needs two."""
