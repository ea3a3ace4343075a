"""What is said: one finding for each utterance, with its words, their times and the language."""

from __future__ import annotations

from collections.abc import Iterator

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding, Text, TextKind, Word
from services.audio.percepts.spoken_words import SpokenWord, Utterance
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.voice import SPEECH_SAMPLES
from services.common.analyzer import Analyzer
from services.common.time import span
from services.common.window import Part, Window


class SpeechTranscription(Analyzer):
    """What is said, word by word, in any of Whisper's languages; nothing where nobody speaks.

    Label: "speech". `confidence` is exp(mean log probability of the tokens) of the pass that read the utterance,
    Whisper's own measure; a word's `probability` is the mean over its tokens. In a report, `subject.speaker_id` says
    whose words they are, where speaker_turns ran and one speaker clearly says them; that is known when a part has
    ended, so findings that are told as they come do not have it. A part's lead-in is read again: a report has each word
    once.
    """

    name = "speech_transcription"
    method = Method.METHOD_MODEL
    needs = SPEECH_SAMPLES
    uses = (Transcript,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        for window in windows:
            for utterance in window[Transcript]:
                yield _finding(utterance)


def _finding(utterance: Utterance) -> Finding:
    return Finding(
        span=span(utterance.start_s, utterance.end_s),
        label="speech",
        confidence=utterance.confidence,
        text=Text(
            content=utterance.content,
            kind=TextKind.TEXT_KIND_SPEECH,
            language_code=utterance.language_code,
            words=[_word(word) for word in utterance.words],
        ),
    )


def _word(word: SpokenWord) -> Word:
    return Word(content=word.content, span=span(word.start_s, word.end_s), probability=word.probability)
