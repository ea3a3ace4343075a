"""Which texts are on screen: follows each known one from frame to frame, and sorts what was read into old and new."""

from __future__ import annotations

from collections.abc import Sequence

from services.vision.texts.frames import FrameHistory
from services.vision.texts.lines import digits, grows, join_row, overlap, same_text, similarity
from services.vision.texts.motion import moves_with_ring
from services.vision.texts.readers import Line, Rect
from services.vision.texts.signature import Signature, match, signature_of
from services.vision.texts.track import TextTrack, least_match

ABSENT_S = 0.1
"""A text that frames do not show for this long is gone; a shorter gap is a flash or a damaged frame."""

SAME_PLACE = 0.4
"""Share of the smaller box that must lie in the other for two readings to be of one place."""

SURE_NUMBER = 0.8
"""Readings this sure with other digits are two texts, even where the picture looks the same: a clock that runs."""

MOVED_MATCH = 0.7
"""Least match at a new place: a text moves as it is, others only resemble it."""

REVIVE_S = 0.25
"""A text that comes back after at most this was covered, not taken away."""

LOST_S = 3.0
"""A text that moves is looked for this long: as long as a moving picture may stay unread."""

JUDGE_PX = 3
"""A movement of this many pixels of the small frame is compared with what is around the text."""


