from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.vision.texts.frames import FrameHistory, GreyFrame, grey_of
from services.vision.texts.gate import LONGEST_UNREAD_S, LONGEST_WAIT_S, ChangeGate
from services.vision.texts.readers import Rect
from tests.services.vision.text_clips import Lettering, draw, lettered, noise, pan, still


def asked(frames: Sequence[np.ndarray], live: Sequence[Rect] = (), *, every: int = 15) -> list[int]:
    """Numbers of the offered frames (two a second) that the gate lets through; nothing is ever found in them."""
    history, gate, chosen = FrameHistory(), ChangeGate(), []
    for number, frame in enumerate(frames):
        history.append(GreyFrame(pts_s=number / 30, grey=grey_of(frame)))
    for number in range(history.last + 1):
        gate.watch(history, number)
        if number % every == 0 and gate.wants(history, number, live):
            chosen.append(number)
            gate.remember(history, number, [], news=False)
    return chosen


def test_a_still_picture_is_asked_for_once() -> None:
    assert asked(list(still(120))) == [0]


def test_a_moving_picture_is_asked_for_now_and_then() -> None:
    gaps = np.diff(asked(list(pan(240)))) / 30
    assert (gaps <= LONGEST_UNREAD_S + 0.5).all()
    assert gaps.mean() >= 2.0


def test_grain_alone_is_nothing_new() -> None:
    assert len(asked(list(noise(120)))) <= 3


def test_new_lettering_is_asked_for_at_the_next_chance() -> None:
    for ground in (still(60), pan(60), noise(60)):
        frames = lettered(ground, [Lettering(content="ganz neu hier", start_s=0.8, end_s=1.6)])
        assert 30 in asked(frames)


def test_lettering_that_is_known_is_no_news() -> None:
    frames = lettered(still(90), [Lettering(content="lange bekannt", start_s=0.2, end_s=3.0)])
    assert asked(frames, [Rect(0.0, 0.75, 1.0, 0.85)]) == [0]


def fidgeting(count: int) -> list[np.ndarray]:
    """A still picture in which something small moves every half second, slowly, and stops."""
    ground, rng, frames = next(still(1)), np.random.default_rng(0), []
    postures = [np.kron(rng.integers(40, 216, (12, 18, 3)), np.ones((5, 5, 1))) for _ in range(count // 15 + 2)]
    for number in range(count):
        at, share = number // 15, min(number % 15 / 8, 1.0)
        frame = ground.copy()
        frame[300:360, 100:190] = postures[at] * (1 - share) + postures[at + 1] * share
        frames.append(frame)
    return frames


def test_what_fidgets_in_a_still_picture_is_read_ever_more_rarely() -> None:
    gaps = np.diff(asked(fidgeting(240))) / 30
    assert 0 < len(gaps) <= 6
    assert (np.diff(gaps) >= 0).all()
    assert gaps.max() <= LONGEST_WAIT_S + 0.5


def test_but_lettering_that_comes_at_once_is_read_at_the_next_chance() -> None:
    frames = fidgeting(240)
    lettering = Lettering(content="ganz neu hier", start_s=6.3, end_s=7.5)
    assert 195 in asked(lettered(frames, [lettering]))


def test_a_cut_is_always_asked_for() -> None:
    other = np.ascontiguousarray(255 - next(still(1)))
    assert 45 in asked([*still(40), *[other] * 20])


def test_ground_uncovered_by_a_passer_by_is_no_news() -> None:
    ground = draw(next(still(1)), Lettering(content="altes Muster", start_s=0.0, end_s=9.0))
    covered = ground.copy()
    covered[480:560, :] = 60
    seen = asked([*[ground] * 20, *[covered] * 20, *[ground] * 40])
    assert not [number for number in seen if number >= 60]
