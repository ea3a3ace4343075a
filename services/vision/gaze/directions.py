"""Where somebody looks, as spans: at the camera, or past it to one side of the picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot
from statistics import median

from services.vision.gaze.moments import Moment

CAMERA_YAW_DEG = 10.0
"""Half width of the cone that counts as looking at the camera.

People feel looked at up to 4 to 5 degrees off (Gamer and Hecht, 2007: a cone of 8 to 9 degrees); this method errs by 2
degrees sideways within a person and by up to 5 between persons, on the faces its constants were fitted to.
"""

CAMERA_PITCH_DEG = 15.0
"""Half height of it: up and down the method errs by 3 degrees within a person and by up to 11 between persons."""

HYSTERESIS = 1.25
"""Somebody who looks somewhere is taken to look there until the measure is so many times clearer."""

SETTLED_S = 0.2
"""A look elsewhere that lasts less is noise: eyes rest for 0.2 s and more between two jumps."""

LONGEST_GAP_S = 0.5
"""A span goes on after a blink; after a longer time without a measure it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Somebody looks one way over [start_s, end_s)."""

    label: str
    start_s: float
    end_s: float
    yaw_deg: float
    """Median, as Moment has it."""
    pitch_deg: float
    frame_count: int


@dataclass(slots=True)
class Looks:
    """Moments with open eyes of one face in, spans out, each once it has ended."""

    _label: str | None = None
    _settled: list[Moment] = field(default_factory=list)
    _next_label: str | None = None
    _next: list[Moment] = field(default_factory=list)

    def add(self, moment: Moment) -> list[Looking]:
        last = (self._next or self._settled)[-1:]
        ended = self.finish() if last and moment.pts_s - last[0].end_s > LONGEST_GAP_S else []
        label = label_of(moment.yaw_deg, moment.pitch_deg, self._label)
        if label == self._label:
            self._settled += [*self._next, moment]
            self._next = []
            return ended
        if label != self._next_label:
            # Between two looks nothing was settled: that time goes to the one before.
            self._settled += self._next if self._label else []
            self._next = []
        self._next_label = label
        self._next.append(moment)
        if moment.end_s - self._next[0].pts_s >= SETTLED_S - 1e-6:
            ended += self._end(self._next[0].pts_s)
            self._label, self._settled, self._next = label, self._next, []
        return ended

    def finish(self) -> list[Looking]:
        """The span that is still open. Moments that never settled are told of by nobody."""
        if self._label and self._next:
            self._settled += self._next
        ended = self._end(None)
        self._label, self._settled, self._next_label, self._next = None, [], None, []
        return ended

    def _end(self, next_s: float | None) -> list[Looking]:
        if self._label is None or not self._settled:
            return []
        end_s = self._settled[-1].end_s
        return [
            Looking(
                label=self._label,
                start_s=self._settled[0].pts_s,
                end_s=end_s if next_s is None else min(end_s, next_s),
                yaw_deg=median(each.yaw_deg for each in self._settled),
                pitch_deg=median(each.pitch_deg for each in self._settled),
                frame_count=len(self._settled),
            )
        ]


def label_of(yaw_deg: float, pitch_deg: float, before: str | None = None) -> str:
    """The label of a look; `before` is the one of the look until now, and has the better claim.

    >>> label_of(-30.0, 5.0)
    'looking_left'
    """
    sideways, upwards = yaw_deg / CAMERA_YAW_DEG, pitch_deg / CAMERA_PITCH_DEG
    if hypot(sideways, upwards) <= (HYSTERESIS if before == "looking_at_camera" else 1.0):
        return "looking_at_camera"
    across = abs(sideways) * (HYSTERESIS if before in ("looking_left", "looking_right") else 1.0)
    along = abs(upwards) * (HYSTERESIS if before in ("looking_up", "looking_down") else 1.0)
    if across >= along:
        return "looking_right" if sideways > 0 else "looking_left"
    return "looking_up" if upwards > 0 else "looking_down"
