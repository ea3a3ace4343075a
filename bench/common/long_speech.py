"""Half an hour of read sentences, in which every seam between parts lies in mid-sentence; and what is read of it."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.common.readings import Difference, difference

RATE_HZ = 16000
PAUSE_S = 1.3
"""Between two sentences."""

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One of the clip, and the plain words that are known of it."""

    start_s: float
    end_s: float
    """With the pause after it."""
    known: tuple[str, ...]

    def difference(self, heard: Sequence[tuple[float, str]]) -> Difference:
        """Of the plain words (start_s, word) that start in it."""
        return difference(self.known, [word for start_s, word in heard if self.start_s <= start_s < self.end_s])

    def distance_s(self, seam_s: float) -> float:
        """0 where the seam lies in it."""
        return max(self.start_s - seam_s, seam_s - self.end_s, 0.0)


def write_long(
    path: Path, sounds: Sequence[tuple[Sound, Sequence[str]]], *, length_s: float, part_s: float
) -> list[Sentence]:
    """A WAV file in which every sentence differs from its neighbours; `sounds` are samples at 16 kHz and their words.

    Before one that would end near a seam the pause is longer, so that the seam lies in its middle.
    """
    sentences: list[Sentence] = []
    at_s = 0.0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        while at_s < length_s:
            samples, known = sounds[len(sentences) % len(sounds)]
            later = pause_before(at_s, len(samples) / RATE_HZ, part_s)
            pieces = (np.zeros(round(later * RATE_HZ)), samples, np.zeros(round(PAUSE_S * RATE_HZ)))
            for piece in pieces:
                file.writeframes((np.clip(piece, -1, 1) * 32767).astype("<i2").tobytes())
            end_s = at_s + sum(map(len, pieces)) / RATE_HZ
            sentences.append(Sentence(start_s=at_s, end_s=end_s, known=tuple(known)))
            at_s = end_s
    return sentences


def pause_before(start_s: float, sentence_s: float, part_s: float) -> float:
    """How much later a sentence starts, so that the seam that it would come near lies in its middle.

    >>> pause_before(590.0, 6.0, 600.0), pause_before(595.0, 14.0, 600.0), pause_before(20.0, 6.0, 600.0)
    (7.0, 0.0, 0.0)
    """
    seam_s = (start_s // part_s + 1) * part_s
    near = start_s + sentence_s / 2 < seam_s <= start_s + 2 * sentence_s + PAUSE_S
    return seam_s - sentence_s / 2 - start_s if near else 0.0


def near_seams(sentences: Sequence[Sentence], *, part_s: float, within_s: float) -> list[Sentence]:
    """Those that lie at most so far from where one part ends and the next begins."""
    end_s = sentences[-1].end_s
    seams_s = [part_s * count for count in range(1, int(end_s / part_s) + 1)]
    return [each for each in sentences if any(each.distance_s(seam_s) <= within_s for seam_s in seams_s)]


def difference_of(sentences: Sequence[Sentence], heard: Sequence[tuple[float, str]]) -> Difference:
    """Over all of them."""
    return sum((each.difference(heard) for each in sentences), Difference())
