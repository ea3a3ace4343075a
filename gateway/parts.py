"""Where one part ends and the next begins, and which windows both need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.budget import LEAD_IN_SHARE

Laid = TypeVar("Laid")
"""What was laid down for a window: references, whatever the caller hands in."""

TOLERANCE_S = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Generic[Laid]):
    """A window with its bytes laid down."""

    start_s: float
    end_s: float
    size_bytes: int
    laid: Laid


@dataclass(slots=True)
class OpenPart(Generic[Laid]):
    """A part that still takes windows. Its first windows may be the lead-in, which the part before holds too."""

    index: int
    start_s: float
    own_start_s: float
    limit_bytes: int
    """Windows of its own beyond this begin the next part; may be lowered to what could be reserved for it."""
    windows: list[Placed[Laid]] = field(default_factory=list)
    own_bytes: int = 0

    @property
    def lead_in_bytes(self) -> int:
        """What it took over from the part before."""
        return sum(window.size_bytes for window in self.windows) - self.own_bytes

    @property
    def end_s(self) -> float:
        """End of its last window."""
        return self.windows[-1].end_s if self.windows else self.own_start_s


class PartCutter(Generic[Laid]):
    """Cuts one stream into parts of at most `part_s` seconds and `part_bytes` bytes of their own.

    windows   0 1 2 3 | 4 5 6 7 | 8 9          part_s = 4, lead_in_s = 2
    part 0    0 1 2 3
    part 1        2 3   4 5 6 7                starts at 2, its own start is 4
    part 2                  6 7   8 9
    """

    def __init__(
        self, *, part_s: float, part_bytes: int, lead_in_s: float, lead_in_share: float = LEAD_IN_SHARE
    ) -> None:
        self._part_s = part_s
        self._part_bytes = part_bytes
        self._lead_in_s = lead_in_s
        self._lead_in_bytes = part_bytes * lead_in_share
        self._current: OpenPart[Laid] | None = None

    def needs_new_part(self, *, end_s: float, size_bytes: int) -> bool:
        """Whether a window that ends at end_s and takes size_bytes begins a part."""
        part = self._current
        if part is None:
            return True
        too_long = end_s - part.own_start_s > self._part_s + TOLERANCE_S
        too_large = part.own_bytes + size_bytes > part.limit_bytes
        return part.own_bytes > 0 and (too_long or too_large)

    def open(self, *, start_s: float) -> OpenPart[Laid]:
        """Begin a part at start_s; it already holds its lead-in."""
        before = self._current
        lead_in = [] if before is None else self._lead_in(before, start_s)
        self._current = OpenPart(
            index=0 if before is None else before.index + 1,
            start_s=lead_in[0].start_s if lead_in else start_s,
            own_start_s=start_s,
            limit_bytes=self._part_bytes,
            windows=list(lead_in),
        )
        return self._current

    def add(self, window: Placed[Laid]) -> OpenPart[Laid]:
        """Put a window into the part that is open."""
        if self._current is None:
            raise RuntimeError("open a part before its first window")
        self._current.windows.append(window)
        self._current.own_bytes += window.size_bytes
        return self._current

    def _lead_in(self, before: OpenPart[Laid], start_s: float) -> list[Placed[Laid]]:
        """The last windows of the part before: as long as they may be, but no more than their share of the bytes."""
        earliest_s = start_s - self._lead_in_s - TOLERANCE_S
        taken: list[Placed[Laid]] = []
        left_bytes = self._lead_in_bytes
        for window in reversed(before.windows):
            left_bytes -= window.size_bytes
            if window.start_s < earliest_s or left_bytes < 0:
                break
            taken.append(window)
        return taken[::-1]
