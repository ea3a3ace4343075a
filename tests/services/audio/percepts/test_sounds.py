from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from services.audio.percepts.sounds import (
    CLASS_COUNT,
    FRAME_SAMPLES,
    HOP_S,
    HOP_SAMPLES,
    Sounds,
    SoundScores,
    labels_in,
    snake_case,
)
from services.common.errors import WeightsDamaged
from services.common.weights import locate
from tests.services.audio.hearing import heard, noise, silence, tone, windows
from tests.windows import samples_of_file


def values(samples: np.ndarray, sounds: Sounds, *, start_s: float = 0.0, length_s: float = 1.0) -> list[SoundScores]:
    return [window[Sounds] for window in heard(windows(samples, start_s=start_s, length_s=length_s), [sounds])]


def scores(samples: np.ndarray, sounds: Sounds, *, length_s: float = 1.0) -> np.ndarray:
    return np.concatenate([value.scores for value in values(samples, sounds, length_s=length_s)])


def model_alone(samples: np.ndarray) -> np.ndarray:
    """The weights in their own library, frame by frame over the file, without anything of ours."""
    litert = pytest.importorskip("ai_edge_litert.interpreter", reason="the audio extra is not installed")
    interpreter = litert.Interpreter(str(locate("yamnet").path), num_threads=1)
    interpreter.allocate_tensors()
    found = []
    for first in range(0, max(1, len(samples) - FRAME_SAMPLES + HOP_SAMPLES), HOP_SAMPLES):
        frame = np.zeros(FRAME_SAMPLES, np.float32)
        cut = samples[first : first + FRAME_SAMPLES]
        frame[: len(cut)] = cut
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], frame)
        interpreter.invoke()
        found.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0].copy())
    return np.array(found)


def test_the_five_likeliest_classes_are_those_of_the_model_alone(sounds: Sounds, media_dir: Path) -> None:
    files = sorted((media_dir / "audio" / "esc10").glob("*.ogg"))
    assert len(files) == 25
    for file in files:
        samples = samples_of_file(file)
        ours, alone = scores(samples, sounds).mean(axis=0), model_alone(samples).mean(axis=0)
        assert np.argsort(-ours)[:5].tolist() == np.argsort(-alone)[:5].tolist(), file.name
        assert np.abs(ours - alone).max() < 1e-6, file.name


def test_each_frame_is_judged_once_whatever_the_windows(sounds: Sounds) -> None:
    samples = np.concatenate([tone(2.3), noise(1.9)])
    whole = scores(samples, sounds, length_s=60.0)
    for length_s in (1.0, 0.37, 2.5):
        assert np.array_equal(scores(samples, sounds, length_s=length_s), whole)


def test_a_window_holds_the_frames_that_start_in_it(sounds: Sounds) -> None:
    given = values(tone(6.0), sounds, start_s=100.0)
    assert [value.first_frame for value in given] == [0, 3, 5, 7, 9, 11]
    assert {value.origin_s for value in given} == {100.0}
    assert all(100.0 + index <= 100.0 + value.first_frame * HOP_S for index, value in enumerate(given))


@pytest.mark.parametrize(("length_s", "frame_count"), [(0.0, 0), (0.1, 1), (0.975, 1), (0.98, 2), (1.5, 3)])
def test_the_end_is_heard_too(sounds: Sounds, length_s: float, frame_count: int) -> None:
    assert sum(len(value.scores) for value in values(tone(length_s), sounds)) == frame_count


def test_the_labels_come_out_of_the_weights(sounds: Sounds) -> None:
    labels = values(silence(1.0), sounds)[0].labels
    assert len(set(labels)) == CLASS_COUNT
    assert (labels[0], labels[69], labels[132], labels[494]) == ("speech", "dog", "music", "silence")
    assert all(label.replace("_", "").isalnum() and label == label.lower() for label in labels)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Bow-wow", "bow_wow"),
        ("Bird vocalization, bird call, bird song", "bird_vocalization_bird_call_bird_song"),
        ("Dental drill, dentist's drill", "dental_drill_dentists_drill"),
    ],
)
def test_names_become_labels(name: str, label: str) -> None:
    assert snake_case(name) == label


def test_weights_without_labels_are_refused(tmp_path: Path) -> None:
    (tmp_path / "yamnet.tflite").write_bytes(b"TFL3 but no zip")
    with pytest.raises(WeightsDamaged):
        labels_in(tmp_path / "yamnet.tflite")
