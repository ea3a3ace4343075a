from __future__ import annotations

import pytest

from services.vision.texts.lines import edit_distance, grows, join_pieces, overlap, same_text, similarity, stacked
from services.vision.texts.readers import Line, Rect


def line(content: str, left: float, top: float, right: float, bottom: float, confidence: float = 0.9) -> Line:
    return Line(content=content, box=Rect(left, top, right, bottom), confidence=confidence)


def test_pieces_of_a_caption_become_one_line_left_to_right() -> None:
    pieces = [line("ein großer", 0.5, 0.80, 0.75, 0.83), line("kam selbst", 0.2, 0.80, 0.48, 0.83)]
    (joined,) = join_pieces(pieces, aspect=0.5625)
    assert joined.content == "kam selbst ein großer"
    assert joined.box == Rect(0.2, 0.80, 0.75, 0.83)


def test_lines_come_out_top_to_bottom() -> None:
    pieces = [line("unten", 0.3, 0.85, 0.6, 0.88), line("oben", 0.3, 0.80, 0.6, 0.83)]
    assert [joined.content for joined in join_pieces(pieces, aspect=0.5625)] == ["oben", "unten"]


def test_columns_far_apart_stay_apart() -> None:
    pieces = [line("links", 0.05, 0.5, 0.2, 0.53), line("rechts", 0.8, 0.5, 0.95, 0.53)]
    assert len(join_pieces(pieces, aspect=0.5625)) == 2


def test_a_joined_lines_confidence_is_weighted_by_length() -> None:
    pieces = [line("abcdefghi", 0.2, 0.8, 0.48, 0.83, 1.0), line("j", 0.5, 0.8, 0.52, 0.83, 0.5)]
    assert join_pieces(pieces, aspect=0.5625)[0].confidence == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("one", "other", "distance"), [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("großer", "grober", 1)]
)
def test_edit_distance_counts_single_letters(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == distance


def test_case_and_spaces_make_no_difference() -> None:
    assert similarity("FAKTEN  für dich", "Fakten für Dich") == 1.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("kam selbst ein großer", "kam selbst ein grober", True),
        ("das ist der erste", "das ist der zweite", False),
        ("Regel 1", "Regel 2", False),
        ("ganz kurz", "ganzkurz", True),
        ("isoliert", "gewachsen", False),
    ],
)
def test_misread_letters_make_no_new_text_but_another_word_does(one: str, other: str, same: bool) -> None:
    assert same_text(one, other) is same


def test_overlap_is_the_share_of_the_smaller_box() -> None:
    assert overlap(Rect(0, 0, 1, 1), Rect(0.4, 0.4, 0.6, 0.6)) == pytest.approx(1.0)
    assert overlap(Rect(0, 0, 0.5, 1), Rect(0.5, 0, 1, 1)) == 0.0


def test_lines_of_a_block_stand_under_one_another() -> None:
    upper = Rect(0.3, 0.80, 0.7, 0.83)
    assert stacked(upper, Rect(0.35, 0.84, 0.65, 0.87))
    assert not stacked(upper, Rect(0.35, 0.92, 0.65, 0.95))
    assert not stacked(upper, Rect(0.75, 0.84, 0.95, 0.87))
    assert not stacked(upper, Rect(0.3, 0.84, 0.7, 0.93))


def test_a_typed_text_grows() -> None:
    assert grows("an was", "an was ins")
    assert not grows("an was ins", "an was")
