"""Text as a viewer reads it: what it says, from its first frame to its last, and what kind of text it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from reelscribe.v1.analyzer_pb2 import Method, ModelUse
from reelscribe.v1.finding_pb2 import Box, Finding, Text, Word
from services.common.analyzer import Analyzer, AnalyzerSettings
from services.common.device import Device
from services.common.time import span
from services.common.window import Frames, Part, Window
from services.vision.texts.kinds import LABELS
from services.vision.texts.readers import Reader
from services.vision.texts.watch import KnownText, TextWatch

EVERY_FRAME = Frames(rate_hz=None, long_side_px=256)
"""What the gate looks at and texts are followed on."""

READABLE = Frames(rate_hz=2.0, long_side_px=1280)
"""What may be read. A text shown for less than half a second may fall between two of these; at 4 Hz none longer than a
quarter would, for 5.5 MB more per second of a 720x1280 video."""

ReaderName = Literal["rapidocr", "easyocr"]


class TextOverlaySettings(AnalyzerSettings):
    """How text is read."""

    reader: ReaderName = Field(
        default="rapidocr", description="OCR library: rapidocr reads umlauts on a CPU, easyocr is meant for a GPU"
    )


class TextOverlay(Analyzer):
    """Labels: caption, title, scene_text. A gate decides which frames are read; a finding is a text, not a frame."""

    name = "text_overlay"
    method = Method.METHOD_MODEL
    needs: ClassVar[tuple[Frames, ...]] = (EVERY_FRAME, READABLE)
    weights = ("pp-ocrv6-small",)
    Settings = TextOverlaySettings

    def load(self, device: Device) -> None:
        """See Analyzer.load."""
        self._device = device
        self._readers: dict[ReaderName, Reader] = {}
        self._readers_lock = threading.Lock()
        assert isinstance(self.settings, TextOverlaySettings)
        self.models = self._reader(self.settings.reader).models

    def models_for(self, settings: BaseModel) -> tuple[ModelUse, ...]:
        """The weights of the reader that the request chose; none if it could not be loaded."""
        assert isinstance(settings, TextOverlaySettings)
        reader = self._readers.get(settings.reader)
        return reader.models if reader is not None else ()

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        """One finding per text, as soon as it is gone and its kind is certain."""
        assert isinstance(part.settings, TextOverlaySettings)
        part.count_processed(0)
        watch, end_s = TextWatch(self._reader(part.settings.reader).read), part.start_s
        for window in windows:
            already_read = watch.read_count
            found = list(watch.take(window[EVERY_FRAME], window[READABLE]))
            part.count_processed(watch.read_count - already_read)
            end_s = window.end_s
            yield from (finding_of(known) for known in found if known.text.end_s > part.own_start_s)
        already_read = watch.read_count
        found = list(watch.finish(end_s))
        part.count_processed(watch.read_count - already_read)
        yield from (finding_of(known) for known in found if known.text.end_s > part.own_start_s)

    def _reader(self, name: ReaderName) -> Reader:
        """The reader of that name, loaded on first use: a request may ask for another than the service's own."""
        with self._readers_lock:
            if name not in self._readers:
                self._readers[name] = _load_reader(name, self._device)
            return self._readers[name]


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


def _load_reader(name: ReaderName, device: Device) -> Reader:
    if name == "easyocr":
        from services.vision.texts.readers.easyocr import EasyOcrReader

        return EasyOcrReader(device)
    from services.vision.texts.readers.rapidocr import RapidOcrReader

    return RapidOcrReader(device)
