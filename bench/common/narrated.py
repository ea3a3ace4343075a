"""Connected speech whose word starts are known: the demo's voice says itself how long each of its sounds lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common.scores import words
from reelscribe.demo.scenario import SPEECH_SPEED, phrases
from reelscribe.demo.sources import SpeechModel
from reelscribe.demo.speech import HOP_SIZE, SAMPLE_RATE_HZ, Narrator, trimmed, waveform

LAST_FRAMES = "/CumSum_output_0"
"""Of the network's own values: where each symbol ends, in frames, counted from the start of the phrase."""

SPECTRA = ("lh", "theta", "ln", "lr", "phi", "f0")
"""What the sound is made of: reelscribe/demo/speech.py."""

PAUSES_S = (0.35, 0.6, 1.4)
"""Between phrases, over and over: within an utterance, between sentences, between chunks."""

PARTED_S = 0.4
"""A pause within a sentence."""

FAR_S = 1.0
"""From here on it is another word, or the same said again."""

LEVEL = 0.5
"""Peak of every phrase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """A clip and its truth."""

    samples: npt.NDArray[np.float32]
    """(n,) at SAMPLE_RATE_HZ"""
    starts_s: tuple[tuple[str, float], ...]
    """Plain words in order, and when each begins, as far as that is known."""


class TimedNarrator(Narrator):
    """The demo's voice, telling what it says when."""

    def __init__(self, model: SpeechModel) -> None:
        super().__init__(model)
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        network = with_output(Path(model.network).read_bytes(), LAST_FRAMES)
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])

    def phrase(self, phonemes: str, speed: float) -> tuple[npt.NDArray[np.float32], list[float]]:
        """(n,) at SAMPLE_RATE_HZ with the silence around it, and when each word begins in it; blanks part words."""
        ids = [0, *(self._ids[symbol] for symbol in phonemes), 0]
        inputs = {"ids": np.array([ids], np.int64), "speed": np.array([speed], np.float32)}
        *values, last_frames = self._session.run([*SPECTRA, LAST_FRAMES], inputs)
        spectra = {name: value[0] for name, value in zip(SPECTRA, values, strict=True)}
        ends = np.asarray(last_frames, np.float64).reshape(-1)
        # It counts durations in frames longer than those of its sound.
        frame_s = spectra["f0"].size / ends[-1] * HOP_SIZE / SAMPLE_RATE_HZ
        # Symbol i of the phonemes is i + 1 of the ids; it begins where the one before it ends.
        return waveform(spectra), [float(ends[position]) * frame_s for position in word_positions(phonemes)]


def with_output(network: bytes, name: str) -> bytes:
    """The ONNX file that also gives out one of its inner values.

    A protobuf message that follows another of the same field is merged into it, so what is added stands at the end.
    """
    value = _field(1, name.encode())
    graph = _field(12, value)
    return network + _field(7, graph)


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited field shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def word_positions(phonemes: str) -> list[int]:
    """Where words begin.

    >>> word_positions("ði kˈæt, slˈips.")
    [0, 3, 9]
    """
    return [
        position
        for position, symbol in enumerate(phonemes)
        if symbol != " " and (position == 0 or phonemes[position - 1] == " ")
    ]


def connected(narrator: TimedNarrator, phrase_count: int | None = None) -> Narration:
    """The demo's phrases; each of their words counts. Sound tells when a phrase begins, the voice the rest."""
    said: list[_Piece] = []
    for number, (text, phonemes) in enumerate(list(_phrases())[:phrase_count]):
        sound, starts_s = narrator.phrase(phonemes, SPEECH_SPEED)
        # Its first sound comes 0.02 to 0.09 s before the voice says so: what it says is true from word to word.
        known = [start_s - starts_s[0] for start_s in starts_s]
        said.append((trimmed(sound), list(zip(words(text), known, strict=True)), PAUSES_S[number % len(PAUSES_S)]))
    return _in_a_row(said)


def parted(narrator: TimedNarrator, phrase_count: int | None = None) -> Narration:
    """Each phrase once for each of its words: what comes before it, PARTED_S of silence, the word and the rest.

    Only words after a silence count: when they begin is known to the sample.
    """
    said: list[_Piece] = []
    for text, phonemes in list(_phrases())[:phrase_count]:
        known, sounds = words(text), phonemes.split()
        for position in range(1, len(known)):
            before, after = (" ".join(part) for part in (sounds[:position], sounds[position:]))
            said.append((trimmed(narrator.phrase(before, SPEECH_SPEED)[0]), [(known[0], 0.0)], PAUSES_S[-1]))
            said.append((trimmed(narrator.phrase(after, SPEECH_SPEED)[0]), [(known[position], 0.0)], PARTED_S))
    return _in_a_row(said)


_Piece = tuple[npt.NDArray[np.float32], list[tuple[str, float]], float]
"""Samples, (word, seconds from their start) and the seconds of silence before them."""


def _in_a_row(said: Sequence[_Piece]) -> Narration:
    pieces: list[npt.NDArray[np.float32]] = []
    starts: list[tuple[str, float]] = []
    count = 0
    for sound, known, pause_s in said:
        pause = np.zeros(round(pause_s * SAMPLE_RATE_HZ), np.float32)
        count += len(pause)
        starts += [(word, count / SAMPLE_RATE_HZ + start_s) for word, start_s in known]
        pieces += [pause, LEVEL * sound]
        count += len(sound)
    return Narration(samples=np.concatenate(pieces), starts_s=tuple(starts))


def start_errors_s(truth: Sequence[tuple[str, float]], heard: Sequence[tuple[str, float]]) -> list[float]:
    """How far each word of the truth is from the nearest of its name; without those none of which is within FAR_S.

    >>> start_errors_s([("the", 1.0), ("cat", 1.5)], [("the", 0.5), ("the", 1.25), ("hat", 1.5)])
    [0.25]
    """
    nearest = [
        min((abs(at_s - start_s) for name, at_s in heard if name == word), default=FAR_S) for word, start_s in truth
    ]
    return [error_s for error_s in nearest if error_s < FAR_S]


def _phrases() -> Iterator[tuple[str, str]]:
    """Those whose words are spoken one by one: "of the" may be said as one."""
    for phrase in phrases():
        if len(word_positions(phrase.phonemes)) == len(words(phrase.text)):
            yield phrase.text, phrase.phonemes
