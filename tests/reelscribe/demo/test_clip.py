from __future__ import annotations

from itertools import pairwise
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from reelscribe.demo import lettering, scenario
from reelscribe.demo.clip import DemoClip, demo_frames, levelled
from reelscribe.demo.sources import PhotosMissing, find_photos

CAPTIONS = scenario.phrases()


def test_the_file_is_what_the_truth_says(demo: DemoClip, truth: dict[str, Any], small_frames: np.ndarray):
    with av.open(str(demo.video)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.width, picture.height) == (truth["width"], truth["height"]) == (720, 1280)
        assert picture.average_rate == truth["fps"]
        assert (picture.codec_context.name, sound.codec_context.name) in {("h264", "aac"), ("mpeg4", "aac")}
        assert float(sound.duration * sound.time_base) == pytest.approx(truth["duration_s"], abs=0.03)
    assert len(small_frames) == scenario.FRAME_COUNT
    assert demo.duration_s == truth["duration_s"] == pytest.approx(len(small_frames) / 30)


def test_nothing_unfinished_is_left(demo: DemoClip):
    assert sorted(demo.video.parent.iterdir()) == sorted([demo.video, demo.truth])


def test_the_picture_changes_at_every_cut_and_nowhere_else(truth: dict[str, Any], small_frames: np.ndarray):
    steps = [np.abs(after.astype(np.int16) - before).mean() for before, after in pairwise(small_frames)]
    largest = sorted(np.argsort(steps)[-len(truth["hard_cuts_s"]) :] + 1)
    assert largest == [round(cut * 30) for cut in truth["hard_cuts_s"]]


@pytest.mark.parametrize("index", range(len(CAPTIONS)), ids=[phrase.text for phrase in CAPTIONS])
def test_a_caption_is_seen_in_its_time_and_not_outside(index: int, truth: dict[str, Any], small_frames: np.ndarray):
    written = truth["burned_captions"][index]
    letters = _letters(lettering.caption(written["text"]))
    start, end = round(written["start_s"] * 30), round(written["end_s"] * 30)
    white = [small_frames[at][letters].mean() for at in (start - 1, start, end - 1, end)]
    assert min(white[1:3]) > 225
    assert max(white[0], white[3]) < min(white[1:3]) - 10


def test_the_title_is_seen_in_its_time_and_not_outside(truth: dict[str, Any], small_frames: np.ndarray):
    end = round(truth["title_text"]["end_s"] * 30)
    left, top, right, bottom = (edge // 4 for edge in lettering.title(truth["title_text"]["text"]).box)
    box = small_frames[:, top:bottom, left:right].mean(axis=(1, 2, 3))
    assert min(box[:end]) > 150 > 100 > max(box[end : end + 30])


def test_speech_is_heard_in_its_time_and_silence_outside(demo: DemoClip, truth: dict[str, Any]):
    with av.open(str(demo.video)) as container:
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    times = np.arange(samples.size) / 48_000
    spoken = np.zeros(samples.size, bool)
    for sentence in truth["speech"]:
        inside = (times >= sentence["start_s"]) & (times < sentence["end_s"])
        assert np.sqrt((samples[inside] ** 2).mean()) == pytest.approx(0.1, abs=0.03)
        # The encoder smears a sound over one of its frames.
        spoken |= (times >= sentence["start_s"] - 0.03) & (times < sentence["end_s"] + 0.03)
    assert np.abs(samples[~spoken]).max() < 0.02


def test_captions_begin_with_their_words(truth: dict[str, Any]):
    starts = {caption["start_s"] for caption in truth["burned_captions"]}
    assert all(sentence["start_s"] in starts for sentence in truth["speech"])


def test_the_picture_moves_against_the_camera(truth: dict[str, Any], small_frames: np.ndarray):
    for move in (move for move in truth["camera_moves"] if move["zoom_ratio"] == 1.0):
        start, end = round(move["start_s"] * 30), round(move["end_s"] * 30)
        right, down = _picture_shift(small_frames[start + 2], small_frames[start + 12])
        share = 10 / (end - start - 1)
        assert right == pytest.approx(-move["travel_right"] * share * 180, abs=1.5), move
        assert down == pytest.approx(-move["travel_down"] * share * 320, abs=1.5), move


def test_zooms_change_the_scale_as_the_truth_says(truth: dict[str, Any], small_frames: np.ndarray):
    for move in (move for move in truth["camera_moves"] if move["zoom_ratio"] != 1.0):
        start, end = round(move["start_s"] * 30), round(move["end_s"] * 30)
        first, last = (Image.fromarray(small_frames[at]) for at in (start, end - 1))
        wide, close = (first, last) if move["kind"] == "zoom_in" else (last, first)
        ratio = max(move["zoom_ratio"], 1 / move["zoom_ratio"])
        as_told, unmoved = _difference(wide, close, ratio), _difference(wide, close, 1.0)
        assert as_told < 0.5 * unmoved, move


def test_progress_is_told_to_the_end(demo: DemoClip, progress: list[float]):
    assert progress == sorted(progress)
    assert len(progress) == scenario.FRAME_COUNT
    assert progress[-1] == 1.0


def test_frames_are_the_same_each_time():
    try:
        photos = find_photos()
    except PhotosMissing as error:
        pytest.skip(str(error))
    first, second = (next(iter(demo_frames(photos))) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_phrases_are_equally_loud_and_never_clipped():
    rng = np.random.default_rng(1)
    quiet, spiky = rng.normal(0, 0.001, 5000).astype(np.float32), np.zeros(5000, np.float32)
    spiky[:3] = 1.0
    assert np.sqrt((levelled(quiet) ** 2).mean()) == pytest.approx(0.1, rel=1e-3)
    assert levelled(spiky).max() == pytest.approx(0.9)


def _letters(label: lettering.Label) -> np.ndarray:
    """Where the white of the letters is, at the size of `small_frames`: bool (320, 180)."""
    frame = Image.new("RGB", (720, 1280))
    label.draw(frame)
    return np.asarray(frame.convert("L").resize((180, 320), Image.Resampling.BOX)) > 240


def _picture_shift(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """By how many pixels the picture moved right and down, by phase correlation above the captions."""
    spectra = [np.fft.fft2(frame[:192].mean(axis=2) - frame[:192].mean()) for frame in (before, after)]
    cross = spectra[1] * spectra[0].conj()
    peak = np.fft.ifft2(cross / (np.abs(cross) + 1e-9)).real
    down, right = np.unravel_index(peak.argmax(), peak.shape)
    height, width = peak.shape
    return float((right + width // 2) % width - width // 2), float((down + height // 2) % height - height // 2)


def _difference(wide: Image.Image, close: Image.Image, ratio: float) -> float:
    """Between the close view and the middle of the wide one, enlarged; above the captions."""
    width, height = wide.size
    left, top = (width - width / ratio) / 2, (height - height / ratio) / 2
    enlarged = wide.resize(wide.size, box=(left, top, width - left, height - top))
    upper = slice(height // 4, height * 6 // 10)
    return float(np.abs(np.asarray(enlarged)[upper].astype(np.int16) - np.asarray(close)[upper]).mean())
