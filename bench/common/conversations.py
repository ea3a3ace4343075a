"""Conversations mixed from recordings of one speaker each, with who speaks when; and clips with one voice or none."""

from __future__ import annotations

import math
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.common.diarization import RATE_HZ, Said, in_turn, mixed, spoken

Sound = npt.NDArray[np.float32]
Read = Callable[[Path], Sound]
"""A file -> (n,) mono samples at 16 kHz."""

SHORTEST_PHRASE_S = 0.8

LONG_PHRASE_S = 1.2

APART_S = 1.5
"""Between the phrases of a monologue: longer than any pause within an utterance."""

PAUSES_S = (0.0, 0.4, 1.2, 0.2, 0.7, 2.5, 0.3)
"""Before each phrase, over and over."""

INTERRUPTIONS_S = (0.0, 0.4, -0.6, 0.3, -0.4, 1.0, -0.8, 0.2)
"""Likewise, where one falls into the other's words."""

BOOKS = ("librispeech_198-209-0000.ogg", "librispeech_3436-172162-0000.ogg", "librispeech_5703-47212-0000.ogg")
"""Three readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A clip and its truth."""

    name: str
    samples: Sound
    """(n,) at 16 kHz"""
    truth: tuple[Said, ...]

    @property
    def speaker_count(self) -> int:
        """Voices in it."""
        return len({said.speaker for said in self.truth})

    @property
    def length_s(self) -> float:
        """Of the clip."""
        return len(self.samples) / RATE_HZ


def phrases(samples: Sound) -> list[Sound]:
    """What is said between two pauses, as pieces of (n,)."""
    found = [said for said in spoken(samples) if said.end_s - said.start_s >= SHORTEST_PHRASE_S]
    return [samples[round(said.start_s * RATE_HZ) : round(said.end_s * RATE_HZ)] for said in found]


def conversations(audio: Path, read: Read) -> Iterator[Conversation]:
    """Two and three speakers, with pauses and with overlaps, English and German."""
    first, second, third = (phrases(read(audio / name)) for name in BOOKS)
    kennedy = phrases(read(audio / "jfk.flac"))
    german = phrases(read(audio / "fleurs" / "fleurs-de-009.ogg"))
    english = phrases(read(audio / "fleurs" / "fleurs-en-009.ogg"))
    yield _mixed("two readers, pauses", PAUSES_S, first, second)
    yield _mixed("two readers, interruptions", INTERRUPTIONS_S, second, third)
    yield _mixed("three readers, pauses", PAUSES_S, third, first, second)
    yield _mixed("three readers, interruptions", INTERRUPTIONS_S, first, second, third)
    yield _mixed("a speech and a reader", PAUSES_S, kennedy, third)
    yield _mixed("a German and a reader", INTERRUPTIONS_S, german, first)
    yield _mixed("a speech, a German, an Englishman", PAUSES_S, kennedy, german, english)


def edge_errors_s(truth: Sequence[Said], heard: Sequence[tuple[float, float]]) -> list[float]:
    """How far utterances (or words) begin and end from each phrase of the truth; infinite where none is there."""
    errors: list[float] = []
    for said in truth:
        near = [each for each in heard if each[0] < said.end_s + APART_S / 3 and each[1] > said.start_s - APART_S / 3]
        errors.append(abs(min((start_s for start_s, _ in near), default=math.inf) - said.start_s))
        errors.append(abs(max((end_s for _, end_s in near), default=math.inf) - said.end_s))
    return errors


def written(conversation: Conversation, folder: Path) -> Path:
    """The clip as a file of 16-bit samples."""
    path = folder / f"{conversation.name.replace(' ', '_').replace(',', '')}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((np.clip(conversation.samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def _mixed(name: str, gaps_s: tuple[float, ...], *speakers: list[Sound]) -> Conversation:
    """All phrases of all, each speaker in turn as long as he has any."""
    rounds = max(len(each) for each in speakers)
    order = [
        (str(number), each[turn]) for turn in range(rounds) for number, each in enumerate(speakers) if turn < len(each)
    ]
    samples, truth = mixed(in_turn(order, tuple(islice(cycle(gaps_s), len(order)))))
    return Conversation(name=name, samples=samples, truth=tuple(truth))


def monologues(audio: Path, read: Read) -> Iterator[Conversation]:
    """One speaker each, whose longer phrases stand apart: where an utterance begins and ends is known."""
    for name in (*BOOKS, "jfk.flac", "fleurs/fleurs-de-009.ogg"):
        long = [phrase for phrase in phrases(read(audio / name)) if len(phrase) >= LONG_PHRASE_S * RATE_HZ]
        samples, truth = mixed(in_turn([(name, phrase) for phrase in long], [APART_S] * len(long)))
        end = np.zeros(round(APART_S * RATE_HZ), np.float32)
        yield Conversation(name=Path(name).stem, samples=np.concatenate([samples, end]), truth=tuple(truth))


def two_channels(path: Path) -> Conversation:
    """A recording with a channel for each speaker: heard as one, judged by each."""
    sides = [_channel(path, side) for side in ("c0", "c1")]
    truth = [said for side, samples in enumerate(sides) for said in spoken(samples, speaker=str(side))]
    return Conversation(name="two at a time", samples=(sides[0] + sides[1]) / 2, truth=tuple(sorted(truth)))


def _channel(path: Path, name: str) -> Sound:
    """One channel of a file at 16 kHz, by FFmpeg's filters."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        graph = av.filter.Graph()
        graph.link_nodes(
            graph.add_abuffer(template=stream),
            graph.add("pan", f"mono|c0={name}"),
            graph.add("aformat", "sample_fmts=flt:sample_rates=16000"),
            graph.add("abuffersink"),
        ).configure()
        blocks: list[Sound] = []
        for frame in [*container.decode(stream), None]:
            graph.push(frame)
            blocks += _pulled(graph)
    return np.concatenate(blocks)


def _pulled(graph: Any) -> list[Sound]:
    import av

    blocks: list[Sound] = []
    while True:
        try:
            blocks.append(graph.pull().to_ndarray().reshape(-1))
        except (av.BlockingIOError, av.EOFError):
            return blocks
