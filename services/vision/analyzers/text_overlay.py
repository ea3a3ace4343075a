"""Text as a viewer reads it: what it says, from its first frame to its last, and what kind of text it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Box, Finding, Text, Word
from services.common.analyzer import Analyzer
from services.common.time import span
from services.common.window import Frames, Part, Window
from services.vision.percepts.texts import EVERY_FRAME, READABLE, Texts
from services.vision.texts.kinds import LABELS
from services.vision.texts.watch import KnownText


class TextOverlay(Analyzer):
    """Labels: caption, title, scene_text. A gate decides which frames are read; a finding is a text, not a frame.

    Settings: those of `texts`. Frames count as processed if they were read.
    """

    name = "text_overlay"
    method = Method.METHOD_MODEL
    needs: ClassVar[tuple[Frames, ...]] = (EVERY_FRAME, READABLE)
    uses = (Texts,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        """One finding per text, as soon as it is gone and its kind is certain."""
        part.count_processed(0)
        for window in windows:
            found = window[Texts]
            part.count_processed(found.read_count)
            yield from (finding_of(known) for known in found.texts if known.text.end_s > part.own_start_s)


def finding_of(known: KnownText) -> Finding:
    """The finding that reports a text."""
    text = known.text
    shape = Text(
        content=text.content,
        kind=known.kind,
        box=Box(left=text.box.left, top=text.box.top, right=text.box.right, bottom=text.box.bottom),
        words=[Word(content=word) for line in text.lines for word in line.split()],
    )
    return Finding(
        span=span(text.start_s, text.end_s),
        label=LABELS[known.kind],
        confidence=min(text.confidence, 1.0),
        text=shape,
    )
