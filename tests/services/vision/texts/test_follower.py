from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from services.vision.texts.follower import TextFollower
from services.vision.texts.frames import FrameHistory, GreyFrame, grey_of
from services.vision.texts.readers import Line, Rect
from tests.services.vision.text_clips import Lettering, lettered, pan, still

PLACE = Rect(0.05, 0.775, 0.95, 0.83)


class Clip:
    """Frames, and a follower that has seen none of them; what a reader says is said by the test."""

    def __init__(self, frames: Sequence[np.ndarray]) -> None:
        self.history = FrameHistory()
        for number, frame in enumerate(frames):
            self.history.append(GreyFrame(pts_s=number / 30, grey=grey_of(frame)))
        self.follower = TextFollower(self.history)
        self._next = 0

    def show_until(self, number: int) -> None:
        for at in range(self._next, number + 1):
            self.follower.advance(at)
        self._next = number + 1

    def read(self, number: int, *contents: str, box: Rect = PLACE, confidence: float = 0.95) -> None:
        self.show_until(number)
        self.follower.sight(number, [Line(content=content, box=box, confidence=confidence) for content in contents])


def test_a_text_is_followed_back_to_its_first_frame_and_on_to_its_last() -> None:
    clip = Clip(lettered(pan(60), [Lettering(content="von hier bis da", start_s=0.4, end_s=1.5)]))
    clip.read(15, "von hier bis da")
    clip.show_until(59)
    (track,) = clip.follower.ended
    assert track.start_s == pytest.approx(12 / 30)
    assert track.end_s == pytest.approx(45 / 30)


def test_readings_of_a_text_that_has_not_changed_are_one_text() -> None:
    clip = Clip(lettered(still(60), [Lettering(content="immer dasselbe", start_s=0.0, end_s=2.0)]))
    clip.read(0, "immer dasselbe")
    clip.read(15, "imner dasse1be", confidence=0.6)
    clip.read(30, "immer dasselbe")
    (track,) = clip.follower.live
    assert track.content == "immer dasselbe"
    assert len(track.readings) == 3


def test_a_text_split_in_pieces_is_joined_again() -> None:
    clip = Clip(lettered(still(60), [Lettering(content="halb und halb", start_s=0.0, end_s=2.0)]))
    clip.read(0, "halb und halb")
    clip.follower.sight(
        0,
        [
            Line(content="und halb", box=Rect(0.5, 0.775, 0.95, 0.83), confidence=0.9),
            Line(content="halb", box=Rect(0.05, 0.775, 0.4, 0.83), confidence=0.9),
        ],
    )
    (track,) = clip.follower.live
    assert [reading.content for reading in track.readings] == ["halb und halb", "halb und halb"]


def test_a_text_in_anothers_place_ends_it_where_it_begins() -> None:
    frames = lettered(
        pan(60),
        [
            Lettering(content="erst dieser Satz", start_s=0.0, end_s=1.1),
            Lettering(content="dann ein anderer", start_s=1.1, end_s=2.0),
        ],
    )
    clip = Clip(frames)
    clip.read(15, "erst dieser Satz")
    clip.read(45, "dann ein anderer")
    (first,), (second,) = clip.follower.ended, clip.follower.live
    assert first.end_s == pytest.approx(33 / 30)
    assert second.start_s == pytest.approx(33 / 30)


def test_other_digits_are_another_text() -> None:
    clip = Clip(lettered(still(60), [Lettering(content="Regel 1", start_s=0.0, end_s=2.0)]))
    clip.read(0, "Regel 1")
    clip.read(15, "Regel 2")
    assert [track.content for track in [*clip.follower.ended, *clip.follower.live]] == ["Regel 1", "Regel 2"]


def test_a_typed_text_is_one_text_that_grows() -> None:
    frames = lettered(still(60), [Lettering(content="Wort für Wort", start_s=0.0, end_s=2.0)])
    clip = Clip(frames)
    clip.read(0, "Wort für", box=Rect(0.2, 0.775, 0.6, 0.83))
    clip.read(30, "Wort für Wort", box=Rect(0.2, 0.775, 0.8, 0.83))
    (track,) = clip.follower.live
    assert track.content == "Wort für Wort"
    assert track.start_s == 0.0


def test_a_text_too_faint_to_follow_ends_between_two_reads() -> None:
    clip = Clip([np.full((640, 360, 3), 90, dtype=np.uint8)] * 60)
    clip.read(15, "kaum zu sehen")
    clip.read(30)
    (track,) = clip.follower.ended
    assert (track.start_s, track.end_s) == (pytest.approx(0.5), pytest.approx(0.75))


def test_a_text_that_goes_asks_for_a_read() -> None:
    clip = Clip(lettered(pan(60), [Lettering(content="gleich ist es weg", start_s=0.0, end_s=1.0)]))
    clip.read(0, "gleich ist es weg")
    clip.show_until(20)
    assert not clip.follower.wants_read
    clip.show_until(32)
    assert clip.follower.wants_read
    clip.read(45)
    assert not clip.follower.wants_read


def test_what_is_absent_when_the_part_ends_has_ended() -> None:
    clip = Clip(lettered(pan(32), [Lettering(content="bis kurz vor Schluss", start_s=0.0, end_s=1.0)]))
    clip.read(0, "bis kurz vor Schluss")
    clip.show_until(31)
    clip.follower.finish()
    (track,) = clip.follower.ended
    assert track.end_s == pytest.approx(1.0)
