from __future__ import annotations

import pytest

from services.vision.texts.readers import Line, Rect
from services.vision.texts.track import TextTrack, letter_count, shown_text

BOX = Rect(0.2, 0.8, 0.8, 0.83)


def track(*readings: tuple[str, float], box: Rect = BOX, start_s: float = 1.0, end_s: float | None = 2.0) -> TextTrack:
    lines = [Line(content=content, box=box, confidence=confidence) for content, confidence in readings]
    return TextTrack(box=box, start_s=start_s, read_pts_s=start_s, signature=None, end_s=end_s, readings=lines)


def test_readings_vote_by_their_confidence() -> None:
    voted = track(("grober", 0.6), ("großer", 0.5), ("großer", 0.7))
    assert voted.content == "großer"
    assert voted.confidence == pytest.approx(0.6)


def test_of_equal_votes_the_longer_text_wins() -> None:
    assert track(("an was", 0.9), ("an was ins", 0.9)).content == "an was ins"


def test_a_text_that_later_reads_do_not_find_is_not_believed() -> None:
    doubted = track(("Schatten", 0.6))
    assert doubted.confirmed
    doubted.misses = 2
    assert not doubted.confirmed


def test_few_letters_must_be_read_twice_alike() -> None:
    assert not track(("T", 0.95)).confirmed
    assert not track(("T", 0.95), ("I", 0.95)).confirmed
    assert track(("OK", 0.95), ("OK", 0.97)).confirmed


def test_an_unsure_reading_asks_for_another() -> None:
    assert track(("vielleicht", 0.7)).unsure
    assert not track(("vielleicht", 0.7), ("vielleicht", 0.7)).unsure
    assert not track(("bestimmt", 0.99)).unsure


def test_lines_that_belong_together_are_joined_top_to_bottom() -> None:
    upper = track(("erste Zeile", 1.0), box=Rect(0.2, 0.80, 0.8, 0.83))
    lower = track(("zweite", 0.8), box=Rect(0.3, 0.84, 0.7, 0.87), start_s=1.1, end_s=None)
    text = shown_text([lower, upper], 3.0)
    assert text.content == "erste Zeile\nzweite"
    assert text.box == Rect(0.2, 0.80, 0.8, 0.87)
    assert (text.start_s, text.end_s) == (1.0, 3.0)
    assert 0.8 < text.confidence < 1.0


def test_punctuation_is_no_letter() -> None:
    assert letter_count("A–1 _■!") == 2
