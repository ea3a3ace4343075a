"""Texts, as a percept: what is written on screen, each text as a whole, once it is gone and its kind is certain."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from reelscribe.v1.analyzer_pb2 import ModelUse
from services.common.analyzer import AnalyzerSettings, Percept
from services.common.device import Device
from services.common.window import Frames, Part, Window
from services.vision.texts.readers import Reader
from services.vision.texts.watch import KnownText, TextWatch

EVERY_FRAME = Frames(rate_hz=None, long_side_px=256)
"""What the gate looks at and texts are followed on."""

READABLE = Frames(rate_hz=2.0, long_side_px=1280)
"""What may be read. A text shown for less than half a second may fall between two of these; at 4 Hz none longer than a
quarter would, for 5.5 MB more per second of a 720x1280 video."""

ReaderName = Literal["rapidocr", "easyocr"]


class TextsSettings(AnalyzerSettings):
    """How text is read."""

    reader: ReaderName = Field(
        default="rapidocr", description="OCR library: rapidocr reads umlauts on a CPU, easyocr is meant for a GPU"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsInWindow:
    """What became certain in a window."""

    texts: tuple[KnownText, ...]
    """In no particular order; a text may have ended some windows ago."""
    read_count: int
    """Frames that the reader was given for it; the gate passes over unchanged ones."""


class Texts(Percept):
    """`window[Texts]`: TextsInWindow; with the last window, all texts that are left."""

    needs: ClassVar[tuple[Frames, ...]] = (EVERY_FRAME, READABLE)
    weights = ("pp-ocrv6-small",)
    Settings = TextsSettings

    def load(self, device: Device) -> None:
        self._device = device
        self._readers: dict[ReaderName, Reader] = {}
        self._readers_lock = threading.Lock()
        assert isinstance(self.settings, TextsSettings)
        self.models = self._reader(self.settings.reader).models

    def models_for(self, settings: BaseModel) -> tuple[ModelUse, ...]:
        """The weights of the reader that the request chose; none if it could not be loaded."""
        assert isinstance(settings, TextsSettings)
        reader = self._readers.get(settings.reader)
        return reader.models if reader is not None else ()

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[TextsInWindow]:
        assert isinstance(part.settings, TextsSettings)
        watch, end_s = TextWatch(self._reader(part.settings.reader).read), part.start_s
        held: TextsInWindow | None = None
        for window in windows:
            if held is not None:
                yield held
            already_read = watch.read_count
            texts = tuple(watch.take(window[EVERY_FRAME], window[READABLE]))
            held = TextsInWindow(texts=texts, read_count=watch.read_count - already_read)
            end_s = window.end_s
        if held is not None:
            already_read = watch.read_count
            texts = tuple(watch.finish(end_s))
            read_count = watch.read_count - already_read
            yield TextsInWindow(texts=held.texts + texts, read_count=held.read_count + read_count)

    def _reader(self, name: ReaderName) -> Reader:
        """The reader of that name, loaded on first use: a request may ask for another than the service's own."""
        with self._readers_lock:
            if name not in self._readers:
                self._readers[name] = _load_reader(name, self._device)
            return self._readers[name]


def _load_reader(name: ReaderName, device: Device) -> Reader:
    if name == "easyocr":
        from services.vision.texts.readers.easyocr import EasyOcrReader

        return EasyOcrReader(device)
    from services.vision.texts.readers.rapidocr import RapidOcrReader

    return RapidOcrReader(device)
