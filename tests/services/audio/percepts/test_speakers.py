from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.audio.percepts.speakers import Speakers
from services.audio.percepts.voice import Voice
from services.audio.speakers.conversation import HeardSegment
from services.audio.speakers.segments import FRAME_STEP_S
from services.common.device import Device
from services.common.errors import WeightsDamaged, WeightsNotInstalled
from services.common.weights import locate
from services.common.window import Window
from tests.services.audio.hearing import heard, silence, windows
from tests.windows import samples_of_file


@pytest.fixture(scope="module")
def reader(media_dir: Path) -> np.ndarray:
    return samples_of_file(media_dir / "audio" / "librispeech_198-209-0000.ogg")


def segments(filled: list[Window]) -> list[HeardSegment]:
    return [item for window in filled for item in window[Speakers]]


def test_every_moment_of_speech_belongs_to_one_segment(voice: Voice, speakers: Speakers, reader: np.ndarray) -> None:
    found = segments(heard(windows(np.concatenate([reader, reader]), start_s=600.0), [voice, speakers]))
    assert [item.segment.start_s for item in found][:3] == [600.0, 605.0, 610.0]
    edges = [(item.segment.own_start_s, item.segment.own_end_s) for item in found]
    assert edges[0][0] == 600.0
    assert edges[-1][1] == pytest.approx(600.0 + 2 * len(reader) / 16000)
    assert [end_s for _, end_s in edges[:-1]] == [start_s for start_s, _ in edges[1:]]


def test_the_length_of_the_windows_changes_nothing(voice: Voice, speakers: Speakers, reader: np.ndarray) -> None:
    short, long = (segments(heard(windows(reader, length_s=length_s), [voice, speakers])) for length_s in (0.37, 60.0))
    assert [item.segment.start_s for item in short] == pytest.approx([item.segment.start_s for item in long])
    for one, other in zip(short, long, strict=True):
        assert (one.segment.active == other.segment.active).all()


def test_silence_is_not_looked_into(voice: Voice, speakers: Speakers, reader: np.ndarray) -> None:
    found = segments(heard(windows(np.concatenate([silence(60), reader, silence(60)])), [voice, speakers]))
    assert all(50.0 <= item.segment.start_s <= 60.0 + len(reader) / 16000 for item in found)
    assert heard(windows(silence(0)), [voice, speakers]) == []
    assert segments(heard(windows(silence(12)), [voice, speakers])) == []


def test_a_segment_comes_as_soon_as_it_is_over(voice: Voice, speakers: Speakers, reader: np.ndarray) -> None:
    filled = heard(windows(np.concatenate([reader, silence(20)])), [voice, speakers])
    first = next(window for window in filled if window[Speakers])
    assert first.index == 10


def test_prints_are_of_one_voice_alone(voice: Voice, speakers: Speakers, reader: np.ndarray) -> None:
    for item in segments(heard(windows(reader), [voice, speakers])):
        for number, found in enumerate(item.prints):
            if found is not None:
                assert found.speech_s <= item.segment.active[:, number].sum() * FRAME_STEP_S + 0.1
                assert np.linalg.norm(found.print) == pytest.approx(1.0, abs=1e-4)


def test_both_networks_are_named(speakers: Speakers) -> None:
    assert [(model.name, model.licence) for model in speakers.models] == [
        ("pyannote-segmentation-3.0", "MIT"),
        ("wespeaker-resnet34", "CC-BY-4.0"),
    ]


def test_without_its_weights_it_does_not_start(device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("kaldi_native_fbank", reason="the audio extra is not installed")
    monkeypatch.setenv("REELSCRIBE_MODEL_DIR", str(tmp_path))
    with pytest.raises(WeightsNotInstalled, match="pyannote-segmentation"):
        Speakers().load(device)


def test_another_network_under_its_name_is_refused(
    device: Device, speakers: Speakers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Swapped files are caught by their hashes; a network that is whole, but another one, by what it takes."""
    swapped = {name: locate(other) for name, other in zip(Speakers.weights, Speakers.weights[::-1], strict=True)}
    monkeypatch.setattr("services.audio.percepts.speakers.locate", swapped.__getitem__)
    with pytest.raises(WeightsDamaged, match="is not wespeaker-resnet34"):
        Speakers().load(device)
