from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.audio.percepts.spoken_language import LanguageVotes
from services.audio.percepts.transcript import Transcript
from services.audio.percepts.whisper_reader import Reading
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
