"""One face from when its mesh is first seen to when it is gone: its samples, closures and looks."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.vision.gaze.closures import Closure, EyeLids, Judged
from services.vision.gaze.directions import LONGEST_GAP_S, Looking, Looks
from services.vision.gaze.moments import Moment


@dataclass(slots=True, kw_only=True)
class FaceWatch:
    """Moments in, in order; closures and looks out as they end."""

    face_id: int
    track_id: int | None = None
    """The person most lately said to own the face."""
    judged: list[Judged] = field(default_factory=list)
    """All moments so far of which it is known whether the eyes are closed."""
    last_s: float = float("inf")
    """When the face was last seen; infinite before the first time."""
    _lids: EyeLids = field(default_factory=EyeLids)
    _looks: Looks = field(default_factory=Looks)

    def add(self, moment: Moment, track_id: int | None) -> list[Closure | Looking]:
        told = self.finish() if moment.pts_s - self.last_s > LONGEST_GAP_S else []
        self.last_s = moment.end_s
        self.track_id = self.track_id if track_id is None else track_id
        return told + self._take(self._lids.add(moment))

    def finish(self) -> list[Closure | Looking]:
        """What is still open: at the end, and before a gap in which anything may have happened."""
        judged, cut_off = self._lids.finish()
        self._lids = EyeLids()
        told = self._take(judged)
        return [*told, *([cut_off] if cut_off else []), *self._looks.finish()]

    def _take(self, judged: list[Judged]) -> list[Closure | Looking]:
        self.judged += judged
        told: list[Closure | Looking] = []
        for each in judged:
            if each.ended:
                told.append(each.ended)
            if not each.closed:
                told += self._looks.add(each.moment)
        return told
