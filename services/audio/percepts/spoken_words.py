"""Words with times that agree with the voice heard, and the utterances they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.audio.percepts.speech_spans import SpeechSpan, joined

EDGE_S = 0.06
"""A word may reach this far out of the voice: two frames of Silero, which hears an unvoiced consonant late."""

REACH_S = 0.3
"""The first and last word beside a pause are drawn to the voice's own edge over at most this much. Whisper places them
by attention, 0.1-0.2 s off at an end; a longer stretch may be a sound that is no word."""

PAUSE_BETWEEN_WORDS_S = 0.25
"""A shorter silence lies inside a word as well (the closure of a plosive)."""

FAR_FROM_VOICE_S = 0.4
"""A word that lies farther from any voice was not spoken: the padding around speech, twice the error of word times."""

UTTERANCE_PAUSE_S = 1.0
"""Ends an utterance also where no sentence does."""

SENTENCE_PAUSE_S = 0.25
"""After a full stop: tells the end of a sentence from an abbreviation, which is spoken on."""

SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")

UNSPACED_LANGUAGES = frozenset({"zh", "ja", "yue", "th", "lo", "my"})
"""Written without spaces between words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """One word as written, with its punctuation; half-open, seconds of the video."""

    content: str
    start_s: float
    end_s: float
    probability: float
    """Whisper's own, mean over the word's tokens, [0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What was said without a longer pause, or one sentence of it."""

    content: str
    start_s: float
    end_s: float
    language_code: str
    """BCP-47."""
    confidence: float
    """exp(mean log probability of the tokens) of the pass that read it, (0, 1]: Whisper's own measure."""
    words: tuple[SpokenWord, ...]


def placed(words: Sequence[SpokenWord], spans: Iterable[SpeechSpan]) -> list[SpokenWord]:
    """The words in order, each inside the voice that spoke it; without those where nobody speaks.

    A word that overlaps a pause belongs to the side with more of it. Times never run backwards.
    """
    voices = joined(spans, PAUSE_BETWEEN_WORDS_S)
    homes = [_home(word, voices) for word in words]
    kept = [(word, home) for word, home in zip(words, homes, strict=True) if home is not None]
    settled: list[SpokenWord] = []
    for position, (word, home) in enumerate(kept):
        first = position == 0 or kept[position - 1][1] != home
        last = position == len(kept) - 1 or kept[position + 1][1] != home
        start_s, end_s = _inside(word, home, first=first, last=last)
        start_s = max(start_s, settled[-1].end_s) if settled else start_s
        settled.append(replace(word, start_s=start_s, end_s=max(start_s, end_s)))
    return settled


def utterances_of(words: Sequence[SpokenWord], language_code: str, confidence: float) -> list[Utterance]:
    """Words in order as utterances: cut at long pauses, and at short ones after the end of a sentence."""
    groups: list[list[SpokenWord]] = []
    for word in words:
        if not groups or _parts(groups[-1][-1], word):
            groups.append([])
        groups[-1].append(word)
    return [_utterance(group, language_code, confidence) for group in groups]


def utterances_from(utterances: Iterable[Utterance], start_s: float) -> Iterator[Utterance]:
    """Their words that start at start_s or later; without those that have none."""
    for utterance in utterances:
        own = utterance_from(utterance, start_s)
        if own is not None:
            yield own


def utterance_from(utterance: Utterance, start_s: float) -> Utterance | None:
    """Its words that start at start_s or later; None if there are none."""
    words = [word for word in utterance.words if word.start_s >= start_s]
    if len(words) == len(utterance.words):
        return utterance
    return _utterance(words, utterance.language_code, utterance.confidence) if words else None


def _home(word: SpokenWord, voices: Sequence[SpeechSpan]) -> SpeechSpan | None:
    """The voice that spoke it: the one it overlaps most, or the nearest that is not far."""
    best = max(voices, key=lambda voice: _overlap_s(word, voice), default=None)
    return best if best is not None and _overlap_s(word, best) > -FAR_FROM_VOICE_S else None


def _overlap_s(word: SpokenWord, voice: SpeechSpan) -> float:
    """Seconds shared; negative: the distance."""
    return min(word.end_s, voice.end_s) - max(word.start_s, voice.start_s)


def _inside(word: SpokenWord, voice: SpeechSpan, *, first: bool, last: bool) -> tuple[float, float]:
    start_s = min(max(word.start_s, voice.start_s - EDGE_S), voice.end_s)
    end_s = max(min(word.end_s, voice.end_s + EDGE_S), start_s)
    if first and 0 < start_s - voice.start_s <= REACH_S:
        start_s = voice.start_s
    if last and 0 < voice.end_s - end_s <= REACH_S:
        end_s = voice.end_s
    return start_s, end_s


def _parts(before: SpokenWord, after: SpokenWord) -> bool:
    pause_s = after.start_s - before.end_s
    ends_sentence = before.content.endswith(SENTENCE_ENDS)
    return pause_s >= UTTERANCE_PAUSE_S or (ends_sentence and pause_s >= SENTENCE_PAUSE_S)


def _utterance(words: Sequence[SpokenWord], language_code: str, confidence: float) -> Utterance:
    return Utterance(
        content=("" if language_code in UNSPACED_LANGUAGES else " ").join(word.content for word in words),
        start_s=words[0].start_s,
        end_s=words[-1].end_s,
        language_code=language_code,
        confidence=confidence,
        words=tuple(words),
    )
