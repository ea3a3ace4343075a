from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from services.audio.percepts.spoken_words import SpokenWord, Utterance
from services.audio.percepts.transcript import Transcript, TranscriptSettings
from services.audio.percepts.voice import Voice
from services.audio.percepts.whisper_reader import Reading, WhisperReader
from services.common.device import Device
from services.common.errors import InvalidSetting, WeightsNotInstalled
from services.common.window import Window
from tests.services.audio.conftest import loaded
from tests.services.audio.hearing import heard, part, silence, windows
from tests.windows import samples_of_file


class Listened:
    """A reader that notes what it is given."""

    def __init__(self, reader: WhisperReader) -> None:
        self.languages = reader.languages
        self.lengths_s: list[float] = []
        self.cut_off: list[bool] = []
        self._reader = reader

    def read(self, samples: np.ndarray, **said: Any) -> Reading | None:
        self.lengths_s.append(len(samples) / 16000)
        self.cut_off.append(said["cut_off"])
        return self._reader.read(samples, **said)


@pytest.fixture
def listened(transcript: Transcript) -> Iterator[Listened]:
    reader = transcript.reader
    noting = Listened(reader)
    transcript.reader = noting  # type: ignore[assignment]
    yield noting
    transcript.reader = reader


@pytest.fixture(scope="module")
def jfk(media_dir: Path) -> np.ndarray:
    return samples_of_file(media_dir / "audio" / "jfk.flac")


def said(filled: list[Window]) -> list[Utterance]:
    return [utterance for window in filled for utterance in window[Transcript]]


def words(filled: list[Window]) -> list[SpokenWord]:
    return [word for utterance in said(filled) for word in utterance.words]


def test_each_utterance_is_given_once_in_the_window_where_it_starts(
    voice: Voice, transcript: Transcript, jfk: np.ndarray
) -> None:
    filled = heard(windows(np.concatenate([jfk, silence(2), jfk])), [voice, transcript])
    assert len(filled) == 24
    for window in filled:
        assert all(window.start_s <= utterance.start_s < window.end_s for utterance in window[Transcript])
    texts = [utterance.content for utterance in said(filled)]
    assert len(texts) == 2 * len(set(texts))


def test_the_length_of_the_windows_changes_no_word(voice: Voice, transcript: Transcript, jfk: np.ndarray) -> None:
    assert words(heard(windows(jfk, length_s=0.37), [voice, transcript])) == words(
        heard(windows(jfk, length_s=60.0), [voice, transcript])
    )


def test_no_windows_and_no_speech_give_nothing(voice: Voice, transcript: Transcript, listened: Listened) -> None:
    assert heard(windows(silence(0)), [voice, transcript]) == []
    assert said(heard(windows(silence(5)), [voice, transcript])) == []
    assert listened.lengths_s == []


def test_sound_is_read_once_and_silence_not_at_all(
    voice: Voice, transcript: Transcript, listened: Listened, jfk: np.ndarray
) -> None:
    heard(windows(np.concatenate([silence(20), jfk, silence(30), jfk, silence(20)])), [voice, transcript])
    assert len(listened.lengths_s) == 2
    assert sum(listened.lengths_s) <= 2 * len(jfk) / 16000 + 0.1


@pytest.mark.parametrize(("own_start_s", "cut_off"), [(0.0, [False, False, True]), (2.0, [True, False, True])])
def test_only_the_edges_of_a_part_may_cut_a_word_off(
    voice: Voice, transcript: Transcript, listened: Listened, jfk: np.ndarray, own_start_s: float, cut_off: list[bool]
) -> None:
    """The last words heard, and those of a lead-in; a clip's own first words begin where it begins."""
    three = np.concatenate([jfk, silence(4), jfk, silence(4), jfk])
    heard(windows(three), [voice, transcript], own_start_s=own_start_s)
    assert listened.cut_off == cut_off


