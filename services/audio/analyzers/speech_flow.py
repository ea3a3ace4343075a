"""How speech flows: pauses, words that stand out, fillers, rhythm, and where the voice is raised or lowered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import Field

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Emphasis, Filler, FillerKind, Finding, Pause, SpeechRhythm, VocalEffort
from services.audio.delivery.by_speaker import efforts_by_speaker, prominent_by_speaker, speakers_of
from services.audio.delivery.effort import Delivery, Effort
from services.audio.delivery.fillers import SpokenFiller, fillers
from services.audio.delivery.pace import pace_of, pauses_within
from services.audio.delivery.pauses import SHORTEST_PAUSE_S
from services.audio.delivery.prominence import Prominence
from services.audio.delivery.rhythm import rhythm
from services.audio.delivery.spoken import MeasuredWord, measured, median_pitch, middle_s
from services.audio.delivery.trace import VoiceTrace, finished_utterances
from services.audio.percepts.pitch import Pitch
from services.audio.percepts.speakers import Speakers
from services.audio.percepts.speech_spans import SpeechSpan
from services.audio.percepts.spoken_words import Utterance
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import SPEECH_SAMPLES, Voice
from services.audio.speakers.conversation import HeardSegment, turns_in
from services.common.analyzer import Analyzer, AnalyzerSettings
from services.common.time import duration, span
from services.common.window import Part, Window


class SpeechFlowSettings(AnalyzerSettings):
    """What counts as a pause."""

    shortest_pause_s: float = Field(default=SHORTEST_PAUSE_S, ge=0.1, le=10.0)
    """Seconds without speech from which it is reported. Shorter than 0.2 s also finds the closures of plosives."""


class SpeechFlow(Analyzer):
    """How what is said flows: pauses, emphasis, fillers, rhythm, raised and lowered voice.

    Labels: `pause`: nobody speaks for 0.3 s or more, between words or before the first and after the last one, edges
    from the sound. `emphasis`: a word whose pitch, level and length together stand 1.5 robust deviations over the
    other words. `filler`: "äh", "um", "you know"; only those that the transcript has, and Whisper leaves many out.
    `rhythm`: from the first word of a part to its last. `raised` and `lowered`: an utterance at least 6 dB and
    1.5 semitones over or under the median of all: an effort of the voice, no feeling. Both are told by comparison
    with the same speaker's words of the part, where the weights that tell speakers apart are installed: the result
    lists them. Without them all are compared as one speaker's, unless their pitch lies 9 semitones or more apart.
    """

    name = "speech_flow"
    method = Method.METHOD_MODEL
    needs = SPEECH_SAMPLES
    uses = (Voice, Transcript, Pitch)
    also_uses = (Speakers,)
    Settings = SpeechFlowSettings

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        settings = part.settings if isinstance(part.settings, SpeechFlowSettings) else self.Settings()
        told = _Told(shortest_pause_s=settings.shortest_pause_s)
        for number, utterance in enumerate(finished_utterances(told.listening(windows), told.trace, part.own_start_s)):
            yield from told.pauses_before(utterance)
            yield from told.learn(utterance, number)
        yield from told.summary()


@dataclass(slots=True, kw_only=True)
class _Told:
    """One part as far as its utterances are known."""

    shortest_pause_s: float
    trace: VoiceTrace = field(default_factory=VoiceTrace)
    words: list[MeasuredWord] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    between: list[SpeechSpan] = field(default_factory=list)
    """Pauses between words."""
    filler_count: int = 0
    told_s: float = float("-inf")
    """Pauses whose middle lies before were reported."""
    speech: list[SpeechSpan] = field(default_factory=list)
    heard: list[HeardSegment] = field(default_factory=list)
    """What tells speakers apart; empty without its weights."""

    def listening(self, windows: Iterator[Window]) -> Iterator[Window]:
        """The windows, as they come; keeps what is to be known of speakers when all was heard."""
        for window in windows:
            self.speech += window[Voice].spans
            self.heard += window.get(Speakers) or ()
            yield window

    def pauses_before(self, utterance: Utterance) -> Iterator[Finding]:
        """Those before the utterance's last word, each with the words around it.

        A voice that was not read as words parts a pause in two; of what is before the first word only the last is told.
        """
        until_s = middle_s(utterance.words[-1])
        found = self._quiet(until_s)
        last_word = self.words[-1].word if self.words else None
        leading = [quiet for quiet in found if last_word is None and middle_s(quiet) < middle_s(utterance.words[0])]
        for quiet in found[max(0, len(leading) - 1) :]:
            inside = [word for word in utterance.words if middle_s(word) <= middle_s(quiet)]
            before = inside[-1] if inside else last_word
            if before is not None:
                self.between.append(quiet)
            after = utterance.words[len(inside)]
            yield _pause(quiet, before.content if before else "", after.content, within=bool(inside))
        self.told_s = until_s

    def learn(self, utterance: Utterance, number: int) -> Iterator[Finding]:
        """Measure it; its fillers."""
        found = fillers(utterance.words, utterance.language_code)
        self.filler_count += len(found)
        pauses = pauses_within(utterance, self.trace)
        self.words += measured(utterance, number, self.trace, pauses)
        pace = pace_of(utterance, self.trace)
        self.deliveries.append(
            Delivery(
                start_s=utterance.start_s,
                end_s=utterance.end_s,
                pitch=median_pitch(self.trace.pitch_hz(utterance.start_s, utterance.end_s)),
                level_db=pace.level_db,
                syllables_per_s=pace.articulation_per_s,
            )
        )
        yield from (_filler(each) for each in found)

    def summary(self) -> Iterator[Finding]:
        """What can be said only of the whole part: the last pause, emphasis, effort, rhythm."""
        if not self.words:
            return
        for quiet in self._quiet(float("inf"))[:1]:
            yield _pause(quiet, self.words[-1].word.content, "", within=False)
        speakers = speakers_of(self.words, turns_in(self.heard, self.speech))
        yield from (_emphasis(each) for each in prominent_by_speaker(self.words, speakers))
        yield from (_effort(each) for each in efforts_by_speaker(self.deliveries, self.words, speakers))
        yield _rhythm(self.words, self.between, self.filler_count)

    def _quiet(self, until_s: float) -> list[SpeechSpan]:
        from_s, to_s = max(self.told_s, self.trace.start_s), min(until_s, self.trace.heard_s)
        found = self.trace.quiet(from_s, to_s, shortest_s=self.shortest_pause_s)
        return [quiet for quiet in found if self.told_s <= middle_s(quiet) < until_s]


def _pause(quiet: SpeechSpan, before: str, after: str, *, within: bool) -> Finding:
    return Finding(
        span=span(quiet.start_s, quiet.end_s),
        label="pause",
        pause=Pause(word_before=before, word_after=after, within_utterance=within),
    )


def _filler(filler: SpokenFiller) -> Finding:
    kind = FillerKind.FILLER_KIND_HESITATION if filler.hesitation else FillerKind.FILLER_KIND_DISCOURSE
    return Finding(
        span=span(filler.start_s, filler.end_s), label="filler", filler=Filler(content=filler.content, kind=kind)
    )


def _emphasis(one: Prominence) -> Finding:
    word = one.word.word
    return Finding(
        span=span(word.start_s, word.end_s),
        label="emphasis",
        emphasis=Emphasis(
            word=word.content,
            pitch_semitones=one.pitch_semitones,
            level_db=one.level_db,
            length_ratio=one.length_ratio,
            prominence=one.score,
        ),
    )


def _effort(one: Effort) -> Finding:
    return Finding(
        span=span(one.delivery.start_s, one.delivery.end_s),
        label=one.label,
        vocal_effort=VocalEffort(pitch_semitones=one.pitch_semitones, level_db=one.level_db, rate_ratio=one.rate_ratio),
    )


def _rhythm(words: Sequence[MeasuredWord], pauses: Sequence[SpeechSpan], filler_count: int) -> Finding:
    found = rhythm(words, pauses)
    return Finding(
        span=span(found.start_s, found.end_s),
        label="rhythm",
        rhythm=SpeechRhythm(
            speaking_share=found.speaking_share,
            pause_count=found.pause_count,
            mean_pause_duration=None if found.mean_pause_s is None else duration(found.mean_pause_s),
            mean_run_duration=duration(found.mean_run_s),
            variability=found.variability,
            filler_count=filler_count,
        ),
    )
