"""What one analyzer took of a part: the windows, and how many frames or samples its method worked on."""

from __future__ import annotations

from dataclasses import dataclass, field

TOUCH_S = 1e-3
"""Windows closer than this follow one another."""


@dataclass(slots=True)
class Tally:
    """Counts for coverage. The lead-in is looked at, but counted by the part before."""

    own_start_s: float
    received_count: int = 0
    processed_count: int | None = None
    spans_s: list[tuple[float, float]] = field(default_factory=list)

    def owns(self, start_s: float) -> bool:
        """Whether a window that starts here counts."""
        return start_s >= self.own_start_s - TOUCH_S

    def take(self, *, start_s: float, end_s: float, count: int) -> None:
        """Note a window that was handed over."""
        if self.owns(start_s):
            self.received_count += count
        if self.spans_s and abs(self.spans_s[-1][1] - start_s) < TOUCH_S:
            self.spans_s[-1] = (self.spans_s[-1][0], end_s)
        else:
            self.spans_s.append((start_s, end_s))

    def process(self, count: int) -> None:
        """Note frames or samples the method worked on."""
        self.processed_count = (self.processed_count or 0) + count

    @property
    def worked_on_count(self) -> int:
        """What the method worked on: all it received, unless it says otherwise."""
        return self.received_count if self.processed_count is None else min(self.processed_count, self.received_count)
