from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

from services.audio.percepts.spoken_language import LanguageVotes
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.whisper_reader import WHOLE_WINDOW_S, Reading, window_frame_count
from tests.services.audio.hearing import noise, silence, tone
from tests.windows import samples_of_file


def read(transcript: Transcript, samples: np.ndarray, *, speech_s: float = 0.5, language: str = "") -> Reading | None:
    return transcript.reader.read(samples, speech_s=speech_s, language=language, votes=LanguageVotes(), beam_size=5)


@pytest.mark.parametrize("samples", [silence(0.0), silence(2.0), noise(2.0), tone(2.0), noise(2.0, 0.01)])
def test_what_is_no_speech_is_not_read(transcript: Transcript, samples: np.ndarray) -> None:
    assert read(transcript, samples) is None


def test_a_bark_is_not_read_as_a_word(transcript: Transcript, media_dir: Path) -> None:
    """Whisper alone makes "No! No! No! No! No!" of it."""
    bark = samples_of_file(media_dir / "audio" / "esc10" / "001_-_Dog_bark_4-191687-A.ogg")
    assert read(transcript, bark[: 16000 * 1]) is None


def test_words_are_whole(transcript: Transcript, media_dir: Path) -> None:
    """The aligner gives " T" and "-Rex"; a reader wants "T-Rex"."""
    sentence = samples_of_file(media_dir / "audio" / "fleurs" / "fleurs-de-001.ogg")
    reading = read(transcript, sentence, speech_s=6.0)
    assert reading is not None
    assert reading.language_code == "de"
    assert 0.0 < reading.confidence <= 1.0
    assert "T-Rex" in [word.content for word in reading.words]
    assert all(word.content == word.content.strip() and 0.0 <= word.probability <= 1.0 for word in reading.words)


def test_the_model_is_the_one_it_says(transcript: Transcript) -> None:
    use = transcript.reader.model_use
    assert (use.name, use.device, use.precision) == ("faster-whisper-base", "cpu", "int8")
    assert use.sha256 == "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
    assert use.library.startswith("faster-whisper ")


class Encoded:
    """The model, noting how many frames its encoder is given."""

    def __init__(self, model: Any) -> None:
        self.frame_counts: list[int] = []
        self._model = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def encode(self, features: np.ndarray) -> Any:
        self.frame_counts.append(features.shape[-1])
        return self._model.encode(features)


@pytest.mark.parametrize(("length_s", "frame_count"), [(2.0, 1500), (11.0, 1500), (13.0, 1600), (29.0, 3000)])
def test_a_short_sound_is_encoded_once_and_in_a_short_window(
    transcript: Transcript, monkeypatch: pytest.MonkeyPatch, length_s: float, frame_count: int
) -> None:
    """Once 30 s were encoded for a sentence of four: sentences in a row cost twice what faster-whisper took."""
    noting = Encoded(transcript.reader._model)
    monkeypatch.setattr(transcript.reader, "_model", noting)
    transcript.reader.read(
        silence(length_s), speech_s=length_s, language="en", votes=LanguageVotes(), beam_size=1, retries=False
    )
    assert noting.frame_counts == [frame_count]


def test_what_may_be_cut_off_gets_a_whole_window(transcript: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    noting = Encoded(transcript.reader._model)
    monkeypatch.setattr(transcript.reader, "_model", noting)
    transcript.reader.read(
        silence(2.0), speech_s=2.0, language="en", votes=LanguageVotes(), beam_size=1, retries=False, cut_off=True
    )
    assert noting.frame_counts == [3000]


def test_the_window_changes_no_word(transcript: Transcript, monkeypatch: pytest.MonkeyPatch, media_dir: Path) -> None:
    """Kennedy, in a short window and in Whisper's whole one; words start at nearly the same times."""
    samples = samples_of_file(media_dir / "audio" / "jfk.flac")
    short = read(transcript, samples, speech_s=9.0)
    monkeypatch.setattr(transcript.reader, "_least_window_s", WHOLE_WINDOW_S)
    whole = read(transcript, samples, speech_s=9.0)
    assert short is not None
    assert whole is not None
    assert [word.content for word in short.words] == [word.content for word in whole.words]
    apart_s = [abs(one.start_s - other.start_s) for one, other in zip(short.words, whole.words, strict=True)]
    assert median(apart_s) <= 0.05
    assert max(apart_s) <= 0.3


def test_weights_that_were_not_measured_get_whole_windows() -> None:
    assert window_frame_count(200, WHOLE_WINDOW_S) == 3000
