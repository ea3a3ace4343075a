"""Transcript: what is said, once per part, as utterances with words; nothing where nobody speaks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pydantic import Field

from services.audio.percepts.recent_sound import RecentSound
from services.audio.percepts.speech_chunks import Chunk, ChunkCutter, beyond, halves
from services.audio.percepts.speech_spans import SpeechSpan
from services.audio.percepts.spoken_language import LanguageVotes, from_bcp47
from services.audio.percepts.spoken_words import SpokenWord, Utterance, placed, utterances_of
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice
from services.audio.percepts.whisper_reader import Reading, WhisperReader
from services.common.analyzer import AnalyzerSettings, Percept
from services.common.device import Device
from services.common.errors import InvalidSetting
from services.common.weights import locate
from services.common.window import Part, Window

DIVISIBLE_S = 10.0
"""A chunk with at least this much speech that could not be read is read again in halves: a song's refrain or a clip
in a loop says the same twice, which Whisper's test takes for a loop of its own."""

WORTH_RETRIES_S = 1.0
"""A shorter sound is tried once: retries cost more than all the rest, on what is mostly noise."""

UNREAD_SPEECH_S = 1.0
"""Whisper may end before the speech does (it takes a long pause for the end). What it left of at least this much
speech is read by another pass."""


class TranscriptSettings(AnalyzerSettings):
    """How speech is read."""

    loading = ("model",)

    model: Literal["faster-whisper-base", "faster-whisper-tiny.en", "faster-whisper-large-v3-turbo"] = (
        "faster-whisper-base"
    )
    """Weights; those a service runs on are fixed when it starts."""
    language_code: str = ""
    """BCP-47 of what is spoken; empty: detected, anew for each chunk that is sure of its language."""
    beam_size: int = Field(default=5, ge=1, le=20)
    """Hypotheses followed at a time. 1 is faster and reads a little worse."""


class Transcript(Percept):
    """`window[Transcript]`: a tuple of the utterances that start in the window, each given once.

    Those of the lead-in, which the part before has read too, are given as well: at the edges of a part words are cut
    off, and who knows both readings can choose (gateway/join_speech.py); who measures words takes `utterances_from` the
    part's own start. It lags until the chunk in which the window lies is complete and read: a pause of a second ends a
    chunk, 30 s at the latest.
    """

    needs = SPEECH_SAMPLES
    uses = (Voice,)
    weights = ("faster-whisper-base",)
    Settings = TranscriptSettings
    settings: TranscriptSettings

    def load(self, device: Device) -> None:
        self.reader = WhisperReader(locate(self.settings.model), device)
        from_bcp47(self.settings.language_code, self.reader.languages)
        self.models = (self.reader.model_use,)

    def perceive(self, part: Part, windows: Iterator[Window]) -> Iterator[tuple[Utterance, ...]]:
        scribe = _Scribe(self.reader, self._settings_for(part), own_start_s=part.own_start_s)
        waiting: deque[Window] = deque()
        for window in windows:
            scribe.hear(window)
            waiting.append(window)
            while waiting and waiting[0].end_s <= scribe.decided_s:
                yield scribe.said_before(waiting.popleft().end_s)
        scribe.finish()
        while waiting:
            window = waiting.popleft()
            yield scribe.said_before(window.end_s if waiting else float("inf"))

    def _settings_for(self, part: Part) -> TranscriptSettings:
        settings = part.settings if isinstance(part.settings, TranscriptSettings) else self.settings
        if settings.model != self.settings.model:
            raise InvalidSetting(f"transcript.model: this service runs {self.settings.model}")
        return settings


class _Scribe:
    """One part: its sound as long as it is needed, and the utterances that were not given out yet."""

    def __init__(self, reader: WhisperReader, settings: TranscriptSettings, *, own_start_s: float) -> None:
        self._reader = reader
        self._own_start_s = own_start_s
        self._beam_size = settings.beam_size
        self._language = from_bcp47(settings.language_code, reader.languages)
        self._votes = LanguageVotes()
        self._sound = RecentSound(SPEECH_SAMPLES.sample_rate_hz)
        self._cutter = ChunkCutter(self._sound.quietest)
        self._utterances: deque[Utterance] = deque()

    @property
    def decided_s(self) -> float:
        """Every utterance that starts before is known."""
        return self._cutter.decided_s

    def hear(self, window: Window) -> None:
        batch = window[SPEECH_SAMPLES]
        self._sound.add(batch.mono, batch.start_s)
        spans: tuple[SpeechSpan, ...] = window[Voice].spans
        for chunk in self._cutter.push(spans, window.end_s):
            self._write(chunk)
        self._sound.forget(self.decided_s)

    def finish(self) -> None:
        for chunk in self._cutter.finish(self._sound.end_s):
            self._write(chunk, last=True)

    def said_before(self, time_s: float) -> tuple[Utterance, ...]:
        """The utterances not given out yet that start before."""
        said: list[Utterance] = []
        while self._utterances and self._utterances[0].start_s < time_s:
            said.append(self._utterances.popleft())
        return tuple(said)

    def _write(self, chunk: Chunk, *, last: bool = False) -> None:
        """Read a chunk; the `last` of a part, and one of its lead-in, may begin or end in the middle of a word."""
        cut_off = last or max(chunk.start_s, self._sound.start_s) < self._own_start_s
        unread = deque([chunk])
        while unread:
            piece = unread.popleft()
            divisible = piece.speech_s >= DIVISIBLE_S
            retries = not divisible and piece.speech_s >= WORTH_RETRIES_S
            reading = self._read(piece, retries=retries, cut_off=cut_off)
            if reading is not None:
                unread.extendleft(self._note(reading, piece))
            elif divisible:
                unread.extendleft(reversed(halves(piece, self._sound.quietest)))

    def _note(self, reading: Reading, chunk: Chunk) -> list[Chunk]:
        """Keep what was read; what is left to read, if the reader stopped early."""
        start_s = max(chunk.start_s, self._sound.start_s)
        words = [_moved(word, start_s) for word in reading.words]
        for utterance in utterances_of(placed(words, chunk.spans), reading.language_code, reading.confidence):
            self._utterances.append(utterance)
        rest = beyond(chunk, words[-1].end_s)
        # A pass that came no further would come no further again.
        stuck = words[-1].end_s < start_s + UNREAD_SPEECH_S / 2
        return [] if rest is None or stuck or rest.speech_s < UNREAD_SPEECH_S else [rest]

    def _read(self, chunk: Chunk, *, retries: bool, cut_off: bool) -> Reading | None:
        return self._reader.read(
            self._sound.cut(chunk.start_s, chunk.end_s),
            speech_s=chunk.speech_s,
            language=self._language,
            votes=self._votes,
            beam_size=self._beam_size,
            retries=retries,
            cut_off=cut_off,
        )


def _moved(word: SpokenWord, by_s: float) -> SpokenWord:
    return replace(word, start_s=word.start_s + by_s, end_s=word.end_s + by_s)