def test_an_utterance_is_known_as_soon_as_its_pause_is_over(
    voice: Voice, transcript: Transcript, jfk: np.ndarray
) -> None:
    """Not at the end of the file: time to the first finding."""
    filled = heard(windows(np.concatenate([jfk, silence(60)])), [voice])
    taken: list[int] = []

    def tapped() -> Iterator[Window]:
        for window in filled:
            taken.append(window.index)
            yield window

    first = next(value for value in transcript.perceive(part(transcript.settings), tapped()) if value)
    assert first[0].content.startswith("And so")
    assert taken[-1] <= 13


def test_what_is_said_three_times_is_read_three_times(voice: Voice, transcript: Transcript, media_dir: Path) -> None:
    """A clip in a loop, 45 s that hardly pause: cut inside, no word lost, none twice at a seam."""
    clip = samples_of_file(media_dir / "audio" / "librispeech_5703-47212-0000.ogg")
    once = words(heard(windows(clip), [voice, transcript]))
    thrice = words(heard(windows(np.concatenate([clip, clip, clip])), [voice, transcript]))
    starts = [word.start_s for word in thrice]
    assert starts == sorted(starts)
    assert len(thrice) == pytest.approx(3 * len(once), abs=3)


def test_a_part_that_starts_late_has_its_own_times(voice: Voice, transcript: Transcript, jfk: np.ndarray) -> None:
    early = words(heard(windows(jfk), [voice, transcript]))
    late = words(heard(windows(jfk, start_s=600.0), [voice, transcript]))
    assert [word.content for word in late] == [word.content for word in early]
    assert [word.start_s - 600.0 for word in late] == pytest.approx([word.start_s for word in early])


def test_words_of_the_lead_in_are_read_as_well(voice: Voice, transcript: Transcript, jfk: np.ndarray) -> None:
    whole = words(heard(windows(jfk), [voice, transcript]))
    own = words(heard(windows(jfk), [voice, transcript], own_start_s=2.0))
    assert own == whole


def test_a_long_sound_is_not_kept(voice: Voice, transcript: Transcript, jfk: np.ndarray) -> None:
    """Ten minutes are 38 MB of samples; what is kept at a time is the chunk being spoken."""
    filled = heard(windows(np.concatenate([silence(300), jfk, silence(289)])), [voice])
    tracemalloc.start()
    for _ in transcript.perceive(part(transcript.settings), iter(filled)):
        pass
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 12e6


def test_a_fixed_language_is_not_detected(voice: Voice, transcript: Transcript, jfk: np.ndarray) -> None:
    settings = TranscriptSettings(language_code="de-DE")
    filled = heard(windows(jfk), [voice, transcript], settings=settings)
    assert {utterance.language_code for utterance in said(filled)} == {"de"}


def test_another_model_than_the_one_loaded_is_refused(voice: Voice, transcript: Transcript) -> None:
    """The old system reported "large-v3" and ran base."""
    settings = TranscriptSettings(model="faster-whisper-large-v3-turbo")
    with pytest.raises(InvalidSetting, match="runs faster-whisper-base"):
        heard(windows(silence(2)), [voice, transcript], settings=settings)


def test_an_unknown_language_is_refused(voice: Voice, transcript: Transcript) -> None:
    with pytest.raises(InvalidSetting, match="tlh"):
        heard(windows(silence(2)), [voice, transcript], settings=TranscriptSettings(language_code="tlh"))


def test_a_model_that_is_not_installed_is_not_replaced_by_another(
    device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("faster_whisper", reason="the audio extra is not installed")
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    with pytest.raises(WeightsNotInstalled, match="large-v3-turbo"):
        Transcript(TranscriptSettings(model="faster-whisper-large-v3-turbo")).load(device)


def test_an_english_only_model_reads_english(voice: Voice, device: Device, jfk: np.ndarray) -> None:
    tiny = loaded(Transcript(TranscriptSettings(model="faster-whisper-tiny.en")), device)
    filled = heard(windows(jfk), [voice, tiny])
    assert tiny.models[0].name == "faster-whisper-tiny.en"
    assert {utterance.language_code for utterance in said(filled)} == {"en"}
    assert "country" in " ".join(utterance.content for utterance in said(filled))
    with pytest.raises(InvalidSetting, match="de"):
        heard(
            windows(silence(1)),
            [voice, tiny],
            settings=TranscriptSettings(model=tiny.settings.model, language_code="de"),
        )