class TextFollower:
    """The texts of one part. Frames come in order by `advance`; what is read in one by `sight`."""

    def __init__(self, history: FrameHistory) -> None:
        self.live: list[TextTrack] = []
        self.ended: list[TextTrack] = []
        """Gone, in order; whoever reports them takes them out."""
        self._history = history
        self._ended_since_read = False

    def __repr__(self) -> str:
        return f"TextFollower({len(self.live)} on screen, {len(self.ended)} ended)"

    @property
    def wants_read(self) -> bool:
        """Something known has changed, or was read too unsurely to be believed."""
        return self._ended_since_read or any(track.absent_number is not None or track.unsure for track in self.live)

    def places(self, number: int) -> list[Rect]:
        """Boxes of the texts on screen."""
        height, width = self._history[number].grey.shape
        return [track.place(width, height) for track in self.live]

    def advance(self, number: int) -> None:
        """Look for every text in the next frame."""
        frame = self._history[number]
        for track in list(self.live):
            if track.signature is None:
                continue
            self._look(track, track.signature, number)
            if track.absent_number is not None:
                absent_s = self._history[max(track.absent_number, self._history.first)].pts_s
                if frame.pts_s - absent_s >= ABSENT_S:
                    self._end(track, absent_s)

    def sight(self, number: int, lines: Sequence[Line]) -> bool:
        """Frame `number` was read, and shows these lines and no others. True if that was worth the read."""
        known = self.wants_read
        self._ended_since_read = False
        pts_s = self._history[number].pts_s
        places = dict(zip(self.live, self.places(number), strict=True))
        seen: dict[TextTrack, list[Line]] = {}
        new: list[Line] = []
        for line in lines:
            track = max(places, key=lambda track: affinity(track, places[track], line), default=None)
            if track is None or affinity(track, places[track], line) <= 0:
                new.append(line)
            else:
                seen.setdefault(track, []).append(line)
        for track in places:
            if track in seen:
                self._reread(track, join_row(seen[track]), number)
            else:
                self._missed(track, pts_s)
        for line in new:
            self._arrive(line, number, [track for track in [*self.live, *self.ended] if track not in seen])
        return known or bool(new)

    def finish(self) -> None:
        """The part is over: what is absent at its end has ended; what is on screen stays in `live`."""
        for track in list(self.live):
            if track.absent_number is not None:
                self._end(track, self._history[max(track.absent_number, self._history.first)].pts_s)

    def _look(self, track: TextTrack, signature: Signature, number: int) -> None:
        found = match(signature, self._history[number].grey, track.shift_x, track.shift_y)
        moved = (found.shift_x, found.shift_y) != (track.shift_x, track.shift_y)
        track.score = found.score
        if found.score < max(track.threshold, MOVED_MATCH if moved else 0.0):
            if track.absent_number is None:
                track.absent_number = number
            return
        track.absent_number, track.shown_number = None, number
        track.typical += 0.1 * (found.score - track.typical)
        track.shift_x, track.shift_y = found.shift_x, found.shift_y
        self._judge_movement(track, number)

    def _judge_movement(self, track: TextTrack, number: int) -> None:
        since, was_x, was_y = track.judged
        if max(abs(track.shift_x - was_x), abs(track.shift_y - was_y)) < JUDGE_PX:
            return
        if since >= self._history.first:
            before, after = self._history[since].grey, self._history[number].grey
            height, width = before.shape
            was = _shifted(track.box, was_x / width, was_y / height)
            _vote(track, moves_with_ring(before, was, after, track.place(width, height)))
        track.judged = (number, track.shift_x, track.shift_y)

    def _reread(self, track: TextTrack, line: Line, number: int) -> None:
        known = track.content
        if grows(known, line.content) and line.box.width > 1.05 * track.box.width:
            # Typed on screen: what was read before was not the whole of it.
            track.readings.clear()
        track.readings.append(line)
        self._take_up(track, line, number, signature_of(self._history, number, line.box))

    def _take_up(self, track: TextTrack, line: Line, number: int, signature: Signature | None) -> None:
        """From here on the text is known as this frame shows it."""
        track.box, track.read_pts_s, track.signature = line.box, self._history[number].pts_s, signature
        track.places.append((track.read_pts_s, line.box))
        track.shift_x = track.shift_y = 0
        track.judged = (number, 0, 0)
        track.shown_number, track.absent_number, track.end_s = number, None, None
        if signature is not None:
            track.score = track.typical = max(match(signature, self._history[number].grey).score, 0.1)

    def _missed(self, track: TextTrack, pts_s: float) -> None:
        if track.signature is None:
            # Only reads tell: it went somewhere between the last one that showed it and this one.
            self._end(track, (track.read_pts_s + pts_s) / 2)
        elif track.absent_number is None:
            track.misses += 1

    def _arrive(self, line: Line, number: int, others: Sequence[TextTrack]) -> None:
        """A line that is none of the known texts; `others` were not seen in this frame."""
        signature = signature_of(self._history, number, line.box)
        rivals = [track for track in others if overlap(track.box, line.box) >= SAME_PLACE]
        first = number if signature is None else self._first_frame(signature, number, rivals)
        start_s = self._history[first].pts_s
        old = self._returning(line, number, start_s)
        if old is None:
            old = TextTrack(box=line.box, start_s=start_s, read_pts_s=start_s, signature=signature)
        elif old in self.ended:
            self.ended.remove(old)
        old.readings.append(line)
        self._take_up(old, line, number, signature)
        for rival in rivals:
            if rival is not old and rival in self.live:
                self._end(rival, start_s)
            elif rival is not old and rival.end_s is not None:
                rival.end_s = max(min(rival.end_s, start_s), rival.start_s)
        if old not in self.live:
            self.live.append(old)

    def _first_frame(self, signature: Signature, number: int, rivals: Sequence[TextTrack]) -> int:
        """Walk back to the first frame that shows the text, and shows it better than those before it in its place."""
        history = self._history
        threshold = least_match(match(signature, history[number].grey).score)
        first, at, shift_x, shift_y = number, number, 0, 0
        while at > history.first and history[first].pts_s - history[at - 1].pts_s <= ABSENT_S:
            at -= 1
            found = match(signature, history[at].grey, shift_x, shift_y)
            moved = (found.shift_x, found.shift_y) != (shift_x, shift_y)
            if found.score < max(threshold, MOVED_MATCH if moved else 0.0):
                continue
            if any(self._shows_better(rival, at, found.score) for rival in rivals):
                break
            first, shift_x, shift_y = at, found.shift_x, found.shift_y
        return first

    def _shows_better(self, rival: TextTrack, number: int, score: float) -> bool:
        if rival.signature is None:
            return self._history[number].pts_s <= rival.read_pts_s
        return match(rival.signature, self._history[number].grey, rival.shift_x, rival.shift_y).score > score

    def _returning(self, line: Line, number: int, start_s: float) -> TextTrack | None:
        """The text this line shows again: one that was covered for a moment, or that moved too fast to follow."""
        gone = [track for track in self.live if track.absent_number is not None] + self.ended
        for track in reversed(gone):
            if not same_text(track.content, line.content):
                continue
            gone_s = track.end_s if track.end_s is not None else self._history[track.shown_number].pts_s
            if overlap(track.box, line.box) >= SAME_PLACE:
                if start_s - gone_s <= REVIVE_S:
                    return track
            elif start_s - gone_s <= LOST_S and track.shown_number >= self._history.first:
                before, after = self._history[track.shown_number].grey, self._history[number].grey
                height, width = before.shape
                if moves_with_ring(before, track.place(width, height), after, line.box):
                    track.moved_with += 1
                    return track
        return None

    def _end(self, track: TextTrack, end_s: float) -> None:
        track.end_s = max(end_s, track.start_s)
        self.live.remove(track)
        self.ended.append(track)
        self._ended_since_read = True


def affinity(track: TextTrack, place: Rect, line: Line) -> float:
    """How surely a line read now is a text already on screen, at `place`; 0 or less: it is another one."""
    shared = overlap(place, line.box)
    if shared < SAME_PLACE:
        return 0.0
    known = track.content
    if digits(known) != digits(line.content) and min(track.confidence, line.confidence) >= SURE_NUMBER:
        return 0.0
    # Another reading of what has not changed, more words of what is being typed, or the same letters but for a few.
    same = track.held or grows(f"{known} ", line.content) or same_text(known, line.content)
    return shared + similarity(known, line.content) if same else 0.0


def _shifted(box: Rect, dx: float, dy: float) -> Rect:
    return Rect(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)


def _vote(track: TextTrack, with_picture: bool | None) -> None:
    if with_picture is not None:
        track.moved_with += with_picture
        track.moved_against += not with_picture
