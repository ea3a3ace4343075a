"""From windows to texts with a life span: joins frames and pictures, asks the gate, reads, follows, lets go."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reelscribe.v1.finding_pb2 import TextKind
from services.common.window import FrameBatch
from services.vision.texts.follower import LOST_S, TextFollower
from services.vision.texts.frames import FrameHistory, GreyFrame, grey_of
from services.vision.texts.gate import LOOK_S, ChangeGate
from services.vision.texts.kinds import SEQUENCE_GAP_S, kind_of, mates_of
from services.vision.texts.lines import join_pieces
from services.vision.texts.readers import Line
from services.vision.texts.track import ShownText, TextTrack, letter_count, shown_text

SETTLE_S = 0.8
"""A text that is gone this long stays gone: by then a frame has been read again."""

SINGLE_LETTER_CONFIDENCE = 0.9
"""A text of one letter must be read this surely, and ..."""

SINGLE_LETTER_HEIGHT = 0.5
"""... be lower than this share of the frame: readers take the outline of a car, a wall or a person for one letter, with
up to 0.71 where it is small and 0.94 where it fills the frame (on clips that score nothing)."""

SEQUENCE_MEMORY = 32
"""Texts let go that a later one may follow."""

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """A text that is certain, with its kind."""

    text: ShownText
    kind: TextKind


class TextWatch:
    """The texts of one part. `take` windows in order, then `finish`."""

    def __init__(self, read: Callable[[Picture], list[Line]]) -> None:
        self.read_count = 0
        """Pictures read so far."""
        self._read = read
        self._history = FrameHistory()
        self._gate = ChangeGate()
        self._follower = TextFollower(self._history)
        self._pictures: deque[tuple[int, Picture]] = deque()
        self._done = -1
        self._let_go: deque[ShownText] = deque(maxlen=SEQUENCE_MEMORY)

    def __repr__(self) -> str:
        return f"TextWatch({self.read_count} read, {self._follower})"

    def take(self, frames: FrameBatch, pictures: FrameBatch) -> Iterator[KnownText]:
        """One window: every frame in small, and those offered for reading. Yields what became certain."""
        for pts_s, small, picture in in_order(frames, pictures):
            self._history.append(GreyFrame(pts_s=pts_s, grey=grey_of(small)))
            if picture is not None:
                self._pictures.append((self._history.last, picture))
            # A frame is judged when what follows it is known too.
            while self._history[self._done + 1].pts_s <= pts_s - LOOK_S:
                self._step(self._done + 1)
        if self._done >= 0:
            yield from self._release(self._history[self._done].pts_s)

    def finish(self, end_s: float) -> Iterator[KnownText]:
        """The part ends at `end_s`, and with it what is still on screen."""
        while self._done < self._history.last:
            self._step(self._done + 1)
        self._follower.finish()
        for track in list(self._follower.live):
            track.end_s = end_s
            self._follower.live.remove(track)
            self._follower.ended.append(track)
        yield from self._release(float("inf"))

    def _step(self, number: int) -> None:
        self._done = number
        self._gate.watch(self._history, number)
        self._follower.advance(number)
        if self._pictures and self._pictures[0][0] == number:
            _, picture = self._pictures.popleft()
            if self._follower.wants_read or self._gate.wants(self._history, number, self._follower.places(number)):
                self._read_one(number, picture)

    def _read_one(self, number: int, picture: Picture) -> None:
        height, width = picture.shape[:2]
        lines = [line for line in join_pieces(self._read(picture), width / height) if legible(line)]
        self.read_count += 1
        news = self._follower.sight(number, lines)
        self._gate.remember(self._history, number, [line.box for line in lines], news=news)

    def _release(self, now_s: float) -> Iterator[KnownText]:
        ended = self._follower.ended
        for track in list(ended):
            if track not in ended or not _settled(track, now_s):
                continue
            if not track.confirmed or track.end_s == track.start_s:
                ended.remove(track)
                continue
            block = mates_of(track, [other for other in ended if other.confirmed])
            text = shown_text(block, now_s)
            kind = kind_of(text, self._others(block, now_s))
            if kind == TextKind.TEXT_KIND_TITLE and now_s - text.end_s <= SEQUENCE_GAP_S + LOOK_S:
                # What follows it may still make it a caption.
                continue
            for member in block:
                ended.remove(member)
            self._let_go.append(text)
            yield KnownText(text=text, kind=kind)

    def _others(self, block: list[TextTrack], now_s: float) -> list[ShownText]:
        unreported = [track for track in [*self._follower.ended, *self._follower.live] if track not in block]
        return [*self._let_go, *(shown_text(mates_of(track, unreported), now_s) for track in unreported)]


def in_order(frames: FrameBatch, pictures: FrameBatch) -> Iterator[tuple[float, Picture, Picture | None]]:
    """Each frame once, in order: its time, a picture to follow it on, and the one to read if it is offered.

    A frame that only the pictures have is followed on those.
    """
    small = {int(index): row for row, index in enumerate(frames.index)}
    large = {int(index): row for row, index in enumerate(pictures.index)}
    for index in sorted(small.keys() | large.keys()):
        picture = pictures.rgb[large[index]] if index in large else None
        if index in small:
            yield float(frames.pts_s[small[index]]), frames.rgb[small[index]], picture
        elif picture is not None:
            yield float(pictures.pts_s[large[index]]), picture, picture


def legible(line: Line) -> bool:
    """Whether a line may be text at all: it has letters or digits; a single one must be plain to see."""
    letters = letter_count(line.content)
    if letters == 1:
        return line.confidence >= SINGLE_LETTER_CONFIDENCE and line.box.height <= SINGLE_LETTER_HEIGHT
    return letters > 1


def _settled(track: TextTrack, now_s: float) -> bool:
    wait_s = LOST_S if track.moved_with or track.moved_against else SETTLE_S
    return track.end_s is not None and now_s - track.end_s >= wait_s
