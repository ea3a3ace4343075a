"""One text on screen: what was read of it, from when to when it shows, and whether it moves with the picture."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from services.vision.texts.lines import around
from services.vision.texts.readers import Line, Rect
from services.vision.texts.signature import Signature

PRESENT_SHARE = 0.65
"""A frame shows the text if it matches at least this share of how well the text's frames usually do ..."""

PRESENT_SCORE = 0.4
"""... and at least this well: other lettering in the same place reaches about 0.3."""

HELD_SHARE = 0.85
"""Above this share nothing in the box has changed: whatever is read there now is the same text."""

SURE_CONFIDENCE = 0.9
"""A text read less surely is read once more at the next chance: it may have been fading in."""


FEW_LETTERS = 3
"""Fewer letters or digits than this must be read twice alike: outlines of things pass for a letter or two once."""


@dataclass(slots=True, kw_only=True, eq=False)
class TextTrack:
    """A line of text while it is followed."""

    box: Rect
    """Where it was last read."""
    start_s: float
    read_pts_s: float
    """When it was last read."""
    signature: Signature | None
    """How it looked there; None if too small or faint, then only reads tell whether it is still there."""
    typical: float = 1.0
    """Usual match of the frames that show it, (0, 1]."""
    score: float = 1.0
    """Match of the newest frame."""
    shift_x: int = 0
    shift_y: int = 0
    """Pixels of the small frame it has moved since it was last read."""
    shown_number: int = 0
    """Newest frame that shows it."""
    absent_number: int | None = None
    """First frame of those at the end that do not show it."""
    end_s: float | None = None
    """Set when it is gone."""
    readings: list[Line] = field(default_factory=list)
    places: list[tuple[float, Rect]] = field(default_factory=list)
    """When and where it was read."""
    misses: int = 0
    """Reads of a frame that shows it in which the reader found nothing there."""
    moved_with: int = 0
    moved_against: int = 0
    """How often it was seen to move like, and unlike, what is around it."""
    judged: tuple[int, int, int] = (0, 0, 0)
    """Frame number and shift at which its movement was last judged."""

    def __repr__(self) -> str:
        return f"TextTrack({self.content!r}, [{self.start_s:.3f}, {self.end_s}) s, {len(self.readings)} readings)"

    @property
    def content(self) -> str:
        """What most readings say, each by its confidence; of equals the longer one."""
        return self.best.content

    @property
    def best(self) -> Line:
        """The surest of the readings that agree with `content`."""
        votes: defaultdict[str, float] = defaultdict(float)
        for reading in self.readings:
            votes[reading.content] += reading.confidence
        content = max(votes, key=lambda content: (round(votes[content], 3), len(content)))
        return max((line for line in self.readings if line.content == content), key=lambda line: line.confidence)

    @property
    def confidence(self) -> float:
        """Mean of the readings that agree with `content`."""
        content = self.content
        agreeing = [reading.confidence for reading in self.readings if reading.content == content]
        return sum(agreeing) / len(agreeing)

    @property
    def threshold(self) -> float:
        """Least match of a frame that shows it."""
        return least_match(self.typical)

    @property
    def held(self) -> bool:
        """The newest frame shows it as it was read."""
        return self.signature is not None and self.absent_number is None and self.score >= HELD_SHARE * self.typical

    @property
    def unsure(self) -> bool:
        """It deserves another look."""
        doubtful = self.readings[0].confidence < SURE_CONFIDENCE or letter_count(self.content) < FEW_LETTERS
        return len(self.readings) + self.misses == 1 and doubtful

    @property
    def confirmed(self) -> bool:
        """Later reads of frames that look the same did not refute it; one of few letters was read twice alike."""
        alike = sum(reading.content == self.content for reading in self.readings)
        enough = 1 if letter_count(self.content) >= FEW_LETTERS else 2
        return alike >= enough and len(self.readings) >= self.misses

    @property
    def moves_with_picture(self) -> bool:
        """It was seen to move, mostly as what is around it."""
        return self.moved_with > self.moved_against

    def place(self, width_px: int, height_px: int) -> Rect:
        """Where it is now, on small frames of this size."""
        dx, dy = self.shift_x / width_px, self.shift_y / height_px
        return Rect(self.box.left + dx, self.box.top + dy, self.box.right + dx, self.box.bottom + dy)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    """A text as a viewer reads it: one or more lines that come and go together."""

    lines: tuple[str, ...]
    box: Rect
    line_height: float
    """Mean height of its lines, share of the frame's."""
    start_s: float
    end_s: float
    """First moment at which it is gone."""
    confidence: float
    """Mean of the recogniser's over its readings, weighted by length."""
    moves_with_picture: bool
    places: tuple[tuple[float, Rect], ...] = ()
    """When and where one of its lines was read, in order of time."""

    @property
    def content(self) -> str:
        """The lines, joined."""
        return "\n".join(self.lines)


def letter_count(content: str) -> int:
    """Letters and digits."""
    return sum(letter.isalnum() for letter in content)


def least_match(typical: float) -> float:
    """Least match of a frame that shows a text whose frames usually match by `typical`."""
    return max(PRESENT_SCORE, PRESENT_SHARE * typical)


def shown_text(tracks: list[TextTrack], end_s: float) -> ShownText:
    """Tracks that come and go together as one text, top to bottom; those still on screen end at `end_s`."""
    ordered = sorted(tracks, key=lambda track: (track.box.top, track.box.left))
    lengths = [len(track.content) for track in ordered]
    sure = sum(track.confidence * length for track, length in zip(ordered, lengths, strict=True))
    return ShownText(
        lines=tuple(track.content for track in ordered),
        box=around([track.best.box for track in ordered]),
        line_height=sum(track.best.box.height for track in ordered) / len(ordered),
        start_s=min(track.start_s for track in ordered),
        end_s=max(end_s if track.end_s is None else track.end_s for track in ordered),
        confidence=sure / sum(lengths),
        moves_with_picture=any(track.moves_with_picture for track in ordered),
        places=tuple(sorted(place for track in ordered for place in track.places)),
    )
