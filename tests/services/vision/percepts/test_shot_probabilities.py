from __future__ import annotations

import numpy as np
import pytest

from services.vision.percepts.shot_probabilities import CONTEXT_FRAMES, STEP_FRAMES, ProbabilityStream


class Recorder:
    """Answers each frame with its own first value, so that answers can be told apart; keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[np.ndarray] = []

    def predict(self, frames: np.ndarray) -> np.ndarray:
        self.shown.append(frames)
        first = frames[:, 0, 0, 0].astype(np.float32)
        return np.stack([first, first], axis=1)


def restless(count: int) -> np.ndarray:
    """Frames that all differ, each with its position (modulo 251) in its first value."""
    frames = np.random.default_rng(0).integers(0, 256, (count, 27, 48, 3)).astype(np.uint8)
    flicker = (np.arange(count) % 2 * 120).astype(np.uint8)[:, None, None, None]
    frames = frames // 2 + flicker
    frames[:, 0, 0, 0] = np.arange(count) % 251
    return frames


@pytest.mark.parametrize("count", [1, 2, 13, 99, 100, 125, 126, 400])
@pytest.mark.parametrize("window", [1, 7, 30, 1000])
def test_every_frame_gets_its_own_answer_in_order_however_they_arrive(count: int, window: int) -> None:
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 256, (count, 27, 48, 3)).astype(np.uint8)
    frames = np.where((np.arange(count) // 7 % 2 == 0)[:, None, None, None], frames // 4, 255 - frames // 4)
    frames = frames.astype(np.uint8)
    frames[:, 0, 0, 0] = np.arange(count) % 251
    stream = ProbabilityStream(Recorder().predict)
    answers = [stream.push(frames[first : first + window]) for first in range(0, count, window)]
    answers.append(stream.push(frames[:0], last=True))
    answered = np.concatenate(answers)
    assert len(answered) == count
    if count > 13:
        assert answered[:, 0].tolist() == [row % 251 for row in range(count)]


def test_an_answer_comes_as_soon_as_its_context_is_there() -> None:
    stream = ProbabilityStream(Recorder().predict)
    frames = restless(STEP_FRAMES + CONTEXT_FRAMES)
    assert len(stream.push(frames[:-1])) == 0
    assert len(stream.push(frames[-1:])) == STEP_FRAMES


def test_memory_stays_bounded() -> None:
    stream = ProbabilityStream(Recorder().predict)
    for _ in range(20):
        stream.push(restless(100))
    assert len(stream._frames) < 2 * STEP_FRAMES


def test_a_still_picture_is_not_asked_about() -> None:
    recorder = Recorder()
    stream = ProbabilityStream(recorder.predict)
    still = np.full((300, 27, 48, 3), 90, np.uint8)
    assert not stream.push(still, last=True).any()
    assert recorder.shown == []


def test_beyond_the_ends_the_outermost_frame_is_repeated() -> None:
    recorder = Recorder()
    frames = np.concatenate([np.full((20, 27, 48, 3), 10, np.uint8), np.full((20, 27, 48, 3), 200, np.uint8)])
    ProbabilityStream(recorder.predict).push(frames, last=True)
    (shown,) = recorder.shown
    assert shown[0].max() == 10
    assert shown[-1].min() == 200


def test_no_frames_get_no_answers() -> None:
    stream = ProbabilityStream(Recorder().predict)
    assert stream.push(np.empty((0, 27, 48, 3), np.uint8)).shape == (0, 2)
    assert stream.push(np.empty((0, 27, 48, 3), np.uint8), last=True).shape == (0, 2)
